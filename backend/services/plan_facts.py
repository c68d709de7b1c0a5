"""Reads what is stored of one care plan and gives it to the core as facts. Reads only; used by the services beside
it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.errors import NotFound
from backend.ids import new_id
from backend.models import (
    AnchorObservation,
    AssessmentRow,
    CarePlan,
    CheckIn,
    Client,
    ClinicProtocol,
    Flag,
    Pause,
    Photo,
    ReadinessSignOff,
    StepLog,
    TreatedArea,
    TreatmentSession,
    ZoneMove,
)
from backend.models.base import Tenant
from schedules import (
    AnchorName,
    AnswerValue,
    CheckInFacts,
    FlagSpan,
    Overlay,
    OverlayChange,
    PauseSpan,
    PlanFacts,
    Protocol,
    Site,
    StepEvent,
    Urgency,
    WatchResult,
    ZoneChange,
    parse_protocol,
    parse_shared,
    plan_date,
)

DONE_EVENTS = frozenset({"done", "declined", "stopped_burning"})


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A care plan with the rows that it stands on and its compiled protocol."""

    row: CarePlan
    treatment: TreatmentSession
    area: TreatedArea
    client: Client
    signed: ClinicProtocol
    protocol: Protocol

    @property
    def ended_at(self) -> datetime:
        """The instant at which the treatment ended."""
        assert self.treatment.ended_at is not None  # a plan starts only from a finished treatment
        return self.treatment.ended_at

    @property
    def day_0(self) -> date:
        """Protocols rule 1: the local date of the treatment's end in the zone the plan was started in."""
        return plan_date(self.ended_at, self.row.zone)

    def day_of(self, on: date) -> int:
        return (on - self.day_0).days


_COMPILED: dict[tuple[str, str, str], Protocol] = {}
_MOST_COMPILED = 256


def compiled(signed: ClinicProtocol) -> Protocol:
    """The protocol as it was signed. A content version never changes, so clinics without an overlay share one value."""
    key = (signed.method, signed.content_version, json.dumps(signed.overlay))
    if key not in _COMPILED:
        if len(_COMPILED) >= _MOST_COMPILED:
            _COMPILED.clear()
        changes = tuple(OverlayChange(**change) for change in signed.overlay)
        overlay = Overlay(signed.version, changes) if changes else None
        _COMPILED[key] = parse_protocol(signed.document["method"], parse_shared(signed.document["shared"]), overlay)
    return _COMPILED[key]


def protocol_of(session: Session, clinic_id: UUID, care_plan_id: UUID) -> Protocol:
    """The compiled protocol that a plan is pinned to."""
    signed = session.scalars(
        select(ClinicProtocol)
        .join(CarePlan, _same(CarePlan, ClinicProtocol, CarePlan.clinic_protocol_id))
        .where(CarePlan.clinic_id == clinic_id, CarePlan.id == care_plan_id)
    ).one()
    return compiled(signed)


def load_plan(
    session: Session, clinic_id: UUID, care_plan_id: UUID, client_id: UUID | None = None, *, lock: bool = False
) -> LoadedPlan:
    """One plan of this clinic (and of this client, where given). Unknown and foreign ids answer alike: NotFound.

    `lock`: nobody else writes to this plan until the transaction ends, so that two phones that send one event at once
    store it once (on SQLite a writer is alone anyway).
    """
    plans = _load(session, clinic_id, CarePlan.id == care_plan_id, client_id, lock=lock)
    if not plans:
        raise NotFound("no such plan")
    return plans[0]


def load_active_plans(
    session: Session, clinic_id: UUID, client_id: UUID, *, lock: bool = False
) -> tuple[LoadedPlan, ...]:
    """The client's plans that have not ended, newest treatment first; `lock` as in `load_plan`."""
    return _load(session, clinic_id, CarePlan.ended_at.is_(None), client_id, lock=lock)


def _load(
    session: Session, clinic_id: UUID, condition: ColumnElement[bool], client_id: UUID | None, *, lock: bool = False
) -> tuple[LoadedPlan, ...]:
    query = (
        select(CarePlan, TreatmentSession, TreatedArea, Client, ClinicProtocol)
        .join(TreatmentSession, _same(CarePlan, TreatmentSession, CarePlan.treatment_id))
        .join(TreatedArea, _same(CarePlan, TreatedArea, CarePlan.area_id))
        .join(Client, _same(CarePlan, Client, CarePlan.client_id))
        .join(ClinicProtocol, _same(CarePlan, ClinicProtocol, CarePlan.clinic_protocol_id))
        .where(CarePlan.clinic_id == clinic_id, condition)
        .order_by(TreatmentSession.ended_at.desc(), CarePlan.id)
    )
    if client_id is not None:
        query = query.where(CarePlan.client_id == client_id)
    if lock:
        query = query.with_for_update(of=CarePlan)
    return tuple(
        LoadedPlan(plan, treatment, area, client, signed, compiled(signed))
        for plan, treatment, area, client, signed in session.execute(query)
    )


def _same(left: type[CarePlan], right: type[Tenant], column: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    return and_(left.clinic_id == right.clinic_id, column == right.id)


def plan_facts(session: Session, plan: LoadedPlan, now: datetime) -> PlanFacts:
    """The facts of one plan as the timeline wants them (schedules.facts.PlanFacts)."""
    row, client = plan.row, plan.client
    return PlanFacts(
        treatment_ended_at=plan.ended_at,
        plan_zone=row.zone,
        today=plan_date(now, row.zone),
        site=cast(Site, plan.area.site),
        care_style=row.care_style,  # type: ignore[arg-type]
        anchors=anchors(session, plan),
        confirmed_steps=frozenset(plan.signed.confirmed_steps),
        turned_on_steps=frozenset(plan.signed.turned_on_steps),
        flags=flag_spans(session, plan),
        pauses=_pauses(session, plan),
        zones=_zones(session, plan),
        not_ready_until=_ready_at(session, plan),
        ended_at=row.ended_at,
        check_in_at=client.check_in_at,
        step_times=_step_times(client.step_times.get(row.method, {})),
    )


def anchors(session: Session, plan: LoadedPlan) -> Mapping[AnchorName, date]:
    """The dates that count now: the newest observation of each anchor that was not superseded, and the booked next
    treatment."""
    row = plan.row
    found: dict[AnchorName, date] = {
        cast(AnchorName, anchor): on
        for anchor, on in session.execute(
            select(AnchorObservation.anchor, AnchorObservation.on)
            .where(
                AnchorObservation.clinic_id == row.clinic_id,
                AnchorObservation.care_plan_id == row.id,
                AnchorObservation.superseded_at.is_(None),
            )
            .order_by(AnchorObservation.at, AnchorObservation.id)
        )
    }
    if "skin_closed" in found:
        found.setdefault("scabs_off", found["skin_closed"])  # protocols rule 6
    if row.next_treatment_at is not None:
        found["next_treatment"] = plan_date(row.next_treatment_at, row.zone)
    return found


def anchored_at(session: Session, plan: LoadedPlan) -> Mapping[AnchorName, datetime]:
    """When each anchor became known first. Until then nothing that starts with it was due (rules 9 and 20)."""
    row = plan.row
    first: dict[AnchorName, datetime] = {
        cast(AnchorName, anchor): at
        for anchor, at in session.execute(
            select(AnchorObservation.anchor, func.min(AnchorObservation.at))
            .where(AnchorObservation.clinic_id == row.clinic_id, AnchorObservation.care_plan_id == row.id)
            .group_by(AnchorObservation.anchor)
        )
    }
    if "skin_closed" in first:  # it tells scabs_off too (rule 6)
        first["scabs_off"] = min(first["skin_closed"], first.get("scabs_off", first["skin_closed"]))
    return first


def flag_spans(session: Session, plan: LoadedPlan) -> tuple[FlagSpan, ...]:
    """Every flag of the plan, open or closed, oldest first."""
    return _spans(session, plan, Flag.care_plan_id == plan.row.id)


def area_flag_spans(session: Session, plan: LoadedPlan) -> tuple[FlagSpan, ...]:
    """Every flag of the plan's area, also of the plans before it: one stays open until a person closes it."""
    return _spans(session, plan, Flag.area_id == plan.row.area_id)


def _spans(session: Session, plan: LoadedPlan, condition: ColumnElement[bool]) -> tuple[FlagSpan, ...]:
    flags = session.scalars(
        select(Flag).where(Flag.clinic_id == plan.row.clinic_id, condition).order_by(Flag.raised_at, Flag.id)
    )
    return tuple(FlagSpan(f.rule_id, cast(Urgency, f.urgency), f.raised_at, f.closed_at) for f in flags)


def check_in_facts(session: Session, plan: LoadedPlan) -> tuple[CheckInFacts, ...]:
    """The plan's check-ins in the order of answering; of a check-in and its corrections only the newest (rule 30)."""
    row = plan.row
    rows = session.scalars(
        select(CheckIn)
        .where(CheckIn.clinic_id == row.clinic_id, CheckIn.care_plan_id == row.id)
        .order_by(CheckIn.answered_at, CheckIn.received_at, CheckIn.id)
    ).all()
    return tuple(to_facts(check_in) for check_in in _newest(rows))


def _newest(rows: Sequence[CheckIn]) -> list[CheckIn]:
    amended = {check_in.amends for check_in in rows if check_in.amends is not None}
    return [check_in for check_in in rows if check_in.id not in amended]


def to_facts(check_in: CheckIn) -> CheckInFacts:
    """One stored check-in as the rules see it."""
    return CheckInFacts(
        id=str(check_in.id),
        day=check_in.day,
        on=check_in.on,
        answered_at=check_in.answered_at,
        answers=cast(Mapping[str, AnswerValue], check_in.answers),
        excluded={question: frozenset(values) for question, values in check_in.excluded.items()},
        planned=check_in.kind == "planned",
    )


def answered_keys(session: Session, plan: LoadedPlan) -> frozenset[str]:
    """Keys of planned check-ins that were answered, and of photo check-ins with a photo."""
    row = plan.row
    answered = select(CheckIn.occurrence_key).where(CheckIn.clinic_id == row.clinic_id, CheckIn.care_plan_id == row.id)
    taken = select(Photo.occurrence_key).where(Photo.clinic_id == row.clinic_id, Photo.care_plan_id == row.id)
    return frozenset(key for query in (answered, taken) for key in session.scalars(query) if key)


def step_logs(session: Session, plan: LoadedPlan) -> Sequence[StepLog]:
    """All taps of the plan in the order in which they were made."""
    row = plan.row
    return session.scalars(
        select(StepLog)
        .where(StepLog.clinic_id == row.clinic_id, StepLog.care_plan_id == row.id)
        .order_by(StepLog.at, StepLog.received_at, StepLog.id)
    ).all()


def step_events(logs: Sequence[StepLog]) -> tuple[StepEvent, ...]:
    return tuple(StepEvent(log.occurrence_key, log.event, log.at) for log in logs)  # type: ignore[arg-type]


def settled_keys(logs: Sequence[StepLog]) -> frozenset[str]:
    """Occurrences whose last word is done, declined or stopped: nothing is sent for them."""
    last = {log.occurrence_key: log.event for log in logs}
    return frozenset(key for key, event in last.items() if event in DONE_EVENTS)


def watch_results(session: Session, plan: LoadedPlan) -> tuple[WatchResult, ...]:
    row = plan.row
    pairs = session.execute(
        select(CheckIn.day, CheckIn.answered_at)
        .join(
            AssessmentRow,
            (AssessmentRow.clinic_id == CheckIn.clinic_id)
            & (AssessmentRow.client_id == CheckIn.client_id)
            & (AssessmentRow.id == CheckIn.id),
        )
        .where(CheckIn.clinic_id == row.clinic_id, CheckIn.care_plan_id == row.id, AssessmentRow.level == "watch")
        .order_by(CheckIn.answered_at)
    )
    return tuple(WatchResult(day, at) for day, at in pairs)


def _pauses(session: Session, plan: LoadedPlan) -> tuple[PauseSpan, ...]:
    row = plan.row
    pauses = session.scalars(select(Pause).where(Pause.clinic_id == row.clinic_id, Pause.care_plan_id == row.id))
    return tuple(PauseSpan(pause.from_at, pause.until_at) for pause in pauses)


def _zones(session: Session, plan: LoadedPlan) -> tuple[ZoneChange, ...]:
    moves = session.scalars(
        select(ZoneMove)
        .where(ZoneMove.clinic_id == plan.row.clinic_id, ZoneMove.client_id == plan.row.client_id)
        .order_by(ZoneMove.from_at, ZoneMove.id)
    )
    return tuple(ZoneChange(move.from_at, move.zone) for move in moves)


def add_zone_move(session: Session, client: Client, zone: str, now: datetime) -> None:
    """Keeps where the phone was before and where it is from now on. The first move also writes down the zone it
    left."""
    known = session.scalar(
        select(ZoneMove.id).where(ZoneMove.clinic_id == client.clinic_id, ZoneMove.client_id == client.id).limit(1)
    )
    moves = [(now, zone)] if known else [(client.created_at, client.zone), (now, zone)]
    for at, name in moves:
        session.add(ZoneMove(clinic_id=client.clinic_id, id=new_id(now), client_id=client.id, from_at=at, zone=name))
    client.zone = zone
    session.flush()


def _ready_at(session: Session, plan: LoadedPlan) -> datetime | None:
    """Rule 24: `not_ready_yet` check-ins end at the sign-off."""
    row = plan.row
    return session.scalar(
        select(ReadinessSignOff.at)
        .where(
            ReadinessSignOff.clinic_id == row.clinic_id,
            ReadinessSignOff.care_plan_id == row.id,
            ReadinessSignOff.kind == "sign_off",
            ReadinessSignOff.revoked_at.is_(None),
        )
        .order_by(ReadinessSignOff.at.desc())
        .limit(1)
    )


def _step_times(stored: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[time, ...]]:
    return {step: tuple(time.fromisoformat(text) for text in times) for step, times in stored.items()}
