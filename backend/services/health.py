"""Signs of life: what `/readyz` and the console's banner say (PROMISES S3). Ages are real time, taken by the database.

The web process may not read other clinics' reminders, so the worker measures the lag and writes it into its heartbeat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from alembic.script import ScriptDirectory
from sqlalchemy import CursorResult, Uuid, bindparam, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.db import MIGRATIONS, DoorScope, WorkerScope, dialect_name, get_engine, transaction
from backend.models import Reminder
from backend.models.reminders import RED_LANE, REST_LANE
from backend.services import alarms

DEAD_AFTER_S = 60.0  # of silence or standstill; with the beat's own interval well within the 120 s of S3
# A tick looks every second and a batch takes at most two limits of the HTTP client (30 s): what is due for longer than
# three times that is not on its way. With the beat (5 s) and a page's reading of it, it shows within the 120 s of S3.
LAG_BOUND_S = 90.0
RED_LAG_BOUND_S = 30.0  # S1: the first alert starts within 30 s
FORGOTTEN_AFTER_S = 24 * 3600.0

_REAL = {"postgresql": "now()", "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now')"}
_AGE = {
    "postgresql": "EXTRACT(EPOCH FROM now() - {})",
    "sqlite": "(julianday('now') - julianday({})) * 86400.0",
}
_SECONDS = {
    "postgresql": "SELECT EXTRACT(EPOCH FROM now())",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
}
_FORGET = "DELETE FROM worker_heartbeat WHERE {age} > :limit"
_BEAT = """INSERT INTO worker_heartbeat
       (id, host, pid, started_at, beat_at, progress_at, sent, in_flight_bound, stopped_channels, lag_s, red_lag_s,
        ledger_faults, alarms, channels_down)
   VALUES (:id, :host, :pid, {now}, {now}, {now}, :sent, :bound, :stopped, :lag_s, :red_lag_s, :ledger_faults, :alarms,
        :down)
   ON CONFLICT (id) DO UPDATE SET beat_at = {now}, sent = :sent, stopped_channels = :stopped, lag_s = :lag_s,
       red_lag_s = :red_lag_s, ledger_faults = :ledger_faults, alarms = :alarms, channels_down = :down,
       progress_at = {progress}"""
_SIGNS = """SELECT id, host, pid, sent, in_flight_bound, stopped_channels, lag_s, red_lag_s, ledger_faults, alarms,
       channels_down, {beat} AS beat_age_s, {progress} AS progress_age_s FROM worker_heartbeat ORDER BY started_at"""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """What a worker says of itself. `in_flight_bound`: the most rows it has sent and not yet recorded (P3).
    `ledger_faults`: rows that broke the conservation law at its last sweep (P2). `channels_down`: channels whose
    provider does not take messages, with the seconds since when; what waits for it is late and not lost (P5)."""

    id: UUID
    host: str
    pid: int
    sent: int
    in_flight_bound: int
    stopped_channels: tuple[str, ...] = ()
    ledger_faults: int = 0
    channels_down: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkerSign:
    """What others see of a worker. `alive`: it beats and makes progress. `alarms`: red flags of all clinics that
    nobody has seen though their ladder has come to its end."""

    state: WorkerState
    alive: bool
    beat_age_s: float
    progress_age_s: float
    lag_s: int
    red_lag_s: int
    alarms: int


@dataclass(frozen=True, slots=True)
class Health:
    """`ready`: nothing is wrong; `reasons`: what is, in plain words without names. `on_time`: a worker sends what is
    due; `lag_s`: of the best of them."""

    at: datetime
    database: bool
    migrations: bool
    workers: tuple[WorkerSign, ...]
    lag_s: int | None
    reasons: tuple[str, ...]
    on_time: bool = False

    @property
    def ready(self) -> bool:
        return not self.reasons

    @property
    def channels_down(self) -> dict[str, float]:
        """Channels whose provider does not take messages, as the workers alive say, with the seconds since when."""
        down: dict[str, float] = {}
        for worker in self.workers:
            for channel, seconds in worker.state.channels_down.items() if worker.alive else ():
                down[channel] = max(down.get(channel, 0.0), seconds + worker.beat_age_s)
        return dict(sorted(down.items()))


def get_health(*, now: datetime) -> Health:
    """How the house stands; never raises for a database that is away."""
    try:
        with transaction(DoorScope(), write=False) as session:
            migrated = session.scalar(text("SELECT version_num FROM alembic_version")) == _head()
            workers = _list_signs(session)
    except SQLAlchemyError:
        return Health(now, False, False, (), None, ("the database does not answer",))
    alive = [worker for worker in workers if worker.alive]
    lag = min((worker.lag_s for worker in alive), default=None)
    reasons = () if migrated else ("the database is not migrated to this version",)
    on_time = lag is not None and lag <= LAG_BOUND_S
    return Health(now, True, migrated, workers, lag, (*reasons, *_find_worker_faults(workers)), on_time)


def get_revision() -> str | None:
    """The revision that the database is at; None where nothing has been migrated yet."""
    if not inspect(get_engine()).has_table("alembic_version"):
        return None
    with transaction(DoorScope(), write=False) as session:
        return cast(str, session.scalar(text("SELECT version_num FROM alembic_version")))


def get_clock_difference_s(now: datetime) -> float:
    """Real seconds by which `now` is ahead of the database's own clock."""
    with transaction(DoorScope(), write=False) as session:
        return now.timestamp() - float(session.execute(text(_SECONDS[dialect_name()])).scalar_one())


def record_beat(worker: WorkerState, *, progressed: bool, now: datetime, rate: float = 1.0) -> None:
    """A worker's sign of life. `progressed`: both its lanes have moved since the last beat. `rate`: the Clock's."""
    with transaction(WorkerScope()) as session:
        real = _REAL[dialect_name()]
        progress = real if progressed else "worker_heartbeat.progress_at"
        given = {
            "id": worker.id,
            "host": worker.host,
            "pid": worker.pid,
            "sent": worker.sent,
            "bound": worker.in_flight_bound,
            "stopped": ",".join(worker.stopped_channels),
            "lag_s": max(_lag(session, lane, now, rate) for lane in (RED_LANE, REST_LANE)),
            "red_lag_s": _lag(session, RED_LANE, now, rate),
            "ledger_faults": worker.ledger_faults,
            "alarms": alarms.count_alarms(session, now),
            "down": ",".join(f"{channel}:{seconds:.0f}" for channel, seconds in worker.channels_down.items()),
        }
        session.execute(_by_id(_BEAT.format(now=real, progress=progress)), given)
        age = _AGE[dialect_name()].format("beat_at")
        session.execute(text(_FORGET.format(age=age)), {"limit": FORGOTTEN_AFTER_S})


def end_worker(worker_id: UUID) -> bool:
    """A worker that ends in good order takes its heartbeat along: what stays behind has died."""
    with transaction(WorkerScope()) as session:
        ended = session.execute(_by_id("DELETE FROM worker_heartbeat WHERE id = :id"), {"id": worker_id})
        return cast(CursorResult[Any], ended).rowcount == 1


def _by_id(statement: str) -> Any:
    return text(statement).bindparams(bindparam("id", type_=Uuid()))


def _lag(session: Session, lane: int, now: datetime, rate: float) -> int:
    """Real seconds that the oldest due row of a lane has waited; one under a lease counts, it is not yet sent."""
    oldest = session.scalar(
        select(func.min(Reminder.send_at)).where(
            Reminder.lane == lane,
            text("reminder.state = 'planned'"),
            Reminder.carrier_id.is_(None),
            Reminder.send_at <= now,
            Reminder.expires_at > now,
        )
    )
    return 0 if oldest is None else int((now - oldest).total_seconds() / max(rate, 1.0))


def _list_signs(session: Session) -> tuple[WorkerSign, ...]:
    age = _AGE[dialect_name()]
    statement = text(_SIGNS.format(beat=age.format("beat_at"), progress=age.format("progress_at")))
    return tuple(_sign(row) for row in session.execute(statement.columns(id=Uuid)))


def _sign(row: Any) -> WorkerSign:
    stopped = tuple(name for name in row.stopped_channels.split(",") if name)
    pairs = (each.partition(":") for each in row.channels_down.split(",") if each)
    down = {channel: float(seconds) for channel, _, seconds in pairs}
    state = WorkerState(row.id, row.host, row.pid, row.sent, row.in_flight_bound, stopped, row.ledger_faults, down)
    beat_age, progress_age = float(row.beat_age_s), float(row.progress_age_s)
    alive = max(beat_age, progress_age) < DEAD_AFTER_S
    return WorkerSign(state, alive, beat_age, progress_age, row.lag_s, row.red_lag_s, row.alarms)


def _find_worker_faults(workers: tuple[WorkerSign, ...]) -> tuple[str, ...]:
    alive = [worker for worker in workers if worker.alive]
    faults = []
    if not alive:
        faults.append("no reminder worker is running" if not workers else "the reminder worker is dead or stuck")
    elif len(alive) < len(workers):
        faults.append(f"{len(workers) - len(alive)} of {len(workers)} reminder workers are dead or stuck")
    if alive and min(worker.lag_s for worker in alive) > LAG_BOUND_S:
        faults.append("reminders go out late")
    if alive and min(worker.red_lag_s for worker in alive) > RED_LAG_BOUND_S:
        faults.append("alerts to practitioners go out late")
    if any(worker.state.ledger_faults for worker in alive):
        faults.append("the reminder ledger does not add up")
    channels = sorted({channel for worker in alive for channel in worker.state.stopped_channels})
    faults += [f"the channel {channel} is stopped: its provider refuses our key" for channel in channels]
    return tuple(faults)


@cache
def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
