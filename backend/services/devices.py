"""Push addresses of phones and browsers: one a device, retired alone (PROMISES P5)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import DeviceSession, PushAddress
from backend.services import audit

KINDS = ("fcm_fid", "fcm_token", "web_push")
TOKEN_LIMIT = 4096

SubscriptionCheck = Callable[[str, str, str], tuple[str, ...]]
"""(endpoint, p256dh, auth) -> faults, each "field: what is wrong"; `wiring.build_subscription_check` gives it."""


@dataclass(frozen=True, slots=True)
class NewPushAddress:
    """What a phone or browser hands over. web_push: `endpoint`, `p256dh`, `auth`; FCM: `token` (a token or a FID)."""

    kind: str
    endpoint: str = ""
    p256dh: str = ""
    auth: str = ""
    token: str = ""

    @property
    def hash(self) -> str:
        parts = (self.kind, self.endpoint, self.p256dh, self.auth, self.token)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PushAddressSeen:
    """What becomes visible of an address: never the address itself."""

    device_id: UUID
    kind: str
    active: bool
    retire_reason: str | None
    changed_at: datetime


def register_push_address(
    scope: ClientScope | StaffScope, device_id: UUID, given: NewPushAddress, *, check: SubscriptionCheck, now: datetime
) -> PushAddressSeen:
    """Keep where this device gets its pushes, in place of what it had. The same one again revives it.

    Another device of the same holder that had this address loses it, so that one browser gets one push. Raises
    InvalidInput with every fault, NotFound for a device that is not this holder's or has signed out.
    """
    faults = find_faults(given, check)
    if faults:
        raise InvalidInput(faults)
    with transaction(scope) as session:
        device = _own_device(session, scope, device_id, lock=True)
        if device.ended_at is not None:
            raise NotFound("no such device")
        _take_from_others(session, device, given.hash, now)
        row = _of_device(session, device)
        if row is None:
            row = PushAddress(
                clinic_id=device.clinic_id,
                id=new_id(now),
                device_id=device.id,
                holder_kind=device.holder_kind,
                holder_id=device.holder_id,
            )
            session.add(row)
        if row.address_hash != given.hash or row.retired_at is not None:
            row.kind, row.endpoint, row.token = given.kind, given.endpoint, given.token
            row.p256dh, row.auth, row.address_hash = given.p256dh, given.auth, given.hash
            row.changed_at, row.retired_at, row.retire_reason = now, None, None
            _record(session, scope, "push_address.register", row, now)
        session.flush()
        return _describe(row)


def retire_push_address(scope: ClientScope | StaffScope, device_id: UUID, *, now: datetime) -> None:
    """This device wants no pushes. Repeating it changes nothing."""
    with transaction(scope) as session:
        device = _own_device(session, scope, device_id, lock=True)
        row = _of_device(session, device)
        if row is not None and row.retired_at is None:
            row.retired_at, row.retire_reason = now, "holder"
            _record(session, scope, "push_address.retire", row, now)


def get_push_address(scope: ClientScope | StaffScope, device_id: UUID) -> PushAddressSeen | None:
    """Whether and how this device gets pushes; None: it never handed an address over."""
    with transaction(scope, write=False) as session:
        row = _of_device(session, _own_device(session, scope, device_id))
        return _describe(row) if row is not None else None


def find_faults(given: NewPushAddress, check: SubscriptionCheck) -> tuple[InputFault, ...]:
    """Every fault of a push address; broken keys would show only at send time (FIELD_NOTES 10)."""
    if given.kind == "web_push":
        found = [fault.partition(": ") for fault in check(given.endpoint, given.p256dh, given.auth)]
        faults = [InputFault(f"/{name}", problem) for name, _, problem in found]
        return (*faults, *_must_be_empty(given, "token"))
    if given.kind not in KINDS:
        return (InputFault("/kind", f"one of {', '.join(KINDS)}"),)
    faults = list(_must_be_empty(given, "endpoint", "p256dh", "auth"))
    plain = given.token.isascii() and given.token.isprintable() and " " not in given.token
    if not given.token or len(given.token) > TOKEN_LIMIT or not plain:
        faults.append(InputFault("/token", f"1 to {TOKEN_LIMIT} plain characters"))
    return tuple(faults)


def _must_be_empty(
    given: NewPushAddress, *names: Literal["endpoint", "p256dh", "auth", "token"]
) -> tuple[InputFault, ...]:
    return tuple(InputFault(f"/{name}", f"does not belong to {given.kind}") for name in names if getattr(given, name))


def _own_device(
    session: Session, scope: ClientScope | StaffScope, device_id: UUID, *, lock: bool = False
) -> DeviceSession:
    """`lock`: nobody else changes this device's address until the transaction ends."""
    holder = scope.client_id if isinstance(scope, ClientScope) else scope.practitioner_id
    device = session.get(DeviceSession, (scope.clinic_id, device_id), with_for_update=lock or None)
    if device is None or holder is None or device.holder_id != holder:
        raise NotFound("no such device")
    return device


def _of_device(session: Session, device: DeviceSession) -> PushAddress | None:
    return session.scalars(
        select(PushAddress).where(PushAddress.clinic_id == device.clinic_id, PushAddress.device_id == device.id)
    ).one_or_none()


def _take_from_others(session: Session, device: DeviceSession, address_hash: str, now: datetime) -> None:
    others = session.scalars(
        select(PushAddress).where(
            PushAddress.clinic_id == device.clinic_id,
            PushAddress.holder_id == device.holder_id,
            PushAddress.address_hash == address_hash,
            PushAddress.device_id != device.id,
            PushAddress.retired_at.is_(None),
        )
    )
    for row in others:
        row.retired_at, row.retire_reason = now, "moved to another device"
    session.flush()


def _record(session: Session, scope: ClientScope | StaffScope, act: str, row: PushAddress, now: datetime) -> None:
    client_id = row.holder_id if row.holder_kind == "client" else None
    audit.record(
        session,
        scope,
        act=act,
        subject_kind="push_address",
        subject_id=row.id,
        client_id=client_id,
        details={"kind": row.kind},
        now=now,
    )


def _describe(row: PushAddress) -> PushAddressSeen:
    return PushAddressSeen(row.device_id, row.kind, row.retired_at is None, row.retire_reason, row.changed_at)
