"""Lint of readiness: a client who heals as hoped must be able to become ready, and on the earliest date.

Question and photos are looked at on the earliest date of each skin type, scabs gone in time.
"""

from collections.abc import Iterator, Mapping

from schedules.asking import Asking, read_asking
from schedules.condition_parsing import domain
from schedules.conditions import fits
from schedules.lint_findings import LintFinding, error, warning
from schedules.lint_questions import is_reached
from schedules.protocol import AnswerCheck, Protocol, ReadinessCondition

Looks = Mapping[int, list[int]]  # the days within the look-back of each earliest day


def lint_readiness(protocol: Protocol) -> Iterator[LintFinding]:
    """Numbers that do not agree, and conditions that cannot be met, or not on the earliest day."""
    yield from _days_findings(protocol)
    asking = read_asking(protocol)
    for condition in protocol.readiness.conditions:
        yield from _condition_findings(condition, protocol, asking)
    yield from _clashing_answers(protocol)


def _days_findings(protocol: Protocol) -> Iterator[LintFinding]:
    rule = protocol.readiness
    low, high = rule.clinic_may_set_min_between
    path = "readiness.base_min_days"
    if not low <= rule.base_min_days <= high:
        yield error(path, f"lies outside clinic_may_set_min_between {low} to {high}", f"set {low} to {high} days")
    if rule.base_min_days > rule.recommended_days:
        problem = f"is below base_min_days {rule.base_min_days}"
        yield error("readiness.recommended_days", problem, f"set {rule.base_min_days} days or more")
    lowest = min((row.min_days for row in rule.fitzpatrick), default=0)
    if rule.base_min_days < lowest:
        problem = f"changes nothing: each skin type asks for {lowest} days or more, and the larger number counts"
        yield warning(path, problem, f"set {lowest} days, so that the number says what clients get")
    for number, row in enumerate(rule.fitzpatrick):
        if row.min_days > row.recommended_days:
            problem = f"is below min_days {row.min_days}"
            remedy = f"set {row.min_days} days or more"
            yield error(f"readiness.fitzpatrick[{number}].recommended_days", problem, remedy)
    if all(condition.check.type != "practitioner_signoff" for condition in rule.conditions):
        problem = "nobody is asked: the practitioner's yes is missing"
        yield error("readiness.conditions", problem, "add a condition with the check practitioner_signoff")


def _condition_findings(condition: ReadinessCondition, protocol: Protocol, asking: Asking) -> Iterator[LintFinding]:
    path, check = f"readiness.conditions.{condition.id}", condition.check
    if check.anchor is not None:
        anchors = (rule for rule in protocol.shared.anchors if rule.id == check.anchor)
        if not any(is_reached(rule, protocol, asking) for rule in anchors):
            problem = f"cannot be met: no check-in reaches {check.anchor}"
            yield error(path, problem, "wait for an anchor that check-ins reach, such as scabs_off")
    for question in dict.fromkeys(answer.question for answer in check.answers):
        yield from _question_findings(path, question, condition, protocol, asking)
    if check.type == "photo_set":
        days = sorted(photo.day for photo in protocol.photo_check_ins if photo.views == "full_set")
        what = "planned photos of the full set"
        yield from _look_back_findings(path, days, check.within_days, 1, what, "photo_check_ins", protocol)


def _question_findings(
    path: str, question: str, condition: ReadinessCondition, protocol: Protocol, asking: Asking
) -> Iterator[LintFinding]:
    check = condition.check
    if question in asking.any_day and check.window_days is None:
        return
    what = f"check-ins that ask '{question}'"
    days = asking.days_of(question)
    yield from _look_back_findings(path, days, check.window_days, check.answers_in_a_row, what, "check_ins", protocol)


def _look_back_findings(
    path: str, days: list[int], look_back: int | None, times: int, what: str, key: str, protocol: Protocol
) -> Iterator[LintFinding]:
    """`days`: those of the check-ins or photos; at least `times` of them must lie within the look-back."""
    for earliest in _earliest_days(protocol):
        first = 0 if look_back is None else earliest - look_back
        if sum(day >= first for day in days) < times:
            since = "" if look_back is None else f" from day {first} on"
            problem = f"cannot be met: it needs {times} x {what}{since}, and too few are planned"
            yield error(path, problem, f"plan one on day {earliest} ({key})")
            return
        if sum(first <= day <= earliest for day in days) < times:
            later = min(day for day in days if day > earliest)
            problem = f"cannot be met on the earliest day, {earliest}: too few {what} on days {first} to {earliest}"
            yield warning(path, f"{problem}, the next is on day {later}", f"plan one on day {earliest} ({key})")
            return


def _earliest_days(protocol: Protocol) -> list[int]:
    """The earliest day of each skin type, lowest first, where scabs go within their usual days."""
    rule = protocol.readiness
    return sorted({max(rule.base_min_days, row.min_days) for row in rule.fitzpatrick} or {rule.base_min_days})


def _clashing_answers(protocol: Protocol) -> Iterator[LintFinding]:
    """Conditions that block and ask for answers to one question of which no answer can fit all."""
    wanted: dict[str, list[tuple[str, AnswerCheck]]] = {}
    for condition in protocol.readiness.conditions:
        if condition.blocking and condition.check.type in ("answer", "all_of"):
            for answer in condition.check.answers:
                wanted.setdefault(answer.question, []).append((condition.id, answer))
    for question, checks in wanted.items():
        answers = domain(protocol.shared.questions[question])
        if not any(all(fits(answer, check.op, check.value) for _, check in checks) for answer in answers):
            names = ", ".join(dict.fromkeys(name for name, _ in checks))
            problem = f"cannot be met: no answer to '{question}' fits all of {names}"
            yield error(f"readiness.conditions.{checks[-1][0]}", problem, "widen one of the values")
