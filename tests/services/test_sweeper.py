"""PROMISES P2 and S3: a worker proves the conservation law by itself, and says so where it breaks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from backend.adapters.clock import FrozenClock
from backend.db import StaffScope, transaction
from backend.services import health
from backend.services.health import WorkerState
from backend.web import metrics
from backend.workers.sweeper import Sweeper
from tests.factories import NOW, make_care_plan, make_clinic_protocol, make_flag, make_reminder, make_treatment
from tests.people import make_ana, make_ida, make_joe

CLOCK = FrozenClock(NOW)
BROKEN = "the reminder ledger does not add up"


def beat(faults: int) -> None:
    health.record_beat(WorkerState(uuid4(), "host", 1, 0, 10, (), faults), progressed=True, now=NOW)


def test_a_broken_law_is_logged_without_names_and_shows_on_readyz(
    database: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    ana = make_ana(make_ida())
    sweeper = Sweeper()
    make_reminder(ana)
    sweeper.sweep(CLOCK)
    assert sweeper.faults == 0
    row = make_reminder(ana, state="sent", settled_at=NOW)  # no provider ever said yes
    sweeper.sweep(CLOCK)
    assert sweeper.faults == 0, "it rests after a sweep"
    fresh = Sweeper()
    fresh.sweep(CLOCK)
    assert fresh.faults == 1
    assert caplog.messages == ["the reminder ledger does not hold: 1 rows; see: cli ledger check"]
    assert str(row.id) not in caplog.text
    beat(fresh.faults)
    assert health.get_health(now=NOW).reasons == (BROKEN,)


def test_a_row_in_no_state_that_we_know_is_counted_for_its_clinic(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    make_ana(make_joe())
    make_reminder(ana)
    with transaction(StaffScope(ana.clinic_id)) as session:
        session.execute(text("PRAGMA ignore_check_constraints=ON"))
        session.execute(text("UPDATE reminder SET state = 'lost'"))
    sweeper = Sweeper()
    sweeper.sweep(CLOCK)
    assert sweeper.faults == 1


def test_what_fell_due_while_every_worker_was_away_is_ended_and_accuses_nobody(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_reminder(ana, send_at=NOW - timedelta(hours=8), expires_at=NOW - timedelta(hours=6))
    sweeper = Sweeper()
    sweeper.sweep(CLOCK)
    assert sweeper.faults == 0


def test_alarms_lag_and_ledger_are_metrics_without_a_name(database: Engine) -> None:
    ida = make_ida()
    ana = make_ana(ida)
    plan = make_care_plan(make_treatment(ana), make_clinic_protocol(ida))
    make_flag(plan, raised_at=NOW - timedelta(minutes=59))
    make_flag(plan, "fever", raised_at=NOW - timedelta(minutes=60))
    make_flag(plan, "itch", raised_at=NOW - timedelta(hours=3), level="watch")
    make_flag(plan, "cold", raised_at=NOW - timedelta(hours=3), acknowledged_at=NOW)
    called = make_flag(plan, "spreading", raised_at=NOW - timedelta(minutes=30))
    alarm = {"recipient_kind": "practitioner", "recipient_id": ida.id, "care_plan_id": plan.id, "kind": "alarm"}
    make_reminder(ana, flag_id=called.id, **alarm)
    beat(3)
    values = metrics.measure(health.get_health(now=NOW))
    assert values["fallow_alarms"] == 2
    assert (values["fallow_ledger_faults"], values["fallow_workers_alive"], values["fallow_ready"]) == (3, 1, 0)
