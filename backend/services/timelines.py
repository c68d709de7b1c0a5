"""What the phone keeps: the whole plan for offline, a span of the timeline. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, transaction
from backend.models import TreatmentStepRecord
from backend.services import check_ins, flags, plan_facts, plan_records
from backend.services.plan_facts import LoadedPlan
from backend.services.plan_records import DONE_EVENTS, PlanRecord, Tap, step_events
from schedules import (
    AnchorName,
    CareStep,
    CheckInFacts,
    DayWindow,
    InTreatmentStep,
    LoweredMinimum,
    Occurrence,
    Phase,
    Protocol,
    build_timeline,
    plan_date,
    state_of,
)

EARLIER_CHECK_INS = 14


@dataclass(frozen=True, slots=True)
class Item:
    """An occurrence with its state now; `step` for care steps; the last start and timer end of it."""

    occurrence: Occurrence
    state: str
    step: CareStep | None
    started_at: datetime | None
    ends_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class WholePlan:
    """One plan with everything the phone needs offline. `version` changes when any of it does.

    `done_at_clinic`: the in-treatment steps that were recorded, in the order in which they were begun.
    `step_times`: the client's own, by step.
    """

    care_plan_id: UUID
    version: str
    protocol: Protocol
    signed_version: int
    site: str
    zone: str
    day_0: date
    today: date
    ended_at: datetime
    treatment_number: int
    anchors: Mapping[AnchorName, date]
    items: tuple[Item, ...]
    earlier: tuple[CheckInFacts, ...]
    open_rules: tuple[str, ...]
    modifiers: tuple[str, ...]
    done_at_clinic: tuple[InTreatmentStep, ...] = ()
    lowered: LoweredMinimum | None = None
    step_times: Mapping[str, tuple[time, ...]] = field(default_factory=dict)


def get_plans(scope: ClientScope, *, now: datetime) -> tuple[WholePlan, ...]:
    """Every active plan, all days, for offline."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        return tuple(_whole(session, plan, now) for plan in plans)


def get_plan_versions(scope: ClientScope, *, now: datetime) -> tuple[str, ...]:
    """What `get_plans` would answer, as versions: equal as long as nothing in it has changed."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        return tuple(_version(session, plan, now) for plan in plans)


def get_timeline(scope: ClientScope, first: date, last: date, *, now: datetime) -> tuple[tuple[UUID, Item], ...]:
    """Occurrences whose day lies in [first, last], of all active plans: (plan id, item)."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        found = [
            (plan_id, item)
            for plan_id, record in plan_records.read_records(session, plans).items()
            for item in list_items(record, DayWindow(record.plan.day_of(first), record.plan.day_of(last)), now)
        ]
        return tuple(sorted(found, key=lambda pair: (pair[1].occurrence.window.due_at, pair[1].occurrence.key)))


def list_items(record: PlanRecord, window: DayWindow | None, now: datetime) -> tuple[Item, ...]:
    """A plan's occurrences of some days with their states; for the services that show them."""
    plan = record.plan
    timeline = build_timeline(plan.protocol, record.facts(now), plan.client.zone, window)
    by_key: dict[str, list[Tap]] = {}
    for log in record.taps:
        by_key.setdefault(log.occurrence_key, []).append(log)
    items = []
    for occurrence in timeline.occurrences:
        logs = by_key.get(occurrence.key, [])
        starts = [log for log in logs if log.event in ("started", "resumed")]
        step = plan.protocol.care_steps.get(occurrence.step_id or "")
        changed_at = record.anchored_at.get(step.window.start.anchor) if step else None
        items.append(
            Item(
                occurrence=occurrence,
                state=state_of(occurrence, step_events(logs), record.answered, now, changed_at),
                step=step,
                started_at=starts[0].at if starts else None,
                ends_at=starts[-1].ends_at if starts else None,
                settled_at=logs[-1].at if logs and logs[-1].event in DONE_EVENTS else None,
            )
        )
    return tuple(items)


def phase_on(protocol: Protocol, day: int) -> Phase | None:
    """The named part of healing that a day lies in; the last one after its end."""
    found = next((phase for phase in protocol.phases if phase.from_day <= day <= phase.to_day), None)
    return found or (protocol.phases[-1] if day > protocol.phases[-1].to_day else None)


def _version(session: Session, plan: LoadedPlan, now: datetime) -> str:
    """The day counts: forecasts move on with it (rule 9). So do health factors: rules read them."""
    today = plan_date(now, plan.row.zone)
    factors = "+".join(check_ins.modifiers_of(session, plan))
    return f"{plan.row.id.hex}.{plan.row.facts_version}.{today.isoformat()}.{plan.client.zone}.{factors}"


def _whole(session: Session, plan: LoadedPlan, now: datetime) -> WholePlan:
    record = plan_records.read_record(session, plan)
    facts, items = record.facts(now), list_items(record, None, now)
    answered = plan_facts.check_in_facts(session, plan)
    return WholePlan(
        care_plan_id=plan.row.id,
        version=_version(session, plan, now),
        protocol=plan.protocol,
        signed_version=plan.signed.version,
        site=plan.site,
        zone=plan.row.zone,
        day_0=plan.day_0,
        today=facts.today,
        ended_at=plan.ended_at,
        treatment_number=plan.treatment.number,
        anchors=facts.anchors,
        items=items,
        earlier=answered[-EARLIER_CHECK_INS:],
        open_rules=tuple(flag.rule_id for flag in flags.open_flags(session, plan)),
        modifiers=check_ins.modifiers_of(session, plan),
        done_at_clinic=_done_at_clinic(session, plan),
        lowered=plan.signed.lowered,
        step_times=facts.step_times,
    )


def _done_at_clinic(session: Session, plan: LoadedPlan) -> tuple[InTreatmentStep, ...]:
    recorded = session.scalars(
        select(TreatmentStepRecord.step_id)
        .where(
            TreatmentStepRecord.clinic_id == plan.row.clinic_id,
            TreatmentStepRecord.treatment_id == plan.row.treatment_id,
        )
        .order_by(TreatmentStepRecord.position)
    )
    known = {step.id: step for step in plan.protocol.in_treatment_steps}
    return tuple(known[step_id] for step_id in recorded if step_id in known)
