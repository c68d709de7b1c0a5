"""What the next days ask of a clinic: check-ins to come, reviews to be made, clients who turn ready."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schedules.facts import ReadinessStatus
from schedules.instants import ONE_DAY, plan_date


@dataclass(frozen=True, slots=True)
class PlanAhead:
    """One care plan seen from today. `check_ins_due_at`: when the check-ins that are awaited from its client are due.

    `earliest_on` is the earliest date of readiness (protocols rule 41), `status` that of today.
    """

    client: str
    check_ins_due_at: tuple[datetime, ...]
    status: ReadinessStatus
    earliest_on: date


@dataclass(frozen=True, slots=True)
class DayOfWork:
    """One date at the clinic. `reviews_due`: check-ins that somebody has promised to have looked at by then.

    `turning_ready`: clients with an area whose earliest date of readiness it is.
    """

    on: date
    check_ins: int
    reviews_due: int
    turning_ready: int


def expect_work(
    plans: Iterable[PlanAhead],
    look_by: Iterable[datetime],
    *,
    promise: timedelta,
    zone: str,
    today: date,
    days: int,
) -> tuple[DayOfWork, ...]:
    """The work of each of `days` dates from `today` on, on the clinic's calendar in `zone`.

    `look_by`: until when each check-in that waits now was promised to be looked at; what is overdue is today's work. A
    check-in to come is promised to be looked at within `promise` of its due time. An area on hold turns ready by what
    a person does, and one whose earliest date has come by what its client answers: neither has a date to be counted on.
    """
    listed = tuple(plans)
    due = [at for plan in listed for at in plan.check_ins_due_at]
    check_ins = Counter(plan_date(at, zone) for at in due)
    reviews = Counter(plan_date(at + promise, zone) for at in due)
    reviews.update(max(today, plan_date(at, zone)) for at in look_by)
    ready = {(plan.earliest_on, plan.client) for plan in listed if plan.status == "not_yet"}
    turning = Counter(on for on, _client in ready if on > today)
    dates = (today + number * ONE_DAY for number in range(days))
    return tuple(DayOfWork(on, check_ins[on], reviews[on], turning[on]) for on in dates)
