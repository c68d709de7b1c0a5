"""What a clinic may do to warnings and to what stops a step: make it stricter, never looser (rules 31 to 39)."""

from dataclasses import replace

import pytest

from schedules.protocol import Protocol
from schedules.reading import Faults
from schedules.shared_protocol import AnswerCondition, Trigger
from schedules.strictness import refuse_loosened
from tests.unit.schedules.changed_protocols import LASER, UNDO, with_flag, with_step

HIGH_ITCH = AnswerCondition("itch", ">=", 7)
RISING = AnswerCondition("pain", "rise_by", 3, from_day=2, compare_days=1)
BEYOND = AnswerCondition("itch", "above_expected", 0, answers_in_a_row=2)
HOT, SWOLLEN = AnswerCondition("warmth", ">=", 2), AnswerCondition("swelling", ">=", 2)


def said(changed: Protocol, shipped: Protocol = LASER) -> dict[str, str]:
    faults = Faults()
    refuse_loosened(shipped, changed, faults)
    return {fault.path: fault.problem for fault in faults.all()}


def said_of_flag(name: str, **values: object) -> dict[str, str]:
    return said(with_flag(replace(LASER.red_flags[name], **values), LASER))


def is_refused(old: Trigger, new: Trigger) -> bool:
    """Whether a flag with the old trigger may not be given the new one."""
    flag = LASER.red_flags["strong_itch"]
    shipped, changed = (with_flag(replace(flag, trigger=trigger), LASER) for trigger in (old, new))
    found = said(changed, shipped)
    assert set(found) <= {"red_flags.strong_itch.trigger"}
    return bool(found)


def test_what_is_shipped_is_as_strict_as_itself() -> None:
    assert said(LASER) == said(UNDO, UNDO) == {}


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"urgency": "practitioner_review"}, ["urgency"]),
        ({"urgency": "emergency"}, []),
        ({"from_day": 5, "to_day": 28}, ["from_day"]),
        ({"from_day": 3, "to_day": 29}, []),
        ({"to_day": 27}, ["to_day"]),
        ({"sites": ("scalp", "brows")}, ["sites"]),
    ],
)
def test_a_flag_keeps_its_urgency_days_and_sites(values: dict[str, object], refused: list[str]) -> None:
    problem = "a clinic may make a flag of urgency same_day stricter, never looser"
    assert said_of_flag("hot_and_worse", **values) == {f"red_flags.hot_and_worse.{key}": problem for key in refused}


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        pytest.param(HIGH_ITCH, replace(HIGH_ITCH, value=8), True, id="a higher bar"),
        pytest.param(HIGH_ITCH, replace(HIGH_ITCH, value=6), False, id="a lower bar"),
        pytest.param(HIGH_ITCH, replace(HIGH_ITCH, question="pain"), True, id="another question"),
        pytest.param(HIGH_ITCH, replace(HIGH_ITCH, answers_in_a_row=2), True, id="a longer row"),
        pytest.param(BEYOND, replace(BEYOND, answers_in_a_row=1), False, id="a shorter row"),
        pytest.param(HIGH_ITCH, replace(HIGH_ITCH, from_day=1), True, id="a first day"),
        pytest.param(RISING, replace(RISING, from_day=3), True, id="a later first day"),
        pytest.param(RISING, replace(RISING, from_day=1), False, id="an earlier first day"),
        pytest.param(RISING, replace(RISING, from_day=None), False, id="no first day"),
        pytest.param(RISING, replace(RISING, value=4), True, id="a larger rise"),
        pytest.param(RISING, replace(RISING, value=2), False, id="a smaller rise"),
        pytest.param(RISING, replace(RISING, compare_days=2), True, id="against another day"),
        pytest.param(RISING, replace(RISING, op=">=", compare_days=None), True, id="a level for a rise"),
        pytest.param(HIGH_ITCH, replace(HIGH_ITCH, op="above_expected"), True, id="the usual range for a level"),
        pytest.param(BEYOND, replace(BEYOND, value=1), True, id="further above the usual"),
    ],
)
def test_a_condition_must_be_met_whenever_the_shipped_one_is(
    old: AnswerCondition, new: AnswerCondition, refused: bool
) -> None:
    assert is_refused(Trigger("any", (old,)), Trigger("any", (new,))) is refused


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        pytest.param(Trigger("all", (HOT, SWOLLEN)), Trigger("all", (HOT,)), False, id="one of two is enough"),
        pytest.param(Trigger("all", (HOT, SWOLLEN)), Trigger("any", (HOT, SWOLLEN)), False, id="either is enough"),
        pytest.param(Trigger("all", (HOT,)), Trigger("all", (HOT, SWOLLEN)), True, id="a second is needed"),
        pytest.param(Trigger("any", (HOT, SWOLLEN)), Trigger("all", (HOT, SWOLLEN)), True, id="both are needed"),
        pytest.param(Trigger("any", (HOT, SWOLLEN)), Trigger("any", (HOT,)), True, id="one is gone"),
        pytest.param(Trigger("any", (HOT,)), Trigger("any", (SWOLLEN, HOT)), False, id="one more"),
    ],
)
def test_a_trigger_must_fire_whenever_the_shipped_one_does(old: Trigger, new: Trigger, refused: bool) -> None:
    assert is_refused(old, new) is refused


def test_a_usual_range_that_a_flag_measures_against_is_narrowed_only() -> None:
    def with_high(by: int) -> Protocol:
        sign = LASER.signs["itch"]
        first, *rest = sign.expected
        row = replace(first, high=(first.high or 0) + by)
        return replace(LASER, signs={**LASER.signs, "itch": replace(sign, expected=(row, *rest))})

    problem = "a red flag measures against it: a clinic may narrow it, not widen it"
    assert said(with_high(1)) == {"signs.itch.expected": problem}
    assert said(with_high(-1)) == {}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"sets": ("daily_laser_extra",)}, "day 2 would no longer ask"),
        ({"optional": True}, "the check-in of day 2 must stay one that everybody is asked for"),
        ({"condition": "not_ready_yet"}, "the check-in of day 2 must stay one that everybody is asked for"),
        ({"day": 200}, "day 2 would no longer ask"),
    ],
)
def test_a_planned_day_keeps_the_questions_of_the_flags(values: dict[str, object], problem: str) -> None:
    check_ins = tuple(replace(one, **values) if one.day == 2 else one for one in LASER.check_ins)
    found = said(replace(LASER, check_ins=check_ins))
    assert list(found) == ["check_ins[2]"]
    assert found["check_ins[2]"].startswith(problem)


def test_a_mask_stays_a_mask_that_the_clinic_confirms_and_that_warnings_stop() -> None:
    step, path = UNDO.care_steps["recovery_mask_late"], "care_steps.recovery_mask_late"
    loose = with_step(
        lambda one: replace(one, kind="apply", clinic_must_confirm=False, stop_when=step.stop_when[2:]), step.id
    )
    assert said(loose, UNDO) == {
        f"{path}.clinic_must_confirm": "the clinic's confirmation cannot be waived",
        f"{path}.stop_when": f"must still name {', '.join(step.stop_when[:2])}: "
        "a clinic may add warnings that stop a step, not take them away",
        f"{path}.kind": "must stay mask: warnings for the same day stop steps of these kinds",
    }
    more = with_step(lambda one: replace(one, stop_when=(*one.stop_when, "low_mood")), step.id)
    assert said(more, UNDO) == {}


@pytest.mark.parametrize(("kind", "refused"), [("mask", False), ("clean", True)])
def test_what_is_applied_may_become_a_mask_and_nothing_else(kind: str, refused: bool) -> None:
    found = said(with_step(lambda one: replace(one, kind=kind), "after_scab_gel"), UNDO)
    assert ("must stay apply or mask" in found.get("care_steps.after_scab_gel.kind", "")) is refused
    assert bool(found) is refused
