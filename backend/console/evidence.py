"""The evidence of a readiness condition in words: numbers, dates and answers from the client's own check-ins."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from schedules import ConditionResult, Protocol

Evidence = Mapping[str, Any]
ACTIONS = {
    "inform": "for information",
    "test_patch": "needs a test spot first",
    "practitioner_decides": "you decide",
    "doctor_letter": "needs a doctor's letter",
    "hold": "on hold",
    "refer_doctor": "a doctor should see it first",
}
ANCHORS = {"scabs_off": "Scabs off", "skin_closed": "Skin closed", "treatment_end": "Treatment"}


def words(reason: ConditionResult, protocol: Protocol) -> str:
    """One short sentence, empty where there is nothing to say."""
    kind = _kind(reason, protocol)
    said = _WORDS[kind](reason.evidence, protocol)
    if reason.earliest_on is not None and not reason.met:
        said = f"{said} Earliest {_on(reason.earliest_on)}.".strip()
    return said


def _kind(reason: ConditionResult, protocol: Protocol) -> str:
    if reason.id.startswith("factor:") or reason.id in ("test_patch", "practitioner_hold"):
        return reason.id.split(":")[0]
    return next(one.check.type for one in protocol.readiness.conditions if one.id == reason.id)


def _on(on: date) -> str:
    return f"{on.day} {on:%b %Y}"


def _min_days(evidence: Evidence, _protocol: Protocol) -> str:
    known = "" if evidence["skin_type_known"] else " (skin type not known, so the longest wait counts)"
    added = f", {evidence['add_days']} of them for health factors" if evidence["add_days"] else ""
    return f"Day {evidence['day']} today, {evidence['needed_days'] + evidence['add_days']} needed{added}{known}."


def _anchor_reached(evidence: Evidence, _protocol: Protocol) -> str:
    name = ANCHORS.get(evidence["anchor"], "Reached")
    return f"{name} on {_on(evidence['on'])}." if evidence["on"] else "Not seen yet."


def _days_since(evidence: Evidence, _protocol: Protocol) -> str:
    needed = f"{evidence['needed_days'] + evidence['add_days']} needed"
    since = evidence["days_since"]
    return f"Not started, {needed}." if since is None else f"{since} days since then, {needed}."


def _answers(evidence: Evidence, protocol: Protocol) -> str:
    given = evidence["answers"]
    if not given:
        return "No answer yet."
    said = "; ".join(_answer(one, one.get("question", evidence.get("question")), protocol) for one in given[-3:])
    return f"{said}."


def _answer(one: Evidence, question_id: str, protocol: Protocol) -> str:
    question = protocol.shared.questions[question_id]
    label = next((option.label for option in question.options if option.value == one["value"]), str(one["value"]))
    return f"“{label}” on {_on(one['on'])}"


def _answer_or_signoff(evidence: Evidence, protocol: Protocol) -> str:
    signed = evidence["signed_off_on"]
    said = _answers(evidence, protocol)
    return f"{said} You signed this on {_on(signed)}." if signed else said


def _flags(evidence: Evidence, protocol: Protocol) -> str:
    names = [protocol.red_flags[rule].title for rule in evidence["open_rules"]]
    return f"Open: {', '.join(names)}." if names else "None open."


def _photos(evidence: Evidence, protocol: Protocol) -> str:
    if evidence["seen_in_person_on"]:
        return f"Seen in person on {_on(evidence['seen_in_person_on'])}."
    labels = {view.id: view.label for views in protocol.shared.photo_protocol.views.values() for view in views}
    missing = [labels.get(view, view) for view in evidence["missing"]]
    if not missing:
        return f"All {len(evidence['views'])} views in the last {evidence['within_days']} days."
    return f"{len(missing)} of {len(evidence['views'])} views missing: {', '.join(missing)}."


def _yes(evidence: Evidence, _protocol: Protocol) -> str:
    if evidence["revoked"]:
        return "Your yes was taken back."
    return f"Given on {_on(evidence['on'])}." if evidence["on"] else "Waits for you."


def _factor(evidence: Evidence, _protocol: Protocol) -> str:
    parts = [ACTIONS[evidence["action"]].capitalize()]
    if evidence["add_days"]:
        parts.append(f"adds {evidence['add_days']} days")
    if evidence["until"]:
        parts.append(f"until {_on(evidence['until'])}")
    if evidence["cleared"]:
        parts.append("cleared")
    return ", ".join(parts) + "."


def _test_patch(evidence: Evidence, _protocol: Protocol) -> str:
    known = "" if evidence["skin_type_known"] else " (not known, the most careful row)"
    return f"Skin type {evidence['skin_type']}{known}."


def _hold(evidence: Evidence, _protocol: Protocol) -> str:
    return f"“{evidence['reason']}”"


_WORDS: Mapping[str, Callable[[Evidence, Protocol], str]] = {
    "min_days": _min_days,
    "anchor_reached": _anchor_reached,
    "days_since_anchor": _days_since,
    "answer": _answers,
    "all_of": _answers,
    "answer_or_signoff": _answer_or_signoff,
    "no_open_flags": _flags,
    "photo_set": _photos,
    "practitioner_signoff": _yes,
    "factor": _factor,
    "test_patch": _test_patch,
    "practitioner_hold": _hold,
}
