"""CONTRACT. What every table stands on: naming, keys that carry the clinic, column types that know both databases.

Keys: tenant tables (clinic_id, id); rows made on a phone (clinic_id, client_id, id), so that a foreign id cannot collide and
tells nothing. Foreign keys carry clinic_id (`fk`). Relationships are not used: keys are values, reads are joins.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, DateTime, ForeignKeyConstraint, MetaData, String, Uuid
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

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime where an instant belongs")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UtcDateTime,
        UUID: Uuid,
        str: String(200),
        JsonObject: JSON,
        JsonList: JSON,
    }


class Tenant:
    """A row of one clinic."""

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


class ClientMade:
    """A row whose id was made on the client's phone (UUIDv7)."""

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    client_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-15)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


def fk(columns: str, table: str, referred: str = "id") -> ForeignKeyConstraint:
    """Foreign key that carries clinic_id on both sides: `fk("client_id", "client")`."""
    own = ["clinic_id", *columns.split()]
    there = [f"{table}.{name}" for name in ("clinic_id", *referred.split())]
    return ForeignKeyConstraint(own, there)


__all__ = ["NAMING", "Base", "ClientMade", "JsonList", "JsonObject", "Tenant", "UtcDateTime", "date", "fk"]
