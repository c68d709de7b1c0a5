"""On whose behalf a transaction runs. There is none without a scope (ARCHITECTURE section 4).

On PostgreSQL a scope is a role and three settings that row-level security reads. On SQLite the session guard adds the
same condition to every ORM statement, and refuses to flush rows of somebody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import Insert, false, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from backend.errors import FallowError
from backend.tables import ClinicWide, Guarded


class OutOfScope(FallowError):
    """A transaction reached for rows that its scope does not hold."""


@dataclass(frozen=True, slots=True)
class ClientScope:
    """A client's phone: this client's own rows, and what the clinic shows to all its clients."""

    clinic_id: UUID
    client_id: UUID


@dataclass(frozen=True, slots=True)
class StaffScope:
    """Somebody at the clinic, or a program that works for one clinic (`practitioner_id` None, `program` says which)."""

    clinic_id: UUID
    practitioner_id: UUID | None = None
    program: Literal["worker", "cli"] = "worker"


@dataclass(frozen=True, slots=True)
class WorkerScope:
    """The reminder worker, all clinics: claim and settle reminders, and what that needs."""


@dataclass(frozen=True, slots=True)
class DoorScope:
    """Before the tenant is known: only the row that this secret names (token, invite code, or a practitioner's e-mail).

    `DoorScope()` sees no clinic's row at all: throttling, heartbeats.
    """

    secret_hash: str = ""


Scope = ClientScope | StaffScope | WorkerScope | DoorScope

_CLINIC_PARAMETER = re.compile(r"clinic_id(_m\d+)?")


def build_settings(scope: Scope) -> dict[str, str]:
    """What PostgreSQL is told at the start of the transaction; '' stands for none (FIELD_NOTES 21)."""
    match scope:
        case ClientScope(clinic_id, client_id):
            return {"role": "fallow_app", "clinic": str(clinic_id), "client": str(client_id), "door": ""}
        case StaffScope(clinic_id):
            return {"role": "fallow_app", "clinic": str(clinic_id), "client": "", "door": ""}
        case WorkerScope():
            return {"role": "fallow_worker", "clinic": "", "client": "", "door": ""}
        case DoorScope(secret_hash):
            return {"role": "fallow_app", "clinic": "", "client": "", "door": secret_hash}


def guard_statement(state: ORMExecuteState) -> None:
    """Session event `do_orm_execute`: narrow the statement to the scope."""
    if state.is_column_load or state.is_relationship_load:
        return
    scope: Scope = state.session.info["scope"]
    if state.is_insert:
        _refuse_foreign_insert(state, scope)
    elif state.is_orm_statement:
        state.statement = state.statement.options(*build_criteria(scope))


def guard_flush(session: Session, _context: Any, _instances: Any) -> None:
    """Session event `before_flush`: refuse rows that are not the scope's."""
    scope: Scope = session.info["scope"]
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Guarded) and not _holds(scope, row):
            raise OutOfScope(f"{type(scope).__name__} does not hold this row of {type(row).__name__}")


def build_criteria(scope: Scope) -> list[ExecutableOption]:
    """The conditions of a scope on every guarded model. The functions get a class, or an alias of it."""
    match scope:
        case ClientScope(clinic, client):
            return [
                with_loader_criteria(Guarded, lambda cls: cls.of_clinic(clinic), include_aliases=True),
                with_loader_criteria(Guarded, lambda cls: cls.of_client(client), include_aliases=True),
            ]
        case StaffScope(clinic):
            return [with_loader_criteria(Guarded, lambda cls: cls.of_clinic(clinic), include_aliases=True)]
        case WorkerScope():
            return [with_loader_criteria(Guarded, _shown_to_worker, include_aliases=True)]
        case DoorScope(secret):
            return [with_loader_criteria(Guarded, lambda cls: cls.behind_door(secret), include_aliases=True)]


def _shown_to_worker(cls: Any) -> Any:
    return true() if cls.worker_reads else false()


def _holds(scope: Scope, row: Guarded) -> bool:
    """Whether a row to be written is the scope's; a row of another clinic fails as on PostgreSQL."""
    match scope:
        case ClientScope(clinic, client):
            own = row.clinic_key() == clinic and row.client_key() in (client, None)
            return own and not isinstance(row, ClinicWide)
        case StaffScope(clinic):
            return row.clinic_key() == clinic
        case WorkerScope():
            return row.worker_reads
        case DoorScope():
            return False


def _refuse_foreign_insert(state: ORMExecuteState, scope: Scope) -> None:
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, Guarded):
        return
    if isinstance(scope, WorkerScope) and mapper.class_.worker_reads:
        return
    given = state.parameters or cast(Insert, state.statement).compile().params
    rows = [given] if isinstance(given, Mapping) else given
    allowed = getattr(scope, "clinic_id", None)
    for name, value in ((name, value) for row in rows for name, value in row.items()):
        if _CLINIC_PARAMETER.fullmatch(name) and value != allowed:
            raise OutOfScope(f"{type(scope).__name__} does not hold this row of {mapper.class_.__name__}")
