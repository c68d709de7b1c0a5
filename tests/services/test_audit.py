"""K7: whoever alters the audit log is found, whatever the alteration; an act that failed is not in it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from backend.db import ClientScope, DoorScope, StaffScope, transaction
from backend.models import AuditEntry, Consent
from backend.services import audit
from tests.factories import NOW, scope_of, unknown_id
from tests.people import make_ana, make_ida, make_joe

ROWS = 6


def write_rows(scope: StaffScope, number: int = ROWS) -> None:
    for minute in range(number):
        with transaction(scope) as session:
            now = NOW + timedelta(minutes=minute)
            audit.record(session, scope, act=f"act.{minute}", subject_kind="test", subject_id=None, now=now)


def test_an_act_is_recorded_with_who_and_when(database: Engine) -> None:
    ana = make_ana(make_ida())
    scope = ClientScope(ana.clinic_id, ana.id)
    with transaction(scope) as session:
        audit.record(
            session, scope, act="consent.give", subject_kind="client", subject_id=ana.id, details={"n": 1}, now=NOW
        )
    with transaction(StaffScope(ana.clinic_id), write=False) as session:
        row = session.scalars(select(AuditEntry)).one()
    assert (row.actor_kind, row.actor_id, row.client_id, row.at) == ("client", ana.id, ana.id, NOW)
    assert (row.act, row.details, row.sequence, row.hash) == ("consent.give", {"n": 1}, None, None)


def test_a_failed_act_is_not_recorded(database: Engine) -> None:
    scope = scope_of(make_ida())
    with pytest.raises(IntegrityError):
        act_and_fail(scope)
    assert audit.verify(scope) == audit.Verification(0, 0, None)


def act_and_fail(scope: StaffScope) -> None:
    with transaction(scope) as session:
        audit.record(session, scope, act="never", subject_kind="test", subject_id=None, now=NOW)
        session.flush()
        session.add(Consent(clinic_id=scope.clinic_id, id=unknown_id(), client_id=unknown_id(), at=NOW))


def test_a_program_is_named_as_such_and_no_clinic_no_row(database: Engine) -> None:
    clinic = make_ida().clinic_id
    write_rows(StaffScope(clinic, None, "worker"), 1)
    write_rows(StaffScope(clinic, None, "cli"), 1)
    with transaction(StaffScope(clinic), write=False) as session:
        assert set(session.scalars(select(AuditEntry.actor_kind))) == {"worker", "cli"}
    door = DoorScope("secret")
    with pytest.raises(ValueError, match="without a clinic"), transaction(door) as session:
        audit.record(session, door, act="knock", subject_kind="door", subject_id=None, now=NOW)


def test_sealing_goes_on_where_it_stopped_and_names_what_is_unsealed(database: Engine) -> None:
    ida, joe = scope_of(make_ida()), scope_of(make_joe())
    write_rows(ida, 2)
    write_rows(joe, 1)
    assert audit.seal(ida, now=NOW) == 2
    write_rows(ida, 3)
    assert audit.verify(ida) == audit.Verification(sealed=2, unsealed=3, fault=None)
    assert audit.seal(ida, now=NOW) == 3
    assert audit.seal(ida, now=NOW) == 0
    assert audit.verify(ida) == audit.Verification(sealed=5, unsealed=0, fault=None)
    assert audit.verify(joe) == audit.Verification(sealed=0, unsealed=1, fault=None)


def statement(sql: str) -> Callable[[Connection], Any]:
    return lambda connection: connection.execute(text(sql))


def swap(connection: Connection) -> None:
    for old, new in ((2, -1), (3, 2), (-1, 3)):
        connection.execute(text(f"UPDATE audit_entry SET sequence = {new} WHERE sequence = {old}"))


def insert_between(connection: Connection) -> None:
    for sequence in range(ROWS, 3, -1):
        connection.execute(text(f"UPDATE audit_entry SET sequence = {sequence + 1} WHERE sequence = {sequence}"))
    forge(connection, 4)


def forge(connection: Connection, sequence: int) -> None:
    """Put in a row that never was: a copy of another one under a new id."""
    columns = "clinic_id, at, actor_kind, actor_id, act, subject_kind, subject_id, client_id, details, hash"
    made = "(SELECT id FROM practitioner LIMIT 1)"
    connection.execute(
        text(
            f"INSERT INTO audit_entry (id, sequence, {columns})"
            f" SELECT {made}, {sequence}, {columns} FROM audit_entry WHERE sequence = 1"
        )
    )


ALTERATIONS = {
    "alter what was done": (statement("UPDATE audit_entry SET act = 'nothing' WHERE sequence = 3"), 3),
    "alter who it was": (statement("UPDATE audit_entry SET actor_id = NULL WHERE sequence = 3"), 3),
    "delete": (statement("DELETE FROM audit_entry WHERE sequence = 3"), 3),
    "insert between": (insert_between, 4),
    "insert at the end": (lambda connection: forge(connection, ROWS + 1), ROWS + 1),
    "swap": (swap, 2),
    "truncate": (statement("DELETE FROM audit_entry WHERE sequence > 4"), 5),
    "unseal": (statement("UPDATE audit_entry SET sequence = NULL WHERE sequence = 6"), 6),
    "turn the head back": (statement("UPDATE audit_head SET sequence = 4"), 5),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_every_alteration_is_found_and_named(database: Engine, request: pytest.FixtureRequest, alteration: str) -> None:
    scope = scope_of(make_ida())
    write_rows(scope)
    audit.seal(scope, now=NOW)
    assert audit.verify(scope).fault is None
    alter, sequence = ALTERATIONS[alteration]
    with as_intruder(database).begin() as connection:
        alter(connection)
    fault = audit.verify(scope).fault
    assert fault is not None
    assert fault.sequence == sequence, fault


def as_intruder(database: Engine) -> Engine:
    """Somebody with the whole server in hand."""
    url = database.url.set(username="postgres") if database.dialect.name == "postgresql" else database.url
    return create_engine(url, poolclass=NullPool)
