"""What a clinic's overlay may not do to readiness: everything may become stricter; the minimum may be lowered only by
the owner, with a reason, and only within the range that the protocol leaves to a clinic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schedules.condition_parsing import domain
from schedules.conditions import fits
from schedules.protocol import (
    AnswerCheck,
    OverlayChange,
    Protocol,
    ReadinessCheck,
    ReadinessRule,
    TreatmentNumberRow,
)
from schedules.reading import Faults
from schedules.shared_protocol import Question

BASE_DAYS = "readiness.base_min_days"
ONLY_RAISED = "a clinic may only raise it"


@dataclass(frozen=True, slots=True)
class LoweredMinimum:
    """Fewer days between treatments than shipped: whose decision it was and why, as the clinic's clients read it.

    `days` stand in place of `shipped_days`; a client's skin type may still ask for more (protocols rule 43).
    """

    days: int
    shipped_days: int
    by: str
    reason: str


def find_lowered_minimum(shipped_days: int, changes: Sequence[OverlayChange]) -> LoweredMinimum | None:
    """The clinic's own minimum where its changes put one below the shipped one; None where they do not."""
    newest = _newest_change(changes)
    if newest is None or not isinstance(newest.value, int) or newest.value >= shipped_days:
        return None
    return LoweredMinimum(newest.value, shipped_days, newest.by, newest.reason or "")


def refuse_loosened_readiness(shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    """A fault for each value of the readiness rule that would let a client be ready earlier or on less."""
    before, after = shipped.readiness, changed.readiness
    _check_base_days(before, changed, faults)
    _check_skin_types(before, after, faults)
    for key in ("recommended_days", "min_days_after_scabs_off"):
        if getattr(after, key) < getattr(before, key):
            faults.add_cross(f"readiness.{key}", f"below the shipped {getattr(before, key)} days: {ONLY_RAISED}")
    _check_treatment_numbers(before, after, faults)
    for old, new in zip(before.conditions, after.conditions, strict=False):
        path = f"readiness.conditions.{old.id}"
        if old.blocking and not new.blocking:
            faults.add_cross(f"{path}.blocking", "a condition that blocks must go on blocking")
        if not _is_as_strict(old.check, new.check, changed.shared.questions):
            faults.add_cross(f"{path}.check", "a clinic may ask for more than the shipped condition, never for less")


def _check_base_days(before: ReadinessRule, changed: Protocol, faults: Faults) -> None:
    low, high = before.clinic_may_set_min_between
    days = changed.readiness.base_min_days
    if days == before.base_min_days:
        return
    if not low <= days <= high:
        faults.add_cross(BASE_DAYS, f"a clinic may set {low} to {high} days, not {days}")
    elif days < before.base_min_days and not _has_owners_reason(changed):
        problem = f"below the shipped {before.base_min_days} days: only the owner may, with a reason"
        faults.add_cross(BASE_DAYS, problem)


def _has_owners_reason(changed: Protocol) -> bool:
    """Whether the newest change of the minimum is the owner's and says why."""
    newest = _newest_change(() if changed.overlay is None else changed.overlay.changes)
    return newest is not None and newest.by_owner and bool(newest.reason)


def _newest_change(changes: Sequence[OverlayChange]) -> OverlayChange | None:
    return next((change for change in reversed(changes) if change.path == BASE_DAYS), None)


def _check_skin_types(before: ReadinessRule, after: ReadinessRule, faults: Faults) -> None:
    low, high = before.clinic_may_set_min_between
    for number, (old, new) in enumerate(zip(before.fitzpatrick, after.fitzpatrick, strict=False)):
        path = f"readiness.fitzpatrick[{number}]"
        if new.min_days < old.min_days:
            problem = f"below the shipped {old.min_days} days of skin type {old.type}: {ONLY_RAISED}"
            faults.add_cross(f"{path}.min_days", problem)
        elif old.min_days < new.min_days and new.min_days > high:
            faults.add_cross(f"{path}.min_days", f"a clinic may set {low} to {high} days, not {new.min_days}")
        if new.recommended_days < old.recommended_days:
            problem = f"below the shipped {old.recommended_days} days: {ONLY_RAISED}"
            faults.add_cross(f"{path}.recommended_days", problem)
        if old.test_patch and not new.test_patch:
            faults.add_cross(f"{path}.test_patch", f"the test patch of skin type {old.type} must stay")


def _check_treatment_numbers(before: ReadinessRule, after: ReadinessRule, faults: Faults) -> None:
    for row in before.by_treatment_number:
        lower = [
            number
            for number in range(row.from_number, row.to_number + 1)
            if _recommended(after.by_treatment_number, number) < row.recommended_days
        ]
        if lower:
            problem = f"treatment {lower[0]}: below the shipped {row.recommended_days} days: {ONLY_RAISED}"
            faults.add_cross("readiness.by_treatment_number", problem)


def _recommended(rows: tuple[TreatmentNumberRow, ...], number: int) -> int:
    return next((row.recommended_days for row in rows if row.from_number <= number <= row.to_number), 0)


def _is_as_strict(old: ReadinessCheck, new: ReadinessCheck, questions: Mapping[str, Question]) -> bool:
    """Whether whoever meets the new check meets the old one too."""
    if old.type != new.type and (old.type, new.type) != ("answer_or_signoff", "answer"):
        return False
    return (
        old.anchor == new.anchor
        and new.answers_in_a_row >= old.answers_in_a_row
        and (old.window_days is None or (new.window_days is not None and new.window_days >= old.window_days))
        and (old.within_days is None or (new.within_days is not None and new.within_days <= old.within_days))
        and all(any(_asks_for(one, wanted, questions) for one in new.answers) for wanted in old.answers)
    )


def _asks_for(new: AnswerCheck, old: AnswerCheck, questions: Mapping[str, Question]) -> bool:
    """Whether every answer that fits the new check fits the old one."""
    if new.question != old.question:
        return False
    answers = [answer for answer in domain(questions[old.question]) if fits(answer, new.op, new.value)]
    return all(fits(answer, old.op, old.value) for answer in answers)
