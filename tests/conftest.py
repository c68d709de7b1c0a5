"""The few fixtures; persons and rows come from small functions in people.py and factories.py, called in the test."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backend import db, failpoints
from tests import postgres as postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """One PostgreSQL server per test process, started when the first test asks."""
    with postgres_server.run_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "fallow.db"
    db.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_database(postgres: postgres_server.Server) -> str:
    """The name of a migrated database of the server, for one test after the other: each finds it empty."""
    return postgres.create_database()


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A fresh migrated SQLite database, in use by `transaction`."""
    engine = db.build_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path)}")
    db.configure(engine)
    yield engine
    db.configure(None)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A migrated database without rows, in use by `transaction`; the test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    server, name = (request.getfixturevalue(each) for each in ("postgres", "postgres_database"))
    server.empty_database(name)
    engine = db.build_engine(server.url(name))
    db.configure(engine)
    yield engine
    db.configure(None)
    engine.dispose()


@pytest.fixture(autouse=True)
def _loopback_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reaches beyond this machine, and no failpoint stays armed."""
    connect = socket.socket.connect

    def guarded(this: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise PermissionError(f"a test reached for {address[0]}")
        connect(this, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
    failpoints.arm(None)
