"""Invitations: a client comes in by a code that works once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.db import ClientScope, DoorScope, StaffScope, transaction
from backend.errors import InputFault, InvalidInput, InviteSpent, NotFound
from backend.ids import new_id
from backend.models import Client, Clinic, Invite, Practitioner
from backend.services import audit, consents, guesses, plan_facts, planning, sessions
from backend.services.consents import ConsentGiven
from backend.services.sessions import SignedIn
from schedules import check_zone

INVITE_LIFE = timedelta(hours=48)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no look-alikes
CODE_LENGTH = 12  # 59 bits


@dataclass(frozen=True, slots=True)
class InviteMade:
    """The code is shown once and never stored."""

    id: UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InviteShown:
    """What an invitation says before it is accepted: no method, area, session or surname (DESIGN 3.1)."""

    client_name: str
    practitioner_name: str
    studio: str
    studio_phone: str | None
    valid_until: datetime
    language: str


@dataclass(frozen=True, slots=True)
class Device:
    name: str
    platform: str
    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class InviteState:
    """`state`: waiting, joined, expired or revoked."""

    id: UUID
    state: str
    expires_at: datetime


def make(scope: StaffScope, client_id: UUID, *, now: datetime) -> InviteMade:
    """A new invitation for a client; earlier ones that were not used are revoked."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    with transaction(scope) as session:
        client = session.get(Client, (scope.clinic_id, client_id))
        if client is None:
            raise NotFound("no such client")
        _revoke_open(session, scope.clinic_id, client_id, "replaced", now)
        row = Invite(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            client_id=client_id,
            code_hash=sessions.hash_of(code),
            made_by=scope.practitioner_id or client.practitioner_id,  # from the command line: on behalf of the carer
            made_at=now,
            expires_at=now + INVITE_LIFE,
        )
        session.add(row)
        session.flush()
        audit.record(
            session, scope, act="client.invite", subject_kind="invite", subject_id=row.id, client_id=client_id, now=now
        )
        return InviteMade(row.id, "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4)), row.expires_at)


def get_state(scope: StaffScope, invite_id: UUID, *, now: datetime) -> InviteState:
    with transaction(scope, write=False) as session:
        row = session.get(Invite, (scope.clinic_id, invite_id))
        if row is None:
            raise NotFound("no such invitation")
        return InviteState(row.id, state_of(row, now), row.expires_at)


def show(code: str, *, origin: str, now: datetime) -> InviteShown:
    """What the invitation page shows; never redeems. NotFound for an unknown code, InviteSpent for a used or old
    one."""
    row = _invite(code, origin, now)
    with transaction(ClientScope(row.clinic_id, row.client_id), write=False) as session:
        client = session.get_one(Client, (row.clinic_id, row.client_id))
        clinic = session.get_one(Clinic, row.clinic_id)
        name = session.scalar(
            select(Practitioner.name).where(
                Practitioner.clinic_id == row.clinic_id, Practitioner.id == client.practitioner_id
            )
        )
        if state_of(row, now) != "waiting":
            raise InviteSpent(f"ask {name} for a new one", studio_phone=clinic.phone, practitioner_name=name)
        return InviteShown(client.name, name or "", clinic.name, clinic.phone, row.expires_at, client.language)


def redeem(
    code: str, device: Device, given: Sequence[ConsentGiven], *, origin: str, now: datetime
) -> tuple[SignedIn, str]:
    """Accepts an invitation, once: a conditional update decides between two phones. Plans run from here on this
    phone's clock.

    Raises InvalidInput (zone, consents), NotFound, InviteSpent.
    """
    faults = _enrolment_faults(device, given)
    if faults:
        raise InvalidInput(faults)
    row = _invite(code, origin, now)
    scope = ClientScope(row.clinic_id, row.client_id)
    with transaction(scope) as session:
        if not _redeem_once(session, row, now):
            clinic = session.get_one(Clinic, row.clinic_id)
            raise InviteSpent(studio_phone=clinic.phone)
        client = session.get_one(Client, (row.clinic_id, row.client_id))
        client.language = device.language
        client.joined_at = client.joined_at or now
        if client.zone != device.zone:
            plan_facts.add_zone_move(session, client, device.zone, now)
        consents.add(session, client, given, now)
        signed_in = sessions.open_session(session, scope, name=device.name, platform=device.platform, now=now)
        for plan in plan_facts.load_active_plans(session, row.clinic_id, client.id, lock=True):
            planning.replan(session, plan, now, "joined")
        audit.record(
            session, scope, act="invite.redeem", subject_kind="invite", subject_id=row.id, client_id=client.id, now=now
        )
        return signed_in


def decline(code: str, *, origin: str, now: datetime) -> None:
    """ "This is not me": the invitation is revoked and the studio sees it."""
    row = _invite(code, origin, now)
    scope = ClientScope(row.clinic_id, row.client_id)
    with transaction(scope) as session:
        _revoke_open(session, row.clinic_id, row.client_id, "not this person", now)
        audit.record(
            session,
            scope,
            act="invite.decline",
            subject_kind="invite",
            subject_id=row.id,
            client_id=row.client_id,
            now=now,
        )


def revoke(scope: StaffScope, invite_id: UUID, *, now: datetime) -> None:
    with transaction(scope) as session:
        row = session.get(Invite, (scope.clinic_id, invite_id))
        if row is None:
            raise NotFound("no such invitation")
        _revoke_open(session, scope.clinic_id, row.client_id, "revoked", now)
        audit.record(
            session,
            scope,
            act="invite.revoke",
            subject_kind="invite",
            subject_id=row.id,
            client_id=row.client_id,
            now=now,
        )


def _enrolment_faults(device: Device, given: Sequence[ConsentGiven]) -> tuple[InputFault, ...]:
    faults = list(consents.find_faults(given))
    try:
        check_zone(device.zone)
    except ValueError as error:
        faults.append(InputFault("/device/zone", str(error)))
    if not any(consent.kind == "care" and consent.given for consent in given):
        faults.append(InputFault("/consents", "sharing check-ins with the clinic is the service itself"))
    return tuple(faults)


def _invite(code: str, origin: str, now: datetime) -> Invite:
    """The invitation of a code as typed (spaces, dashes and case do not matter); guesses are counted."""
    guess_key = sessions.hash_of(f"invite:{origin}")
    guesses.check(guess_key, now)
    key = sessions.hash_of("".join(c for c in code.upper() if c in ALPHABET))
    with transaction(DoorScope(key), write=False) as session:
        row = session.scalar(select(Invite).where(Invite.code_hash == key))
    if row is None:
        guesses.count(guess_key, now)
        raise NotFound("no such invitation")
    return row


def state_of(row: Invite, now: datetime) -> str:
    """waiting, joined, expired or revoked."""
    if row.redeemed_at is not None:
        return "joined"
    if row.revoked_at is not None:
        return "revoked"
    return "waiting" if now < row.expires_at else "expired"


def _redeem_once(session: Session, row: Invite, now: datetime) -> bool:
    changed = session.execute(
        update(Invite)
        .where(
            Invite.clinic_id == row.clinic_id,
            Invite.id == row.id,
            Invite.redeemed_at.is_(None),
            Invite.revoked_at.is_(None),
            Invite.expires_at > now,
        )
        .values(redeemed_at=now)
        .returning(Invite.id)
    )
    return len(changed.all()) == 1


def _revoke_open(session: Session, clinic_id: UUID, client_id: UUID, reason: str, now: datetime) -> None:
    session.execute(
        update(Invite)
        .where(
            Invite.clinic_id == clinic_id,
            Invite.client_id == client_id,
            Invite.redeemed_at.is_(None),
            Invite.revoked_at.is_(None),
        )
        .values(revoked_at=now, revoke_reason=reason)
    )
