"""P1 and ARCHITECTURE 4: one way into the database; what was committed stays, what failed leaves no trace."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from backend import db
from backend.db import DoorScope, StaffScope, WorkerScope, transaction
from backend.models import Client, Clinic
from tests.factories import NOW, make_clinic
from tests.people import make_ana, make_ida
from tests.postgres import Server


def test_what_was_committed_is_there_and_what_failed_is_not(database: Engine) -> None:
    clinic = make_clinic("Clear Skin")
    with pytest.raises(ZeroDivisionError), transaction(StaffScope(clinic.id)) as session:
        session.execute(update(Clinic).values(name="Never")).rowcount // 0  # type: ignore[attr-defined]
    with transaction(StaffScope(clinic.id), write=False) as session:
        assert session.scalars(select(Clinic.name)).all() == ["Clear Skin"]


def test_rows_are_readable_after_the_transaction(database: Engine) -> None:
    ana = make_ana(make_ida())
    with transaction(StaffScope(ana.clinic_id), write=False) as session:
        read = session.get_one(Client, (ana.clinic_id, ana.id))
    assert (read.name, read.created_at) == ("Ana", NOW)


def test_instants_come_back_aware_and_utc_and_naive_ones_are_refused(database: Engine) -> None:
    ana = make_ana(make_ida())
    scope = StaffScope(ana.clinic_id)
    elsewhere = datetime(2026, 11, 22, 12, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with transaction(scope) as session:
        session.execute(update(Client).values(joined_at=elsewhere))
    with transaction(scope, write=False) as session:
        joined = session.scalars(select(Client.joined_at)).one()
    assert joined == elsewhere
    assert joined is not None
    assert joined.tzinfo is UTC
    with pytest.raises(StatementError, match="naive datetime"), transaction(scope) as session:
        session.execute(update(Client).values(joined_at=datetime(2026, 11, 22)))


def test_a_reading_transaction_cannot_write(database: Engine) -> None:
    clinic = make_clinic()
    scope = StaffScope(clinic.id)
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), transaction(scope, write=False) as session:
        session.execute(update(Clinic).values(name="Never"))
    with pytest.raises(db.ReadOnly), transaction(scope, write=False) as session:
        session.scalars(select(Clinic)).one().name = "Never"
    with transaction(scope) as session:  # the connection that read is not spoiled for writing
        session.execute(update(Clinic).values(name="Always"))


def test_writers_that_read_first_wait_for_each_other(database: Engine) -> None:
    clinic = make_clinic(reply_promise_h=0)
    threads, each = 4, 10

    def add() -> None:
        for _ in range(each):
            with transaction(StaffScope(clinic.id)) as session:
                row = session.scalars(select(Clinic).with_for_update()).one()
                row.reply_promise_h += 1

    adding = [threading.Thread(target=add) for _ in range(threads)]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    with transaction(StaffScope(clinic.id), write=False) as session:
        assert session.scalars(select(Clinic.reply_promise_h)).one() == threads * each


def test_sqlite_keeps_what_it_acknowledged(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        seen = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert seen == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_postgresql_keeps_what_it_acknowledged_and_forgets_the_scope(database: Engine) -> None:
    with transaction(WorkerScope(), write=False) as session:
        assert session.scalars(text("SHOW synchronous_commit")).one() == "on"
        assert session.scalars(text("SELECT current_user")).one() == "fallow_worker"
    with database.connect() as connection:
        left = connection.execute(text("SELECT current_user, current_setting('fallow.clinic', true)")).one()
    assert tuple(left) in {("fallow_sender", ""), ("fallow_sender", None)}


@pytest.mark.postgres
@pytest.mark.parametrize("write", [True, False])
def test_after_the_server_has_ended_all_connections_the_next_transaction_is_served(
    postgres: Server, write: bool
) -> None:
    name = postgres.create_database()
    engine = db.build_engine(postgres.url(name), pool_size=2)
    db.configure(engine)
    clinic = make_clinic("Clear Skin")
    scope = StaffScope(clinic.id)
    with transaction(scope), transaction(scope), db.work():  # three connections, all of which live on in the pool
        pass
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    for _ in range(2):
        with transaction(scope, write=write) as session, transaction(scope, write=write) as beside:
            assert session.scalars(select(Clinic.name)).all() == ["Clear Skin"]
            assert beside.scalars(select(Clinic.name)).all() == ["Clear Skin"]
    with db.work(write=write) as connection:
        assert connection.execute(text("SELECT current_user")).scalar_one() == "fallow_worker"
    db.configure(None)
    engine.dispose()


@pytest.mark.postgres
def test_what_was_begun_when_the_connection_was_lost_is_not_repeated(postgres: Server) -> None:
    name = postgres.create_database()
    engine = db.build_engine(postgres.url(name))
    db.configure(engine)
    scope = StaffScope(make_clinic("Clear Skin").id)

    def change_twice() -> None:
        with transaction(scope) as session:
            session.execute(update(Clinic).values(name="Half"))
            postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            session.execute(update(Clinic).values(reply_promise_h=1))

    with pytest.raises(DBAPIError) as lost:
        change_twice()
    assert db.is_passing(lost.value)
    with transaction(scope, write=False) as session:
        assert session.scalars(select(Clinic.name)).all() == ["Clear Skin"]
    db.configure(None)
    engine.dispose()


@pytest.mark.postgres
def test_a_secret_cannot_speak_to_the_server(postgres: Server) -> None:
    name = postgres.create_database()
    engine = db.build_engine(postgres.url(name))
    db.configure(engine)
    asked = "x', true), set_config('role', 'fallow_worker', true); --\\' \\"
    with transaction(DoorScope(asked), write=False) as session:
        seen = session.execute(text("SELECT current_user, current_setting('fallow.door')")).one()
    assert tuple(seen) == ("fallow_app", asked)
    db.configure(None)
    engine.dispose()


def test_a_fault_of_the_moment_is_known_from_one_of_ours(database: Engine, tmp_path: Path) -> None:
    with pytest.raises(DBAPIError) as ours, transaction(DoorScope(), write=False) as session:
        session.execute(text("SELECT 1 FROM nowhere"))
    assert not db.is_passing(ours.value)
    assert not db.is_passing(ValueError())
    away = db.build_engine(f"sqlite:///{tmp_path}/away/all.db")
    with pytest.raises(DBAPIError) as passing, away.connect():
        pass
    assert db.is_passing(passing.value)


def test_no_engine_no_transaction() -> None:
    with pytest.raises(RuntimeError, match="not configured"), transaction(WorkerScope()):
        pass


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql is not supported"):
        db.prepare(_FakeEngine())  # type: ignore[arg-type]


class _FakeEngine:
    class dialect:  # noqa: N801
        name = "mysql"
