"""The one evaluator of conditions over answers, used by red flags, anchors, follow-up questions and readiness.

Source: protocols/README.md, rules 30 to 34. A question without an answer makes a condition false, also for `!=`;
"none of these" (`CheckInFacts.excluded`) is no answer and is never read here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schedules.facts import CheckInFacts, Reading
from schedules.protocol import Protocol, RedFlag
from schedules.protocol_terms import AnswerValue, ConditionOp, Site
from schedules.shared_protocol import AnswerCondition, Trigger

WEAK_IMMUNITY = "weak_immunity"


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """One answer to a question and the plan day it belongs to."""

    day: int
    value: AnswerValue


@dataclass(frozen=True, slots=True)
class Judged:
    """What is being judged: the answers in hand, their plan day, and the check-ins answered before, oldest first.

    `planned` False: a problem report (rule 31).
    """

    answers: Mapping[str, AnswerValue]
    day: int
    earlier: Sequence[CheckInFacts] = ()
    planned: bool = True

    def list_answers(self, question: str) -> tuple[DayAnswer, ...]:
        """All answers to a question, the one in hand last; none where it is not answered in hand (rule 30)."""
        if question not in self.answers:
            return ()
        return (*list_answers(question, self.earlier), DayAnswer(self.day, self.answers[question]))


def list_answers(question: str, check_ins: Iterable[CheckInFacts]) -> tuple[DayAnswer, ...]:
    """The answers to a question in the order in which they were given."""
    return tuple(DayAnswer(c.day, c.answers[question]) for c in check_ins if question in c.answers)


def fits(value: AnswerValue, op: ConditionOp, wanted: AnswerValue | tuple[AnswerValue, ...]) -> bool:
    """Whether one answer fits `==`, `!=`, `in`, `>=` or `<=`. Words have no order: `>=` and `<=` need whole numbers.

    Raises ValueError for an op that needs more than the answer itself (`rise_by`, `above_expected`).
    """
    if op == "==":
        return value == wanted
    if op == "!=":
        return value != wanted
    if op == "in":
        return value in (wanted if isinstance(wanted, tuple) else (wanted,))
    if op in (">=", "<="):
        if not isinstance(value, int) or not isinstance(wanted, int):
            return False
        return value >= wanted if op == ">=" else value <= wanted
    raise ValueError(f"{op} is not a test of one answer alone")


def judge_answer(
    condition: AnswerCondition, protocol: Protocol, history: Sequence[DayAnswer], index: int
) -> Reading | None:
    """The reading of `history[index]` if it meets the condition's test on its own day, else None (rules 32, 33).

    `from_day` and `answers_in_a_row` are not looked at here.
    """
    answer = history[index]
    sign = protocol.signs.get(condition.question)
    row = sign.row_on(answer.day) if sign else None
    high = row.high if row else None
    earlier: DayAnswer | None = None
    if condition.op == "rise_by":
        earlier = _earlier_answer(history[:index], answer.day - (condition.compare_days or 0))
        met = earlier is not None and _is_above(answer.value, earlier.value, condition.value, equal=True)
    elif condition.op == "above_expected":
        met = high is not None and _is_above(answer.value, high, condition.value, equal=False)
    else:
        met = fits(answer.value, condition.op, condition.value)
    if not met:
        return None
    return Reading(
        question=condition.question,
        value=answer.value,
        day=answer.day,
        usual_high=high,
        usual_allowed=row.allowed if row else None,
        earlier_value=earlier.value if earlier else None,
        earlier_day=earlier.day if earlier else None,
    )


def _earlier_answer(history: Sequence[DayAnswer], day: int) -> DayAnswer | None:
    """Rule 32: the last answer given on `day`, or, if that day has none, the last before it."""
    latest: DayAnswer | None = None
    for answer in history:
        if answer.day <= day and (latest is None or answer.day >= latest.day):
            latest = answer
    return latest


def _is_above(value: AnswerValue, base: AnswerValue, by: AnswerValue | tuple[AnswerValue, ...], *, equal: bool) -> bool:
    """Whether value - base is more than `by` (or as much, where `equal`); words have no difference."""
    if not isinstance(value, int) or not isinstance(base, int) or not isinstance(by, int):
        return False
    return value - base >= by if equal else value - base > by


def judge_row(condition: AnswerCondition, protocol: Protocol, history: Sequence[DayAnswer]) -> tuple[Reading, ...]:
    """The readings of the last `answers_in_a_row` answers, newest last, if each meets the test (rule 34), else ()."""
    start = len(history) - condition.answers_in_a_row
    if start < 0:
        return ()
    readings = [judge_answer(condition, protocol, history, index) for index in range(start, len(history))]
    met = tuple(reading for reading in readings if reading is not None)
    return met if len(met) == len(readings) else ()


def judge_condition(
    condition: AnswerCondition, protocol: Protocol, judged: Judged, *, from_day_zero: bool = False
) -> tuple[Reading, ...]:
    """The readings that meet a condition, or () where it is false.

    `from_day` looks at the day in hand alone (rule 31); `from_day_zero` reads it as 0 (rule 38).
    """
    if condition.methods and protocol.id not in condition.methods:
        return ()
    if condition.from_day is not None and not from_day_zero and judged.day < condition.from_day:
        return ()
    history = judged.list_answers(condition.question)
    return judge_row(condition, protocol, history) if history else ()


def judge_trigger(
    trigger: Trigger, protocol: Protocol, judged: Judged, *, from_day_zero: bool = False
) -> tuple[Reading, ...]:
    """The readings on which an `any` or `all` trigger fires, or () where it does not."""
    rows = [judge_condition(c, protocol, judged, from_day_zero=from_day_zero) for c in trigger.conditions]
    if trigger.mode == "all" and not all(rows):
        return ()
    return tuple(dict.fromkeys(reading for row in rows for reading in row))


def looks_at(flag: RedFlag, day: int, site: Site, *, planned: bool, modifiers: frozenset[str]) -> bool:
    """Whether a red flag looks at this site and plan day.

    Rule 31: in a problem report `to_day` does not limit emergency and same_day flags. Rule 38: with weak immunity a
    same_day flag looks from day 0.
    """
    if site not in flag.sites:
        return False
    from_day = 0 if counts_from_day_zero(flag, modifiers) else flag.from_day
    endless = not planned and flag.urgency != "practitioner_review"
    return from_day <= day and (endless or day <= flag.to_day)


def counts_from_day_zero(flag: RedFlag, modifiers: frozenset[str]) -> bool:
    """Rule 38: for a client with weak immunity every `from_day` of a same_day flag is 0."""
    return flag.urgency == "same_day" and WEAK_IMMUNITY in modifiers


def judge_flag(
    flag: RedFlag, protocol: Protocol, judged: Judged, *, site: Site, modifiers: frozenset[str]
) -> tuple[Reading, ...]:
    """The readings on which a red flag fires, or () where it does not."""
    if not looks_at(flag, judged.day, site, planned=judged.planned, modifiers=modifiers):
        return ()
    return judge_trigger(flag.trigger, protocol, judged, from_day_zero=counts_from_day_zero(flag, modifiers))


def is_unusual(value: AnswerValue, high: int | None, allowed: tuple[AnswerValue, ...] | None) -> bool:
    """Whether an answer is more than the usual range of its day."""
    if allowed is not None:
        return value not in allowed
    return high is not None and isinstance(value, int) and value > high
