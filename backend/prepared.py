"""Fixed statements without the price of building them: compiled once, and given to the driver itself.

For what runs thousands of times as it stands. SQLAlchemy writes the SQL and knows the types; asking it again each time
costs several times what SQLite needs, and as much as PostgreSQL and the journey there. Two kinds go SQLAlchemy's way on
PostgreSQL: writes, which it sends many at a time, and lists of unknown length.
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
    found = _find(statement, connection.dialect)
    if isinstance(found, _OnPostgresql) and found.has_lists:
        return connection.execute(statement, given).all()
    return found.read(connection, given)


def write(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
    """Execute a fixed insert, update or plain SQL once for each of `rows`; gives how many rows of the table it met."""
    found = _find(statement, connection.dialect)
    if isinstance(found, _OnPostgresql):
        return connection.execute(statement, rows).rowcount
    return found.write(connection, rows)


_FOUND: dict[tuple[Executable, str], "_OnSqlite | _OnPostgresql"] = {}


def _find(statement: Executable, dialect: Dialect) -> "_OnSqlite | _OnPostgresql":
    key = (statement, dialect.name)
    found = _FOUND.get(key)
    if found is None:
        kind = _OnSqlite if dialect.name == "sqlite" else _OnPostgresql
        found = _FOUND[key] = kind(statement, dialect)
    return found


class _Prepared:
    """A statement as a driver takes it. `_binds`: name, what converts a value, whether it is a list, what it is else;
    on SQLite in the order of the SQL."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))  # type: ignore[attr-defined]
        self._sql = compiled.string
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or compiled.binds]
        self._binds = [
            (name, _to_driver(bind.type, dialect), bind.expanding, None if bind.required else bind.effective_value)
            for name, bind in binds
        ]
        columns = list(getattr(statement, "selected_columns", ()))  # none of what only writes
        row = namedtuple("Row", [getattr(column, "name", "") for column in columns], rename=True)  # type: ignore[misc]
        self._make: Callable[[Any], Any] = row._make
        self._converts = [_from_driver(column.type, dialect) for column in columns]

    def _name(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The driver's rows with the product's values, and the columns as attributes."""
        if not rows:
            return rows
        columns = zip(*rows, strict=True)
        read = [
            map(convert, column) if convert else column for convert, column in zip(self._converts, columns, strict=True)
        ]
        return list(map(self._make, zip(*read, strict=True)))


class _OnSqlite(_Prepared):
    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        driver = cast(SqliteConnection, connection.connection.driver_connection)
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

    def read(self, connection: Connection, given: Mapping[str, Any]) -> Sequence[Any]:
        driver = cast(SqliteConnection, connection.connection.driver_connection)
        sql, sizes = self._sql, dict[str, int]()
        values = self._values(given, sizes)
        if sizes:
            sql = _LIST.sub(lambda found: ", ".join("?" * sizes[found[1]]), sql)
        try:
            rows = driver.execute(sql, values).fetchall()
        except SqliteError as fault:
            raise _explain(sql, fault) from fault
        return self._name(rows)


class _OnPostgresql(_Prepared):
    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        super().__init__(statement, dialect)
        self.has_lists = any(is_list for _, _, is_list, _ in self._binds)

    def read(self, connection: Connection, given: Mapping[str, Any]) -> Sequence[Any]:
        driver = cast(Any, connection.connection.driver_connection)  # psycopg's is not installed everywhere
        values = {}
        for name, convert, _, usual in self._binds:
            value = given.get(name, usual)
            values[name] = convert(value) if convert else value
        try:
            rows = driver.execute(self._sql, values).fetchall()
        except connection.dialect.loaded_dbapi.Error as fault:
            raise _explain_lost(connection, self._sql, fault) from fault
        return self._name(rows)


def _explain(sql: str, fault: SqliteError) -> Exception:
    """The fault as SQLAlchemy would name it, without the values."""
    return DBAPIError.instance(sql, None, fault, SqliteError)


def _explain_lost(connection: Connection, sql: str, fault: Exception) -> Exception:
    """The same, on PostgreSQL; a connection that is lost is used no more."""
    lost = connection.dialect.is_disconnect(cast(Any, fault), connection.connection.dbapi_connection, None)
    if lost:
        connection.invalidate(fault)
    named = DBAPIError.instance(sql, None, fault, connection.dialect.loaded_dbapi.Error, connection_invalidated=lost)
    return cast(Exception, named)


def _to_driver(of: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return of.dialect_impl(dialect).bind_processor(dialect)


def _from_driver(of: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    if dialect.name != "sqlite":
        return of.dialect_impl(dialect).result_processor(dialect, None)
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
