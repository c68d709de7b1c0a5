"""CONTRACT. What every table stands on: naming, keys that carry the clinic, column types that know both databases.

Keys: tenant tables (clinic_id, id); rows made on a phone (clinic_id, client_id, id), so that a foreign id cannot
collide and tells nothing. Foreign keys carry clinic_id (`fk`). There are no relationships: keys are values, reads are
joins.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    String,
    Uuid,
    exists,
    null,
    true,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

JsonObject = Mapping[str, Any]
JsonList = list[Any]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC; SQLite gives it back aware too. A naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime where an instant belongs")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        UUID: Uuid,
        str: String(200),
        JsonObject: JSON,
        JsonList: JSON,
    }


class Guarded:
    """A row that belongs to a clinic, and which rows of its table each scope may touch.

    The session guard on SQLite asks these methods (`backend/scopes.py`); on PostgreSQL the policies of the migrations
    say the same. `tests/services/test_tenancy.py` holds the two together.
    """

    clinic_column: ClassVar[str] = "clinic_id"
    client_column: ClassVar[str | None] = "client_id"  # None: another table says whose row it is
    worker_reads: ClassVar[bool] = False

    @classmethod
    def of_clinic(cls, clinic_id: UUID) -> ColumnElement[bool]:
        return cast(ColumnElement[bool], _column(cls, cls.clinic_column) == clinic_id)

    @classmethod
    def of_client(cls, client_id: UUID) -> ColumnElement[bool]:
        return cast(ColumnElement[bool], _column(cls, cls.client_column or "") == client_id)

    @classmethod
    def behind_door(cls, secret: str) -> ColumnElement[bool]:
        """What may be seen before the tenant is known: nothing, except the row that the secret names."""
        return null() == secret  # true for no row

    def clinic_key(self) -> UUID:
        """The clinic whose row this is."""
        return cast(UUID, getattr(self, self.clinic_column))


class ClinicWide(Guarded):
    """Rows that all clients of the clinic may read and only its staff may write."""

    client_column = None

    @classmethod
    def of_client(cls, _client_id: UUID) -> ColumnElement[bool]:
        return true()


class Tenant(Guarded):
    """A row of one clinic."""

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


class ClientMade(Guarded):
    """A row whose id was made on the client's phone (UUIDv7)."""

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    client_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-15)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


def fk(columns: str, table: str, referred: str = "id") -> ForeignKeyConstraint:
    """Foreign key that carries clinic_id on both sides: `fk("client_id", "client")`."""
    own = ["clinic_id", *columns.split()]
    there = [f"{table}.{name}" for name in ("clinic_id", *referred.split())]
    return ForeignKeyConstraint(own, there)


def through(row: type[Guarded], key: str, parent: str, client_id: UUID) -> ColumnElement[bool]:
    """Rows without client_id are the client's through their parent: `through(cls, "reminder_id", "reminder", id)`."""
    there = Base.metadata.tables[parent].alias()
    return exists().where(
        there.c.clinic_id == _column(row, "clinic_id"),
        there.c.id == _column(row, key),
        there.c.client_id == client_id,
    )


def _column(row: type[Guarded], name: str) -> Any:
    return getattr(row, name, null())  # SQLAlchemy also asks the mixin itself; NULL matches nothing
