"""A client's page and the list of clients, as the practitioner reads them. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import NotFound
from backend.models import (
    CarePlan,
    Client,
    Course,
    Flag,
    Invite,
    Photo,
    Practitioner,
    TreatmentSession,
)
from backend.services import (
    contradictions,
    flags,
    health_factors,
    history,
    invites,
    pauses,
    plan_facts,
    plan_records,
    reach,
    readiness,
    sign_tables,
    silence,
    threads,
    timelines,
)
from backend.services.flags import FlagSeen
from backend.services.health_factors import FactorView
from backend.services.history import HistoryLine
from backend.services.pauses import PauseLine
from backend.services.plan_facts import LoadedPlan
from backend.services.readiness import ReadinessView
from backend.services.sign_tables import SignTable
from schedules import AnchorName, Contradiction, MissedRow, Phase, Protocol, Reach, app_date, latest_protocol


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """One line of the list: the newest running plan in short, and what is open. `invite`: its newest one's state."""

    id: UUID
    name: str
    joined_at: datetime | None
    method_name: str | None
    treatment_number: int | None
    day: int | None
    open_flags: int
    worst_level: str | None
    invite: str | None


@dataclass(frozen=True, slots=True)
class InviteLine:
    """`state`: waiting, joined, expired, revoked."""

    id: UUID
    state: str
    made_at: datetime
    expires_at: datetime
    revoke_reason: str | None


@dataclass(frozen=True, slots=True)
class TreatmentLine:
    """A treatment that runs, or that ended and has no plan yet."""

    id: UUID
    method_name: str
    number: int
    state: str
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class PhotoLine:
    id: UUID
    view: str
    day: int
    taken_on: date


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A care plan with all that its practitioner decides on. `flags`: open ones, most urgent first."""

    care_plan_id: UUID
    protocol: Protocol
    treatment_number: int
    site: str
    label: str
    zone: str
    day: int
    phase: Phase | None
    day_0: date
    care_style: str
    signed_version: int
    signed_by: str
    anchors: Mapping[AnchorName, date]
    next_treatment_at: datetime | None
    table: SignTable
    flags: tuple[FlagSeen, ...]
    readiness: ReadinessView
    photos: tuple[PhotoLine, ...]
    silence: MissedRow
    pause: PauseLine | None


@dataclass(frozen=True, slots=True)
class ClientPage:
    id: UUID
    name: str
    zone: str
    skin_type: str | None
    joined_at: datetime | None
    practitioner_name: str
    plans: tuple[PlanPage, ...]
    contradictions: tuple[Contradiction, ...]
    reach: Reach
    treatments: tuple[TreatmentLine, ...]
    factors: tuple[FactorView, ...]
    invite: InviteLine | None
    history: tuple[HistoryLine, ...]


def list_summaries(scope: StaffScope, *, now: datetime) -> tuple[ClientSummary, ...]:
    """The clinic's clients by name."""
    with transaction(scope, write=False) as session:
        clients = session.scalars(
            select(Client)
            .where(Client.clinic_id == scope.clinic_id)
            .order_by(func.lower(Client.name), Client.created_at, Client.id)
        ).all()
        return tuple(_summary(session, client, now) for client in clients)


def get_client_page(scope: StaffScope, client_id: UUID, *, now: datetime) -> ClientPage:
    """One client with running plans, treatments without a plan, and what happened. NotFound where there is none."""
    with transaction(scope, write=False) as session:
        client = _own(session, scope, client_id)
        plans = plan_facts.load_active_plans(session, scope.clinic_id, client_id)
        members = select(Practitioner.id, Practitioner.name).where(Practitioner.clinic_id == scope.clinic_id)
        names = dict(iter(session.execute(members)))
        return ClientPage(
            id=client.id,
            name=client.name,
            zone=client.zone,
            skin_type=client.skin_type,
            joined_at=client.joined_at,
            practitioner_name=names.get(client.practitioner_id, ""),
            plans=tuple(_plan(session, plan, now) for plan in plans),
            contradictions=contradictions.among(session, plans, now) if plans else (),
            treatments=_treatments(session, client),
            reach=reach.read_reach(session, scope.clinic_id, client_id),
            factors=health_factors.describe(health_factors.list_factors(session, client.clinic_id, client.id)),
            invite=_invite(session, client, now),
            history=history.list_acts(session, client, names),
        )


def get_client_name(scope: StaffScope, client_id: UUID) -> str:
    """The name alone, for pages that act for one client."""
    with transaction(scope, write=False) as session:
        return _own(session, scope, client_id).name


def _own(session: Session, scope: StaffScope, client_id: UUID) -> Client:
    client = session.get(Client, (scope.clinic_id, client_id))
    if client is None:
        raise NotFound("no such client")
    return client


def _summary(session: Session, client: Client, now: datetime) -> ClientSummary:
    plans = plan_facts.load_active_plans(session, client.clinic_id, client.id)
    plan = plans[0] if plans else None
    opened = [flag for each in plans for flag in flags.open_flags(session, each)]
    invite = _invite(session, client, now)
    return ClientSummary(
        id=client.id,
        name=client.name,
        joined_at=client.joined_at,
        method_name=plan.protocol.method.name if plan else None,
        treatment_number=plan.treatment.number if plan else None,
        day=plan.day_of(app_date(now, client.zone)) if plan else None,
        open_flags=len(opened),
        worst_level=_worst(opened),
        invite=invite.state if invite else None,
    )


def _worst(opened: Sequence[Flag]) -> str | None:
    return next((level for level in ("now", "today", "watch") if any(flag.level == level for flag in opened)), None)


def _plan(session: Session, plan: LoadedPlan, now: datetime) -> PlanPage:
    day = plan.day_of(app_date(now, plan.client.zone))
    judged = sign_tables.load_judged(session, plan)
    return PlanPage(
        care_plan_id=plan.row.id,
        protocol=plan.protocol,
        treatment_number=plan.treatment.number,
        site=plan.site,
        label=plan.area_label,
        zone=plan.row.zone,
        day=day,
        phase=timelines.phase_on(plan.protocol, day),
        day_0=plan.day_0,
        care_style=plan.row.care_style,
        signed_version=plan.signed.version,
        signed_by=plan.signed.signed_by_name,
        anchors=plan_records.read_record(session, plan).anchors,
        next_treatment_at=plan.next_at,
        table=sign_tables.build_table(plan.protocol, tuple(reversed(judged))),
        flags=tuple(flags.describe(session, flag) for flag in flags.open_flags(session, plan)),
        readiness=readiness.view(session, plan, now),
        photos=_photos(session, plan),
        silence=silence.find_silence(session, plan, now),
        pause=pauses.describe_pause(session, plan, now),
    )


def _photos(session: Session, plan: LoadedPlan) -> tuple[PhotoLine, ...]:
    rows = session.scalars(
        select(Photo)
        .where(Photo.clinic_id == plan.row.clinic_id, Photo.care_plan_id == plan.row.id, threads.is_of_plan())
        .order_by(Photo.day, Photo.taken_at, Photo.id)
    )
    return tuple(PhotoLine(row.id, row.view, row.day, row.taken_on) for row in rows)


def _treatments(session: Session, client: Client) -> tuple[TreatmentLine, ...]:
    rows = session.execute(
        select(TreatmentSession, Course.method)
        .join(
            Course,
            (Course.clinic_id == TreatmentSession.clinic_id) & (Course.id == TreatmentSession.course_id),
        )
        .where(
            TreatmentSession.clinic_id == client.clinic_id,
            TreatmentSession.client_id == client.id,
            TreatmentSession.state != "planned",
            ~select(CarePlan.id)
            .where(CarePlan.clinic_id == client.clinic_id, CarePlan.treatment_id == TreatmentSession.id)
            .exists(),
        )
        .order_by(TreatmentSession.started_at, TreatmentSession.id)
    )
    return tuple(
        TreatmentLine(row.id, latest_protocol(method).method.name, row.number, row.state, row.started_at)
        for row, method in rows
    )


def _invite(session: Session, client: Client, now: datetime) -> InviteLine | None:
    row = session.scalar(
        select(Invite)
        .where(Invite.clinic_id == client.clinic_id, Invite.client_id == client.id)
        .order_by(Invite.made_at.desc(), Invite.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return InviteLine(row.id, invites.state_of(row, now), row.made_at, row.expires_at, row.revoke_reason)
