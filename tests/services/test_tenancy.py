"""K1: another clinic's or client's rows are as if they were not there, though no statement here says where.

On PostgreSQL the statements go past the ORM, so that row-level security stands alone; on SQLite the session guard does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Engine, Table, create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import StaleDataError

from backend.db import ClientScope, DoorScope, OutOfScope, Scope, StaffScope, WorkerScope, transaction
from backend.models import (
    Base,
    CarePlan,
    CheckIn,
    Client,
    DeviceSession,
    HandOver,
    Invite,
    Practitioner,
    Reminder,
    StepLog,
)
from backend.tables import ClinicWide, Guarded
from tests.every_table import CLINIC_WIDE, TABLES, UNTENANTED, Rows, fill_every_table
from tests.factories import NOW, unknown_id

MODELS: dict[str, Any] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
FORBIDDEN = (OutOfScope, DBAPIError)
WORKER_TABLES = {"reminder", "push_address", "delivery_attempt", "flag", "clinic", "client", "care_plan", "message"}
ON_POSTGRES = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@dataclass(frozen=True)
class World:
    """Every table has a row of Ana and of Ben, of one clinic, and of Cleo, of another."""

    ana: Rows
    ben: Rows
    cleo: Rows

    def client_scope(self, rows: Rows) -> ClientScope:
        return ClientScope(rows["clinic"]["id"], rows["client"]["id"])

    def staff_scope(self, rows: Rows) -> StaffScope:
        return StaffScope(rows["clinic"]["id"], rows["practitioner"]["id"])


@pytest.fixture
def world(database: Engine) -> World:
    ana = fill_every_table()
    return World(ana, fill_every_table(shared=ana), fill_every_table())


def entity(session: Session, table: Table) -> Any:
    """What to select from with no filter: the bare table on PostgreSQL, the model where the guard is all there is."""
    return table if session.get_bind().dialect.name == "postgresql" else MODELS[table.name]


def key_of(table: Table, source: Any) -> list[ColumnElement[Any]]:
    columns = getattr(source, "c", source)
    return [getattr(columns, column.name) for column in table.primary_key]


def keys_in(table: Table, *people: Rows) -> list[tuple[Any, ...]]:
    return sorted({tuple(rows[table.name][column.name] for column in table.primary_key) for rows in people})


def seen(scope: Scope, table: Table) -> list[tuple[Any, ...]]:
    with transaction(scope, write=False) as session:
        return sorted(tuple(row) for row in session.execute(select(*key_of(table, entity(session, table)))))


def test_a_clinic_sees_its_own_rows_alone(world: World) -> None:
    for table in TABLES:
        for _ in range(2):  # a cached statement must not remember whose it was
            assert seen(world.staff_scope(world.ana), table) == keys_in(table, world.ana, world.ben), table.name
            assert seen(world.staff_scope(world.cleo), table) == keys_in(table, world.cleo), table.name


def test_a_client_sees_own_rows_alone(world: World) -> None:
    for table in TABLES:
        for person in (world.ana, world.ben, world.cleo):
            assert seen(world.client_scope(person), table) == keys_in(table, person), table.name


def test_a_client_of_another_clinic_is_nobody(world: World) -> None:
    mixed = ClientScope(world.ana["clinic"]["id"], world.cleo["client"]["id"])
    for table in TABLES:
        if table.name not in CLINIC_WIDE:
            assert seen(mixed, table) == [], table.name


def test_the_guard_covers_aliases_counts_joins_and_get(sqlite: Engine) -> None:
    ana, cleo = fill_every_table(), fill_every_table()
    other = aliased(Client)
    with transaction(StaffScope(ana["clinic"]["id"])) as session:
        assert session.scalar(select(func.count()).select_from(Client)) == 1
        assert session.scalar(select(func.count(other.id))) == 1
        assert session.execute(select(CheckIn.id).join(other, other.id == CheckIn.client_id)).all() == [
            (ana["check_in"]["id"],)
        ]
        assert session.scalar(select(select(func.count(Client.id)).scalar_subquery())) == 1
        assert len(session.scalars(select(Practitioner.id).where(select(Client.id).exists())).all()) == 1
        assert session.get(Client, (cleo["clinic"]["id"], cleo["client"]["id"])) is None
        assert session.get(Client, (ana["clinic"]["id"], ana["client"]["id"])) is not None


def test_nobody_changes_or_deletes_foreign_rows(world: World) -> None:
    attempts = (
        (world.staff_scope(world.cleo), world.ana),
        (world.client_scope(world.ben), world.ana),
        (world.client_scope(world.cleo), world.ana),
    )
    for scope, victim in attempts:
        for table in TABLES:
            assert changed_rows(scope, table, victim) == 0, (scope, table.name)
    for table in TABLES:
        assert keys_in(table, world.ana)[0] in seen(world.staff_scope(world.ana), table)


def changed_rows(scope: Scope, table: Table, victim: Rows) -> int:
    """How many rows of the victim a delete and an update reach; a refusal (of what is only appended) counts as none."""
    return sum(reached(scope, table, victim, way) for way in (delete, set_to_itself))


def set_to_itself(source: Any) -> Any:
    name = "clinic_id" if hasattr(getattr(source, "c", source), "clinic_id") else "id"
    return update(source).values({name: getattr(getattr(source, "c", source), name)})


def reached(scope: Scope, table: Table, victim: Rows, way: Callable[[Any], Any]) -> int:
    try:
        with transaction(scope) as session:
            source = entity(session, table)
            keys = zip(key_of(table, source), table.primary_key, strict=True)
            statement = way(source).where(*(column == victim[table.name][key.name] for column, key in keys))
            result: Any = session.execute(statement, execution_options={"synchronize_session": False})
            return int(result.rowcount)
    except ProgrammingError as refused:
        return 0 if "permission denied for table" in str(refused) else -1


def test_clients_read_what_is_the_clinics_and_never_write_it(world: World) -> None:
    for name in CLINIC_WIDE:
        table, row = Base.metadata.tables[name], world.ana[name]
        with pytest.raises((OutOfScope, StaleDataError)):
            rename(world.client_scope(world.ana), MODELS[name], tuple(row[key.name] for key in table.primary_key))


def rename(scope: Scope, model: Any, key: tuple[Any, ...]) -> None:
    with transaction(scope) as session:
        name = next(name for name in ("method", "name", "hash") if hasattr(model, name))
        setattr(session.get_one(model, key), name, "mine now")


@pytest.mark.parametrize("way", ["flush", "insert", "insert many", "insert values"])
def test_nobody_inserts_rows_for_others(world: World, way: str) -> None:
    cleo = world.cleo["treated_area"] | {"id": unknown_id()}
    ben = world.ben["treated_area"] | {"id": unknown_id()}
    model: Any = MODELS["treated_area"]
    attempts: list[tuple[Scope, dict[str, Any]]] = [
        (world.staff_scope(world.ana), cleo),
        (world.client_scope(world.ana), cleo),
        (world.client_scope(world.ana), ben),
        (DoorScope("secret"), cleo),
        (WorkerScope(), cleo),
    ]
    for scope, row in attempts:
        with pytest.raises(FORBIDDEN):
            add_rows(scope, model, row, way)


def add_rows(scope: Scope, model: Any, row: dict[str, Any], way: str) -> None:
    with transaction(scope) as session:
        if way == "flush":
            session.add(model(**row))
        else:
            rows = [row, row | {"id": unknown_id()}][: 1 if way == "insert" else 2]
            statement = (insert(model).values(rows),) if way == "insert values" else (insert(model), rows)
            session.execute(*statement)


def test_the_same_id_in_two_clinics_is_two_rows(world: World) -> None:
    wanted = unknown_id()
    for person in (world.ana, world.cleo):
        with transaction(world.client_scope(person)) as session:
            session.add(StepLog(**person["step_log"] | {"id": wanted}))
    for person in (world.ana, world.cleo):
        with transaction(world.client_scope(person), write=False) as session:
            found = session.scalars(select(StepLog).where(StepLog.id == wanted)).one()
            assert found.care_plan_id == person["care_plan"]["id"]


def test_a_foreign_parent_fails_like_an_unknown_one(world: World) -> None:
    def refusal(care_plan_id: UUID) -> str:
        row = world.ana["step_log"] | {"id": unknown_id(), "care_plan_id": care_plan_id}
        with pytest.raises(IntegrityError) as refused, transaction(world.client_scope(world.ana)) as session:
            session.add(StepLog(**row))
        return type(refused.value.orig).__name__ + str(getattr(refused.value.orig, "sqlstate", ""))

    assert refusal(world.cleo["care_plan"]["id"]) == refusal(unknown_id())


def test_the_worker_reaches_what_it_needs_and_nothing_else(world: World) -> None:
    for table in TABLES:
        if table.name in WORKER_TABLES:
            assert seen(WorkerScope(), table) == keys_in(table, world.ana, world.ben, world.cleo), table.name
        else:
            assert seen_or_refused(WorkerScope(), table) == [], table.name
    with transaction(WorkerScope()) as session:
        settled: Any = session.execute(update(Reminder).values(state="sent", settled_at=NOW))
        assert settled.rowcount == 3


def seen_or_refused(scope: Scope, table: Table) -> list[tuple[Any, ...]]:
    try:
        return seen(scope, table)
    except ProgrammingError as refused:
        return [] if f"permission denied for table {table.name}" in str(refused) else [("?",)]


@ON_POSTGRES
def test_the_workers_rights_end_at_columns(world: World) -> None:
    for statement in (
        "SELECT name FROM client",
        "SELECT email FROM client",
        "SELECT words FROM message",
        "UPDATE message SET seen_at = NULL",
        "SELECT emergency FROM clinic",
        "UPDATE push_address SET token = ''",
        "UPDATE reminder SET recipient_id = client_id",
        "UPDATE flag SET closed_at = now()",
        "DELETE FROM reminder",
        "INSERT INTO guess VALUES ('key', now(), 1)",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(WorkerScope()) as session:
            session.execute(text(statement))


@ON_POSTGRES
def test_a_forgotten_scope_is_loud(world: World, database: Engine) -> None:
    for name in {table.name for table in TABLES} | UNTENANTED:
        with database.connect() as connection, pytest.raises(ProgrammingError, match=f"denied for table {name}"):
            connection.execute(text(f"SELECT 1 FROM {name}"))


@ON_POSTGRES
def test_the_audit_log_is_append_only(world: World) -> None:
    for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET act = 'nothing'"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(world.staff_scope(world.ana)) as session,
        ):
            session.execute(text(statement))


def test_the_door_shows_only_the_row_that_the_secret_names(world: World) -> None:
    secrets: list[tuple[str, type[Base]]] = [
        (world.ana["device_session"]["token_hash"], DeviceSession),
        (world.ana["device_session"]["previous_hash"], DeviceSession),
        (world.ben["invite"]["code_hash"], Invite),
        (world.ben["hand_over"]["code_hash"], HandOver),
        (world.cleo["practitioner"]["email"], Practitioner),
    ]
    for secret, model in secrets:
        for table in TABLES:
            expected = 1 if MODELS[table.name] is model else 0
            assert len(seen(DoorScope(secret), table)) == expected, (model, table.name)
    for table in TABLES:
        assert seen(DoorScope(), table) == seen(DoorScope("unknown"), table) == [], table.name


def test_a_client_email_opens_no_door(world: World) -> None:
    for table in TABLES:
        assert seen(DoorScope(world.ana["client"]["email"]), table) == []


def test_the_door_changes_nothing(world: World) -> None:
    secret = world.ana["device_session"]["token_hash"]
    with transaction(DoorScope(secret)) as session:
        source = entity(session, DeviceSession.__table__)  # type: ignore[arg-type]
        result: Any = session.execute(update(source).values(name="mine"))
    with transaction(world.staff_scope(world.ana), write=False) as session:
        assert "mine" not in session.scalars(select(DeviceSession.name)).all(), result.rowcount


def test_every_tenant_table_has_forced_policies(postgres: Any) -> None:
    with_clinic = {table.name for table in TABLES}
    for name, rows in catalogue(postgres):
        assert rows == with_clinic, name


def catalogue(server: Any) -> Iterator[tuple[str, set[str]]]:
    engine = create_engine(server.url("fallow_template", "postgres"))
    queries = {
        "policies": "SELECT tablename FROM pg_policies WHERE 'fallow_app' = ANY(roles)",
        "forced": "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity",
        "clinic": "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND column_name = 'clinic_id' UNION SELECT 'clinic'",
    }
    with engine.connect() as connection:
        for name, query in queries.items():
            yield name, set(connection.scalars(text(query)))
    engine.dispose()


def test_every_model_with_a_clinic_is_guarded() -> None:
    for table in TABLES:
        model = MODELS[table.name]
        assert issubclass(model, Guarded), table.name
        assert issubclass(model, ClinicWide) == (table.name in CLINIC_WIDE), table.name
    assert CarePlan.worker_reads
