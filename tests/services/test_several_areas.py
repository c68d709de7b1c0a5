"""Several treated areas on one phone: one notification per moment, one cap, one list; an emergency silences all of
them (issue B.2; protocols rules 39 and 59)."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend.db import transaction
from backend.errors import Contradicted
from backend.models import CarePlan, Reminder
from backend.services import care_plans, client_pages, extensions, flags, readiness, timelines, today
from tests.services.practice import TREATED_AT, Practice, check_in, day, open_practice, report, sign, start_plan, treat

ROUTINE = {"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"}


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


@pytest.fixture
def plans(practice: Practice) -> tuple[UUID, UUID]:
    """Ana's crown by saline, and three days later her hairline by UNDO."""
    sign(practice, "saline")
    sign(practice, "undo")
    crown = start_plan(practice, "saline", label="crown")
    treatment = treat(practice, "undo", day(3, 10), label="hairline")
    started = care_plans.start(practice.staff, treatment, accept_contradictions=True, now=day(3, 10))
    return crown, started.care_plan_id


def pending(practice: Practice, now: datetime = TREATED_AT) -> list[Reminder]:
    """What may still be sent at `now`."""
    with transaction(practice.staff, write=False) as session:
        query = select(Reminder).where(
            Reminder.state == "planned", Reminder.recipient_kind == "client", Reminder.expires_at > now
        )
        return list(session.scalars(query.order_by(Reminder.send_at, Reminder.dedupe_key)))


def test_what_two_areas_ask_at_one_moment_is_one_push(practice: Practice, plans: tuple[UUID, UUID]) -> None:
    rows = pending(practice)
    carriers = {row.id: row for row in rows if row.kind == "merged"}
    both = [{row.care_plan_id for row in rows if row.carrier_id == carrier_id} for carrier_id in carriers]
    assert set(plans) in both
    alone = sorted(row.send_at for row in rows if row.carrier_id is None and row.kind in ROUTINE)
    assert min(later - earlier for earlier, later in pairwise(alone)) > timedelta(minutes=45)


def test_planning_on_names_a_client_once_whatever_the_areas(practice: Practice, plans: tuple[UUID, UUID]) -> None:
    later = day(9)
    ((clinic_id, plan_id),) = extensions.list_due(now=later)
    assert plan_id in plans
    extensions.extend(clinic_id, plan_id, now=later)
    assert extensions.list_due(now=later) == []


def test_the_daily_cap_is_the_phones_not_the_areas(practice: Practice, plans: tuple[UUID, UUID]) -> None:
    days = Counter(row.send_at.date() for row in pending(practice) if row.carrier_id is None and row.kind in ROUTINE)
    assert max(days.values()) == 3


def test_an_emergency_in_one_area_stops_every_step_and_every_reminder_of_the_other(
    practice: Practice, plans: tuple[UUID, UUID]
) -> None:
    crown, hairline = plans
    raised = report(practice, crown, day(4), {"unwell": "very_ill"}).flags
    assert {row.kind for row in pending(practice, day(4))} == {"help_followup"}
    tomorrow = [
        item.occurrence.key
        for of, item in timelines.get_timeline(practice.phone, day(5).date(), day(5).date(), now=day(4))
        if of == hairline and item.occurrence.entry == "slot" and item.occurrence.kind == "care_step"
    ]
    assert tomorrow == []
    for flag in raised:
        flags.close(practice.staff, flag.id, "seen by a doctor", now=day(4, 12))
    assert {row.care_plan_id for row in pending(practice, day(4, 12))} == set(plans)


def test_a_check_in_of_one_area_leaves_the_others_rows_as_they_are_where_nothing_regroups(
    practice: Practice, plans: tuple[UUID, UUID]
) -> None:
    crown, hairline = plans
    care_plans.end_plan(practice.staff, crown, "moved away", now=day(4))
    left = pending(practice, day(4))
    assert {row.care_plan_id for row in left} == {hairline}
    again = extensions.extend(practice.ida.clinic_id, hairline, now=day(4))
    assert (again.new, again.moved, again.withdrawn) == ((), (), ())


def test_planning_either_plan_gives_the_same_rows(practice: Practice, plans: tuple[UUID, UUID]) -> None:
    before = [(row.dedupe_key, row.send_at, row.carrier_id) for row in pending(practice)]
    for plan in plans:
        diff = extensions.extend(practice.ida.clinic_id, plan, now=day(3, 10))
        assert (diff.new, diff.moved, diff.withdrawn) == ((), (), ())
    assert [(row.dedupe_key, row.send_at, row.carrier_id) for row in pending(practice)] == before


def test_an_area_treated_by_two_methods_waits_for_the_later_date(practice: Practice) -> None:
    """Rule 59: each protocol gives its earliest date from its own latest treatment, and the later one counts."""
    sign(practice, "laser")
    sign(practice, "undo")
    first = start_plan(practice, "laser", skin_type="VI")
    alone = readiness.get_plan_readiness(practice.staff, first, now=day(1)).readiness
    second = start_plan(practice, "undo", TREATED_AT + timedelta(days=2))
    both = readiness.get_plan_readiness(practice.staff, second, now=day(2, 12)).readiness
    assert both.earliest_on >= alone.earliest_on


def test_today_holds_every_area(practice: Practice, plans: tuple[UUID, UUID]) -> None:
    check_in(practice, plans[0], 4, {"pain": 0}, at=day(4))
    shown = today.get_today(practice.phone, now=day(4))
    assert {area.area_label for area in shown.areas} == {"crown", "hairline"}


def test_what_contradicts_is_named_to_the_practitioner_before_the_plan_starts(practice: Practice) -> None:
    """Laser is washed from day 1 on; a saline scab beside it must stay dry until day 2."""
    sign(practice, "laser")
    sign(practice, "saline")
    start_plan(practice, "laser", label="crown")
    treatment = treat(practice, "saline", day(1, 10), label="hairline")
    with pytest.raises(Contradicted) as refused:
        care_plans.start(practice.staff, treatment, now=day(1, 10))
    pairs = {frozenset((each.one.step_id, each.other.step_id)) for each in refused.value.contradictions}  # type: ignore[attr-defined]
    assert frozenset(("wash", "keep_dry_first")) in pairs
    with transaction(practice.staff, write=False) as session:
        assert len(session.scalars(select(CarePlan.id)).all()) == 1
    care_plans.start(practice.staff, treatment, accept_contradictions=True, now=day(1, 10))
    page = client_pages.get_client_page(practice.staff, practice.ana.id, now=day(1, 11))
    assert {frozenset((each.one.step_id, each.other.step_id)) for each in page.contradictions} == pairs
