"""Shipped protocols with one value changed, for the tests of lint, and what was found by path."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from schedules.catalog import latest
from schedules.lint_findings import LintFinding
from schedules.protocol import CareStep, CheckInPlan, Protocol, ReadinessCondition, RedFlag, WindowEnd
from schedules.shared_protocol import QuestionSet

LASER, SALINE, UNDO = (latest(method) for method in ("laser", "saline", "undo"))
Step = Callable[[CareStep], CareStep]


def with_step(change: Step, step_id: str = "wash", protocol: Protocol = UNDO) -> Protocol:
    return replace(protocol, care_steps={**protocol.care_steps, step_id: change(protocol.care_steps[step_id])})


def with_flag(flag: RedFlag, protocol: Protocol = UNDO) -> Protocol:
    return replace(protocol, red_flags={**protocol.red_flags, flag.id: flag})


def with_shared(protocol: Protocol = UNDO, **values: object) -> Protocol:
    return replace(protocol, shared=replace(protocol.shared, **values))  # type: ignore[arg-type]


def with_sets(protocol: Protocol = UNDO, **sets: tuple[str, ...]) -> Protocol:
    questions = protocol.shared.questions
    changed = {name: QuestionSet(name, ids, sum(questions[q].est_seconds for q in ids)) for name, ids in sets.items()}
    return with_shared(protocol, question_sets={**protocol.shared.question_sets, **changed})


def with_readiness(protocol: Protocol = UNDO, **values: object) -> Protocol:
    return replace(protocol, readiness=replace(protocol.readiness, **values))  # type: ignore[arg-type]


def with_condition(change: Callable[[ReadinessCondition], ReadinessCondition], name: str) -> Protocol:
    conditions = tuple(change(one) if one.id == name else one for one in UNDO.readiness.conditions)
    return with_readiness(conditions=conditions)


def with_check_ins(keep: Callable[[CheckInPlan], bool], protocol: Protocol = UNDO) -> Protocol:
    return replace(protocol, check_ins=tuple(one for one in protocol.check_ins if keep(one)))


def window(start: WindowEnd, end: WindowEnd) -> Step:
    return lambda step: replace(step, window=replace(step.window, start=start, end=end))


def only(protocol: Protocol, *steps: str) -> Protocol:
    """With few steps and check-ins, so that each virtual client is quick to plan."""
    few = {name: protocol.care_steps[name] for name in steps}
    return replace(protocol, care_steps=few, check_ins=protocol.check_ins[:8], photo_check_ins=())


def by_path(findings: Iterable[LintFinding], severity: str | None = None) -> dict[str, str]:
    found = [one for one in findings if severity in (None, one.severity)]
    assert all(one.remedy and one.problem for one in found)
    return {one.path: one.problem for one in found}
