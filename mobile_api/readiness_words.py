"""The sentences about readiness: each condition with its evidence from the client's own data (DESIGN 3.10)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from backend.services.readiness import ReadinessView
from mobile_api.words import capital, date_text, familiar, value_text
from schedules import ConditionResult, LoweredMinimum, Protocol

GROUPS = {
    "time": "Time to heal",
    "scabs": "Scabs",
    "skin": "Skin",
    "colour": "Colour",
    "health": "Health",
    "photos": "Photos",
    "yes": "A last look",
}
WHY_WAIT = "Waiting is safe. Skin that has healed well takes the next treatment better."
Evidence = Mapping[str, Any]


def evidence_text(reason: ConditionResult, view: ReadinessView) -> str:
    """On what a condition stands, in one or two short sentences."""
    for key, words in _WORDS.items():
        if key in reason.evidence:
            return words(reason.evidence, view)
    return "Done." if reason.met else "Not yet."


def group_title(group: str, view: ReadinessView) -> str:
    return f"A last look by {familiar(view.practitioner_name)}" if group == "yes" else GROUPS[group]


def lowered_minimum(lowered: LoweredMinimum | None) -> dict[str, Any] | None:
    """Fewer days than shipped, with who decided it by first name."""
    return {**asdict(lowered), "by": familiar(lowered.by)} if lowered else None


def _of_factor(evidence: Evidence, view: ReadinessView) -> str:
    if evidence.get("cleared"):
        return f"{familiar(view.practitioner_name)} has looked at this."
    until = evidence.get("until")
    if until is not None:
        return f"Wait until {date_text(until)}."
    if evidence["action"] == "test_patch":
        return "A small test comes before the next treatment."
    if evidence["action"] in ("doctor_letter", "refer_doctor"):
        return "A word from your doctor comes first."
    return f"{familiar(view.practitioner_name)} decides this with you."


def _of_hold(evidence: Evidence, _view: ReadinessView) -> str:
    return str(evidence["reason"])


def _of_days(evidence: Evidence, _view: ReadinessView) -> str:
    return f"Day {evidence['day']} of {evidence['needed_days'] + evidence['add_days']}."


def _of_gap(evidence: Evidence, _view: ReadinessView) -> str:
    if evidence["days_since"] is None:
        return "The days count from the last scab."
    return f"{evidence['days_since']} of {evidence['needed_days'] + evidence['add_days']} days since the last scab."


def _of_anchor(evidence: Evidence, _view: ReadinessView) -> str:
    on: date | None = evidence["on"]
    return f"Since {date_text(on)}." if on is not None else "Not seen in a check-in yet."


def _of_answers(evidence: Evidence, view: ReadinessView) -> str:
    answers = evidence["answers"]
    if evidence.get("signed_off_on") is not None:
        return f"{familiar(view.practitioner_name)} said yes on {date_text(evidence['signed_off_on'])}."
    if not answers:
        return "No answer yet."
    latest = {answer.get("question") or evidence["question"]: answer for answer in answers}
    return " ".join(_answer_text(view.protocol, question, answer) for question, answer in latest.items())


def _answer_text(protocol: Protocol, question: str, answer: Mapping[str, Any]) -> str:
    asked = protocol.shared.questions[question]
    return f"{asked.text} {capital(value_text(asked, answer['value']))}, {date_text(answer['on'])}."


def _of_flags(evidence: Evidence, _view: ReadinessView) -> str:
    count = len(evidence["open_rules"])
    return f"{count} still open." if count else "None open."


def _of_photos(evidence: Evidence, view: ReadinessView) -> str:
    if evidence["seen_in_person_on"] is not None:
        return f"{familiar(view.practitioner_name)} saw the skin on {date_text(evidence['seen_in_person_on'])}."
    taken = len(evidence["views"]) - len(evidence["missing"])
    return f"{taken} of {len(evidence['views'])} photos in the last {evidence['within_days']} days."


def _of_sign_off(evidence: Evidence, view: ReadinessView) -> str:
    on: date | None = evidence["on"]
    if on is None:
        return f"{familiar(view.practitioner_name)} has a last look when all else is done."
    return f"Taken back since {date_text(on)}." if evidence["revoked"] else f"Given on {date_text(on)}."


# by the key that tells the kind of evidence, the more telling first
_WORDS: Mapping[str, Callable[[Evidence, ReadinessView], str]] = {
    "action": _of_factor,
    "reason": _of_hold,
    "open_rules": _of_flags,
    "views": _of_photos,
    "revoked": _of_sign_off,
    "days_since": _of_gap,
    "anchor": _of_anchor,
    "answers": _of_answers,
    "needed_days": _of_days,
}
