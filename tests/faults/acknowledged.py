"""P1: what was answered with 2xx is there after the server was killed.

Real: the web server and its child, killed with -9 under write load on SQLite; PostgreSQL crashed under the same load,
while the web server lives on. Simulated: nothing; the phones are threads that speak HTTP. A power cut cannot be shown
here: what the operating system had taken over survives a kill (PROMISES P1 asks for synchronous=FULL beside it).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy import select

from backend.adapters.clock import SystemClock
from backend.db import StaffScope, transaction
from backend.models import CheckIn
from tests.bench.figures import Figure
from tests.faults.house import Grounds, House, holds_within, say
from tests.faults.load import Entry, Phones
from tests.faults.seeding import Seeded, seed_plans
from tests.people import make_ida

CLIENTS = 40
TAKEN = 8  # check-ins between two kills


def measure(grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    """200 kills on each database: about 20 minutes in full, 20 seconds with `quick`."""
    kills = 2 if quick else 200
    yield from kill_server(grounds, kills=kills)
    yield from crash_database(grounds, kills=kills)


def kill_server(grounds: Grounds, *, kills: int) -> Iterator[Figure]:
    """kill -9 of the web server on SQLite while phones write."""
    what = f"sqlite: {kills} x kill -9 of the web server under write load"
    with grounds.open("sqlite") as house:
        clients, phones = _start_phones(house)
        damaged = missing = 0
        for number in range(kills):
            web = house.start_web()
            phones.port = web.port
            taken = len(phones.acknowledged) + TAKEN + number % 5
            holds_within(60, lambda least=taken: len(phones.acknowledged) >= least, 0.002)  # type: ignore[misc]
            web.kill()
            known = set(phones.acknowledged)
            damaged += not _is_sound(house)
            missing += len(known - _stored(clients))
            if number % 20 == 19:
                say(f"{what}: {number + 1} killed, {len(known):,} taken")
        yield Figure("P1", f"{what}: damaged files", damaged, 0, "files")
        yield from _judge(house, what, phones, missing)


def crash_database(grounds: Grounds, *, kills: int) -> Iterator[Figure]:
    """PostgreSQL ends at once and recovers while phones write."""
    what = f"postgresql: {kills} crashes under write load"
    with grounds.open("postgresql") as house:
        assert house.server is not None
        clients, phones = _start_phones(house)
        web = house.start_web()
        phones.port = web.port
        missing = 0
        for number in range(kills):
            taken = len(phones.acknowledged) + TAKEN + number % 5
            holds_within(60, lambda least=taken: len(phones.acknowledged) >= least, 0.002)  # type: ignore[misc]
            house.server.restart()
            known = set(phones.acknowledged)
            missing += len(known - _stored(clients))
            if number % 20 == 19:
                say(f"{what}: {number + 1} crashed, {len(known):,} taken")
        yield from _judge(house, what, phones, missing)


def _start_phones(house: House) -> tuple[list[Seeded], Phones]:
    """Phones that write without end, to nobody yet."""
    house.clock = ""
    clients = seed_plans(make_ida(), CLIENTS, treated_at=SystemClock().now() - timedelta(days=3))
    phones = Phones(Entry(clients[number % CLIENTS], uuid4()) for number in count())
    phones.start(port=1)  # nobody listens there
    return clients, phones


def _judge(house: House, what: str, phones: Phones, missing: int) -> Iterator[Figure]:
    phones.stop()
    taken = len(phones.acknowledged)
    yield Figure("P1", f"{what}: acknowledged and missing", missing, 0, "check-ins", f"{taken:,} acknowledged")
    note = ", ".join(sorted(set(phones.refused)))
    yield Figure("P1", f"{what}: refused, or none taken", len(phones.refused) + (not taken), 0, "check-ins", note)
    yield house.check_ledger(what)


def _is_sound(house: House) -> bool:
    with closing(sqlite3.connect(house.url.removeprefix("sqlite:///"))) as file:
        return file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _stored(clients: list[Seeded]) -> set[UUID]:
    with transaction(StaffScope(clients[0].clinic), write=False) as session:
        return set(session.scalars(select(CheckIn.id)))
