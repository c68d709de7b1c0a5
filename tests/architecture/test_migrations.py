"""Migrations go up, agree with the models, come down and go up again, on both databases; the owner migrates."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, inspect, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from backend import db
from backend.tables import Base
from tests.every_table import TABLES, fill_every_table
from tests.postgres import Server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, with its owner's login."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create_database("template1")
    yield server.url(name, "fallow_owner")
    server.drop_database(name)


def table_names(url: str) -> set[str]:
    engine = create_engine(url, poolclass=NullPool)
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_clean_down_up(empty_url: str) -> None:
    db.upgrade(empty_url)
    db.check(empty_url)
    assert table_names(empty_url) == set(Base.metadata.tables)
    db.downgrade(empty_url)
    assert table_names(empty_url) == set()
    db.upgrade(empty_url)
    db.check(empty_url)


def test_upgrading_twice_changes_nothing_and_keeps_every_row(database: Engine) -> None:
    fill_every_table()
    owner = database.url if database.dialect.name == "sqlite" else database.url.set(username="fallow_owner")
    db.upgrade(owner.render_as_string(hide_password=False))
    admin = owner if database.dialect.name == "sqlite" else owner.set(username="postgres")
    with create_engine(admin, poolclass=NullPool).connect() as connection:
        for table in TABLES:
            assert connection.scalar(select(func.count()).select_from(table)) == 1, table.name


def test_plans_that_ran_before_their_history_was_kept_have_one(database: Engine) -> None:
    plan = fill_every_table()["care_plan"]
    owner = database.url if database.dialect.name == "sqlite" else database.url.set(username="fallow_owner")
    url = owner.render_as_string(hide_password=False)
    db.downgrade(url, "0004-1")
    db.upgrade(url)
    admin = owner if database.dialect.name == "sqlite" else owner.set(username="postgres")
    followed = Base.metadata.tables["plan_version"]
    with create_engine(admin, poolclass=NullPool).connect() as connection:
        (row,) = connection.execute(select(followed)).all()
    assert (row.care_plan_id, row.client_id, row.clinic_protocol_id) == (
        plan["id"], plan["client_id"], plan["clinic_protocol_id"],
    )  # fmt: skip
    assert (row.from_at, row.until_at) == (plan["started_at"], None)


def test_a_migration_that_orphans_rows_is_refused(sqlite: Engine) -> None:
    fill_every_table()
    with create_engine(sqlite.url, poolclass=NullPool).begin() as connection:  # foreign keys are off here
        connection.execute(text("DELETE FROM client"))
    with pytest.raises(RuntimeError, match="without their parent"):
        db.upgrade(sqlite.url.render_as_string())


@pytest.mark.postgres
def test_forced_policies_bind_the_owner_and_a_migration_hears_of_it(postgres: Server) -> None:
    name = postgres.create_database()
    engine = create_engine(postgres.url(name, "fallow_owner"), poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM client")) == 0
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL row_security = off"))
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(text("UPDATE client SET name = ''"))
    postgres.drop_database(name)
