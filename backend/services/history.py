"""What happened to a client, act by act, out of the audit log. Reads only; used by the services beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import AuditEntry, Client

MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act. `actor` is a name; None: a program."""

    at: datetime
    actor: str | None
    act: str
    details: Mapping[str, object]


def list_acts(session: Session, client: Client, names: Mapping[UUID, str]) -> tuple[HistoryLine, ...]:
    """The newest acts filed under the client; who looked at photos is kept and not repeated here."""
    rows = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.clinic_id == client.clinic_id,
            AuditEntry.client_id == client.id,
            AuditEntry.act != "photo.view",
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST_LINES)
    )
    return tuple(HistoryLine(row.at, _actor(row, client, names), row.act, row.details) for row in rows)


def _actor(row: AuditEntry, client: Client, names: Mapping[UUID, str]) -> str | None:
    if row.actor_kind == "client":
        return client.name
    return names.get(row.actor_id) if row.actor_id is not None else None
