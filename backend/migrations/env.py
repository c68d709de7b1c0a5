"""Run the migrations on the connection that `backend.db` hands over; each whole run is one transaction.

SQLite: foreign keys are off while tables are rebuilt, else dropping the old table takes all child rows with it; they
are checked afterwards (FIELD_NOTES 4). PostgreSQL: row security is off, so that a data step which forced policies would
turn into "UPDATE 0" is an error instead (FIELD_NOTES 21); a data step does NO FORCE, its work, FORCE.
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

from backend.models import Base
from backend.tables import UtcDateTime

MIGRATION_LOCK = 7_325_569  # any number, the same for all who migrate


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as plain ones, so that old migrations do not depend on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            connection.execute(text("SET LOCAL row_security = off"))
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"the migration leaves rows without their parent: {broken[:10]}")


def run_on_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        run(connection)
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


given: Connection = context.config.attributes["connection"]
(run_on_sqlite if given.dialect.name == "sqlite" else run)(given)
