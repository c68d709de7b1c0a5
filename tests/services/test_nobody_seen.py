"""The client is told that nobody has looked, though no worker runs (PROMISES S2)."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from backend.services import flags, today
from tests.services.practice import Practice, day, open_practice, report, sign, start_plan


@pytest.fixture
def practice(sqlite: Engine) -> Practice:
    return open_practice()


def alarmed(practice: Practice, minutes: int) -> bool:
    flag = today.get_today(practice.phone, now=day(3) + timedelta(minutes=minutes)).areas[0].flag
    assert flag is not None
    return flag.alarmed


def test_after_the_last_rung_the_client_reads_that_nobody_has_seen_it(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    raised = report(practice, plan, day(3), {"unwell": "very_ill"}).flags[0]
    assert [alarmed(practice, minutes) for minutes in (0, 29, 30, 90)] == [False, False, True, True]
    flags.acknowledge(practice.staff, raised.id, now=day(3) + timedelta(minutes=95))
    assert not alarmed(practice, 96)


def test_a_warning_without_a_ladder_never_says_so(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    assert report(practice, plan, day(3), {"allergy": "local_rash"}).level == "watch"
    flag = today.get_today(practice.phone, now=day(3) + timedelta(hours=3)).areas[0].flag
    assert flag is not None
    assert not flag.alarmed
