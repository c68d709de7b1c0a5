"""Clients: added by the clinic, their own settings on their phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import Client, Clinic, Consent, Practitioner
from backend.services import audit, changes, consents, plan_facts, step_times
from backend.services.consents import ConsentGiven
from backend.services.emergency import Numbers, numbers_of
from backend.services.step_times import StepTimes
from schedules import check_zone

CHECK_IN_AT = time(8, 0)  # protocols rule 22
QUIET = (time(22, 0), time(7, 30))  # DESIGN section 7


@dataclass(frozen=True, slots=True)
class Me:
    """The client as their own phone sees it. `emergency`: the clinic's country first, then that of the phone's zone."""

    id: UUID
    name: str
    practitioner_name: str
    studio: str
    studio_phone: str | None
    country: str
    zone: str
    language: str
    quiet: tuple[time, time] | None
    check_in_at: time
    discreet: bool
    cover_photos: bool
    help_may_break_quiet: bool
    consents: tuple[tuple[str, bool, str, datetime], ...]
    emergency: tuple[Numbers, ...]


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One line of the clinic's list of clients."""

    id: UUID
    name: str
    practitioner_id: UUID
    skin_type: str | None
    joined_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Wishes:
    """Changes a client makes to their settings; what is None stays. `quiet_off` takes the quiet hours away,
    `resume_reminders` starts reminders again that had stopped after a silence; `step_times` of the steps named."""

    zone: str | None = None
    language: str | None = None
    quiet: tuple[time, time] | None = None
    quiet_off: bool = False
    check_in_at: time | None = None
    discreet: bool | None = None
    cover_photos: bool | None = None
    help_may_break_quiet: bool | None = None
    consents: tuple[ConsentGiven, ...] = ()
    resume_reminders: bool = False
    step_times: tuple[StepTimes, ...] = ()


def add_client(
    scope: StaffScope, *, name: str, zone: str | None = None, practitioner_id: UUID | None = None,
    email: str | None = None, now: datetime,
) -> ClientLine:  # fmt: skip
    """A new client, looked after by the named practitioner, else by who adds them. The zone is the clinic's until a
    phone joins."""
    if not name.strip():
        raise InvalidInput((InputFault("/name", "a first name is enough"),))
    with transaction(scope) as session:
        clinic = session.get_one(Clinic, scope.clinic_id)
        carer = practitioner_id or scope.practitioner_id
        if session.get(Practitioner, (scope.clinic_id, carer)) is None:
            raise NotFound("no such practitioner")
        row = Client(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            practitioner_id=carer,
            name=name.strip(),
            email=email,
            zone=zone or clinic.zone,
            language="en",
            quiet_from=QUIET[0],
            quiet_until=QUIET[1],
            check_in_at=CHECK_IN_AT,
            step_times={},
            discreet=True,
            cover_photos=True,
            help_may_break_quiet=False,
            created_at=now,
        )
        session.add(row)
        session.flush()
        audit.record(
            session, scope, act="client.add", subject_kind="client", subject_id=row.id, client_id=row.id, now=now
        )
        return _line(row)


def list_clients(scope: StaffScope) -> tuple[ClientLine, ...]:
    """The clinic's clients by name."""
    with transaction(scope, write=False) as session:
        rows = session.scalars(
            select(Client)
            .where(Client.clinic_id == scope.clinic_id)
            .order_by(Client.name, Client.created_at, Client.id)
        )
        return tuple(_line(row) for row in rows)


def get_me(scope: ClientScope) -> Me:
    with transaction(scope, write=False) as session:
        return _me(session, scope)


def change_me(scope: ClientScope, wishes: Wishes, *, now: datetime) -> Me:
    """The client changes their settings; what hangs on times and zones is planned anew in the same transaction."""
    faults = _faults(wishes)
    if faults:
        raise InvalidInput(faults)
    with transaction(scope) as session:
        client = session.get_one(Client, (scope.clinic_id, scope.client_id))
        reason = "settings changed"
        if wishes.zone is not None and wishes.zone != client.zone:
            plan_facts.add_zone_move(session, client, wishes.zone, now)
            reason = "moved to another zone"
        if wishes.quiet_off:
            client.quiet_from, client.quiet_until = None, None
        elif wishes.quiet is not None:
            client.quiet_from, client.quiet_until = wishes.quiet
        if wishes.step_times:
            step_times.set_times(session, client, wishes.step_times)
        if wishes.resume_reminders:
            client.resumed_at = now
        for name, value in _plain(wishes).items():
            if value is not None:
                setattr(client, name, value)
        consents.add(session, client, wishes.consents, now)
        session.flush()
        changes.replan_client(session, client, now, reason)
        audit.record(
            session,
            scope,
            act="client.change",
            subject_kind="client",
            subject_id=client.id,
            client_id=client.id,
            now=now,
        )
        return _me(session, scope)


def has_consent(session: Session, client_id: UUID, clinic_id: UUID, kind: str) -> bool:
    """Whether the newest decision on this kind is yes."""
    given = session.scalar(
        select(Consent.given)
        .where(Consent.clinic_id == clinic_id, Consent.client_id == client_id, Consent.kind == kind)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )
    return bool(given)


def _plain(wishes: Wishes) -> Mapping[str, object]:
    return {
        "language": wishes.language,
        "check_in_at": wishes.check_in_at,
        "discreet": wishes.discreet,
        "cover_photos": wishes.cover_photos,
        "help_may_break_quiet": wishes.help_may_break_quiet,
    }


def _faults(wishes: Wishes) -> tuple[InputFault, ...]:
    faults = list(consents.find_faults(wishes.consents))
    if wishes.zone is not None:
        try:
            check_zone(wishes.zone)
        except ValueError as error:
            faults.append(InputFault("/zone", str(error)))
    return tuple(faults)


def _line(row: Client) -> ClientLine:
    return ClientLine(row.id, row.name, row.practitioner_id, row.skin_type, row.joined_at, row.created_at)


def _me(session: Session, scope: ClientScope) -> Me:
    client = session.get_one(Client, (scope.clinic_id, scope.client_id))
    clinic = session.get_one(Clinic, scope.clinic_id)
    name = session.scalar(
        select(Practitioner.name).where(
            Practitioner.clinic_id == scope.clinic_id, Practitioner.id == client.practitioner_id
        )
    )
    newest: dict[str, tuple[str, bool, str, datetime]] = {}
    for consent in session.scalars(
        select(Consent)
        .where(Consent.clinic_id == scope.clinic_id, Consent.client_id == scope.client_id)
        .order_by(Consent.at, Consent.id)
    ):
        newest[consent.kind] = (consent.kind, consent.given, consent.text_version, consent.at)
    return Me(
        id=client.id,
        name=client.name,
        practitioner_name=name or "",
        studio=clinic.name,
        studio_phone=clinic.phone,
        country=clinic.country,
        zone=client.zone,
        language=client.language,
        quiet=client.quiet,
        check_in_at=client.check_in_at,
        discreet=client.discreet,
        cover_photos=client.cover_photos,
        help_may_break_quiet=client.help_may_break_quiet,
        consents=tuple(newest.values()),
        emergency=numbers_of(clinic, client.zone),
    )
