"""Contenders that send what is due from end to end: claim, build, send, record with attempts.

`python -m tests.bench.whole_path KIND CONFIG`: `fallow` is the product's sender as it stands, `aiohttp` the same over
another HTTP client; `send_each` and `send_each_async` are the loop that one would write with firebase-admin: the
product's claim and record around its senders. Each pass handles what is due `until` a reminder's number.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from backend import db
from backend.adapters import fcm
from backend.adapters.mail import LogMailer
from backend.adapters.push_http import PushHttp
from backend.ports import Pusher, PushMessage, PushResult
from backend.services import delivery
from backend.services.delivery_results import Try, resolve_settlement
from backend.workers.collector import collect_seldom
from backend.workers.dispatch import build_message
from backend.workers.sender import Sender, SenderOptions
from tests.bench.aiohttp_client import AiohttpHttp
from tests.bench.answering import answer
from tests.bench.rows import FIRST_DUE_AT, due_at

PUBLIC_URL = "https://fallow.example"
LOOK_EVERY_S = 0.02  # what looks on takes part in the process's own processor time
QUIET_S = 0.2
LAST_WORD_S = 0.5  # what is recorded is counted a moment later
AT_ONCE = 500  # the most that send_each takes
LEFT = text(
    "SELECT 1 FROM reminder WHERE state = 'planned' AND carrier_id IS NULL AND lane = 1 AND send_at <= :now LIMIT 1"
)


RunPass = Callable[[], dict[str, Any]]


class NoWork:
    """Accepts everything at once."""

    kinds = fcm.FcmPusher.kinds

    async def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        for message in batch:
            yield message.ref, PushResult("accepted", detail="200", provider_id="1")

    async def close(self) -> None:
        return None


class BenchClock:
    """Stands where the bench puts it."""

    rate = 1.0

    def __init__(self) -> None:
        self.at = FIRST_DUE_AT

    def now(self) -> datetime:
        return self.at


@contextmanager
def run_sender(config: Mapping[str, Any], pusher: Pusher, clock: BenchClock) -> Iterator[RunPass]:
    """The product's sender; what it gives runs one pass: until nothing is due and all is recorded."""
    sender = Sender((pusher,), LogMailer(), clock, SenderOptions(config["batch"], 60, PUBLIC_URL))
    sender.start()
    collect_seldom()  # as the worker's process does

    def run_pass() -> dict[str, Any]:
        before, cpu, began = sender.progress.sent, time.process_time(), time.monotonic()
        sender.wake()
        seen, ended, spent, until = before, began, 0.0, 0.0
        while True:
            time.sleep(LOOK_EVERY_S)
            now = time.monotonic()
            if sender.progress.sent != seen:
                seen, ended, spent = sender.progress.sent, now, time.process_time() - cpu
            elif until and now > until:
                if sender.progress.failures:
                    raise RuntimeError("the sender failed; see above")
                return {"count": seen - before, "began": began, "ended": ended, "cpu_s": spent}
            elif not until and now - ended > QUIET_S and not anything_left(clock.at):
                until = now + LAST_WORD_S

    yield run_pass
    sender.stop()
    sender.join()


def anything_left(now: datetime) -> bool:
    with db.transaction(db.WorkerScope(), write=False) as session:
        return session.execute(LEFT, {"now": now}).first() is not None


@contextmanager
def run_firebase(config: Mapping[str, Any], kind: str, clock: BenchClock) -> Iterator[RunPass]:
    """firebase-admin's own senders between the product's claim and record."""
    import firebase_admin
    from firebase_admin import credentials, messaging

    messaging._MessagingService.FCM_URL = config["fcm_url"] + "/v1/projects/{0}/messages:send"
    credential = credentials.Certificate(config["account"])
    apps = count(1)

    def new_app() -> Any:
        return firebase_admin.initialize_app(credential, {"httpTimeout": 15}, name=f"pass {next(apps)}")

    app, runner = new_app(), asyncio.Runner()

    def send(messages: list[Any]) -> Any:
        if kind == "send_each":
            return messaging.send_each(messages, app=app)
        return runner.run(messaging.send_each_async(messages, app=app))

    def run_pass() -> dict[str, Any]:
        nonlocal app
        if kind == "send_each_async":  # its client breaks on connections that were idle since the last pass
            app = new_app()
        handled, alone, alone_cpu = 0, 0.0, 0.0
        cpu, began = time.process_time(), time.monotonic()
        while claims := delivery.claim(1, limit=AT_ONCE, lease_s=60, now=clock.at):
            messages = [build_message(claim, claim.addresses[0], 1, clock.at, 1.0) for claim in claims]
            built = [fcm.build_message(message, PUBLIC_URL, clock) for message in messages]
            sending, sending_cpu = time.monotonic(), time.process_time()
            answers = send(built).responses
            alone += time.monotonic() - sending
            alone_cpu += time.process_time() - sending_cpu
            settlements = []
            for claim, said in zip(claims, answers, strict=True):
                if not said.success:
                    raise RuntimeError(f"refused: {said.exception}")
                tried = Try(
                    "fcm", PushResult("accepted", detail="200", provider_id=said.message_id), claim.addresses[0]
                )
                settlements.append(resolve_settlement(claim, (tried,), held=False, now=clock.at, jitter=0.5))
            handled += delivery.record(settlements, now=clock.at)
        ended = time.monotonic()
        spent = {"cpu_s": time.process_time() - cpu, "alone_s": alone, "alone_cpu_s": alone_cpu}
        return {"count": handled, "began": began, "ended": ended, **spent}

    yield run_pass
    runner.close()


def build_pusher(config: Mapping[str, Any], client: Callable[..., PushHttp]) -> fcm.FcmPusher:
    http = client(ca_pem=Path(config["ca"]).read_bytes())
    return fcm.FcmPusher(Path(config["account"]), http, public_url=PUBLIC_URL, base_url=config["fcm_url"])


def main(kind: str, written: str) -> None:
    config = json.loads(written)
    db.configure(db.build_engine(config["database"]))
    clock = BenchClock()
    ways: dict[str, Callable[[], Any]] = {
        "fallow": lambda: run_sender(config, build_pusher(config, PushHttp), clock),
        "aiohttp": lambda: run_sender(config, build_pusher(config, AiohttpHttp), clock),
        "no-op": lambda: run_sender(config, NoWork(), clock),
        "send_each": lambda: run_firebase(config, "send_each", clock),
        "send_each_async": lambda: run_firebase(config, "send_each_async", clock),
    }
    with ways[kind]() as run_one:

        def run_pass(asked: dict[str, Any]) -> dict[str, Any]:
            clock.at = due_at(asked["until"])
            return run_one()

        answer(run_pass)


if __name__ == "__main__":
    main(*sys.argv[1:])
