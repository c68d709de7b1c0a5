"""The clinic's own words wait for the end of quiet hours, wherever the client is by then (PROMISES T4)."""

from datetime import time, timedelta

import pytest
from sqlalchemy import Engine, select

from backend.db import transaction
from backend.models import Reminder
from backend.services import clients, news, plan_facts
from backend.services.clients import Wishes
from backend.services.moves import read_moves
from tests.services.practice import Practice, day, open_practice, sign, start_plan

NIGHT_IN_LONDON = day(3, 5)
SEVEN_IN_LONDON = day(3, 7)


@pytest.fixture
def practice(database: Engine) -> Practice:
    practice = open_practice()
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    clients.change_me(practice.phone, Wishes(quiet=(time(22), time(7))), now=day(1))
    with transaction(practice.staff) as session:
        loaded = plan_facts.load_plan(session, practice.ana.clinic_id, plan)
        news.send(session, loaded, "message", "message:1", NIGHT_IN_LONDON, "a reply")
    assert held(practice).send_at == SEVEN_IN_LONDON
    return practice


def held(practice: Practice) -> Reminder:
    with transaction(practice.staff, write=False) as session:
        return session.scalars(select(Reminder).where(Reminder.kind == "message")).one()


def test_it_waits_for_the_morning_of_the_zone_the_client_has_come_to(practice: Practice) -> None:
    clients.change_me(practice.phone, Wishes(zone="America/New_York"), now=NIGHT_IN_LONDON + timedelta(minutes=20))
    row = held(practice)
    assert row.send_at == day(3, 12)  # seven in New York
    assert row.expires_at == day(4, 12)  # and is still good for a day
    assert [(move.was_at, move.why) for move in read_moves(row.moves)] == [(SEVEN_IN_LONDON, "moved to another zone")]


def test_it_waits_for_the_end_of_quiet_hours_that_grew_longer(practice: Practice) -> None:
    clients.change_me(practice.phone, Wishes(quiet=(time(22), time(9, 30))), now=NIGHT_IN_LONDON)
    assert held(practice).send_at == day(3, 9, 30)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo"])
def test_it_stays_where_the_new_clock_lets_it_go(practice: Practice, zone: str) -> None:
    clients.change_me(practice.phone, Wishes(zone=zone), now=NIGHT_IN_LONDON + timedelta(minutes=20))
    row = held(practice)
    assert (row.send_at, row.moves) == (SEVEN_IN_LONDON, None)


def test_what_has_left_stays_as_it_left(practice: Practice) -> None:
    with transaction(practice.staff) as session:
        row = session.scalars(select(Reminder).where(Reminder.kind == "message")).one()
        row.state, row.settled_at = "sent", SEVEN_IN_LONDON
    clients.change_me(practice.phone, Wishes(zone="America/New_York"), now=day(3, 8))
    assert held(practice).send_at == SEVEN_IN_LONDON
