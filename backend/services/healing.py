"""How a client's healing runs: answers beside what is usual, photos, and when what is not yet allowed is again.

Reads only. What is usual, and where an answer stands, is the plan's word (schedules/healing.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, transaction
from backend.models import Practitioner
from backend.services import photos, plan_facts, plan_records, silence, timelines
from backend.services.photos import PhotoLine
from backend.services.plan_records import PlanRecord
from schedules import (
    AllowedAgain,
    CheckInFacts,
    DayWindow,
    Phase,
    Protocol,
    SignSeries,
    Standing,
    Urgency,
    app_date,
    build_series,
    build_timeline,
    find_standing,
    list_allowed_again,
)

RED: tuple[Urgency, ...] = ("emergency", "same_day")  # an emergency counts wherever it was raised (rule 39)


@dataclass(frozen=True, slots=True)
class AreaHealing:
    """One plan's healing as of now.

    `missed`: days of scheduled check-ins that closed without one; `unanswered`: these, and days on which a check-in
    answered no sign. `has_warning`: a warning is open that a practitioner was told of. `is_held`: one of them is so
    urgent that nothing is said of what is allowed again. `next_phase`: what comes after today's part of healing.
    """

    care_plan_id: UUID
    protocol: Protocol
    site: str
    area_label: str
    day: int
    practitioner_name: str
    series: tuple[SignSeries, ...]
    standing: Standing | None
    has_warning: bool
    missed: tuple[int, ...]
    unanswered: tuple[int, ...]
    photos: tuple[PhotoLine, ...]
    next_phase: Phase | None
    is_held: bool
    allowed_again: tuple[AllowedAgain, ...]


@dataclass(frozen=True, slots=True)
class Healing:
    on: date
    areas: tuple[AreaHealing, ...]


def get_healing(scope: ClientScope, *, now: datetime) -> Healing:
    """Of each area the answers by day, the photos and what is allowed again, in the client's zone."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        records = plan_records.read_records(session, plans)
        areas = tuple(_area(session, record, now) for record in records.values())
        return Healing(app_date(now, plans[0].client.zone if plans else "UTC"), areas)


def _area(session: Session, record: PlanRecord, now: datetime) -> AreaHealing:
    plan, protocol = record.plan, record.plan.protocol
    day = plan.day_of(app_date(now, plan.client.zone))
    check_ins = plan_facts.check_in_facts(session, plan)
    series = build_series(protocol, check_ins)
    missed, unanswered = _silent_days(record, check_ins, series, day, now)
    is_held = any(flag.closed_at is None and flag.urgency in RED for flag in record.flags)
    return AreaHealing(
        care_plan_id=plan.row.id,
        protocol=protocol,
        site=plan.site,
        area_label=plan.area_label,
        day=day,
        practitioner_name=_practitioner_name(session, record),
        series=series,
        standing=find_standing(series),
        has_warning=bool(record.open_rules),
        missed=missed,
        unanswered=unanswered,
        photos=photos.read_lines(session, plan.row.clinic_id, plan.row.id),
        next_phase=_next_phase(protocol, day),
        is_held=is_held,
        allowed_again=() if is_held else list_allowed_again(protocol, record.facts(now), plan.client.zone),
    )


def _silent_days(
    record: PlanRecord, check_ins: Sequence[CheckInFacts], series: Sequence[SignSeries], day: int, now: datetime
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Days asked about without a check-in, and days asked about without an answer to any sign. A pause asks nothing."""
    plan = record.plan
    days = DayWindow(0, max(day, 0))
    asked = build_timeline(plan.protocol, record.facts(now), plan.client.zone, days, kinds=silence.CHECK_INS)
    closed = {one.day for one in asked.occurrences if not one.optional and one.window.closes_at <= now}
    checked = {one.day for one in check_ins}
    answered = {point.day for one in series for point in one.points}
    return tuple(sorted(closed - checked)), tuple(sorted(closed - answered))


def _practitioner_name(session: Session, record: PlanRecord) -> str:
    client = record.plan.client
    name = session.scalar(
        select(Practitioner.name).where(
            Practitioner.clinic_id == client.clinic_id, Practitioner.id == client.practitioner_id
        )
    )
    return name or ""


def _next_phase(protocol: Protocol, day: int) -> Phase | None:
    """The part of healing after today's; None in the last one."""
    now = timelines.phase_on(protocol, day)
    return next((phase for phase in protocol.phases if now is not None and phase.from_day > now.to_day), None)
