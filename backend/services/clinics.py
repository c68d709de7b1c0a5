"""Clinics and the people who work there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.db import StaffScope, WorkerScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound, OwnerNeeded
from backend.ids import new_id
from backend.models import Clinic, Practitioner
from backend.services import audit
from schedules import check_zone, numbers_for

ROLES = ("owner", "practitioner", "assistant")
SHORTEST_PASSWORD = 12
HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Member:
    id: UUID
    clinic_id: UUID
    name: str
    email: str
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class ClinicView:
    """A clinic with its people. `emergency` as the owner confirmed it, or as the reference data proposes it."""

    id: UUID
    name: str
    phone: str | None
    zone: str
    country: str
    emergency: str
    advice: str | None
    advice_name: str | None
    emergency_confirmed_at: datetime | None
    reply_promise_h: int
    second_practitioner_id: UUID | None
    members: tuple[Member, ...]


def add_clinic(*, name: str, zone: str, country: str, phone: str | None = None, now: datetime) -> UUID:
    """A new clinic without people. Raises InvalidInput with every fault."""
    faults = _clinic_faults(name, zone, country)
    if faults:
        raise InvalidInput(faults)
    clinic_id = new_id(now)
    numbers = numbers_for(country)
    with transaction(StaffScope(clinic_id, program="cli")) as session:
        session.add(
            Clinic(
                id=clinic_id,
                name=name.strip(),
                phone=phone,
                zone=zone,
                country=country,
                emergency={
                    "emergency": numbers.emergency,
                    "advice": numbers.advice_line,
                    "advice_name": numbers.advice_name,
                },
                created_at=now,
            )
        )
    return clinic_id


def add_practitioner(clinic_id: UUID, *, name: str, email: str, role: str, password: str, now: datetime) -> Member:
    """A new member of a clinic. Raises InvalidInput with every fault, Conflict where the e-mail is taken."""
    faults = _member_faults(name, email, role, password)
    if faults:
        raise InvalidInput(faults)
    scope = StaffScope(clinic_id, program="cli")
    with transaction(scope) as session:
        if session.get(Clinic, clinic_id) is None:
            raise NotFound("no such clinic")
        row = Practitioner(
            clinic_id=clinic_id,
            id=new_id(now),
            name=name.strip(),
            email=email.strip().lower(),
            role=role,
            password_hash=HASHER.hash(password),
            active=True,
            created_at=now,
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError:
            raise Conflict("this e-mail address is taken") from None
        audit.record(
            session,
            scope,
            act="practitioner.add",
            subject_kind="practitioner",
            subject_id=row.id,
            details={"role": role},
            now=now,
        )
        return _member(row)


def list_ids() -> tuple[UUID, ...]:
    """Every clinic of this installation, in the order of their making: for programs that then take one scope each."""
    with transaction(WorkerScope(), write=False) as session:
        return tuple(session.scalars(select(Clinic.id).order_by(Clinic.id)))


def get_clinic(scope: StaffScope) -> ClinicView:
    with transaction(scope, write=False) as session:
        return _view(session, scope.clinic_id)


def has_no_cover(clinic_id: UUID) -> bool:
    """Whether the ladder of a red flag lacks its second person (PROMISES S2): a clinic is told so when it is set up."""
    view = get_clinic(StaffScope(clinic_id, program="cli"))
    return view.second_practitioner_id not in {member.id for member in view.members if member.active}


def confirm_emergency(
    scope: StaffScope, *, emergency: str, advice: str | None, advice_name: str | None, now: datetime
) -> ClinicView:
    """The owner confirms the numbers that clients are given. Raises OwnerNeeded for anybody else."""
    with transaction(scope) as session:
        _owner(session, scope)
        if not emergency.strip() or not all(c.isdigit() or c in " +" for c in emergency):
            raise InvalidInput((InputFault("/emergency", "a telephone number"),))
        clinic = session.get_one(Clinic, scope.clinic_id)
        clinic.emergency = {
            "emergency": emergency.strip(),
            "advice": advice or None,
            "advice_name": advice_name or None,
        }
        clinic.emergency_confirmed_at = now
        audit.record(
            session, scope, act="clinic.confirm_emergency", subject_kind="clinic", subject_id=clinic.id, now=now
        )
        session.flush()
        return _view(session, scope.clinic_id)


def name_second(scope: StaffScope, practitioner_id: UUID | None, *, now: datetime) -> ClinicView:
    """The owner names the second person of the ladder (PROMISES S2). Raises OwnerNeeded for anybody else."""
    with transaction(scope) as session:
        _owner(session, scope)
        if practitioner_id is not None and session.get(Practitioner, (scope.clinic_id, practitioner_id)) is None:
            raise NotFound("no such practitioner")
        session.get_one(Clinic, scope.clinic_id).second_practitioner_id = practitioner_id
        audit.record(
            session, scope, act="clinic.name_second", subject_kind="clinic", subject_id=scope.clinic_id, now=now
        )
        session.flush()
        return _view(session, scope.clinic_id)


def _owner(session: Session, scope: StaffScope) -> None:
    member = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
    if member is None or member.role != "owner":
        raise OwnerNeeded("only the owner may change this")


def _member_faults(name: str, email: str, role: str, password: str) -> tuple[InputFault, ...]:
    faults = []
    if not name.strip():
        faults.append(InputFault("/name", "a name"))
    if "@" not in email:
        faults.append(InputFault("/email", "an e-mail address"))
    if role not in ROLES:
        faults.append(InputFault("/role", f"one of {', '.join(ROLES)}"))
    if len(password) < SHORTEST_PASSWORD:
        faults.append(InputFault("/password", f"at least {SHORTEST_PASSWORD} characters"))
    return tuple(faults)


def _clinic_faults(name: str, zone: str, country: str) -> tuple[InputFault, ...]:
    faults = []
    if not name.strip():
        faults.append(InputFault("/name", "a name"))
    try:
        check_zone(zone)
    except ValueError as error:
        faults.append(InputFault("/zone", str(error)))
    if len(country) != 2 or not country.isalpha() or not country.isupper():
        faults.append(InputFault("/country", "two capital letters, such as GB"))
    return tuple(faults)


def _view(session: Session, clinic_id: UUID) -> ClinicView:
    clinic = session.get_one(Clinic, clinic_id)
    members = session.scalars(
        select(Practitioner)
        .where(Practitioner.clinic_id == clinic_id)
        .order_by(Practitioner.created_at, Practitioner.id)
    )
    numbers = clinic.emergency
    return ClinicView(
        id=clinic.id,
        name=clinic.name,
        phone=clinic.phone,
        zone=clinic.zone,
        country=clinic.country,
        emergency=numbers["emergency"],
        advice=numbers.get("advice"),
        advice_name=numbers.get("advice_name"),
        emergency_confirmed_at=clinic.emergency_confirmed_at,
        reply_promise_h=clinic.reply_promise_h,
        second_practitioner_id=clinic.second_practitioner_id,
        members=tuple(_member(member) for member in members),
    )


def _member(row: Practitioner) -> Member:
    return Member(row.id, row.clinic_id, row.name, row.email, row.role, row.active)
