"""What the next days ask of a clinic, on its own calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schedules.workload import DayOfWork, PlanAhead, expect_work

TODAY = date(2026, 3, 2)
PROMISE = timedelta(hours=24)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def at(number: int, hour: int = 8) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=number)


def plan(client: str = "ana", *due_at: datetime, status: str = "not_yet", earliest: int = 99) -> PlanAhead:
    return PlanAhead(client, due_at, status, day(earliest))  # type: ignore[arg-type]


def expect(*plans: PlanAhead, look_by: tuple[datetime, ...] = (), zone: str = "UTC", days: int = 3) -> list[tuple]:
    found = expect_work(plans, look_by, promise=PROMISE, zone=zone, today=TODAY, days=days)
    assert [each.on for each in found] == [day(number) for number in range(days)]
    return [(each.check_ins, each.reviews_due, each.turning_ready) for each in found]


def test_a_check_in_counts_on_its_day_and_its_review_when_the_promise_ends() -> None:
    assert expect(plan("ana", at(0), at(1)), plan("ben", at(1))) == [(2 - 1, 0, 0), (2, 1, 0), (0, 2, 0)]


def test_dates_are_those_of_the_clinics_calendar() -> None:
    assert expect(plan("ana", at(0, 20)), zone="Asia/Tokyo") == [(0, 0, 0), (1, 0, 0), (0, 1, 0)]


def test_what_waits_now_is_due_by_its_promise_and_what_is_overdue_today() -> None:
    assert expect(look_by=(at(-4), at(0, 9), at(2))) == [(0, 2, 0), (0, 0, 0), (0, 1, 0)]


def test_a_client_turns_ready_once_on_a_day_with_however_many_areas() -> None:
    assert expect(plan("ana", earliest=1), plan("ana", earliest=1), plan("ben", earliest=1))[1] == (0, 0, 2)


@pytest.mark.parametrize("status", ["ready_to_ask", "signed_off", "on_hold"])
def test_only_who_is_not_ready_yet_turns_ready(status: str) -> None:
    assert expect(plan(status=status, earliest=1))[1] == (0, 0, 0)


def test_who_waits_for_answers_after_the_earliest_date_has_no_date_to_be_counted_on() -> None:
    assert expect(plan(earliest=0), plan(earliest=-3)) == [(0, 0, 0)] * 3


def test_nothing_to_do_is_a_day_too() -> None:
    found = expect_work((), (), promise=PROMISE, zone="UTC", today=TODAY, days=1)
    assert found == (DayOfWork(TODAY, 0, 0, 0),)
