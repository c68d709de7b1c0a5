"""The sentences about readiness: each condition with its evidence from the client's own data (DESIGN 3.10)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from backend.services.readiness import ReadinessView
from mobile_api.wording import Wording
from mobile_api.words import capital, date_text, familiar, value_text
from schedules import ConditionResult, LoweredMinimum, Protocol

Evidence = Mapping[str, Any]


def evidence_text(say: Wording, reason: ConditionResult, view: ReadinessView) -> str:
    """On what a condition stands, in one or two short sentences."""
    for key, words in _WORDS.items():
        if key in reason.evidence:
            return words(say, reason.evidence, view)
    return say.met if reason.met else say.not_met


def group_title(say: Wording, group: str, view: ReadinessView) -> str:
    return say.last_look_by.format(name=familiar(view.practitioner_name)) if group == "yes" else say.groups[group]


def lowered_minimum(lowered: LoweredMinimum | None) -> dict[str, Any] | None:
    """Fewer days than shipped, with who decided it by first name."""
    return {**asdict(lowered), "by": familiar(lowered.by)} if lowered else None


def _of_factor(say: Wording, evidence: Evidence, view: ReadinessView) -> str:
    name = familiar(view.practitioner_name)
    if evidence.get("cleared"):
        return say.looked_at.format(name=name)
    until = evidence.get("until")
    if until is not None:
        return say.wait_until.format(date=date_text(say, until))
    if evidence["action"] == "test_patch":
        return say.test_patch
    if evidence["action"] in ("doctor_letter", "refer_doctor"):
        return say.doctor_first
    return say.decides_with_you.format(name=name)


def _of_hold(_say: Wording, evidence: Evidence, _view: ReadinessView) -> str:
    return str(evidence["reason"])


def _of_days(say: Wording, evidence: Evidence, _view: ReadinessView) -> str:
    return say.day_of.format(day=evidence["day"], of=evidence["needed_days"] + evidence["add_days"])


def _of_gap(say: Wording, evidence: Evidence, _view: ReadinessView) -> str:
    if evidence["days_since"] is None:
        return say.gap_unknown
    return say.gap.format(days=evidence["days_since"], of=evidence["needed_days"] + evidence["add_days"])


def _of_anchor(say: Wording, evidence: Evidence, _view: ReadinessView) -> str:
    on: date | None = evidence["on"]
    return say.anchor_since.format(date=date_text(say, on)) if on is not None else say.anchor_unseen


def _of_answers(say: Wording, evidence: Evidence, view: ReadinessView) -> str:
    answers, signed_on = evidence["answers"], evidence.get("signed_off_on")
    if signed_on is not None:
        return say.said_yes.format(name=familiar(view.practitioner_name), date=date_text(say, signed_on))
    if not answers:
        return say.no_answer
    latest = {answer.get("question") or evidence["question"]: answer for answer in answers}
    return " ".join(_answer_text(say, view.protocol, question, answer) for question, answer in latest.items())


def _answer_text(say: Wording, protocol: Protocol, question: str, answer: Mapping[str, Any]) -> str:
    asked = protocol.shared.questions[question]
    value = capital(value_text(say, asked, answer["value"]))
    return say.answer.format(question=asked.text, value=value, date=date_text(say, answer["on"]))


def _of_flags(say: Wording, evidence: Evidence, _view: ReadinessView) -> str:
    count = len(evidence["open_rules"])
    return say.flags_open.format(count=count) if count else say.no_flags


def _of_photos(say: Wording, evidence: Evidence, view: ReadinessView) -> str:
    seen_on = evidence["seen_in_person_on"]
    if seen_on is not None:
        return say.saw_in_person.format(name=familiar(view.practitioner_name), date=date_text(say, seen_on))
    taken = len(evidence["views"]) - len(evidence["missing"])
    return say.photos.format(taken=taken, of=len(evidence["views"]), days=evidence["within_days"])


def _of_sign_off(say: Wording, evidence: Evidence, view: ReadinessView) -> str:
    on: date | None = evidence["on"]
    if on is None:
        return say.sign_off_waits.format(name=familiar(view.practitioner_name))
    return (say.sign_off_revoked if evidence["revoked"] else say.sign_off_given).format(date=date_text(say, on))


# by the key that tells the kind of evidence, the more telling first
_WORDS: Mapping[str, Callable[[Wording, Evidence, ReadinessView], str]] = {
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
