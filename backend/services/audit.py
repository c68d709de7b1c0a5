"""The audit log: who did what when. Appended in the act's transaction, sealed into the clinic's hash chain later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.db import ClientScope, Scope, StaffScope
from backend.ids import new_id
from backend.models import AuditEntry


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


def _actor(scope: Scope) -> tuple[str, UUID | None]:
    match scope:
        case ClientScope(_, client_id):
            return "client", client_id
        case StaffScope(_, practitioner_id, program):
            return ("practitioner", practitioner_id) if practitioner_id else (program, None)
        case _:
            return "worker", None
