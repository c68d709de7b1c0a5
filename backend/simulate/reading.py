"""What the simulation looks up in the tables by itself: on a connection of its own, beside the product's transactions.

A transaction of the product costs several times such a question. The simulation asks before and after whatever
happens, never in the midst of it, so each question sees all that was committed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Select, create_engine, text
from sqlalchemy.pool import StaticPool

from backend import prepared
from backend.db import StaffScope
from backend.scopes import build_settings

_AS = text(
    "SELECT set_config('role', :role, false), set_config('fallow.clinic', :clinic, false),"
    " set_config('fallow.client', :client, false), set_config('fallow.door', :door, false)"
)


class Reader:
    """Reads on behalf of the clinic's staff; on PostgreSQL row-level security stands behind it."""

    def __init__(self, engine: Engine, staff: StaffScope) -> None:
        """`engine`: of the database in use."""
        self.clinic_id = staff.clinic_id
        self._engine = create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=StaticPool)
        self._connection = self._engine.connect()
        if self._engine.dialect.name == "postgresql":
            self._connection.execute(_AS, build_settings(staff))

    def read(self, statement: Select[*tuple[Any, ...]], **given: Any) -> Sequence[Any]:
        """The rows of a statement that has the parameter `clinic_id`."""
        return prepared.read(self._connection, statement, {"clinic_id": self.clinic_id, **given})

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()
