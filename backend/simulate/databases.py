"""The databases of a simulation: one for each practice, made from one migrated template, gone at the end.

On PostgreSQL the given login must be allowed to make databases and, where they are not there yet, the three roles of
`migrations/roles.sql`, and to act as each of them: a superuser, as a rule.
"""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import URL, Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from backend import db
from backend.errors import FallowError

OWNER = "fallow_owner"
ROLES = db.MIGRATIONS / "roles.sql"
SQLITE_PRAGMAS = (
    "synchronous=OFF",
    "temp_store=MEMORY",
    "cache_size=-131072",
)  # what is read again stays read: 128 MiB


class ServerRefused(FallowError):
    """The PostgreSQL server does not let this user make what a simulation needs."""


@dataclass(frozen=True, slots=True)
class SqliteDatabases:
    """Files in a temporary folder."""

    folder: Path

    @property
    def _template(self) -> Path:
        return self.folder / "template.db"

    def prepare(self) -> None:
        """Migrate the template."""
        db.upgrade(f"sqlite:///{self._template}")

    @contextmanager
    def use(self, number: int) -> Iterator[None]:
        """The database of one practice, in use by `transaction`; then it is gone, and what was in use is again."""
        path = self.folder / f"practice-{number}.db"
        shutil.copy(self._template, path)
        with _in_use(_build_sqlite(path)):
            yield
        for left in self.folder.glob(f"{path.name}*"):
            left.unlink()

    def use_template(self) -> AbstractContextManager[None]:
        """The database that the others are copied from, for what all of them have."""
        return _in_use(_build_sqlite(self._template))

    def drop(self) -> None:
        """The folder goes by itself."""


@dataclass(frozen=True, slots=True)
class PostgresqlDatabases:
    """Databases of the given server, named after this run."""

    url: URL
    run: str

    @property
    def _template(self) -> str:
        return f"fallow_simulation_{self.run}"

    def prepare(self) -> None:
        """Make the roles where they are missing, and the migrated template. Raises ServerRefused."""
        as_owner = self.url.set(database=self._template).update_query_dict({"options": f"-c role={OWNER}"})
        try:
            self._execute(ROLES.read_text(), f"CREATE DATABASE {self._template} OWNER {OWNER}")
            db.upgrade(as_owner.render_as_string(hide_password=False))
        except DBAPIError as fault:
            with suppress(DBAPIError):
                self.drop()
            said = str(fault.orig).strip().splitlines()[0]
            raise ServerRefused(
                f"no database for a simulation can be made on that server as that user ({said})"
            ) from None

    @contextmanager
    def use(self, number: int) -> Iterator[None]:
        """As for SQLite."""
        name = f"{self._template}_{number}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {self._template} OWNER {OWNER}")
        with _in_use(self._build(name)):
            yield
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def use_template(self) -> AbstractContextManager[None]:
        """As for SQLite."""
        return _in_use(self._build(self._template))

    def drop(self) -> None:
        """Every database of this run that is still there."""
        with self._connect().connect() as connection:
            names = connection.scalars(
                text("SELECT datname FROM pg_database WHERE datname LIKE :mine"), {"mine": f"{self._template}%"}
            ).all()
        self._execute(*(f"DROP DATABASE {name} WITH (FORCE)" for name in names))

    def _build(self, name: str) -> Engine:
        url = self.url.set(database=name).render_as_string(hide_password=False)
        return db.build_engine(url, hide_parameters=True)

    def _connect(self) -> Engine:
        engine = db.build_engine(self.url.render_as_string(hide_password=False), poolclass=NullPool)
        return engine.execution_options(isolation_level="AUTOCOMMIT")

    def _execute(self, *statements: str) -> None:
        with self._connect().connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


Databases = SqliteDatabases | PostgresqlDatabases


@contextmanager
def prepare_databases(url: str | None) -> Iterator[Databases]:
    """Somewhere to make databases in: a temporary folder, or the PostgreSQL server of `url`. Nothing stays behind."""
    with TemporaryDirectory(prefix="fallow-simulation-") as folder:
        databases: Databases = SqliteDatabases(Path(folder))
        if url is not None:
            databases = PostgresqlDatabases(make_url(url), uuid4().hex[:12])
        databases.prepare()
        try:
            yield databases
        finally:
            databases.drop()


@contextmanager
def _in_use(engine: Engine) -> Iterator[None]:
    before = _engine_in_use()
    db.configure(engine)
    try:
        yield
    finally:
        engine.dispose()
        db.configure(before)


def _engine_in_use() -> Engine | None:
    try:
        return db.get_engine()
    except RuntimeError:  # nobody has chosen one yet
        return None


def _build_sqlite(path: Path) -> Engine:
    engine = db.build_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _keep_in_memory)
    return engine


def _keep_in_memory(connection: Connection, _record: object) -> None:
    """This database lives as long as the simulation: waiting for the disk would hold up time alone."""
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
