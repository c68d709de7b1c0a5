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

_NUMBERED = re.compile(r"(\w+)_m(\d+)")


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
        options = build_criteria(scope) if state.is_select else _build_write_criteria(scope, _target(state))
        state.statement = state.statement.options(*options)


def guard_flush(session: Session, _context: Any, _instances: Any) -> None:
    """Session event `before_flush`: refuse rows that are not the scope's."""
    scope: Scope = session.info["scope"]
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Guarded) and not _holds(scope, type(row), vars(row)):
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
        case DoorScope(secret) if secret:
            return [with_loader_criteria(Guarded, lambda cls: cls.behind_door(secret), include_aliases=True)]
        case DoorScope():
            return [with_loader_criteria(Guarded, _shown_to_nobody, include_aliases=True)]


def _build_write_criteria(scope: Scope, target: type | None) -> list[ExecutableOption]:
    """An update or delete reaches less than a select: through a door nothing, and for clients nothing clinic-wide."""
    if isinstance(scope, DoorScope):
        return build_criteria(DoorScope())
    if isinstance(scope, ClientScope) and target and issubclass(target, ClinicWide):
        return [*build_criteria(scope), with_loader_criteria(target, _shown_to_nobody)]
    return build_criteria(scope)


def _shown_to_worker(cls: Any) -> Any:
    return true() if cls.worker_reads else false()


def _shown_to_nobody(_cls: Any) -> Any:
    return false()


def _target(state: ORMExecuteState) -> type | None:
    return state.bind_mapper.class_ if state.bind_mapper else None


def _holds(scope: Scope, model: type[Guarded], values: Mapping[str, Any]) -> bool:
    """Whether a row to be written is the scope's."""
    match scope:
        case ClientScope(clinic, client):
            own = model.client_column is None or values.get(model.client_column) == client
            return values.get(model.clinic_column) == clinic and own and not issubclass(model, ClinicWide)
        case StaffScope(clinic):
            return values.get(model.clinic_column) == clinic
        case WorkerScope():
            return model.worker_reads
        case DoorScope():
            return False


def _refuse_foreign_insert(state: ORMExecuteState, scope: Scope) -> None:
    model = _target(state)
    if model is None or not issubclass(model, Guarded):
        return
    given = state.parameters or _split_rows(cast(Insert, state.statement).compile().params)
    for values in [given] if isinstance(given, Mapping) else given:
        if not _holds(scope, model, values):
            raise OutOfScope(f"{type(scope).__name__} does not hold this row of {model.__name__}")


def _split_rows(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`insert().values([...])` numbers its rows: clinic_id_m0, clinic_id_m1."""
    rows: dict[str, dict[str, Any]] = {}
    for name, value in parameters.items():
        numbered = _NUMBERED.fullmatch(name)
        rows.setdefault(numbered[2] if numbered else "", {})[numbered[1] if numbered else name] = value
    return list(rows.values())
