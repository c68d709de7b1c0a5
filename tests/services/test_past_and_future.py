"""A new fact turns nothing of the past into something missed, and nobody answers for a day to come (rules 6, 20)."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from backend.db import transaction
from backend.errors import InvalidInput, NotFound
from backend.ids import new_id
from backend.models import StepLog
from backend.services import care_plans, check_ins, step_logs, timelines
from backend.services.check_ins import CheckInDraft
from backend.services.step_logs import StepDraft
from tests.services.practice import Practice, check_in, day, open_practice, report, sign, start_plan, treat


@pytest.fixture
def practice(sqlite: Engine) -> Practice:
    return open_practice()


def states(practice: Practice, first: int, last: int, at: int) -> dict[str, str]:
    """States of the steps that start when the scabs are off, by occurrence."""
    found = timelines.get_timeline(practice.phone, day(first).date(), day(last).date(), now=day(at, 20))
    return {
        item.occurrence.key: item.state
        for _, item in found
        if item.step is not None and item.step.window.start.anchor == "scabs_off" and item.occurrence.entry == "slot"
    }


def test_scabs_off_told_late_makes_no_step_of_the_days_before_missed(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(12).date(), now=day(17))
    before = states(practice, 12, 16, at=20)
    assert before
    assert set(before.values()) == {"not_applicable"}
    assert "missed" in states(practice, 17, 19, at=20).values()


def test_a_check_in_of_a_day_to_come_is_refused(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    with pytest.raises(InvalidInput) as refused:
        check_in(practice, plan, 14, {"pain": 0}, at=day(3))
    assert [fault.pointer for fault in refused.value.faults] == ["/occurrence"]
    assert check_ins.list_check_ins(practice.phone) == ()


def test_a_check_in_of_another_plan_cannot_be_corrected_here(practice: Practice) -> None:
    sign(practice, "laser")
    first = start_plan(practice, "laser")
    told = report(practice, first, day(1), {"pain": 2})
    second = care_plans.start(practice.staff, treat(practice, "laser", day(20)), now=day(20)).care_plan_id
    wrong = CheckInDraft(new_id(day(21)), second, "report", None, day(21), {"pain": 1}, {}, amends=told.id)
    with pytest.raises(NotFound):
        check_ins.submit(practice.phone, wrong, now=day(21))


def test_a_phone_whose_clock_is_ahead_gets_its_timer_in_time(practice: Practice) -> None:
    sign(practice, "undo")
    plan = start_plan(practice, "undo")
    mask = next(
        item
        for _, item in timelines.get_timeline(practice.phone, day(0).date(), day(20).date(), now=day(0, 12))
        if item.step is not None and item.step.kind == "mask" and item.step.duration_min is not None
    )
    now = mask.occurrence.window.due_at
    ahead = now + timedelta(hours=6)
    draft = StepDraft(new_id(now), plan, mask.occurrence.key, "started", ahead, ahead + timedelta(minutes=5))
    step_logs.log_step(practice.phone, draft, now=now)
    with transaction(practice.staff, write=False) as session:
        assert session.scalars(select(StepLog.ends_at)).one() == now + timedelta(minutes=5)
