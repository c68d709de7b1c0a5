"""PROMISES S3: silence is loud. What /readyz is told when a worker dies, stands still, lags or stops a channel."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from backend import db
from backend.db import WorkerScope, transaction
from backend.services import health
from backend.services.health import WorkerState
from backend.workers.progress import Progress
from tests.factories import NOW, make_reminder
from tests.people import make_ana, make_ida


def beat(worker_id: UUID, *, progressed: bool = True, stopped: tuple[str, ...] = (), rate: float = 1.0) -> None:
    worker = WorkerState(worker_id, "host", 1, 5, 500, stopped)
    health.record_beat(worker, progressed=progressed, now=NOW, rate=rate)


def age(column: str, seconds: int) -> None:
    """Let real time pass for a column of the heartbeats."""
    then = {
        "sqlite": f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '-{seconds} seconds')",
        "postgresql": f"now() - interval '{seconds} seconds'",
    }[db.dialect_name()]
    with transaction(WorkerScope()) as session:
        session.execute(text(f"UPDATE worker_heartbeat SET {column} = {then}"))


def reasons() -> tuple[str, ...]:
    return health.get_health(now=NOW).reasons


def test_without_a_worker_the_house_is_not_ready(database: Engine) -> None:
    assert reasons() == ("no reminder worker is running",)
    worker = uuid4()
    beat(worker)
    seen = health.get_health(now=NOW)
    assert (seen.ready, seen.database, seen.migrations, seen.lag_s) == (True, True, True, 0)
    assert seen.workers[0].state == WorkerState(worker, "host", 1, 5, 500)
    assert health.end_worker(worker)
    assert reasons() == ("no reminder worker is running",)


def test_a_worker_that_is_silent_or_stands_still_is_dead(database: Engine) -> None:
    worker = uuid4()
    beat(worker)
    age("beat_at", 61)
    assert reasons() == ("the reminder worker is dead or stuck",)
    beat(worker)
    age("progress_at", 61)
    beat(worker, progressed=False)  # it beats, and nothing moves
    assert reasons() == ("the reminder worker is dead or stuck",)
    beat(worker)
    assert reasons() == ()


def test_one_dead_worker_among_others_shows(database: Engine) -> None:
    beat(uuid4())
    age("beat_at", 61)
    beat(uuid4())
    assert reasons() == ("1 of 2 reminder workers are dead or stuck",)


def test_lag_is_the_age_of_the_oldest_due_unsent_reminder(database: Engine) -> None:
    ana = make_ana(make_ida())
    late = NOW - timedelta(seconds=200)
    make_reminder(ana, send_at=late - timedelta(hours=1), state="sent", settled_at=NOW)
    make_reminder(ana, send_at=late - timedelta(hours=1), expires_at=late)
    worker = uuid4()
    beat(worker)
    assert health.get_health(now=NOW).lag_s == 0
    make_reminder(ana, send_at=late)
    beat(worker)
    assert health.get_health(now=NOW).lag_s == 200
    assert reasons() == ("reminders go out late",)
    make_reminder(ana, send_at=NOW - timedelta(seconds=40), lane=0)
    beat(worker)
    assert reasons() == ("reminders go out late", "alerts to practitioners go out late")
    beat(worker, rate=100.0)  # on a clock that runs fast, lag is real seconds too
    assert health.get_health(now=NOW).lag_s == 2


def test_a_stopped_channel_shows(database: Engine) -> None:
    beat(uuid4(), stopped=("fcm",))
    assert reasons() == ("the channel fcm is stopped: its provider refuses our key",)


def test_a_provider_that_is_down_is_named_and_is_no_fault_of_this_house(database: Engine) -> None:
    for channels in ({"web_push": 30.0}, {"fcm": 125.0, "web_push": 70.4}):
        worker = WorkerState(uuid4(), "host", 1, 5, 500, channels_down=channels)
        health.record_beat(worker, progressed=True, now=NOW)
    age("beat_at", 10)
    seen = health.get_health(now=NOW)
    assert {channel: round(seconds) for channel, seconds in seen.channels_down.items()} == {"fcm": 135, "web_push": 80}
    assert seen.ready
    age("beat_at", 61)
    assert health.get_health(now=NOW).channels_down == {}  # a dead worker knows nothing


def test_a_database_that_is_away_is_said_and_not_raised(sqlite: Engine) -> None:
    engine = db.build_engine("sqlite:////nowhere/at/all.db")
    db.configure(engine)
    seen = health.get_health(now=NOW)
    assert (seen.database, seen.ready, seen.reasons) == (False, False, ("the database does not answer",))


def test_a_heartbeat_forgotten_for_a_day_is_taken_away(database: Engine) -> None:
    beat(uuid4())
    age("beat_at", 25 * 3600)
    beat(uuid4())
    assert len(health.get_health(now=NOW).workers) == 1


def test_progress_is_made_when_every_lane_has_moved() -> None:
    progress = Progress(frozenset({0, 1}))
    progress.advance(0)
    assert not progress.take()
    progress.advance(1)
    assert progress.take()
    assert not progress.take()
