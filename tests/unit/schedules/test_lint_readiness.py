"""Lint of readiness: numbers that agree, conditions that can be met, and on the earliest day."""

from dataclasses import replace

import pytest

from schedules.lint_readiness import lint_readiness
from schedules.protocol import AnswerCheck, Protocol, ReadinessCheck
from tests.unit.schedules.changed_protocols import (
    UNDO,
    by_path,
    with_check_ins,
    with_condition,
    with_readiness,
    with_sets,
    with_step,
)

RULE = UNDO.readiness


def found(protocol: Protocol, severity: str = "error") -> dict[str, str]:
    return by_path(lint_readiness(protocol), severity)


def test_the_shipped_rule_has_nothing_against_it() -> None:
    assert list(lint_readiness(UNDO)) == []


def test_days_that_do_not_agree_are_named() -> None:
    rows = (replace(RULE.fitzpatrick[0], min_days=70), *RULE.fitzpatrick[1:])
    conditions = tuple(one for one in RULE.conditions if one.id != "practitioner_yes")
    broken = with_readiness(base_min_days=10, recommended_days=9, fitzpatrick=rows, conditions=conditions)
    assert set(found(broken)) == {
        "readiness.base_min_days",
        "readiness.recommended_days",
        "readiness.fitzpatrick[0].recommended_days",
        "readiness.conditions",
    }


def test_a_minimum_below_that_of_each_skin_type_changes_nothing_and_is_a_warning() -> None:
    lower = with_readiness(base_min_days=42)
    assert found(lower) == {}
    assert "each skin type asks for 56 days or more" in found(lower, "warning")["readiness.base_min_days"]


def test_a_condition_whose_answer_nobody_asks_for_is_named() -> None:
    sets = {
        name: tuple(q for q in one.questions if q != "health_change") for name, one in UNDO.shared.question_sets.items()
    }
    problem = found(with_sets(**sets))["readiness.conditions.health_same"]
    assert problem == "cannot be met: it needs 1 x check-ins that ask 'health_change', and too few are planned"


def test_a_question_that_is_not_asked_within_its_window_any_more_is_named() -> None:
    late = with_readiness(base_min_days=112, recommended_days=112)
    assert found(late)["readiness.conditions.no_tan"] == (
        "cannot be met: it needs 1 x check-ins that ask 'sun' from day 98 on, and too few are planned"
    )


def test_the_earliest_day_of_each_skin_type_is_looked_at() -> None:
    rows = (*RULE.fitzpatrick[:-1], replace(RULE.fitzpatrick[-1], min_days=112, recommended_days=112))
    assert "from day 98 on" in found(with_readiness(fitzpatrick=rows))["readiness.conditions.no_tan"]


def test_a_question_that_is_first_asked_after_the_earliest_day_is_a_warning() -> None:
    none_before = with_check_ins(lambda one: not 42 <= one.day <= 56)
    assert found(none_before) == {}
    problem = found(none_before, "warning")["readiness.conditions.no_tan"]
    assert problem.startswith(
        "cannot be met on the earliest day, 56: too few check-ins that ask 'sun' on days 42 to 56"
    )
    assert problem.endswith("the next is on day 63")


def test_too_few_answers_for_a_row_are_named() -> None:
    often = with_condition(lambda one: replace(one, check=replace(one.check, answers_in_a_row=30)), "colour_calm")
    assert found(often) == {}  # a follow-up asks for the colour on any day
    often = with_condition(lambda one: replace(one, check=replace(one.check, answers_in_a_row=30)), "not_raised")
    assert "it needs 30 x check-ins that ask 'raised'" in found(often)["readiness.conditions.not_raised"]


def test_photos_that_are_not_planned_within_their_days_are_named() -> None:
    none = replace(UNDO, photo_check_ins=tuple(one for one in UNDO.photo_check_ins if one.day < 30))
    problem = found(none)["readiness.conditions.photos"]
    assert (
        problem == "cannot be met: it needs 1 x planned photos of the full set from day 49 on, and too few are planned"
    )
    few = replace(UNDO, photo_check_ins=tuple(replace(one, views="daily_minimum") for one in UNDO.photo_check_ins))
    assert "readiness.conditions.photos" in found(few)
    earlier = with_readiness(base_min_days=50, fitzpatrick=tuple(replace(row, min_days=50) for row in RULE.fitzpatrick))
    assert "the next is on day 56" in found(earlier, "warning")["readiness.conditions.photos"]


@pytest.mark.parametrize("anchor", ["next_treatment", "skin_closed"])
def test_an_anchor_that_no_check_in_reaches_is_named(anchor: str) -> None:
    check = ReadinessCheck("anchor_reached", anchor=anchor)  # type: ignore[arg-type]
    protocol = with_condition(lambda one: replace(one, check=check), "scabs_off")
    if anchor == "skin_closed":
        assert "readiness.conditions.scabs_off" not in found(protocol)
        protocol = replace(protocol, check_ins=UNDO.check_ins[:1])
    assert found(protocol)["readiness.conditions.scabs_off"] == f"cannot be met: no check-in reaches {anchor}"


def test_the_end_of_the_treatment_needs_no_check_in() -> None:
    check = ReadinessCheck("anchor_reached", anchor="treatment_end")
    protocol = with_condition(lambda one: replace(one, check=check), "scabs_off")
    assert "readiness.conditions.scabs_off" not in found(protocol)


def test_conditions_that_no_one_answer_can_fit_are_named() -> None:
    sore = ReadinessCheck("answer", answers=(AnswerCheck("pain", ">=", 1),))
    clash = found(with_condition(lambda one: replace(one, check=sore), "not_raised"))
    assert clash["readiness.conditions.not_raised"] == (
        "cannot be met: no answer to 'pain' fits all of calm, not_raised"
    )
    free = with_condition(lambda one: replace(one, check=sore, blocking=False), "not_raised")
    assert "readiness.conditions.not_raised" not in found(free)


def test_steps_do_not_matter_to_readiness() -> None:
    assert found(with_step(lambda step: replace(step, default_on=False))) == {}
