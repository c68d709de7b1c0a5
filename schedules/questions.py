"""Which questions a check-in asks, which of them are ticks, and what follows (protocols/README.md, rules 21 and 60)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schedules.conditions import Judged, is_unusual, judge_condition, judge_flag, looks_at
from schedules.protocol import CheckInPlan, Protocol, RedFlag
from schedules.protocol_terms import LEVEL_OF_URGENCY, LEVELS_BY_URGENCY, AnchorName, AnswerValue, Level, Site
from schedules.shared_protocol import AnswerCondition, Question, StepDoneCondition

PROBLEM_REPORT_SET = "report_problem"  # rule 40
READINESS_SET = "readiness"


@dataclass(frozen=True, slots=True)
class WarningSign:
    """One tick of the page "Any of these today?": a question and its answer, and the level it means alone that day."""

    question: str
    value: AnswerValue
    label: str
    level: Level


@dataclass(frozen=True, slots=True)
class Pages:
    """The questions of a check-in by page: asked outright on page 1, or ticks of page 2."""

    asked: tuple[Question, ...]
    ticks: tuple[WarningSign, ...]


def questions_of(protocol: Protocol, check_in: CheckInPlan, site: Site) -> tuple[Question, ...]:  # noqa: ARG001
    """The questions of a planned check-in: the union of its sets in order, each once, as its day allows (rule 21).

    `site` is the area's; no set differs by site today, only follow-ups do.
    """
    union = _union_of_sets(protocol, check_in.sets)
    return tuple(q for q in union if q.asked_from_day <= check_in.day <= q.asked_to_day)


def problem_report_questions(protocol: Protocol) -> tuple[Question, ...]:
    """The questions of a problem report, the same on any day (rules 21, 40)."""
    return _union_of_sets(protocol, (PROBLEM_REPORT_SET,))


def _union_of_sets(protocol: Protocol, sets: Iterable[str]) -> tuple[Question, ...]:
    ids = [question for name in sets for question in protocol.shared.question_sets[name].questions]
    return tuple(protocol.shared.questions[question] for question in dict.fromkeys(ids))


def follow_ups(
    protocol: Protocol,
    answers: Mapping[str, AnswerValue],
    asked: Collection[str],
    day: int,
    site: Site,
    mask_done_since_last: bool,
) -> tuple[Question, ...]:
    """The questions that the answers in hand call for and that this check-in has not asked (rules 21, 60).

    To be asked for again after each answer. `asked`: ids of all questions asked so far, answered or not.
    `mask_done_since_last`: a mask was due since the last check-in and the set `mask_done` was not asked.
    """
    judged = Judged(answers, day)
    wanted = [
        question
        for rule in protocol.shared.follow_up_rules
        if site in rule.sites and any(_calls(c, protocol, judged, mask_done_since_last) for c in rule.when)
        for question in rule.ask
    ]
    return tuple(protocol.shared.questions[question] for question in dict.fromkeys(wanted) if question not in asked)


def _calls(
    condition: AnswerCondition | StepDoneCondition, protocol: Protocol, judged: Judged, mask_done_since_last: bool
) -> bool:
    if isinstance(condition, StepDoneCondition):
        return condition.care_step_kind == "mask" and mask_done_since_last
    return bool(judge_condition(condition, protocol, judged))


def warning_values(
    protocol: Protocol,
    site: Site,
    questions: Sequence[Question],
    day: int,
    *,
    planned: bool = True,
    modifiers: frozenset[str] = frozenset(),
) -> tuple[WarningSign, ...]:
    """The ticks that these questions become on a plan day, in the order of questions and their options.

    A choice question becomes ticks if one of its answers is named (`==`, `in`) by an emergency or same_day flag that
    looks at this day and site, or by any flag where nothing else reads its calm answer: it has no usual range, and
    neither readiness nor an anchor asks for it. Then every answer is a tick that a flag of any urgency names, or that
    is unusual and calls for a follow-up: a question behind ticks must not lose a warning that it could give outright.
    """
    flags = [f for f in protocol.red_flags.values() if looks_at(f, day, site, planned=planned, modifiers=modifiers)]
    red = _named_answers(f for f in flags if f.urgency != "practitioner_review")
    flagged = _named_answers(flags)
    named = flagged | _unusual_calls(protocol, site, day)
    ticked = {name for name, _ in red} | ({name for name, _ in flagged} - _read_when_calm(protocol))
    return tuple(
        WarningSign(question.id, option.value, option.label, _level_alone(protocol, flags, judged, site, modifiers))
        for question in questions
        if question.type == "choice" and question.id in ticked
        for option in question.options
        if (question.id, option.value) in named
        for judged in (Judged({question.id: option.value}, day, planned=planned),)
    )


def _named_answers(flags: Iterable[RedFlag]) -> frozenset[tuple[str, AnswerValue]]:
    """(question, answer) pairs that the flags' conditions name."""
    return frozenset(pair for flag in flags for c in flag.trigger.conditions for pair in _pairs_of(c))


def _pairs_of(condition: AnswerCondition) -> tuple[tuple[str, AnswerValue], ...]:
    if condition.op not in ("==", "in"):
        return ()
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return tuple((condition.question, value) for value in values)


def _read_when_calm(protocol: Protocol) -> frozenset[str]:
    """Questions whose calm answer counts for something: a usual range, readiness, an anchor."""
    read = set(protocol.signs)
    read.update(answer.question for condition in protocol.readiness.conditions for answer in condition.check.answers)
    for rule in protocol.shared.anchors:
        read.update(condition.question for condition in (rule.trigger.conditions if rule.trigger else ()))
    return frozenset(read)


def _unusual_calls(protocol: Protocol, site: Site, day: int) -> frozenset[tuple[str, AnswerValue]]:
    """(question, answer) pairs outside the usual range of the day that call for a follow-up question.

    A question without a usual range has its own calm answer: the one that a `!=` condition leaves out.
    """
    rules = (rule for rule in protocol.shared.follow_up_rules if site in rule.sites)
    called = [c for rule in rules for c in rule.when if isinstance(c, AnswerCondition)]
    unusual = {
        (question, value)
        for condition in called
        for question, value in _pairs_of(condition)
        if (sign := protocol.signs.get(question)) is not None
        and (row := sign.row_on(day)) is not None
        and is_unusual(value, row.high, row.allowed)
    }
    other = {
        (condition.question, option.value)
        for condition in called
        if condition.op == "!=" and condition.question not in protocol.signs
        for option in protocol.shared.questions[condition.question].options
        if option.value != condition.value
    }
    return frozenset(unusual | other)


def _level_alone(
    protocol: Protocol, flags: Iterable[RedFlag], judged: Judged, site: Site, modifiers: frozenset[str]
) -> Level:
    """The level of one answer by itself (rule 37)."""
    fired = {
        LEVEL_OF_URGENCY[flag.urgency]
        for flag in flags
        if judge_flag(flag, protocol, judged, site=site, modifiers=modifiers)
    }
    return min(fired, key=LEVELS_BY_URGENCY.index, default="on_track")


def asked_outright(
    protocol: Protocol,
    check_in: CheckInPlan,
    answers: Mapping[str, AnswerValue],
    anchors: Collection[AnchorName],
) -> frozenset[str]:
    """Ids of the questions that need a real answer in this check-in, so that they cannot be ticks.

    "None of these" is no answer (rule 30), so a question is asked outright where readiness reads it (a check-in with
    the readiness set), and where an anchor that is not known yet hangs on it: once the anchor before it is known, or
    the answers in hand (to be given again after each answer) may be reaching that one. `anchors`: those known.
    """
    needed: set[str] = set()
    if READINESS_SET in check_in.sets:
        needed.update(a.question for c in protocol.readiness.conditions for a in c.check.answers)
    for rule in protocol.shared.anchors:
        if rule.trigger is None or rule.id in anchors or rule.after is None:
            continue
        if rule.after in anchors or _may_reach(protocol, rule.after, answers, check_in.day):
            needed.update(c.question for c in rule.trigger.conditions if not c.if_answered)
    return frozenset(needed)


def _may_reach(protocol: Protocol, name: AnchorName, answers: Mapping[str, AnswerValue], day: int) -> bool:
    """Whether an answer in hand fits a condition of an anchor, its row aside."""
    judged = Judged(answers, day)
    conditions = (
        c for rule in protocol.shared.anchors if rule.id == name and rule.trigger for c in rule.trigger.conditions
    )
    return any(judge_condition(replace(c, answers_in_a_row=1), protocol, judged) for c in conditions)


def split_pages(
    protocol: Protocol,
    questions: Sequence[Question],
    outright: frozenset[str],
    day: int,
    site: Site,
    modifiers: frozenset[str] = frozenset(),
) -> Pages:
    """The questions of a planned check-in on their pages: those in `outright` and those without ticks are asked.

    `outright`: see `asked_outright`.
    """
    may_tick = [question for question in questions if question.id not in outright]
    ticks = warning_values(protocol, site, may_tick, day, modifiers=modifiers)
    ticked = {sign.question for sign in ticks}
    return Pages(tuple(question for question in questions if question.id not in ticked), ticks)
