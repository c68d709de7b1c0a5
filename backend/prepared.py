"""Fixed statements without the price of building them: compiled once, and on SQLite given to the driver itself.

For what runs thousands of times as it stands. SQLAlchemy writes the SQL and knows the types; asking it again each time
costs several times what SQLite needs. PostgreSQL goes SQLAlchemy's way: there the journey to the server is the price.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Executable, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from backend.tables import UtcDateTime

MOST_KEPT = 65536  # ids and instants come again and again
_LIST = re.compile(r"__\[POSTCOMPILE_(\w+)\]")
Convert = Callable[[Any], Any]


def read(connection: Connection, statement: Executable, given: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a fixed statement, with its columns as attributes. What is `expanding` in it is not empty."""
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, given).all()
    return _find(statement, connection.dialect).read(_driver(connection), given)


def write(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
    """Execute a fixed insert, update or plain SQL once for each of `rows`; gives how many rows of the table it met."""
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, rows).rowcount
    return _find(statement, connection.dialect).write(_driver(connection), rows)


def _driver(connection: Connection) -> SqliteConnection:
    return cast(SqliteConnection, connection.connection.driver_connection)


_FOUND: dict[Executable, "_Prepared"] = {}


def _find(statement: Executable, dialect: Dialect) -> "_Prepared":
    found = _FOUND.get(statement)
    if found is None:
        found = _FOUND[statement] = _Prepared(statement, dialect)
    return found


class _Prepared:
    """A statement as SQLite takes it. `_binds`: name, what converts a value, whether it is a list, what it is else."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))  # type: ignore[attr-defined]
        self._sql = compiled.string
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        self._binds = [
            (name, _to_driver(bind.type, dialect), bind.expanding, None if bind.required else bind.effective_value)
            for name, bind in binds
        ]
        columns = list(getattr(statement, "selected_columns", ()))  # none of what only writes
        row = namedtuple("Row", [getattr(column, "name", "") for column in columns], rename=True)  # type: ignore[misc]
        self._make: Callable[[Any], Any] = row._make
        self._converts = [_from_driver(column.type, dialect) for column in columns]

    def write(self, driver: SqliteConnection, rows: Sequence[Mapping[str, Any]]) -> int:
        try:
            return driver.executemany(self._sql, [self._values(given, {}) for given in rows]).rowcount
        except SqliteError as fault:
            raise _explain(self._sql, fault) from fault

    def _values(self, given: Mapping[str, Any], sizes: dict[str, int]) -> list[Any]:
        """In the order of the SQL; `sizes` is told how long each list is."""
        values: list[Any] = []
        for name, convert, expanding, usual in self._binds:
            value = given.get(name, usual)
            if expanding:
                sizes[name] = len(value)
                values += map(convert, value) if convert else value
            else:
                values.append(convert(value) if convert else value)
        return values

    def read(self, driver: SqliteConnection, given: Mapping[str, Any]) -> list[Any]:
        sql, sizes = self._sql, dict[str, int]()
        values = self._values(given, sizes)
        if sizes:
            sql = _LIST.sub(lambda found: ", ".join("?" * sizes[found[1]]), sql)
        try:
            rows = driver.execute(sql, values).fetchall()
        except SqliteError as fault:
            raise _explain(sql, fault) from fault
        if not rows:
            return rows
        columns = zip(*rows, strict=True)
        read = [
            map(convert, column) if convert else column for convert, column in zip(self._converts, columns, strict=True)
        ]
        return list(map(self._make, zip(*read, strict=True)))


def _explain(sql: str, fault: SqliteError) -> Exception:
    """The fault as SQLAlchemy would name it, without the values."""
    return DBAPIError.instance(sql, None, fault, SqliteError)


def _to_driver(of: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return of.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(of: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if isinstance(of, UtcDateTime):
        return _instant
    if isinstance(of, Uuid):
        return _id
    return of.dialect_impl(dialect).result_processor(dialect, None)


@lru_cache(MOST_KEPT)
def _id(stored: str | None) -> UUID | None:
    return None if stored is None else UUID(stored)


@lru_cache(MOST_KEPT)
def _instant(stored: str | None) -> datetime | None:
    """As UtcDateTime gives it."""
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)
