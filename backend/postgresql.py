"""How a transaction begins on PostgreSQL: with its scope, and on another connection where the first one was lost.

It goes through the driver's own connection: two statements in one journey, which bound parameters do not allow.
"""

from functools import lru_cache

from psycopg import Connection as Driver
from psycopg import Error as DriverError
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.sql import SQL, Literal
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from backend.scopes import Scope, build_settings

BEGIN = "BEGIN; ", "BEGIN READ ONLY; "
SET_SCOPE = (
    "SELECT set_config('role', {role}, true), set_config('fallow.clinic', {clinic}, true),"
    " set_config('fallow.client', {client}, true), set_config('fallow.door', {door}, true)"
)
PLAN_ONCE = ", set_config('plan_cache_mode', 'force_generic_plan', true)"
SCOPES_KEPT = 1024


def prepare(engine: Engine) -> None:
    """Attach to an engine how its transactions begin.

    Execution options of a connection: `scope`, `read_only`: the server refuses every write, and `plan_once`: its plans
    are made without looking at the values. Without a scope, as in migrations, the driver begins the transaction by
    itself.
    """
    event.listen(engine, "begin", _begin_in_scope)


def _begin_in_scope(connection: Connection) -> None:
    """A connection that the server has ended, as a restart does to all of them, shows it here, where nothing is done
    yet: it is exchanged, once. So no connection has to be asked before each use whether it lives."""
    options = connection.get_execution_options()
    if "scope" not in options:
        return
    statement = _write_begin(options["scope"], options["read_only"], options.get("plan_once", False))
    try:
        _begin(connection, statement)
    except OperationalError as fault:
        if not fault.connection_invalidated:
            raise
        _begin(connection, statement)


def _begin(connection: Connection, statement: bytes) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, Driver)
    try:
        if driver.broken:
            raise DriverError("the connection is lost")
        result = driver.pgconn.exec_(statement)  # gives the last result, or the first fault
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
    except DriverError as fault:
        lost = driver.broken
        if lost:
            connection.invalidate(fault)
            connection.engine.dispose()  # the others that lie in the pool are as old
        raise OperationalError("BEGIN", None, fault, connection_invalidated=lost) from fault


@lru_cache(SCOPES_KEPT)
def _write_begin(scope: Scope, read_only: bool, plan_once: bool) -> bytes:
    values = {name: Literal(value) for name, value in build_settings(scope).items()}
    return SQL(BEGIN[read_only] + SET_SCOPE + (PLAN_ONCE if plan_once else "")).format(**values).as_bytes()
