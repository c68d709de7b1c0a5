"""Care plans with the rows they stand on and their compiled protocol; every service that acts on a plan loads it
here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, class_mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class
from sqlalchemy.orm.util import identity_key

from backend import prepared
from backend.db import ClientScope, Scope, StaffScope, dialect_name
from backend.errors import NotFound
from backend.models import CarePlan, Client, ClinicProtocol, TreatedArea, TreatmentSession
from backend.models.base import Tenant
from backend.services import fact_sql, protocol_versions
from schedules import (
    LoweredMinimum,
    Overlay,
    OverlayChange,
    Protocol,
    parse_protocol,
    parse_shared,
    plan_date,
)

T = TypeVar("T", bound=Tenant)


@dataclass(frozen=True, slots=True)
class TreatmentDone:
    """The finished treatment that a plan started from: its number in its course, and the instant at which it ended."""

    number: int
    course_id: UUID
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class SignedProtocol:
    """A signed version of a method as plans follow it. It never changes."""

    id: UUID
    version: int
    content_version: str
    confirmed_steps: frozenset[str]
    turned_on_steps: frozenset[str]
    clinic_min_days: int | None
    signed_by_name: str
    protocol: Protocol
    lowered: LoweredMinimum | None


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A care plan with what it stands on.

    `next_at`: the area's next appointment, which is its planned treatment session.
    """

    row: CarePlan
    treatment: TreatmentDone
    site: str
    area_label: str
    client: Client
    signed: SignedProtocol
    next_at: datetime | None = None

    @property
    def protocol(self) -> Protocol:
        """What it is pinned to, compiled."""
        return self.signed.protocol

    @property
    def ended_at(self) -> datetime:
        """The instant at which the treatment ended."""
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
        shared = parse_shared(signed.document["shared"])
        _COMPILED[key] = parse_protocol(signed.document["method"], shared, overlay, signed=True)
    return _COMPILED[key]


_SIGNED: dict[tuple[UUID, UUID], SignedProtocol] = {}


def describe_signed(row: ClinicProtocol) -> SignedProtocol:
    """A signed version with its protocol. A row never changes, so it is described once and kept."""
    found = _SIGNED.get((row.clinic_id, row.id))
    if found is None:
        if len(_SIGNED) >= _MOST_COMPILED:
            _SIGNED.clear()
        found = _SIGNED[row.clinic_id, row.id] = SignedProtocol(
            id=row.id,
            version=row.version,
            content_version=row.content_version,
            confirmed_steps=frozenset(row.confirmed_steps),
            turned_on_steps=frozenset(row.turned_on_steps),
            clinic_min_days=row.clinic_min_days,
            signed_by_name=row.signed_by_name,
            protocol=compiled(row),
            lowered=protocol_versions.find_lowered(row),
        )
    return found


def _signed(session: Session, clinic_id: UUID, signed_id: UUID) -> SignedProtocol:
    found = _SIGNED.get((clinic_id, signed_id))
    return found or describe_signed(session.get_one(ClinicProtocol, (clinic_id, signed_id)))


def protocol_of(session: Session, clinic_id: UUID, care_plan_id: UUID) -> Protocol:
    """The compiled protocol that a plan is pinned to."""
    signed_id = session.scalars(_PINNED, {"clinic_id": clinic_id, "plan_id": care_plan_id}).one()
    return _signed(session, clinic_id, signed_id).protocol


def load_plan(
    session: Session, clinic_id: UUID, care_plan_id: UUID, client_id: UUID | None = None, *, lock: bool = False
) -> LoadedPlan:
    """One plan of this clinic (and of this client, where given). Unknown and foreign ids answer alike: NotFound.

    `lock`: nobody else writes to any plan of this client until the transaction ends, so that two phones that send one
    event at once store it once (on SQLite a writer is alone anyway). All of them, always in the same order: the
    reminders of a client's plans are planned together.
    """
    if lock and dialect_name() == "postgresql":
        fact_sql.read(session, fact_sql.LOCK_COMPANY, clinic_id=clinic_id, plan_id=care_plan_id)
    given = {"clinic_id": clinic_id, "plan_id": care_plan_id}
    if client_id is None:
        plans = _load(session, _BY_ID, given)
    else:
        plans = _load(session, _BY_ID_AND_CLIENT, {**given, "client_id": client_id})
    if not plans:
        raise NotFound("no such plan")
    return plans[0]


def load_active_plans(
    session: Session, clinic_id: UUID, client_id: UUID, *, lock: bool = False
) -> tuple[LoadedPlan, ...]:
    """The client's plans that have not ended, newest treatment first; `lock` as in `load_plan`."""
    given = {"clinic_id": clinic_id, "client_id": client_id}
    if lock and dialect_name() == "postgresql":
        fact_sql.read(session, fact_sql.LOCK_PLANS, **given)
    return _load(session, _ACTIVE, given)


def load_company(session: Session, plan: LoadedPlan) -> tuple[LoadedPlan, ...]:
    """The plan and the client's other plans that may still send something: those that run, and those with an open
    flag. Newest treatment first."""
    row = plan.row
    of_client = {"clinic_id": row.clinic_id, "client_id": row.client_id}
    ids = [other.id for other in fact_sql.read(session, fact_sql.OTHER_PLANS, **of_client, plan_id=row.id)]
    others = _load(session, _BY_IDS, {"clinic_id": row.clinic_id, "plan_ids": ids}) if ids else ()
    return tuple(sorted((plan, *others), key=lambda one: (one.ended_at, one.row.id), reverse=True))


def load_area_plans(session: Session, plan: LoadedPlan) -> tuple[LoadedPlan, ...]:
    """Every plan of the plan's area, also those that have ended, newest treatment first."""
    return _load(session, _OF_AREA, {"clinic_id": plan.row.clinic_id, "area_id": plan.row.area_id})


def _load(session: Session, statement: Select[*tuple[Any, ...]], given: dict[str, Any]) -> tuple[LoadedPlan, ...]:
    """By plain statements, at a fraction of the session's own price; the two rows that may be written are the
    session's all the same. The scope's part of the guard is said here (PROMISES K1)."""
    session.flush()
    scope: Scope = session.info["scope"]
    if not isinstance(scope, StaffScope | ClientScope) or scope.clinic_id != given["clinic_id"]:
        return ()
    found = []
    for row in prepared.read(session.connection(), statement, given):
        plan = _take_over(session, CarePlan, row[:_OF_PLAN])
        client = _take_over(session, Client, row[_OF_PLAN:_OF_CLIENT])
        number, course_id, ended_at, site, label, next_at = row[_OF_CLIENT:]
        if isinstance(scope, ClientScope) and plan.client_id != scope.client_id:
            continue
        signed = _signed(session, plan.clinic_id, plan.clinic_protocol_id)
        found.append(LoadedPlan(plan, TreatmentDone(number, course_id, ended_at), site, label, client, signed, next_at))
    return tuple(found)


def _take_over(session: Session, model: type[T], values: Sequence[Any]) -> T:
    """The row as the session knows it, or from now on does."""
    named = dict(zip(_NAMES[model], values, strict=True))
    known = session.identity_map.get(identity_key(model, (named["clinic_id"], named["id"])))
    if known is not None:
        return known  # by its key a row of this model
    row = manager_of_class(model).new_instance()
    row.__dict__.update(named)
    make_transient_to_detached(row)
    session.add(row)
    return row


def _same(left: type[CarePlan], right: type[Tenant], column: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    return and_(left.clinic_id == right.clinic_id, column == right.id)


def _columns(model: type[Tenant]) -> list[InstrumentedAttribute[Any]]:
    return [getattr(model, name) for name in _NAMES[model]]


_NAMES: dict[type[Tenant], list[str]] = {
    model: [column.key for column in class_mapper(model).column_attrs] for model in (CarePlan, Client)
}
_OF_PLAN = len(_NAMES[CarePlan])
_OF_CLIENT = _OF_PLAN + len(_NAMES[Client])
_BOOKED = aliased(TreatmentSession)
_PLANS = (  # built once: building it anew costs more than running it
    select(
        *_columns(CarePlan),
        *_columns(Client),
        TreatmentSession.number,
        TreatmentSession.course_id,
        TreatmentSession.ended_at,
        TreatedArea.site,
        TreatedArea.label,
        _BOOKED.planned_at,
    )
    .join(TreatmentSession, _same(CarePlan, TreatmentSession, CarePlan.treatment_id))
    .join(TreatedArea, _same(CarePlan, TreatedArea, CarePlan.area_id))
    .join(Client, _same(CarePlan, Client, CarePlan.client_id))
    .outerjoin(
        _BOOKED,
        and_(
            _BOOKED.clinic_id == CarePlan.clinic_id,
            _BOOKED.client_id == CarePlan.client_id,  # whose area it is; by this it is found
            _BOOKED.area_id == CarePlan.area_id,
            _BOOKED.state == literal_column("'planned'"),  # for the partial index, as in `fact_sql`
        ),
    )
    .where(CarePlan.clinic_id == bindparam("clinic_id"))
    .order_by(TreatmentSession.ended_at.desc(), CarePlan.id)
)
_PINNED = select(CarePlan.clinic_protocol_id).where(
    CarePlan.clinic_id == bindparam("clinic_id"), CarePlan.id == bindparam("plan_id")
)
_BY_ID = _PLANS.where(CarePlan.id == bindparam("plan_id"))
_BY_ID_AND_CLIENT = _BY_ID.where(CarePlan.client_id == bindparam("client_id"))
_BY_IDS = _PLANS.where(CarePlan.id.in_(bindparam("plan_ids", expanding=True)))
_ACTIVE = _PLANS.where(CarePlan.client_id == bindparam("client_id"), CarePlan.ended_at.is_(None))
_OF_AREA = _PLANS.where(CarePlan.area_id == bindparam("area_id"))
