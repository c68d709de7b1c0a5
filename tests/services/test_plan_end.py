"""A plan that ended: nothing more is asked, but its open warnings are followed up and answered (rules 39, 40)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from backend.db import transaction
from backend.models import CarePlan, Reminder
from backend.services import care_plans, extensions, flags, readiness
from tests.services.practice import Practice, day, open_practice, report, sign, start_plan
from tests.services.test_care_story import heal


@pytest.fixture
def practice(sqlite: Engine) -> Practice:
    return open_practice()


def planned(practice: Practice, now: datetime, recipient: str = "client") -> set[str]:
    """Kinds of what is still to be sent at `now` or later."""
    with transaction(practice.staff, write=False) as session:
        own = select(Reminder.kind).where(Reminder.clinic_id == practice.ida.clinic_id, Reminder.state == "planned")
        own = own.where(Reminder.expires_at > now)
        return set(session.scalars(own.where(Reminder.recipient_kind == recipient)))


def planned_until(practice: Practice) -> object:
    with transaction(practice.staff, write=False) as session:
        return session.scalars(select(CarePlan.planned_until)).one()


def test_the_end_of_a_plan_keeps_the_follow_ups_of_open_warnings_and_the_ladder(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    raised = report(practice, plan, day(3), {"unwell": "very_ill"}).flags
    care_plans.end_plan(practice.staff, plan, "moved away", now=day(3, 9, 1))
    assert planned(practice, day(3, 9, 1)) == {"help_followup"}
    assert "act_now" in planned(practice, day(3, 9, 1), "practitioner")
    for flag in raised:
        flags.close(practice.staff, flag.id, "seen by a doctor", now=day(3, 10))
    assert planned(practice, day(3, 10)) == set()


def test_a_warning_reported_after_the_end_is_followed_up_and_the_plan_is_not_extended(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    care_plans.end_plan(practice.staff, plan, "all done", now=day(3))
    assert planned_until(practice) is None
    report(practice, plan, day(4), {"unwell": "very_ill"})
    assert planned(practice, day(4)) == {"help_followup"}
    assert planned_until(practice) is None
    assert extensions.list_due(now=day(90)) == []


def test_what_waited_unsent_when_an_emergency_came_is_not_sent_into_it(practice: Practice) -> None:
    """The worker was away: rows of the morning are still pending when the client reports an emergency."""
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    report(practice, plan, day(1, 12), {"unwell": "very_ill"})
    assert planned(practice, day(1, 12)) == {"help_followup"}


def test_a_row_withdrawn_by_a_warning_says_so(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    report(practice, plan, day(3), {"unwell": "very_ill"})
    with transaction(practice.staff, write=False) as session:
        reasons = session.scalars(
            select(Reminder.reason).where(Reminder.state == "withdrawn", Reminder.send_at > day(3) + timedelta(days=1))
        )
        assert set(reasons) == {"flag"}


def test_a_hold_after_the_yes_brings_the_waiting_check_ins_back(practice: Practice) -> None:
    """Rule 24: check-ins for those who wait for the next treatment are in the plan again once it is taken back."""
    sign(practice, "laser")
    plan = start_plan(practice, "laser", skin_type="II")
    heal(practice, plan, 56)
    readiness.note_seen_in_person(practice.staff, plan, now=day(56, 10))
    readiness.sign_off(practice.staff, plan, now=day(56, 11))
    extensions.extend(practice.ida.clinic_id, plan, now=day(60))
    assert "check_in_due" not in planned(practice, day(60))
    readiness.hold(practice.staff, plan, "I want to see it first", now=day(60, 10))
    assert "check_in_due" in planned(practice, day(60, 10))
