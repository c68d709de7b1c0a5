"""P7: what phones log without a connection arrives exactly once, though the web server dies in the middle of requests.

Real: the web server and its children, killed with -9, both databases, `POST /sync` and `PUT /photos` over HTTP.
Simulated: the phones, threads that keep an entry until the server has said yes, send some of it again, and in any
order. The phone's own queue and a browser that is killed: `mobile_api/app/src/db/outbox.test.ts`, `tests/pwa`.
"""

import io
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from random import Random
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from sqlalchemy import select

from backend.adapters.clock import SystemClock
from backend.db import StaffScope, transaction
from backend.models import CheckIn, Consent, Message, Photo, StepLog
from tests.bench.figures import Figure
from tests.faults.house import BOTH, Grounds, call, holds_within, put_bytes, say
from tests.faults.load import PAUSE_S
from tests.faults.seeding import Seeded, insert_rows, seed_plans
from tests.people import make_ida

BATCH, REPLAYED = 6, 2
PHOTO_EVERY = 10
Gist = tuple[str, UUID, str]


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """About ten minutes in full, half a minute with `quick`."""
    sizes = {"phones": 4, "entries": 20, "kills": 2} if quick else {"phones": 20, "entries": 100, "kills": 20}
    for database in ("sqlite",) if quick else BOTH:
        yield from kill_in_mid_request(grounds, database, **sizes)


def kill_in_mid_request(grounds: Grounds, database: str, *, phones: int, entries: int, kills: int) -> Iterator[Figure]:
    """Every phone has `entries` to send; the server dies `kills` times meanwhile, at even shares of the work."""
    what = f"{database}: {phones} phones x {entries} entries, web server killed {kills} x"
    with grounds.open(database) as house:
        house.clock = ""
        queues = [_Queue(client, _log(client, entries), Random(n)) for n, client in enumerate(_seed(phones))]
        web, ended = house.start_web(), threading.Event()
        port = [web.port]
        threads = [threading.Thread(target=queue.empty, args=(port, ended), daemon=True) for queue in queues]
        for thread in threads:
            thread.start()
        for number in range(kills):
            wanted = phones * entries * (number + 1) // (kills + 1)
            holds_within(300, partial(_have_taken, queues, wanted), 0.002)
            web.kill()
            web = house.start_web()
            port[0] = web.port
            say(f"{what}: {number + 1} killed, {sum(each.taken for each in queues):,} taken")
        holds_within(600, lambda: not any(thread.is_alive() for thread in threads), 0.1)
        ended.set()
        logged = {gist for queue in queues for gist in queue.gists()}
        stored = _read(queues[0].client)
        wrong = len(logged ^ set(stored)) + len(stored) - len(set(stored))
        note = f"{sum(queue.repeats for queue in queues):,} sent again"
        yield Figure("P7", f"{what}: not there, twice, or other than logged", wrong, 0, "entries", note)
        refused = [status for queue in queues for status in queue.refused]
        yield Figure("P7", f"{what}: refused", len(refused), 0, "entries", str(sorted(set(refused))))
        yield house.check_ledger(what)


def _have_taken(queues: Sequence["_Queue"], least: int) -> bool:
    return sum(each.taken for each in queues) >= least


@dataclass
class _Queue:
    """What one phone has not yet had a yes for. `made`: all it logged; `taken`: how many the server said yes to."""

    client: Seeded
    made: dict[UUID, tuple[str, Any]]
    dice: Random
    taken: int = 0
    repeats: int = 0
    refused: list[int] = field(default_factory=list)

    def empty(self, port: list[int], ended: threading.Event) -> None:
        waiting = list(self.made)
        while waiting and not ended.is_set():
            chosen = self.dice.sample(waiting, min(len(waiting), BATCH))
            again = [each for each in self.dice.sample(list(self.made), REPLAYED) if each not in chosen]
            self.repeats += len(again)
            done = self._send(port[0], [*chosen, *again])
            self.taken += sum(each in done for each in chosen)
            waiting = [each for each in waiting if each not in done]
            if not done:
                ended.wait(PAUSE_S)  # a phone that reached nobody tries again a little later

    def _send(self, port: int, chosen: Sequence[UUID]) -> set[UUID]:
        """Those that the server said yes to."""
        batch = [each for each in chosen if self.made[each][0] != "photo"]
        events = [{"type": self.made[each][0], "body": self.made[each][1]} for each in batch]
        _, answer = call(port, "POST", "/api/v1/sync", {"events": events}, self.client.token)
        told = {each: result["status"] for each, result in zip(batch, answer.get("results", ()), strict=False)}
        for each in chosen:
            if self.made[each][0] == "photo":
                told[each] = self._send_photo(port, each)
        self.refused += [status for status in told.values() if 400 <= status < 500]
        return {each for each, status in told.items() if 200 <= status < 300}

    def _send_photo(self, port: int, photo: UUID) -> int:
        query = f"care_plan_id={self.client.plan}&view=close&taken_at={self.made[photo][1]}"
        return put_bytes(port, f"/api/v1/photos/{photo}?{query}", _picture(), "image/jpeg", self.client.token)

    def gists(self) -> Iterator[Gist]:
        for each, (kind, body) in self.made.items():
            yield kind, each, _gist(kind, body)


def _seed(count: int) -> list[Seeded]:
    """Clients on day 3, who agreed to photos."""
    now = SystemClock().now()
    owner = make_ida()
    clients = seed_plans(owner, count, treated_at=now - timedelta(days=3))
    agreed = {"kind": "photos", "given": True, "text_version": "1", "at": now - timedelta(days=3)}
    rows = [{"clinic_id": each.clinic, "id": uuid4(), "client_id": each.id, **agreed} for each in clients]
    insert_rows(owner.clinic_id, Consent, rows)
    return clients


def _log(client: Seeded, count: int) -> dict[UUID, tuple[str, Any]]:
    at = f"{SystemClock().now():%Y-%m-%dT%H:%M:%SZ}"
    made: dict[UUID, tuple[str, Any]] = {}
    for number in range(count):
        entry = uuid4()
        of_plan = {"id": str(entry), "care_plan_id": str(client.plan)}
        if number % PHOTO_EVERY == 0:
            made[entry] = "photo", at
        elif number % 3 == 0:
            made[entry] = "message", {"id": str(entry), "words": f"Is {number} usual?", "at": at}
        elif number % 3 == 1:
            made[entry] = "step_log", {**of_plan, "occurrence": f"wash@d{number % 3}#1", "event": "done", "at": at}
        else:
            answers = [{"question": "pain", "value": number % 3}]
            more = {"occurrence": None, "kind": "report", "answered_at": at, "partial": False, "photos": []}
            made[entry] = "check_in", {**of_plan, **more, "answers": answers}
    return made


def _gist(kind: str, body: Any) -> str:
    if kind == "photo":
        return "64"
    if kind == "message":
        return str(body["words"])
    return str(body["occurrence"] if kind == "step_log" else body["answers"][0]["value"])


def _read(client: Seeded) -> list[Gist]:
    """The same as the server has it, of all clients of the clinic."""
    with transaction(StaffScope(client.clinic), write=False) as session:
        rows = [("check_in", row.id, str(row.answers["pain"])) for row in session.scalars(select(CheckIn))]
        rows += [("step_log", row.id, row.occurrence_key) for row in session.scalars(select(StepLog))]
        rows += [("message", row.id, row.words) for row in session.scalars(select(Message))]
        rows += [("photo", row.id, str(row.width)) for row in session.scalars(select(Photo))]
    return rows


@cache
def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 80)).save(file, "JPEG")
    return file.getvalue()
