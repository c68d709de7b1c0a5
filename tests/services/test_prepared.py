"""Fixed statements: the same rows, values and faults as by SQLAlchemy's own way, and nobody else's plan."""

from datetime import UTC
from typing import cast

import pytest
from sqlalchemy import Engine, Integer, Table, bindparam, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend import prepared
from backend.db import ClientScope, StaffScope, is_passing, transaction, work
from backend.errors import NotFound
from backend.ids import new_id
from backend.models import CarePlan, Client, Reminder
from backend.services.delivery_sql import BY_DIALECT
from backend.services.loaded_plans import load_plan
from tests.factories import NOW, make_reminder
from tests.people import make_ana, make_ben, make_ida
from tests.postgres import Server
from tests.services.practice import open_practice, sign, start_plan

ROWS = (
    select(Reminder.id, Reminder.kind, Reminder.by_mail, Reminder.send_at, Reminder.settled_at, Reminder.carrier_id)
    .where(Reminder.id.in_(bindparam("ids", expanding=True)), Reminder.state == "planned")
    .order_by(Reminder.id)
)
TABLE = cast(Table, Reminder.__table__)
ONE = text("SELECT 1 AS one").columns(one=Integer)
KEYS = {"clinics": "{}", "ids": "{}"}
MARK = update(TABLE).where(TABLE.c.id == bindparam("of_id")).values(reason=bindparam("why"))


def test_rows_come_as_sqlalchemy_gives_them_and_writes_are_counted(database: Engine) -> None:
    ana = make_ana(make_ida())
    ids = [make_reminder(ana).id, make_reminder(ana).id]
    make_reminder(ana)
    with work() as connection:
        read = prepared.read(connection, ROWS, {"ids": ids})
        assert [tuple(row) for row in read] == [tuple(row) for row in connection.execute(ROWS, {"ids": ids})]
        assert [row.id for row in read] == sorted(ids)
        assert read[0].send_at.tzinfo is UTC
        assert [row.id for row in prepared.read(connection, ROWS, {"ids": ids[:1]})] == ids[:1]
        assert prepared.write(connection, MARK, [{"of_id": each, "why": "seen"} for each in (*ids, new_id(NOW))]) == 2


def test_a_fault_has_sqlalchemys_name_and_leaves_no_trace(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    rows = [{"of_id": make_reminder(ana).id, "to": state} for state in ("failed", "lost")]
    settle = update(TABLE).where(TABLE.c.id == bindparam("of_id")).values(state=bindparam("to"))
    with pytest.raises(IntegrityError), work() as connection:
        prepared.write(connection, settle, rows)
    with transaction(StaffScope(ana.clinic_id), write=False) as session:
        assert set(session.scalars(select(Reminder.state))) == {"planned"}
    with pytest.raises(DBAPIError, match="readonly"), work(write=False) as connection:
        prepared.write(connection, settle, rows[:1])


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_connection_that_is_lost_in_the_middle_is_a_fault_of_the_moment_and_the_next_one_works(
    database: Engine, postgres: Server
) -> None:
    row = make_reminder(make_ana(make_ida()))
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.url.database}'"

    with database.connect() as connection:
        postgres.execute(ended)
        with pytest.raises(DBAPIError) as lost:
            prepared.read(connection, ONE, {})
        assert connection.invalidated
    assert lost.value.connection_invalidated
    assert is_passing(lost.value)
    with pytest.raises(DBAPIError) as ours, work() as connection:
        prepared.read(connection, BY_DIALECT["postgresql"].unread, {**KEYS, "ids": "not a list"})
    assert not is_passing(ours.value)
    with work(write=False) as connection:
        assert [each.id for each in prepared.read(connection, ROWS, {"ids": [row.id]})] == [row.id]


def test_a_plan_is_loaded_for_its_own_client_and_clinic_and_what_is_changed_of_it_is_written(database: Engine) -> None:
    practice = open_practice()
    sign(practice, "saline")
    plan_id = start_plan(practice, "saline")
    clinic_id = practice.staff.clinic_id
    with transaction(practice.staff) as session:
        plan = load_plan(session, clinic_id, plan_id)
        assert plan.row is session.get(CarePlan, (clinic_id, plan_id))
        plan.row.end_reason, plan.client.name = "changed", "Anna"
    with transaction(practice.staff, write=False) as session:
        plan = load_plan(session, clinic_id, plan_id)
        assert (plan.row.end_reason, session.get_one(Client, (clinic_id, plan.client.id)).name) == ("changed", "Anna")
    elsewhere = make_ben(make_ida())
    for scope in (ClientScope(clinic_id, elsewhere.id), StaffScope(elsewhere.clinic_id)):
        with transaction(scope, write=False) as session, pytest.raises(NotFound):
            load_plan(session, clinic_id, plan_id)
