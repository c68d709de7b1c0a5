"""On whose behalf a transaction runs. There is none without a scope (ARCHITECTURE section 4).

On PostgreSQL a scope is a role and three settings that row-level security reads. On SQLite the session guard adds the
same condition to every ORM statement, and refuses to flush rows of somebody else.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Insert, Select, bindparam, false, true
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
    scope: Scope = state.session.info["scope"]
    if state.is_insert:
        _refuse_foreign_insert(state, scope)
    elif state.is_orm_statement and not state.is_select:
        state.statement = state.statement.options(*_build_write_criteria(scope, _target(state)))
    elif state.is_orm_statement:
        if not (state.is_column_load or state.is_relationship_load):  # those carry what narrowed the row's own load
            state.statement = _narrow(cast(Select[Any], state.statement), _NARROWED[_kind_of(scope)])
        state.parameters = {**cast(Mapping[str, Any], state.parameters or {}), **_values_of(scope)}


def guard_flush(session: Session, _context: Any, _instances: Any) -> None:
    """Session event `before_flush`: refuse rows that are not the scope's."""
    scope: Scope = session.info["scope"]
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Guarded) and not _holds(scope, type(row), vars(row)):
            raise OutOfScope(f"{type(scope).__name__} does not hold this row of {type(row).__name__}")


@lru_cache(maxsize=1024)
def _build_write_criteria(scope: Scope, target: type | None) -> list[ExecutableOption]:
    """An update or delete reaches less than a select: through a door nothing, and for clients nothing clinic-wide.

    The values stand in the conditions: a parameter of an update would be a column to set. The functions get a class,
    or an alias of it.
    """
    match scope:
        case ClientScope(clinic, client):
            own: list[ExecutableOption] = [
                with_loader_criteria(Guarded, lambda cls: cls.of_clinic(clinic), include_aliases=True),
                with_loader_criteria(Guarded, lambda cls: cls.of_client(client), include_aliases=True),
            ]
            wide = target is not None and issubclass(target, ClinicWide)
            return [*own, with_loader_criteria(target, _shown_to_nobody)] if target and wide else own
        case StaffScope(clinic):
            return [with_loader_criteria(Guarded, lambda cls: cls.of_clinic(clinic), include_aliases=True)]
        case WorkerScope():
            return [with_loader_criteria(Guarded, _shown_to_worker, include_aliases=True)]
        case DoorScope():
            return [with_loader_criteria(Guarded, _shown_to_nobody, include_aliases=True)]


def _narrow(statement: Select[Any], narrowed: "_Narrowed") -> Select[Any]:
    """The statement with the conditions of one kind of scope; a statement that is kept is narrowed, and its key in the
    cache of compiled ones is built, once. The scope's values come as parameters."""
    found = narrowed.statements.get(statement)
    if found is None:
        found = narrowed.statements[statement] = statement.options(*narrowed.criteria)
    return found


def _kind_of(scope: Scope) -> tuple[type[Scope], bool]:
    """What conditions depend on beside the values: an empty door shows nothing."""
    return type(scope), not isinstance(scope, DoorScope) or bool(scope.secret_hash)


def _values_of(scope: Scope) -> dict[str, Any]:
    match scope:
        case ClientScope(clinic, client):
            return {"scope_clinic": clinic, "scope_client": client}
        case StaffScope(clinic):
            return {"scope_clinic": clinic}
        case DoorScope(secret) if secret:
            return {"scope_secret": secret}
        case _:
            return {}


def _of_clinic(cls: Any) -> Any:
    return cls.of_clinic(bindparam("scope_clinic"))


def _of_client(cls: Any) -> Any:
    return cls.of_client(bindparam("scope_client"))


def _behind_door(cls: Any) -> Any:
    return cls.behind_door(bindparam("scope_secret"))


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


class _Narrowed:
    """The conditions of one kind of scope on a select, and the statements that they were added to."""

    def __init__(self, *conditions: Callable[[Any], Any]) -> None:
        self.criteria = [with_loader_criteria(Guarded, each, include_aliases=True) for each in conditions]
        self.statements: WeakKeyDictionary[Select[Any], Select[Any]] = WeakKeyDictionary()


_NARROWED = {
    (ClientScope, True): _Narrowed(_of_clinic, _of_client),
    (StaffScope, True): _Narrowed(_of_clinic),
    (WorkerScope, True): _Narrowed(_shown_to_worker),
    (DoorScope, True): _Narrowed(_behind_door),
    (DoorScope, False): _Narrowed(_shown_to_nobody),
}
