"""Every `check.type` of a readiness condition, one function each (protocols/README.md, rules 41 to 50)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from schedules.conditions import fits
from schedules.facts import CheckInFacts, ReadinessFacts
from schedules.protocol import AnswerCheck, Protocol, ReadinessCondition
from schedules.protocol_terms import AnchorName, AnswerValue, CheckType
from schedules.readiness_dates import ReadinessDates, gap_ends_on


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the checks of one readiness look at. `check_ins` end with today (rule 46)."""

    protocol: Protocol
    facts: ReadinessFacts
    check_ins: tuple[CheckInFacts, ...]
    anchors: Mapping[AnchorName, date]
    dates: ReadinessDates
    today: date
    signed_off: bool


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a check is met, on what evidence, and the earliest date on which it could be."""

    met: bool
    evidence: Mapping[str, object]
    earliest_on: date | None = None


@dataclass(frozen=True, slots=True)
class DatedAnswer:
    value: AnswerValue
    on: date


def run_check(condition: ReadinessCondition, situation: Situation) -> Check:
    """Runs the check of one condition."""
    return _CHECKS[condition.check.type](condition, situation)


def list_dated_answers(question: str, check_ins: tuple[CheckInFacts, ...]) -> tuple[DatedAnswer, ...]:
    """The answers to a question, oldest first."""
    return tuple(DatedAnswer(c.answers[question], c.on) for c in check_ins if question in c.answers)


def answer_fits(check: AnswerCheck, value: AnswerValue) -> bool:
    return fits(value, check.op, check.value)


def _check_min_days(_condition: ReadinessCondition, situation: Situation) -> Check:
    """Rule 45, first half."""
    dates = situation.dates
    evidence = {
        "day": (situation.today - situation.facts.treatment_ended_on).days,
        "needed_days": dates.needed_days,
        "add_days": dates.add_days,
        "skin_type": dates.skin_row.type,
        "skin_type_known": situation.facts.skin_type == dates.skin_row.type,
    }
    return Check(situation.today >= dates.min_days_on, evidence, dates.min_days_on)


def _check_anchor_reached(condition: ReadinessCondition, situation: Situation) -> Check:
    name = _anchor_of(condition)
    on = situation.anchors.get(name)
    return Check(on is not None and on <= situation.today, {"anchor": name, "on": on}, on)


def _check_days_since_anchor(condition: ReadinessCondition, situation: Situation) -> Check:
    """Rule 45, second half. While the anchor is unknown its earliest date is a lower bound (rule 42)."""
    name, rule, add = _anchor_of(condition), situation.protocol.readiness, situation.dates.add_days
    on = situation.anchors.get(name)
    earliest = gap_ends_on(rule, situation.today if on is None else on, add)
    evidence = {
        "anchor": name,
        "on": on,
        "days_since": None if on is None else (situation.today - on).days,
        "needed_days": rule.min_days_after_scabs_off,
        "add_days": add,
        "lower_bound": on is None,
    }
    return Check(on is not None and situation.today >= earliest, evidence, earliest)


def _anchor_of(condition: ReadinessCondition) -> AnchorName:
    return condition.check.anchor or "scabs_off"


def _check_answer(condition: ReadinessCondition, situation: Situation) -> Check:
    """Rules 46 and 47: the latest n answers, and all answers of the window, must fit."""
    check, asked = condition.check, condition.check.answers[0]
    answers = list_dated_answers(asked.question, situation.check_ins)
    row = answers[-check.answers_in_a_row :]
    met = len(row) == check.answers_in_a_row and all(answer_fits(asked, answer.value) for answer in row)
    evidence: dict[str, object] = {"question": asked.question, "answers": _plain(row), "needed": check.answers_in_a_row}
    earliest = None
    if check.window_days is not None:
        window = _within(answers, situation.today, check.window_days)
        bad = [answer.on for answer in window if not answer_fits(asked, answer.value)]
        met = met and bool(window) and not bad
        earliest = max(bad) + timedelta(days=check.window_days + 1) if bad else None
        evidence |= {"window_days": check.window_days, "answers": _plain(window)}
    return Check(met, evidence, earliest)


def _check_all_of(condition: ReadinessCondition, situation: Situation) -> Check:
    """Rule 46: the latest answer to each question."""
    latest = {
        asked.question: list_dated_answers(asked.question, situation.check_ins)[-1:]
        for asked in condition.check.answers
    }
    met = all(
        latest[asked.question] and answer_fits(asked, latest[asked.question][0].value)
        for asked in condition.check.answers
    )
    evidence = {"answers": [{"question": q, **plain} for q, row in latest.items() for plain in _plain(row)]}
    return Check(met, evidence)


def _check_answer_or_signoff(condition: ReadinessCondition, situation: Situation) -> Check:
    """Rule 48: the latest answer fits, or the practitioner signed this condition off on or after its day."""
    asked = condition.check.answers[0]
    latest = list_dated_answers(asked.question, situation.check_ins)[-1:]
    signed_on = situation.facts.condition_signoffs.get(condition.id)
    in_force = (
        signed_on is not None and signed_on <= situation.today and all(answer.on <= signed_on for answer in latest)
    )
    fitting = bool(latest) and answer_fits(asked, latest[0].value)
    evidence = {"question": asked.question, "answers": _plain(latest), "signed_off_on": signed_on}
    return Check(fitting or in_force, evidence)


def _check_no_open_flags(_condition: ReadinessCondition, situation: Situation) -> Check:
    """Rule 50: flags of every urgency count."""
    open_rules = [flag.rule_id for flag in situation.facts.flags if flag.closed_at is None]
    return Check(not open_rules, {"open_rules": open_rules})


def _check_photo_set(condition: ReadinessCondition, situation: Situation) -> Check:
    """Rule 49: a photo of each view in the window, or the skin seen in person in it."""
    facts, window = situation.facts, condition.check.within_days
    views = [view.id for view in situation.protocol.shared.photo_protocol.views[facts.site]]
    taken = {photo.view for photo in facts.photos if _in_window(photo.on, situation.today, window)}
    missing = [view for view in views if view not in taken]
    seen = [on for on in facts.seen_in_person_on if _in_window(on, situation.today, window)]
    evidence = {
        "within_days": window,
        "views": views,
        "missing": missing,
        "seen_in_person_on": max(seen, default=None),
    }
    return Check(not missing or bool(seen), evidence)


def _check_practitioner_signoff(_condition: ReadinessCondition, situation: Situation) -> Check:
    given = situation.facts.sign_off
    evidence = {"on": given.on if given else None, "revoked": given is not None and not situation.signed_off}
    return Check(situation.signed_off, evidence)


def _within(answers: tuple[DatedAnswer, ...], today: date, days: int) -> tuple[DatedAnswer, ...]:
    return tuple(answer for answer in answers if _in_window(answer.on, today, days))


def _in_window(on: date, today: date, days: int | None) -> bool:
    """Rule 47: at most that many days old, today included."""
    return on <= today and (days is None or (today - on).days <= days)


def _plain(answers: tuple[DatedAnswer, ...]) -> list[dict[str, object]]:
    return [{"value": answer.value, "on": answer.on} for answer in answers]


_CHECKS: Mapping[CheckType, Callable[[ReadinessCondition, Situation], Check]] = {
    "min_days": _check_min_days,
    "anchor_reached": _check_anchor_reached,
    "days_since_anchor": _check_days_since_anchor,
    "answer": _check_answer,
    "all_of": _check_all_of,
    "answer_or_signoff": _check_answer_or_signoff,
    "no_open_flags": _check_no_open_flags,
    "photo_set": _check_photo_set,
    "practitioner_signoff": _check_practitioner_signoff,
}
