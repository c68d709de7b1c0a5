"""A yes lasts as long as the facts that the rules name (rules 50, 52, 59)."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from backend.services import care_plans, readiness
from tests.services.practice import TREATED_AT, Practice, check_in, day, open_practice, report, sign, start_plan
from tests.services.test_care_story import HEALED, heal


@pytest.fixture
def practice(sqlite: Engine) -> Practice:
    practice = open_practice()
    sign(practice, "laser")
    return practice


def test_a_calm_check_in_does_not_take_back_a_yes_because_its_photos_have_aged(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    heal(practice, plan, 56)
    readiness.note_seen_in_person(practice.staff, plan, now=day(56, 10))
    readiness.sign_off(practice.staff, plan, now=day(56, 11))
    check_in(practice, plan, 90, HEALED)
    view = readiness.get_plan_readiness(practice.staff, plan, now=day(90, 10))
    assert (view.signed_by, view.revoked_reason) == ("Dr Ida", None)


def test_an_answer_that_does_not_fit_takes_the_yes_back(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    heal(practice, plan, 56)
    readiness.note_seen_in_person(practice.staff, plan, now=day(56, 10))
    readiness.sign_off(practice.staff, plan, now=day(56, 11))
    check_in(practice, plan, 90, {**HEALED, "sun": "burn_tan"})
    view = readiness.get_plan_readiness(practice.staff, plan, now=day(90, 10))
    assert (view.signed_by, view.revoked_reason) == (None, "new evidence")


def test_an_open_warning_of_the_plan_before_holds_the_areas_next_one(practice: Practice) -> None:
    """A flag stays open until a person closes it, also when a new treatment ended its plan (rules 50, 59)."""
    first = start_plan(practice, "laser", skin_type="II")
    report(practice, first, day(3), {"unwell": "very_ill"})
    second = start_plan(practice, "laser", ended_at=TREATED_AT + timedelta(days=4))
    view = readiness.get_plan_readiness(practice.staff, second, now=day(5))
    assert view.readiness.status == "on_hold"
    assert {reason.id: reason.met for reason in view.readiness.reasons}["no_flags"] is False
    care_plans.end_plan(practice.staff, second, "all done", now=day(6))
