"""Lint of single steps: a source, a window, minutes, times, and masks that were changed without being confirmed."""

from dataclasses import replace
from datetime import time

import pytest

from schedules.lint_steps import lint_masks, lint_steps
from schedules.protocol import DurationMinutes, Protocol, WindowEnd
from tests.unit.schedules.changed_protocols import LASER, SALINE, UNDO, Step, by_path, window, with_step

MASK = "recovery_mask_late"
BOTH = frozenset({"recovery_mask_early", MASK})


def found(protocol: Protocol, *others: Protocol) -> dict[str, str]:
    return by_path(lint_steps(protocol, (LASER, *others)))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda step: replace(step, sources=()), "care_steps.wash.sources"),
        (lambda step: replace(step, kind="mask"), "care_steps.wash.duration_min"),
        (
            lambda step: replace(step, frequency=replace(step.frequency, type="continuous", suggested_times=())),
            "care_steps.wash.remind",
        ),
        (
            lambda step: replace(step, frequency=replace(step.frequency, suggested_times=(time(20), time(8)))),
            "care_steps.wash.frequency.suggested_times",
        ),
        (window(WindowEnd("treatment_end", 48), WindowEnd("treatment_end", 48)), "care_steps.wash.window"),
        (window(WindowEnd("scabs_off", 48), WindowEnd("scabs_off", 24)), "care_steps.wash.window"),
        (window(WindowEnd("skin_closed", 0), WindowEnd("treatment_end", 168)), "care_steps.wash.window"),
        (lambda step: replace(step, contradicts=("dance",)), "care_steps.wash.contradicts"),
        (lambda step: replace(step, contradicts=("laser.dance",)), "care_steps.wash.contradicts"),
    ],
)
def test_what_is_wrong_with_a_step_is_named(change: Step, path: str) -> None:
    assert path in found(with_step(change))
    assert found(with_step(change)).keys() - found(UNDO).keys() == {path}


@pytest.mark.parametrize(
    ("change", "problem", "remedy"),
    [
        (
            lambda step: replace(step, sources=()),
            "an instruction needs a source",
            "name at least one id of source_list",
        ),
        (
            lambda step: replace(step, kind="mask"),
            "a mask needs its minutes",
            "give min, default and max minutes",
        ),
        (
            lambda step: replace(step, frequency=replace(step.frequency, suggested_times=(time(20), time(8)))),
            "must rise through the day",
            "sort the times, earliest first",
        ),
        (
            lambda step: replace(step, contradicts=("dance",)),
            "no care step 'dance' in any method",
            "name a step by its id, or by method.id, or take the name out",
        ),
    ],
)
def test_what_is_wrong_with_a_step_is_said_and_what_mends_it(change: Step, problem: str, remedy: str) -> None:
    said = [(one.problem, one.remedy) for one in lint_steps(with_step(change), (LASER,)) if "wash" in one.path]
    assert said == [(problem, remedy)]


@pytest.mark.parametrize(
    "change",
    [
        window(WindowEnd("skin_closed", 0), WindowEnd("treatment_end", 169)),  # one hour after the earliest usual day
        window(WindowEnd("treatment_end", 0), WindowEnd("scabs_off", 0)),
        window(WindowEnd("next_treatment", -48), WindowEnd("treatment_end", 0)),
        lambda step: replace(step, contradicts=("ointment", "laser.wash", "undo.blot")),
    ],
)
def test_a_step_that_can_be_due_and_names_steps_that_exist_is_fine(change: Step) -> None:
    assert "care_steps.wash.window" not in found(with_step(change))
    assert "care_steps.wash.contradicts" not in found(with_step(change))


def test_a_step_of_another_method_is_known_only_where_that_method_is() -> None:
    assert "care_steps.no_other_cream.contradicts" not in by_path(lint_steps(UNDO, [LASER, SALINE]))
    assert "care_steps.no_other_cream.contradicts" in by_path(lint_steps(UNDO, []))


# --- masks --------------------------------------------------------------------------------------------------------


def masks_of(change: Step, confirmed: frozenset[str], severity: str) -> dict[str, str]:
    return by_path(lint_masks(with_step(change, MASK), confirmed, UNDO), severity)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda step: replace(step, duration_min=DurationMinutes(10, 16, 20)), "duration_min"),
        (lambda step: replace(step, frequency=replace(step.frequency, every_n_days=2)), "frequency"),
        (lambda step: replace(step, frequency=replace(step.frequency, type="times_per_day")), "frequency"),
        (lambda step: replace(step, frequency=replace(step.frequency, times=2)), "frequency"),
        (
            lambda step: replace(step, frequency=replace(step.frequency, suggested_times=(time(8), time(19)))),
            "frequency",
        ),
        (window(WindowEnd("treatment_end", 24), WindowEnd("treatment_end", 672)), "window"),
    ],
)
def test_a_mask_changed_without_being_confirmed_is_an_error(change: Step, key: str) -> None:
    assert set(masks_of(change, frozenset(), "error")) == {f"care_steps.{MASK}.{key}"}
    assert set(masks_of(change, frozenset(), "warning")) == {"care_steps.recovery_mask_early"}
    assert masks_of(change, BOTH, "error") == {}


def test_a_mask_as_shipped_and_not_confirmed_is_a_warning() -> None:
    waiting = {"care_steps.recovery_mask_early", f"care_steps.{MASK}"}
    assert set(by_path(lint_masks(UNDO, frozenset(), None), "warning")) == waiting
    assert set(by_path(lint_masks(UNDO, frozenset(), UNDO), "warning")) == waiting
    assert by_path(lint_masks(UNDO, BOTH, UNDO)) == {}


def test_the_time_of_day_of_a_mask_is_no_change_of_its_spacing() -> None:
    def evening(step):  # type: ignore[no-untyped-def]
        return replace(step, frequency=replace(step.frequency, suggested_times=(time(20, 30),)))

    assert masks_of(evening, frozenset(), "error") == {}

    def twice(*times: time) -> Protocol:
        return with_step(lambda step: replace(step, frequency=replace(step.frequency, suggested_times=times)), MASK)

    shipped, later = twice(time(8), time(9, 30)), twice(time(8, 30), time(10))
    assert by_path(lint_masks(later, frozenset(), shipped), "error") == {}
    assert by_path(lint_masks(twice(time(8), time(10)), frozenset(), shipped), "error") == {
        f"care_steps.{MASK}.frequency": "was changed and the clinic has not confirmed this mask"
    }


def test_a_mask_that_needs_no_confirmation_is_no_warning() -> None:
    free = with_step(lambda step: replace(step, clinic_must_confirm=False), MASK)
    assert set(by_path(lint_masks(free, frozenset(), None))) == {"care_steps.recovery_mask_early"}
