"""One story: the real app, the real worker and all that leaves the house, on one clock that the story moves.

Web app and worker are built by the settings alone, as in production: the clock is the file that both read, mail goes
over SMTP and pushes over HTTP to doubles on loopback, which decrypt what a phone would decrypt.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import func, select

import wsgi
from backend import db, wiring
from backend.adapters.clock import write_clock_file
from backend.db import WorkerScope, transaction
from backend.models import Reminder
from backend.settings import Settings, with_local_secrets
from backend.web import logs
from backend.workers.sender import Sender, SenderOptions
from backend.workers.ticks import build_ticks
from schedules import resolve_local, wall_time
from tests.doubles.mail_server import MailServerDouble
from tests.doubles.push_service import PushServiceDouble, SeenPush

ZONE = "Europe/London"
DAY_0 = date(2026, 3, 2)  # a Monday; the clocks of London change on day 27
A_MINUTE_PAST = clock_time(0, 1)
PATIENCE_S = 20.0


def local(day: int, at: str, zone: str = ZONE) -> datetime:
    """Plan day `day` at a wall-clock time such as "08:10"."""
    hour, minute = at.split(":")
    return resolve_local(DAY_0 + timedelta(days=day), clock_time(int(hour), int(minute)), zone)


def day_on(day: int) -> str:
    """The ISO date of a plan day."""
    return (DAY_0 + timedelta(days=day)).isoformat()


@dataclass(frozen=True, slots=True)
class Shown:
    """One push as a lock screen shows it; `at`: the product's time at which it arrived."""

    at: datetime
    push: SeenPush

    @property
    def words(self) -> str:
        return str(self.push.payload["notification"]["body"])

    @property
    def reminder_id(self) -> UUID:
        return UUID(self.push.payload["id"])

    def local(self, zone: str = ZONE) -> str:
        return f"{wall_time(self.at, zone):%H:%M}"

    def day(self, zone: str = ZONE) -> int:
        return (wall_time(self.at, zone).date() - DAY_0).days


class Kept(logging.Handler):
    """Every log line of web app and worker, as it would stand on stderr."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Story:
    """What a test holds: the app, the clock, the worker, and everything that was seen from outside."""

    def __init__(self, settings: Settings, pushes: PushServiceDouble, mails: MailServerDouble, log: Kept) -> None:
        self.settings = settings
        self.pushes = pushes
        self.mails = mails
        self.log = log
        self.app = wsgi.create_app(settings)
        self.urls: list[str] = []
        self.titles: list[str] = []
        self.shown: list[Shown] = []
        self.service_workers: list[Callable[[], None]] = []  # of phones: each says what it has shown
        self._clock_file = Path(str(settings.test_clock).removeprefix("file:"))
        clock = wiring.build_clock(settings)
        options = SenderOptions(settings.worker_batch, settings.worker_lease_seconds, settings.public_url)
        self.sender = Sender(wiring.build_pushers(settings), wiring.build_mailer(settings), clock, options)
        self._ticks = build_ticks(self.sender, clock, uuid4(), settings.worker_tick_seconds)
        self._clock = clock

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def jump(self, at: datetime) -> None:
        """Move everybody's clock, without a look of the worker: it was away meanwhile."""
        assert at >= self.now, "time does not run backwards"
        write_clock_file(self._clock_file, at)

    def work(self) -> list[Shown]:
        """Let every tick of the worker strike once and the sender run until nothing is due; what was shown."""
        for tick in self._ticks:
            tick.run()
        self.sender.wake()
        limit = time.monotonic() + PATIENCE_S
        while _count_due(self.now):
            assert time.monotonic() < limit, "the worker left due reminders unsent"
            time.sleep(0.004)
        # counted from the last look: a wake of an earlier moment may have sent something since the clock was moved
        fresh = [Shown(self.now, push) for push in self.pushes.seen[len(self.shown) :]]
        self.shown += fresh
        if fresh:
            for confirm in self.service_workers:
                confirm()
        return fresh

    def until(self, at: datetime) -> list[Shown]:
        """Live on to an instant: the worker works at each moment at which something falls due, and then."""
        fresh = self.work() if _count_due(self.now) else []
        while (moment := self.next_moment()) < at:
            self.jump(moment)
            fresh += self.work()
        self.jump(at)
        return fresh + self.work()

    def next_moment(self) -> datetime:
        """The next instant at which the worker has something to do: a reminder falls due, or a day has begun."""
        tomorrow = wall_time(self.now, ZONE).date() + timedelta(days=1)
        day_begun = resolve_local(tomorrow, A_MINUTE_PAST, ZONE)
        due = _next_due(self.now)
        return day_begun if due is None else min(due, day_begun)

    def shown_to(self, channel: str) -> list[Shown]:
        """All pushes so far to one subscription."""
        return [shown for shown in self.shown if shown.push.channel == channel]


def _count_due(now: datetime) -> int:
    with transaction(WorkerScope(), write=False) as session:
        due = select(func.count()).where(
            Reminder.state == "planned",
            Reminder.carrier_id.is_(None),
            Reminder.send_at <= now,
            Reminder.expires_at > now,
        )
        return session.scalar(due) or 0


def _next_due(now: datetime) -> datetime | None:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(
            select(func.min(Reminder.send_at)).where(
                Reminder.state == "planned", Reminder.carrier_id.is_(None), Reminder.send_at > now
            )
        )


@contextmanager
def telling(database_url: str, folder: Path, starts_at: datetime) -> Iterator[Story]:
    """A story on a migrated database, from `starts_at`; at its end the worker must drain and not have died."""
    clock_file = folder / "clock"
    write_clock_file(clock_file, starts_at)
    with ExitStack() as open_until_the_end:
        pushes = open_until_the_end.enter_context(PushServiceDouble())
        mails = open_until_the_end.enter_context(MailServerDouble())
        log = open_until_the_end.enter_context(_keeping_the_log())
        environment = {
            "FALLOW_ENV": "test",
            "FALLOW_DATABASE_URL": database_url,
            "FALLOW_VAR_DIR": str(folder),
            "FALLOW_PUBLIC_URL": "http://localhost",
            "FALLOW_TEST_CLOCK": f"file:{clock_file}",
            "FALLOW_MAIL_URL": f"smtp://127.0.0.1:{mails.port}",
            "FALLOW_PUSH_ALLOW_LOOPBACK": "1",
        }
        story = Story(with_local_secrets(Settings.from_environment(environment)), pushes, mails, log)
        story.sender.start()
        try:
            yield story
        finally:
            story.sender.stop()
            drained = story.sender.join(PATIENCE_S)
            db.get_engine().dispose()
        assert drained
        assert not story.sender.failed


@contextmanager
def _keeping_the_log() -> Iterator[Kept]:
    """The product's own log set-up, with its lines kept instead of written."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    logs.configure()
    kept = Kept()
    kept.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [kept]
    try:
        yield kept
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def text_of(push: SeenPush) -> str:
    """All that leaves the house with one push, as text: what a provider, or who holds the phone, could read."""
    return json.dumps([push.payload, push.headers.get("Topic", ""), push.claims], ensure_ascii=False)


def get_json(answer: Any) -> Any:
    assert answer.json is not None, answer.text
    return answer.json
