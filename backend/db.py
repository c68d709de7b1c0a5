"""The database: engine, and the one place where a transaction begins and ends. Flask-SQLAlchemy stands here alone.

Sessions come from the engine, not from a request, so that worker, CLI and simulation need neither request nor app:
`configure(build_engine(url))` once, then `with transaction(scope) as session:`. Inside it nobody commits or rolls back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_IOERR, SQLITE_LOCKED
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from typing import Any

from alembic import command
from alembic.config import Config
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from backend.scopes import (
    ClientScope,
    DoorScope,
    OutOfScope,
    Scope,
    StaffScope,
    WorkerScope,
    guard_flush,
    guard_statement,
)
from backend.tables import Base

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)

# FIELD_NOTES 3: WAL + FULL keeps the last commits at power loss (PROMISES P1)
# the cache in KiB: what a large practice's day touches
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "cache_size=-32768")
SQLITE_PASSING = frozenset({SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN})
PASSING = DBAPIError, PoolTimeout  # the faults that `is_passing` looks at
STATEMENTS_KEPT = 1024  # by each connection to SQLite; the driver's own 128 are fewer than the product has

MIGRATIONS = Path(__file__).parent / "migrations"

_engine: Engine | None = None
_reading: Engine | None = None  # on SQLite; `_build_reading`


class GuardedSession(Session):
    """A session on SQLite, where nothing stands behind the `where` but this guard (FIELD_NOTES 21)."""


event.listen(GuardedSession, "do_orm_execute", guard_statement)
event.listen(GuardedSession, "before_flush", guard_flush)


class ReadOnly(RuntimeError):
    """A transaction opened with `write=False` was given rows to write."""


@event.listens_for(Session, "before_flush")
def _refuse_writes(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get("write") is False and (session.new or session.dirty or session.deleted):
        raise ReadOnly("open it with transaction(scope) to write")


def build_engine(url: str, **options: Any) -> Engine:
    """Make an engine for SQLite or PostgreSQL with what PROMISES P1 asks for. `options`: of create_engine."""
    return prepare(create_engine(url, **options))


def prepare(engine: Engine) -> Engine:
    """Attach to an engine what every connection must be told. Raises ValueError for another kind of database."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _keep_statements)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        from backend import postgresql  # its driver is no load for an installation on SQLite

        event.listen(engine, "connect", _prepare_postgresql)
        postgresql.prepare(engine)
    else:
        raise ValueError(f"{engine.dialect.name} is not supported; right would be sqlite or postgresql+psycopg")
    return engine


def configure(engine: Engine | None) -> None:
    """Choose the engine that every transaction of this process uses; it comes from `build_engine` or `prepare`."""
    global _engine, _reading
    _engine = engine
    _reading = _build_reading(engine) if engine is not None and engine.dialect.name == "sqlite" else None


def init_app(app: Flask, url: str) -> None:
    """Bind Flask-SQLAlchemy to the app and take its engine for all transactions."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        configure(prepare(db.engine))


def get_engine() -> Engine:
    """The engine of this process; a RuntimeError when nobody has called `configure`."""
    if _engine is None:
        raise RuntimeError("the database is not configured: call backend.db.configure(engine) first")
    return _engine


def _engine_for(write: bool) -> Engine:
    """Where a transaction runs."""
    engine = get_engine()
    return engine if write or _reading is None else _reading


def is_passing(fault: BaseException) -> bool:
    """Whether it is the database's fault and one of the moment: another writer held it too long, no connection came
    free, it does not answer, its disk is full. The same may be asked again; a commit may have counted all the same."""
    if isinstance(fault, PoolTimeout):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    if isinstance(fault.orig, SqliteError):
        return getattr(fault.orig, "sqlite_errorcode", 0) & 0xFF in SQLITE_PASSING
    return fault.connection_invalidated or isinstance(fault, OperationalError)


def dialect_name() -> str:
    """`sqlite` or `postgresql`; only the claim and the column types may ask."""
    return get_engine().dialect.name


@contextmanager
def transaction(scope: Scope, write: bool = True, rehearse: bool = False) -> Iterator[Session]:
    """Run one transaction for `scope` and commit it at the end; an exception leaves no trace in the database.

    With `write=False` the database refuses every write, and on SQLite no other writer is kept waiting. With `rehearse`
    all is done as ever and then rolled back: what a change would do is shown by the very code that does it.
    """
    engine = _engine_for(write)
    kind = GuardedSession if engine.dialect.name == "sqlite" else Session
    with kind(engine, expire_on_commit=False, info={"scope": scope, "write": write}) as session:
        session.connection(execution_options=_options(scope, write))
        yield session
        if rehearse:
            session.rollback()
        else:
            session.commit()


@contextmanager
def work(write: bool = True, plan_once: bool = False) -> Iterator[Connection]:
    """Run one transaction of the worker on a bare connection, for fixed statements alone: it begins and ends as
    `transaction(WorkerScope())` does, without the price of a session.

    `plan_once`: for statements that go by the same index whatever their values; PostgreSQL plans them once, which
    otherwise costs it more than they do.
    """
    options = {**_options(WorkerScope(), write), "plan_once": plan_once}
    with _engine_for(write).connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _options(scope: Scope, write: bool) -> dict[str, Any]:
    return {"immediate": write, "read_only": not write, "scope": scope}


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database up to `revision`, in one transaction. On PostgreSQL the login must be fallow_owner's."""
    with _migration(url) as config:
        command.upgrade(config, revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Migrate the database down to `revision`; what its tables held is lost."""
    with _migration(url) as config:
        command.downgrade(config, revision)


def check(url: str) -> None:
    """Raise alembic's AutogenerateDiffsDetected where the migrated database differs from the models."""
    with _migration(url) as config:
        command.check(config)


@contextmanager
def _migration(url: str) -> Iterator[Config]:
    engine = build_engine(url, poolclass=NullPool)
    with engine.connect().execution_options(immediate=True) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        yield config


def _keep_statements(_dialect: Any, _record: Any, _given: Any, options: dict[str, Any]) -> None:
    options.setdefault("cached_statements", STATEMENTS_KEPT)


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # the "begin" event decides
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _build_reading(engine: Engine) -> Engine:
    """Connections that refuse every write for good, for all that only reads; they end with those of `engine`.

    `query_only` could be switched on and off on one connection, but at each switch SQLite throws away all statements
    that it has compiled.
    """
    reading = Engine(engine.pool.recreate(), engine.dialect, engine.url, hide_parameters=engine.hide_parameters)
    event.listen(reading, "connect", _refuse_writes_on)
    event.listen(reading, "begin", _begin_sqlite)
    event.listen(engine, "engine_disposed", lambda _engine: reading.dispose())
    return reading


def _refuse_writes_on(connection: SqliteConnection, _record: Any) -> None:
    connection.execute("PRAGMA query_only=1")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that turns writer does not wait, it fails (FIELD_NOTES 3)."""
    driver = connection.connection.driver_connection  # every transaction passes here: no layer between
    assert isinstance(driver, SqliteConnection)
    try:
        driver.execute("BEGIN IMMEDIATE" if connection.get_execution_options().get("immediate") else "BEGIN")
    except SqliteError as fault:
        raise OperationalError("BEGIN", None, fault) from fault


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.execute("SET synchronous_commit = on")
    connection.commit()


__all__ = [
    "ClientScope",
    "DoorScope",
    "OutOfScope",
    "ReadOnly",
    "Scope",
    "StaffScope",
    "WorkerScope",
    "build_engine",
    "check",
    "configure",
    "db",
    "dialect_name",
    "downgrade",
    "get_engine",
    "init_app",
    "is_passing",
    "prepare",
    "transaction",
    "upgrade",
    "work",
]
