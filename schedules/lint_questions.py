"""Lint of check-ins and of the rules over their answers: a rule that looks at a day must be able to hear of it.

A problem report, a mask timer and a follow-up ask on any day, so what they ask is always within reach.
"""

from collections.abc import Iterator, Sequence

from schedules.asking import Asking, read_asking
from schedules.lint_findings import LintFinding, error, warning
from schedules.protocol import Protocol, RedFlag
from schedules.shared_protocol import AnchorRule, AnswerCondition

MAX_CHECK_IN_SECONDS = 60  # protocols README: a daily check-in with the deep set is under 60 seconds
LAST_SIGN_DAY = 90


def lint_questions(protocol: Protocol) -> Iterator[LintFinding]:
    """Check-ins, signs, follow-ups, red flags and anchors."""
    asking = read_asking(protocol)
    yield from _check_ins(protocol, asking)
    yield from _reach(protocol, asking)
    for flag in protocol.red_flags.values():
        yield from _flag_findings(flag, protocol, asking)
    for rule in protocol.shared.anchors:
        if rule.trigger is not None and not is_reached(rule, protocol, asking):
            problem = "no check-in can reach it: its questions are not asked often enough on its days"
            yield error(f"anchors.{rule.id}", problem, "plan more check-ins that ask its questions (check_ins)")


def _check_ins(protocol: Protocol, asking: Asking) -> Iterator[LintFinding]:
    for number, check_in in enumerate(protocol.check_ins):
        path = f"check_ins[{number}].sets"
        asked = asking.planned[check_in.day]
        seconds = sum(protocol.shared.questions[name].est_seconds for name in asked)
        if not asked:
            problem = f"asks nothing on day {check_in.day}"
            yield error(path, problem, "name a set with a question for this day, or move the check-in")
        if "deep" in check_in.sets and seconds >= MAX_CHECK_IN_SECONDS:
            problem = f"takes {seconds} seconds, and must stay under {MAX_CHECK_IN_SECONDS}"
            yield error(path, problem, "leave out a set, or ask it on another day")
        for name in sorted(asked):
            sign = protocol.signs.get(name)
            if sign is not None and check_in.day <= LAST_SIGN_DAY and sign.row_on(check_in.day) is None:
                problem = f"has no row for day {check_in.day}, which asks it"
                yield error(f"signs.{name}.expected", problem, f"let a row reach day {check_in.day}")


def _reach(protocol: Protocol, asking: Asking) -> Iterator[LintFinding]:
    for rule in protocol.shared.follow_up_rules:
        about_answers = any(isinstance(condition, AnswerCondition) for condition in rule.when)
        if about_answers and rule.id not in asking.follow_ups:  # one about a step kind is for methods with such a step
            problem = "cannot be reached: nothing asks its questions"
            yield error(f"follow_up_rules.{rule.id}", problem, "put one of its questions into a set of a check-in")
    for sign_id in protocol.signs:
        if not asking.is_asked(sign_id):
            yield error(f"signs.{sign_id}", "nothing asks it", "put the question into a set, or take the sign out")


# --- red flags ----------------------------------------------------------------------------------------------------


def _flag_findings(flag: RedFlag, protocol: Protocol, asking: Asking) -> Iterator[LintFinding]:
    mode = flag.trigger.mode
    cannot_fire = False
    for number, condition in enumerate(flag.trigger.conditions):
        path = f"red_flags.{flag.id}.trigger.{mode}[{number}]"
        found = list(_condition_findings(condition, flag, path, protocol, asking))
        cannot_fire = cannot_fire or any(one.severity == "error" for one in found)
        yield from found
    if mode == "all" and not cannot_fire and not _asks_all(flag, asking):
        problem = "cannot fire: no check-in on its days asks all of its questions"
        yield error(f"red_flags.{flag.id}.trigger", problem, _add_to_a_day("the sets with these questions", flag))


def _condition_findings(
    condition: AnswerCondition, flag: RedFlag, path: str, protocol: Protocol, asking: Asking
) -> Iterator[LintFinding]:
    question = condition.question
    first = max(flag.from_day, condition.from_day or 0)
    days = asking.days_of(question, first, flag.to_day)
    if question in asking.any_day:
        return
    sets = f"a set that holds '{question}' ({_sets_of(question, protocol)})"
    if not days:
        problem = f"cannot fire: nothing asks '{question}' on days {first} to {flag.to_day}"
        yield error(path, problem, _add_to_a_day(sets, flag))
        return
    needed = max(condition.answers_in_a_row, 2 if condition.op == "rise_by" else 1)
    asked = len(asking.days_of(question, 0, flag.to_day))
    if asked < needed:
        problem = f"cannot fire: it needs {needed} answers, and '{question}' is asked {asked} times up to its last day"
        yield error(path, problem, _add_to_a_day(sets, flag))
    left_out = sorted(day for day, names in asking.left_out.items() if question in names)
    left_out = [day for day in left_out if first <= day <= flag.to_day]
    if left_out:
        one = protocol.shared.questions[question]
        problem = (
            f"looks at days {first} to {flag.to_day}, and '{question}' is left out on day {_listed(left_out)}: "
            f"it is asked on days {one.asked_from_day} to {one.asked_to_day}"
        )
        remedy = f"narrow the rule to the days on which '{question}' is asked, or widen asked_from_day and asked_to_day"
        yield error(path, problem, remedy)
    unasked = sorted(day for day in asking.planned if max(days) < day <= flag.to_day)
    if unasked and not left_out:
        problem = f"no check-in asks '{question}' after day {max(days)}, though the rule looks up to day {flag.to_day}"
        yield warning(path, problem, f"add {sets} to the check-in of day {unasked[-1]}, or end the rule earlier")


def _add_to_a_day(sets: str, flag: RedFlag) -> str:
    return f"add {sets} to a check-in between day {flag.from_day} and {flag.to_day}, or change the rule's days"


def _sets_of(question: str, protocol: Protocol) -> str:
    names = (one.id for one in protocol.shared.question_sets.values() if question in one.questions)
    return ", ".join(names) or "there is none yet"


def _listed(days: Sequence[int]) -> str:
    return ", ".join(str(day) for day in days)


def _asks_all(flag: RedFlag, asking: Asking) -> bool:
    """Whether one check-in, or one report, can hear all that the flag needs together (rule 30)."""
    needed = {condition.question for condition in flag.trigger.conditions}
    days = (asked for day, asked in asking.planned.items() if flag.from_day <= day <= flag.to_day)
    return any(needed <= asked | asking.any_day for asked in (frozenset[str](), *days))


# --- anchors ------------------------------------------------------------------------------------------------------


def is_reached(rule: AnchorRule, protocol: Protocol, asking: Asking) -> bool:
    """Whether the check-ins of this method can reach an anchor. One without a trigger is set by a person."""
    if rule.trigger is None:
        return rule.id == "treatment_end"
    reached = [
        _is_heard(condition, asking)
        for condition in rule.trigger.conditions
        if not condition.if_answered and (not condition.methods or protocol.id in condition.methods)
    ]
    before = [one for one in protocol.shared.anchors if one.id == rule.after]
    return (any(reached) if rule.trigger.mode == "any" else all(reached)) and all(
        is_reached(one, protocol, asking) for one in before
    )


def _is_heard(condition: AnswerCondition, asking: Asking) -> bool:
    days = asking.days_of(condition.question, condition.from_day or 0)
    return condition.question in asking.any_day or len(days) >= condition.answers_in_a_row
