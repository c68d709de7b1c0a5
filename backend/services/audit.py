"""The audit log: who did what when. Appended in the act's transaction, sealed into the clinic's hash chain later.

A sealed row has a number in its clinic's sequence and a SHA-256 over the hash before it and its content (PROMISES K7).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.db import ClientScope, Scope, StaffScope, transaction
from backend.ids import new_id
from backend.models import AuditEntry, AuditHead, CarePlan

SEALED_AT_ONCE = 1000
START = "0" * 64  # the hash before the first row


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row of a chain that does not hold: its number, its id where there is one, and what is wrong with it."""

    sequence: int
    entry_id: UUID | None
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`sealed` rows hold; `unsealed` ones are too fresh to be in the chain yet. `fault` None: the whole chain holds."""

    sealed: int
    unsealed: int
    fault: Fault | None


def record(
    session: Session,
    scope: Scope,
    *,
    act: str,
    subject_kind: str,
    subject_id: UUID | None,
    client_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Append one row: `act` is a verb phrase ("flag.acknowledge"). `details`: ids and numbers, never health in words.

    A client's own act is always filed under that client. Raises ValueError for a scope without a clinic.
    """
    actor_kind, actor_id = _actor(scope)
    if not isinstance(scope, ClientScope | StaffScope):
        raise ValueError("an act without a clinic cannot be recorded")
    entry = AuditEntry(
        clinic_id=scope.clinic_id,
        id=new_id(now),
        at=now,
        actor_kind=actor_kind,
        actor_id=actor_id,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        client_id=scope.client_id if isinstance(scope, ClientScope) else client_id,
        details=dict(details or {}),
    )
    session.add(entry)


def record_of_plan(
    session: Session, scope: Scope, plan: CarePlan, act: str, now: datetime, details: Mapping[str, Any] | None = None
) -> None:
    """The same for an act on a care plan, filed under its client."""
    record(
        session,
        scope,
        act=act,
        subject_kind="care_plan",
        subject_id=plan.id,
        client_id=plan.client_id,
        details=details,
        now=now,
    )


def seal(scope: StaffScope, *, now: datetime) -> int:
    """Append up to 1,000 unsealed rows of the clinic to its chain, oldest first; how many it were."""
    with transaction(scope) as session:
        head = session.scalars(_head(scope).with_for_update()).one_or_none()
        waiting = select(AuditEntry).where(AuditEntry.sequence.is_(None)).order_by(AuditEntry.at, AuditEntry.id)
        rows = session.scalars(waiting.where(AuditEntry.clinic_id == scope.clinic_id).limit(SEALED_AT_ONCE)).all()
        if not rows:
            return 0
        if head is None:
            head = AuditHead(clinic_id=scope.clinic_id, sequence=0, hash=START)
            session.add(head)
        for row in rows:
            row.sequence = head.sequence = head.sequence + 1
            row.hash = head.hash = build_hash(head.hash, row)
        head.sealed_at = now
        return len(rows)


def verify(scope: StaffScope) -> Verification:
    """Look through the clinic's chain for the first row that was altered, taken out, put in, swapped or cut off."""
    with transaction(scope, write=False) as session:
        head = session.scalars(_head(scope)).one_or_none()
        own = select(AuditEntry).where(AuditEntry.clinic_id == scope.clinic_id)
        chain = own.where(AuditEntry.sequence.is_not(None)).order_by(AuditEntry.sequence)
        with session.execute(chain.execution_options(yield_per=SEALED_AT_ONCE)) as result:
            sealed, fault = _find_fault(result.scalars(), head)
        waiting = (AuditEntry.clinic_id == scope.clinic_id, AuditEntry.sequence.is_(None))
        unsealed = select(func.count()).select_from(AuditEntry).where(*waiting)
        return Verification(sealed, session.scalars(unsealed).one(), fault)


def _head(scope: StaffScope) -> Select[AuditHead]:
    return select(AuditHead).where(AuditHead.clinic_id == scope.clinic_id)


def build_hash(previous: str, row: AuditEntry) -> str:
    """The hash of a numbered row: over the hash before it and every column but its own hash."""
    content = {
        "clinic": str(row.clinic_id),
        "sequence": row.sequence,
        "id": str(row.id),
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [row.actor_kind, str(row.actor_id)],
        "act": row.act,
        "subject": [row.subject_kind, str(row.subject_id)],
        "client": str(row.client_id),
        "details": row.details,
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _find_fault(rows: Iterable[AuditEntry], head: AuditHead | None) -> tuple[int, Fault | None]:
    previous, sequence = START, 0
    for row in rows:
        sequence += 1
        if row.sequence != sequence:
            return sequence - 1, Fault(sequence, None, f"missing: the next row is number {row.sequence}")
        if head is None or sequence > head.sequence:
            return sequence - 1, Fault(sequence, row.id, "stands after the end of the chain")
        if row.hash != build_hash(previous, row):
            return sequence - 1, Fault(sequence, row.id, "is not what was sealed here")
        previous = row.hash
    if head is not None and head.sequence > sequence:
        return sequence, Fault(sequence + 1, None, f"missing: the chain was sealed up to number {head.sequence}")
    if head is not None and head.hash != previous:
        return sequence, Fault(sequence, None, "the end of the chain is not what was sealed here")
    return sequence, None


def _actor(scope: Scope) -> tuple[str, UUID | None]:
    match scope:
        case ClientScope(_, client_id):
            return "client", client_id
        case StaffScope(_, practitioner_id, program):
            return ("practitioner", practitioner_id) if practitioner_id else (program, None)
        case _:
            return "worker", None
