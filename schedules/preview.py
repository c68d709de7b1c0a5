"""What a virtual client would get: the plan, its pushes and the readiness that the given facts lead to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schedules.facts import (
    DayWindow,
    HealthFactor,
    Occurrence,
    PlanFacts,
    Readiness,
    ReadinessFacts,
)
from schedules.instants import MIDNIGHT, ONE_DAY, plan_date, resolve_local
from schedules.protocol import Protocol
from schedules.protocol_terms import Urgency
from schedules.quiet_hours import BEGINNING, END
from schedules.readiness import evaluate_readiness
from schedules.reminder_facts import Horizon, PlannedReminder, ReminderFacts, ReminderPreferences
from schedules.reminders import plan_reminders
from schedules.timeline import build_timeline


@dataclass(frozen=True, slots=True)
class VirtualClient:
    """A client of whom only the treatment, the wishes and a few dates are known; no check-in has been answered."""

    plan: PlanFacts
    preferences: ReminderPreferences
    skin_type: str | None = None
    treatment_number: int = 1
    factors: tuple[HealthFactor, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """`reminders`: the pushes that go out. `left_out`: what the cap or quiet hours kept back, with the reason."""

    occurrences: tuple[Occurrence, ...]
    reminders: tuple[PlannedReminder, ...]
    left_out: tuple[PlannedReminder, ...]
    readiness: Readiness


def build_preview(protocol: Protocol, client: VirtualClient, days: DayWindow | None = None) -> Preview:
    """The preview of the asked plan days, both ends included; of all days where `days` is None.

    An occurrence belongs to the day in its key: a rule is one entry, on the day it starts (INTERFACE, plan preview).
    Reminders belong to the day on which they are sent; they are planned over the whole plan and then cut, so that one
    day shows the same whether asked alone or with others. Raises ValueError for an unknown zone or health factor.
    """
    plan = client.plan
    zone = plan.plan_zone
    hours: Mapping[Urgency, tuple[int, ...]] = {
        level.id: level.follow_up_h for level in protocol.shared.urgency_levels.values()
    }
    whole = build_timeline(protocol, plan, zone)
    rows = plan_reminders(whole, client.preferences, ReminderFacts(plan, hours), Horizon(BEGINNING, END))
    day_0 = plan_date(plan.treatment_ended_at, zone)
    occurrences = whole.occurrences
    if days is not None:
        occurrences = tuple(one for one in occurrences if days.from_day <= one.day <= days.to_day)
        start = resolve_local(day_0 + days.from_day * ONE_DAY, MIDNIGHT, zone)
        end = resolve_local(day_0 + (days.to_day + 1) * ONE_DAY, MIDNIGHT, zone)
        rows = tuple(row for row in rows if start <= row.send_at < end)
    return Preview(
        occurrences,
        tuple(row for row in rows if row.outcome == "send"),
        tuple(row for row in rows if row.outcome in ("capped", "quiet")),
        evaluate_readiness(protocol, _readiness_facts(client, day_0), plan.today),
    )


def _readiness_facts(client: VirtualClient, day_0: date) -> ReadinessFacts:
    return ReadinessFacts(
        treatment_ended_on=day_0,
        site=client.plan.site,
        anchors=client.plan.anchors,
        check_ins=(),
        skin_type=client.skin_type,
        treatment_number=client.treatment_number,
        factors=client.factors,
    )
