"""A plan is paused and goes on, the next appointment is the area's planned session, a course ends (issue B.3)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend.db import transaction
from backend.errors import Conflict, InvalidInput
from backend.models import Course, Reminder, TreatmentSession
from backend.services import care_plans, flags, news, plan_facts, timelines, treatments
from tests.services.practice import TREATED_AT, Practice, day, open_practice, report, sign, start_plan

DAY_0 = TREATED_AT.date()


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


def on(number: int) -> date:
    return DAY_0 + timedelta(days=number)


def rows(practice: Practice, state: str = "planned") -> list[Reminder]:
    with transaction(practice.staff, write=False) as session:
        query = select(Reminder).where(Reminder.state == state, Reminder.recipient_kind == "client")
        return list(session.scalars(query.order_by(Reminder.send_at)))


def sessions(practice: Practice, state: str) -> list[TreatmentSession]:
    with transaction(practice.staff, write=False) as session:
        return list(session.scalars(select(TreatmentSession).where(TreatmentSession.state == state)))


def due(practice: Practice, plan: UUID, first: int, last: int, at: int) -> set[str]:
    return {item.occurrence.key for _, item in timelines.get_timeline(practice.phone, on(first), on(last), now=day(at))}


def test_a_pause_holds_back_what_falls_into_it_and_nothing_of_it_is_missed(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    diff = care_plans.pause(practice.staff, plan, until_on=on(6), reason="in hospital", now=day(3))
    assert diff.timeline is not None
    assert "check_in@d4" in {one.key for one in diff.timeline.withdrawn}
    asked = due(practice, plan, 4, 8, at=3)
    assert not {"check_in@d4", "check_in@d5", "wash@d4#1", "wash@d5#2"} & asked
    assert {"check_in@d6", "wash@d6#1"} <= asked
    told = [row for row in rows(practice) if row.kind != "plan_changed"]
    assert [row for row in told if day(3, 9, 1) < row.send_at < day(6, 4)] == []
    assert {row.reason for row in rows(practice, "withdrawn")} <= {"paused", "superseded"}


def test_going_on_earlier_asks_again_from_then_on(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    before = due(practice, plan, 6, 9, at=3)
    care_plans.pause(practice.staff, plan, reason="in hospital", now=day(3))
    assert not {key for key in due(practice, plan, 6, 9, at=4) if key.startswith("check_in")}
    care_plans.resume(practice.staff, plan, now=day(5))
    after = due(practice, plan, 5, 9, at=5)
    every_few_days = {"clean_bed@d6#1", "clean_bed@d8#1"}  # every second day; that of day 4 fell into the pause
    assert before - every_few_days == {key for key in after if "@d5" not in key} - {"clean_bed@d7#1", "clean_bed@d9#1"}
    assert {"clean_bed@d5#1", "clean_bed@d7#1", "clean_bed@d9#1"} <= after
    with pytest.raises(Conflict, match="not paused"):
        care_plans.resume(practice.staff, plan, now=day(5))


def test_a_warning_in_a_pause_is_followed_up_all_the_same(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    care_plans.pause(practice.staff, plan, reason="on holiday", now=day(3))
    raised = report(practice, plan, day(4), {"unwell": "very_ill"}).flags
    assert "help_followup" in {row.kind for row in rows(practice)}
    flags.close(practice.staff, raised[0].id, "seen by a doctor", now=day(4, 12))


def test_a_pause_without_a_reason_or_into_the_past_or_twice_is_refused(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    with pytest.raises(InvalidInput) as refused:
        care_plans.pause(practice.staff, plan, until_on=on(2), reason=" ", now=day(3))
    assert [fault.pointer for fault in refused.value.faults] == ["/reason", "/until_on"]
    care_plans.pause(practice.staff, plan, reason="on holiday", now=day(3))
    with pytest.raises(Conflict, match="paused already"):
        care_plans.pause(practice.staff, plan, reason="again", now=day(4))


def test_the_appointment_is_the_planned_session_of_the_area_and_is_told_the_day_before(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    care_plans.book_next_treatment(practice.staff, plan, day(12, 14), now=day(5))
    (planned,) = sessions(practice, "planned")
    assert (planned.planned_at, planned.number) == (day(12, 14), 2)
    assert [row.send_at for row in rows(practice) if row.kind == "appointment"] == [day(11, 18)]
    care_plans.book_next_treatment(practice.staff, plan, day(13, 14), now=day(6))
    assert [row.planned_at for row in sessions(practice, "planned")] == [day(13, 14)]
    assert [row.send_at for row in rows(practice) if row.kind == "appointment"] == [day(12, 18)]
    care_plans.book_next_treatment(practice.staff, plan, None, now=day(7))
    assert sessions(practice, "planned") == []
    assert [row for row in rows(practice) if row.kind == "appointment"] == []


def test_a_new_date_moves_what_counts_back_from_it(practice: Practice) -> None:
    """Laser asks to stay out of the sun for 30 days before the next visit."""
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    care_plans.book_next_treatment(practice.staff, plan, day(60, 14), now=day(3))
    diff = care_plans.book_next_treatment(practice.staff, plan, day(70, 14), now=day(4))
    assert diff.timeline is not None
    moved = {step.step_id: step for step in diff.timeline.steps}["no_tan_before"]
    assert moved.before is not None
    assert moved.after is not None
    assert moved.after.first - moved.before.first == timedelta(days=10)


def test_the_planned_session_begins_when_the_client_comes(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    care_plans.book_next_treatment(practice.staff, plan, day(60, 14), now=day(3))
    (planned,) = sessions(practice, "planned")
    record = treatments.open_treatment(practice.staff, practice.ana.id, method="laser", site="scalp", now=day(60, 14))
    assert (record.id, record.number, record.state) == (planned.id, 2, "running")
    assert sessions(practice, "planned") == []


def test_the_end_of_a_course_withdraws_all_that_is_pending_with_the_reason(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    care_plans.book_next_treatment(practice.staff, plan, day(60, 14), now=day(3))
    with pytest.raises(InvalidInput):
        care_plans.end_course(practice.staff, plan, " ", now=day(4))
    with transaction(practice.staff) as session:  # news that quiet hours still hold
        news.send(
            session,
            plan_facts.load_plan(session, practice.ana.clinic_id, plan),
            "ready",
            "ready:1",
            day(4),
            "",
            at=day(5),
        )
    rehearsed = care_plans.end_course(practice.staff, plan, "the result is reached", now=day(4), rehearse=True)
    assert rehearsed.withdrawn
    assert sessions(practice, "planned")
    care_plans.end_course(practice.staff, plan, "the result is reached", now=day(4))
    assert [row.kind for row in rows(practice) if row.expires_at > day(4)] == []
    assert {row.reason for row in rows(practice, "withdrawn") if row.settled_at == day(4)} == {"ended"}
    assert sessions(practice, "planned") == []
    with transaction(practice.staff, write=False) as session:
        course = session.scalars(select(Course)).one()
        assert (course.ended_at, course.end_reason) == (day(4), "the result is reached")
    with pytest.raises(Conflict, match="ended"):
        care_plans.pause(practice.staff, plan, reason="late", now=day(5))
