"""The versions that a clinic has signed, each a shipped protocol with the clinic's changes; used by the services
beside it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from backend.db import StaffScope
from backend.errors import Conflict, InputFault, InvalidInput, NotFound, ProtocolNotSigned
from backend.ids import new_id
from backend.models import ClinicProtocol, Practitioner
from backend.services import audit
from schedules import (
    Fault,
    LoweredMinimum,
    Overlay,
    OverlayChange,
    Protocol,
    ProtocolError,
    Shared,
    find_lowered_minimum,
    parse_protocol,
    parse_shared,
    shipped_documents,
)

MIN_DAYS = "readiness.base_min_days"
KNOWN = frozenset(each.name for each in fields(OverlayChange))
MOST_READ = 256
MOST_SHIPPED = 16

_READ_WELL: set[tuple[str, str, str]] = set()


@dataclass(frozen=True, slots=True)
class Edition:
    """What is about to become a version: a shipped one, the clinic's changes to it, and the answers of its owner."""

    method: str
    content_version: str
    changes: tuple[OverlayChange, ...]
    confirmed_steps: tuple[str, ...]
    turned_on_steps: tuple[str, ...]
    author: Practitioner
    reviewer: Practitioner | None = None


def store_version(
    session: Session, scope: StaffScope, owner: Practitioner, edition: Edition, now: datetime
) -> ClinicProtocol:
    """Appends the clinic's next version of a method, compiled once here, so that a plan can be pinned to it for good.

    Raises InvalidInput with every fault of its changes.
    """
    try:
        compile_changes(edition.method, edition.content_version, edition.changes)
    except ProtocolError as error:
        raise InvalidInput(as_input(error.faults)) from None
    document, shared, _ = read_shipped(edition.method, edition.content_version)
    values = {change.path: change.value for change in edition.changes}
    row = ClinicProtocol(
        clinic_id=scope.clinic_id,
        id=new_id(now),
        method=edition.method,
        version=_next_version(session, scope.clinic_id, edition.method),
        content_version=edition.content_version,
        overlay=[write_change(change) for change in edition.changes],
        confirmed_steps=list(edition.confirmed_steps),
        turned_on_steps=list(edition.turned_on_steps),
        clinic_min_days=values.get(MIN_DAYS),
        document={"method": document, "shared": shared},
        signed_by=owner.id,
        signed_by_name=owner.name,
        signed_at=now,
        author_name=edition.author.name,
        reviewed_by=edition.reviewer.id if edition.reviewer else None,
        reviewed_by_name=edition.reviewer.name if edition.reviewer else None,
    )
    session.add(row)
    session.flush()
    _record_signature(session, scope, row, edition, now)
    return row


def _record_signature(
    session: Session, scope: StaffScope, row: ClinicProtocol, edition: Edition, now: datetime
) -> None:
    audit.record(
        session,
        scope,
        act="protocol.sign",
        subject_kind="clinic_protocol",
        subject_id=row.id,
        details={
            "method": edition.method,
            "content_version": edition.content_version,
            "version": row.version,
            "author": str(edition.author.id),
            "reviewer": str(edition.reviewer.id) if edition.reviewer else None,
            "program": scope.program if scope.program == "cli" else None,
        },
        now=now,
    )


_NEWEST = (  # built once: each step of a treatment asks for it
    select(ClinicProtocol)
    .where(ClinicProtocol.clinic_id == bindparam("clinic_id"), ClinicProtocol.method == bindparam("method"))
    .order_by(ClinicProtocol.version.desc())
    .limit(1)
)


def newest_version(session: Session, clinic_id: UUID, method: str) -> ClinicProtocol | None:
    """What the clinic signed last of a method."""
    return session.scalar(_NEWEST, {"clinic_id": clinic_id, "method": method})


def signed_version(session: Session, clinic_id: UUID, method: str) -> ClinicProtocol:
    """What the clinic signed last of a method. Raises ProtocolNotSigned where it signed none."""
    signed = newest_version(session, clinic_id, method)
    if signed is None:
        raise ProtocolNotSigned(f"the owner has not signed a plan for {method} yet", method=method)
    return signed


def latest_signed(session: Session, clinic_id: UUID, method: str) -> ClinicProtocol:
    """The version of a method that new treatments and plans follow: the newest one.

    Raises ProtocolNotSigned where there is none, Conflict where this program refuses it (ARCHITECTURE 3.1).
    """
    signed = signed_version(session, clinic_id, method)
    faults = read_faults(signed)
    if faults:
        says = f"version {signed.version} of {method} starts nothing new, its owner signs a newer one: "
        raise Conflict(says + "; ".join(map(str, faults)))
    return signed


def get_version(session: Session, clinic_id: UUID, method: str, version: int) -> ClinicProtocol:
    """One signed version of a method. Raises NotFound."""
    row = session.scalar(
        select(ClinicProtocol).where(
            ClinicProtocol.clinic_id == clinic_id, ClinicProtocol.method == method, ClinicProtocol.version == version
        )
    )
    if row is None:
        raise NotFound(f"the clinic has signed no version {version} of {method}")
    return row


def _next_version(session: Session, clinic_id: UUID, method: str) -> int:
    query = select(func.max(ClinicProtocol.version)).where(
        ClinicProtocol.clinic_id == clinic_id, ClinicProtocol.method == method
    )
    return 1 + (session.scalar(query) or 0)


def read_change(stored: Mapping[str, object]) -> OverlayChange:
    """A change as it was stored. What this program's `OverlayChange` does not know is left out."""
    return OverlayChange(**{name: value for name, value in stored.items() if name in KNOWN})  # type: ignore[arg-type]


def write_change(change: OverlayChange) -> dict[str, object]:
    """A change as it is stored."""
    return asdict(change)


def find_lowered(row: ClinicProtocol) -> LoweredMinimum | None:
    """Whose word it is where a version asks for fewer days between treatments than the shipped one it stands on."""
    if row.clinic_min_days is None:
        return None
    shipped_days: int = row.document["method"]["readiness"]["base_min_days"]
    return find_lowered_minimum(shipped_days, tuple(read_change(stored) for stored in row.overlay))


def build_changes(
    values: Iterable[tuple[str, object]], by: Practitioner, reason: str | None, now: datetime
) -> tuple[OverlayChange, ...]:
    """New changes by one person."""
    said = {"by": by.name, "at": now.isoformat(), "reason": reason, "by_owner": by.role == "owner"}
    return tuple(read_change({"path": path, "value": value, **said}) for path, value in values)


@lru_cache(maxsize=MOST_SHIPPED)
def read_shipped(method: str, content_version: str) -> tuple[Mapping[str, Any], Mapping[str, Any], Shared]:
    """The documents of a shipped version, which never change, and the shared one compiled."""
    document, shared = shipped_documents(method, content_version)
    return document, shared, parse_shared(shared)


def compile_changes(method: str, content_version: str, changes: Sequence[OverlayChange]) -> Protocol:
    """The shipped version with a clinic's changes. Raises ProtocolError with every fault."""
    document, _, shared = read_shipped(method, content_version)
    return parse_protocol(document, shared, Overlay(1, tuple(changes)) if changes else None)


def as_input(faults: Iterable[Fault]) -> tuple[InputFault, ...]:
    """Faults of a protocol as faults of what was sent."""
    return tuple(InputFault(f"/{fault.path}", fault.problem) for fault in faults)


def read_faults(row: ClinicProtocol) -> tuple[Fault, ...]:
    """What today's program refuses in a version that was signed before; nothing: new plans may be started from it."""
    key = (row.method, row.content_version, json.dumps(row.overlay))
    if key in _READ_WELL:
        return ()
    changes = tuple(read_change(stored) for stored in row.overlay)
    try:
        overlay = Overlay(row.version, changes) if changes else None
        parse_protocol(row.document["method"], parse_shared(row.document["shared"]), overlay)
    except ProtocolError as error:
        return error.faults
    if len(_READ_WELL) >= MOST_READ:
        _READ_WELL.clear()
    _READ_WELL.add(key)
    return ()
