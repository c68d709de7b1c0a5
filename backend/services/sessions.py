"""Phones and browsers that are signed in: opaque tokens, stored as hashes, rotated with reuse detection (PROMISES K4).

A successor is an HMAC of its predecessor under the server's secret, so the same predecessor always gets the same
successor
and none has to be stored. A predecessor is good for 60 s, and for as long as its successor was never used; shown
later, it
has been copied, and the whole family is revoked.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.db import ClientScope, DoorScope, StaffScope, transaction
from backend.errors import NotFound, NotSignedIn
from backend.ids import new_id
from backend.models import DeviceSession, Practitioner, PushAddress

GRACE = timedelta(seconds=60)
PHONE_LIFE = timedelta(days=365)
BROWSER_LIFE = timedelta(hours=12)
BROWSER_IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a token. `kind`: client or practitioner; `role` of a practitioner."""

    kind: str
    clinic_id: UUID
    holder_id: UUID
    device_id: UUID
    role: str | None = None

    @property
    def client_scope(self) -> ClientScope:
        return ClientScope(self.clinic_id, self.holder_id)

    @property
    def staff_scope(self) -> StaffScope:
        return StaffScope(self.clinic_id, self.holder_id)


def hash_of(token: str) -> str:
    """What is stored of a token or a code."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(
    session: Session,
    scope: ClientScope | StaffScope,
    *,
    name: str,
    platform: str,
    now: datetime,
    role: str | None = None,
) -> tuple[SignedIn, str]:
    """Signs the person of `scope` in on a new device, inside the transaction of what signs them in; gives who it is
    and the device's token."""
    kind = "client" if isinstance(scope, ClientScope) else "practitioner"
    holder_id = scope.client_id if isinstance(scope, ClientScope) else scope.practitioner_id
    assert holder_id is not None  # a program shows no token
    token = secrets.token_urlsafe(32)
    row = DeviceSession(
        clinic_id=scope.clinic_id,
        id=new_id(now),
        holder_kind=kind,
        holder_id=holder_id,
        name=name,
        platform=platform,
        token_hash=hash_of(token),
        created_at=now,
        seen_at=now,
        expires_at=now + (PHONE_LIFE if kind == "client" else BROWSER_LIFE),
    )
    session.add(row)
    session.flush()
    return SignedIn(kind, scope.clinic_id, holder_id, row.id, role), token


def authenticate(token: str, kind: str, *, now: datetime) -> SignedIn:
    """Who shows this token. Raises NotSignedIn for an unknown, ended, idle or copied one, and for one of the other
    kind."""
    row = _find(token)
    if row is None or row.holder_kind != kind or not _alive(row, now):
        raise NotSignedIn()
    scope = _scope(row)
    if row.token_hash != hash_of(token):
        if not _in_grace(row, now):
            _revoke_family(scope, row, now)
            raise NotSignedIn("this session was copied and has been ended")
    elif row.successor_used_at is None or now - row.seen_at > SEEN_EVERY:
        _mark_seen(scope, row, now)
    role = _role(scope, row) if kind == "practitioner" else None
    return SignedIn(kind, row.clinic_id, row.holder_id, row.id, role)


def refresh(token: str, kind: str, *, secret: bytes, now: datetime) -> tuple[SignedIn, str]:
    """Exchanges a token for its successor. Twenty parallel calls with one token get one successor."""
    row = _find(token)
    if row is None or row.holder_kind != kind or not _alive(row, now):
        raise NotSignedIn()
    scope, successor = _scope(row), _successor(secret, token)
    if row.token_hash == hash_of(token):
        with transaction(scope) as session:
            session.execute(
                update(DeviceSession)
                .where(
                    DeviceSession.clinic_id == row.clinic_id,
                    DeviceSession.id == row.id,
                    DeviceSession.token_hash == row.token_hash,
                )
                .values(
                    token_hash=hash_of(successor),
                    previous_hash=row.token_hash,
                    rotated_at=now,
                    successor_used_at=None,
                    expires_at=now + PHONE_LIFE if kind == "client" else row.expires_at,
                )
            )
    elif not _in_grace(row, now):
        _revoke_family(scope, row, now)
        raise NotSignedIn("this session was copied and has been ended")
    return SignedIn(kind, row.clinic_id, row.holder_id, row.id), successor


def sign_out(who: SignedIn, *, now: datetime) -> None:
    """Ends this device's session and retires its push address."""
    scope = who.client_scope if who.kind == "client" else who.staff_scope
    with transaction(scope) as session:
        row = session.get(DeviceSession, (who.clinic_id, who.device_id))
        if row is None:
            raise NotFound("no such device")
        _end(session, row, "signed out", now)


def _find(token: str) -> DeviceSession | None:
    key = hash_of(token)
    with transaction(DoorScope(key), write=False) as session:
        return session.scalar(
            select(DeviceSession).where((DeviceSession.token_hash == key) | (DeviceSession.previous_hash == key))
        )


def _scope(row: DeviceSession) -> ClientScope | StaffScope:
    if row.holder_kind == "client":
        return ClientScope(row.clinic_id, row.holder_id)
    return StaffScope(row.clinic_id, row.holder_id)


def _alive(row: DeviceSession, now: datetime) -> bool:
    idle = row.holder_kind == "practitioner" and now - row.seen_at > BROWSER_IDLE
    return row.ended_at is None and now < row.expires_at and not idle


def _in_grace(row: DeviceSession, now: datetime) -> bool:
    return row.successor_used_at is None or (row.rotated_at is not None and now - row.rotated_at <= GRACE)


def _successor(secret: bytes, token: str) -> str:
    return (
        urlsafe_b64encode(hmac.new(secret, b"successor:" + token.encode(), hashlib.sha256).digest())
        .rstrip(b"=")
        .decode()
    )


def _mark_seen(scope: ClientScope | StaffScope, row: DeviceSession, now: datetime) -> None:
    with transaction(scope) as session:
        session.execute(
            update(DeviceSession)
            .where(
                DeviceSession.clinic_id == row.clinic_id,
                DeviceSession.id == row.id,
                DeviceSession.token_hash == row.token_hash,
            )
            .values(seen_at=now, successor_used_at=row.successor_used_at or now)
        )


def _role(scope: ClientScope | StaffScope, row: DeviceSession) -> str:
    with transaction(scope, write=False) as session:
        member = session.get(Practitioner, (row.clinic_id, row.holder_id))
        if member is None or not member.active:
            raise NotSignedIn()
        return member.role


def _revoke_family(scope: ClientScope | StaffScope, row: DeviceSession, now: datetime) -> None:
    with transaction(scope) as session:
        stored = session.get(DeviceSession, (row.clinic_id, row.id))
        if stored is not None:
            _end(session, stored, "token reused", now)


def _end(session: Session, row: DeviceSession, reason: str, now: datetime) -> None:
    row.ended_at, row.end_reason = now, reason
    session.execute(
        update(PushAddress)
        .where(
            PushAddress.clinic_id == row.clinic_id,
            PushAddress.device_id == row.id,
            PushAddress.retired_at.is_(None),
        )
        .values(retired_at=now, retire_reason=reason)
    )
    session.flush()
