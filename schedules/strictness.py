"""What a clinic's overlay may not loosen: red flags, what they measure, stops, confirmation, readiness (PROMISES S4).

A clinic changes words, times, days and which steps are on as it likes. Warnings, and what stops a step, may only
become stricter.
"""

from collections.abc import Mapping
from dataclasses import replace

from schedules.condition_parsing import domain
from schedules.conditions import fits
from schedules.protocol import CareStep, CheckInPlan, ExpectedRow, Protocol, RedFlag
from schedules.protocol_terms import StepKind
from schedules.questions import questions_of
from schedules.readiness_strictness import refuse_loosened_readiness
from schedules.reading import Faults
from schedules.shared_parsing import URGENCIES
from schedules.shared_protocol import AnswerCondition, Question, Trigger

KINDS_KEPT: Mapping[StepKind, tuple[StepKind, ...]] = {"mask": ("mask",), "apply": ("apply", "mask")}


def refuse_loosened(shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    """A fault for every value of the changed protocol that is less strict than the shipped one."""
    for flag in shipped.red_flags.values():
        _check_flag(flag, changed, faults)
    for question in dict.fromkeys(_measured_questions(shipped)):
        _check_range(question, shipped, changed, faults)
    _check_check_ins(shipped, changed, faults)
    for step in shipped.care_steps.values():
        _check_step(step, changed.care_steps[step.id], faults)
    refuse_loosened_readiness(shipped, changed, faults)


# --- red flags ----------------------------------------------------------------------------------------------------


def _check_flag(flag: RedFlag, changed: Protocol, faults: Faults) -> None:
    path = f"red_flags.{flag.id}"
    new = changed.red_flags[flag.id]  # ids and whole items are out of an overlay's reach
    refusals = {
        "urgency": URGENCIES.index(new.urgency) > URGENCIES.index(flag.urgency),
        "from_day": new.from_day > flag.from_day,
        "to_day": new.to_day < flag.to_day,
        "sites": not set(flag.sites) <= set(new.sites),
        "trigger": not _covers(flag.trigger, new.trigger, changed.shared.questions),
    }
    for key, refused in refusals.items():
        if refused:
            problem = f"a clinic may make a flag of urgency {flag.urgency} stricter, never looser"
            faults.add_cross(f"{path}.{key}", problem)


def _covers(old: Trigger, new: Trigger, questions: Mapping[str, Question]) -> bool:
    """Whether the new trigger fires whenever the old one does."""
    cases = [old.conditions] if old.mode == "all" else [(condition,) for condition in old.conditions]
    for case in cases:
        met = [any(_implies(known, wanted, questions) for known in case) for wanted in new.conditions]
        if not (any(met) if new.mode == "any" else all(met)):
            return False
    return True


def _implies(old: AnswerCondition, new: AnswerCondition, questions: Mapping[str, Question]) -> bool:
    """Whether the new condition is met whenever the old one is."""
    if old.question != new.question or (new.from_day or 0) > (old.from_day or 0):
        return False
    if new.answers_in_a_row > old.answers_in_a_row:
        return False
    if old.op in ("rise_by", "above_expected"):
        same_kind = (old.op, old.compare_days) == (new.op, new.compare_days)
        return same_kind and isinstance(new.value, int) and isinstance(old.value, int) and new.value <= old.value
    if new.op in ("rise_by", "above_expected"):
        return False
    answers = [answer for answer in domain(questions[old.question]) if fits(answer, old.op, old.value)]
    return all(fits(answer, new.op, new.value) for answer in answers)


def _measured_questions(protocol: Protocol) -> list[str]:
    """The questions whose usual range some flag measures against."""
    conditions = [condition for flag in protocol.red_flags.values() for condition in flag.trigger.conditions]
    return [condition.question for condition in conditions if condition.op == "above_expected"]


def _check_range(question: str, shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    after = {day: row.high for row in changed.signs[question].expected for day in _days(row)}
    for row in shipped.signs[question].expected:
        if any(_is_wider(row.high, after.get(day)) for day in _days(row)):
            problem = "a red flag measures against it: a clinic may narrow it, not widen it"
            faults.add_cross(f"signs.{question}.expected", problem)


def _days(row: ExpectedRow) -> range:
    return range(row.from_day, row.to_day + 1)


def _is_wider(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)


# --- check-ins and care steps -------------------------------------------------------------------------------------


def _check_check_ins(shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    """A flag is also switched off where nobody asks: each planned day keeps the questions of the flags, and stays
    planned."""
    watched = {condition.question for flag in shipped.red_flags.values() for condition in flag.trigger.conditions}
    after = {check_in.day: check_in for check_in in changed.check_ins}
    for number, check_in in enumerate(shipped.check_ins):
        path, new = f"check_ins[{number}]", after.get(check_in.day)
        lost = (_asked(shipped, check_in) & watched) - (_asked(changed, new) if new else set())
        if lost:
            problem = f"day {check_in.day} would no longer ask {', '.join(sorted(lost))}, which red flags need"
            faults.add_cross(path, problem)
        elif new and ((new.optional and not check_in.optional) or (new.condition and not check_in.condition)):
            faults.add_cross(path, f"the check-in of day {check_in.day} must stay one that everybody is asked for")


def _asked(protocol: Protocol, check_in: CheckInPlan) -> set[str]:
    """What it asks on its day. A set that does not exist is a fault already."""
    known = tuple(name for name in check_in.sets if name in protocol.shared.question_sets)
    return {question.id for question in questions_of(protocol, replace(check_in, sets=known), "scalp")}


def _check_step(before: CareStep, after: CareStep, faults: Faults) -> None:
    path = f"care_steps.{before.id}"
    if before.clinic_must_confirm and not after.clinic_must_confirm:
        faults.add_cross(f"{path}.clinic_must_confirm", "the clinic's confirmation cannot be waived")
    lost = [flag_id for flag_id in before.stop_when if flag_id not in after.stop_when]
    if lost:
        problem = f"must still name {', '.join(lost)}: a clinic may add warnings that stop a step, not take them away"
        faults.add_cross(f"{path}.stop_when", problem)
    kept = KINDS_KEPT.get(before.kind)
    if kept is not None and after.kind not in kept:
        problem = f"must stay {' or '.join(kept)}: warnings for the same day stop steps of these kinds"
        faults.add_cross(f"{path}.kind", problem)
