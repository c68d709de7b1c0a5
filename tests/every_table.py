"""One row in every table for a client, made from the table definitions: a new table is covered when it appears."""

from datetime import date, time
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Table

from backend.db import StaffScope, transaction
from backend.ids import new_id
from backend.tables import Base, UtcDateTime
from tests.factories import NOW

Rows = dict[str, dict[str, Any]]

UNTENANTED = {"guess", "worker_heartbeat"}
CLINIC_WIDE = {"clinic", "practitioner", "clinic_protocol", "audit_head", "overlay_draft", "correction"}
TABLES = [table for table in Base.metadata.sorted_tables if table.name not in UNTENANTED]
NUMBERS = count(1)
CHOSEN = {"reminder.state": "planned", "device_session.holder_kind": "client"}


def fill_every_table(shared: Rows | None = None) -> Rows:
    """Make a clinic with one client and one row in every table; `shared`: rows of another client of the same clinic.

    Gives the rows as inserted, by table name.
    """
    clinic, client = shared["clinic"]["id"] if shared else new_id(NOW), new_id(NOW)
    rows: Rows = {name: shared[name] for name in CLINIC_WIDE} if shared else {}
    with transaction(StaffScope(clinic)) as session:
        for table in TABLES:
            if table.name not in rows:
                rows[table.name] = _build_row(table, clinic, client, rows)
                session.execute(table.insert().values(rows[table.name]))
    return rows


def _build_row(table: Table, clinic: UUID, client: UUID, rows: Rows) -> dict[str, Any]:
    owners = {"clinic_id": clinic, "client_id": client, "holder_id": client, "recipient_id": client}
    owners |= {"clinic": {"id": clinic}, "client": {"id": client}}.get(table.name, {})
    row = {column.name: owners.get(column.name) or _value(column) for column in table.columns}
    for key in table.foreign_key_constraints:
        for element in key.elements:
            row[element.parent.name] = rows[element.column.table.name][element.column.name]
    return row


def _value(column: Column[Any]) -> Any:
    chosen = CHOSEN.get(f"{column.table.name}.{column.name}")
    if chosen is not None:
        return chosen
    if isinstance(column.type, JSON):
        return {}
    if isinstance(column.type, UtcDateTime):
        return NOW
    made: dict[type, Any] = {
        UUID: new_id(NOW),
        str: new_id(NOW).hex,
        date: NOW.date(),
        time: NOW.time(),
        bool: False,
        bytes: b"12 bytes long"[:12],
        int: next(NUMBERS),
    }
    return made[column.type.python_type]
