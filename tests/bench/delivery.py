"""F1: reminders from the table to the provider and back, beside firebase-admin's senders, in one interleaved run."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import setup_env
from tests import postgres
from tests.bench import peer_packages, rows
from tests.bench.contenders import Contender, start
from tests.bench.figures import Figure, Series, compare
from tests.bench.provider import Provider, run_provider

TIMES, CPU_SHARE, TWO_TIMES = 9.0, 0.12, 1.0
BATCH = 250  # the setting FALLOW_WORKER_BATCH as it comes
OURS, TWO, SEND_EACH = "Fallow, one worker", "Fallow, two workers", "firebase-admin send_each"
PROMISED = {OURS: "fallow", SEND_EACH: "send_each"}
WHOLE = {**PROMISED, "Fallow over aiohttp": "aiohttp", "firebase-admin send_each_async": "send_each_async"}
SEND_ALONE = "the send alone: no claim, no record"


@dataclass(frozen=True)
class Size:
    """`pending`: rows before the first pass; `ours`, `theirs`: messages a pass; `peers`: also who has no promise."""

    pending: int
    passes: int
    ours: int
    theirs: int
    peers: bool = True

    def of(self, name: str) -> int:
        return self.theirs if name.startswith("firebase-admin") or name == "fcm-django" else self.ours


FULL = Size(pending=1_000_000, passes=7, ours=20_000, theirs=2_000)
QUICK = Size(pending=100_000, passes=3, ours=8_000, theirs=1_000)
SMALLEST = Size(pending=1_000, passes=1, ours=150, theirs=50, peers=False)


def measure(*, quick: bool) -> Iterator[Figure | Series]:
    yield from measure_at(QUICK if quick else FULL)


def measure_at(size: Size) -> Iterator[Figure | Series]:
    """On a server of its own, which keeps what it is told as in production."""
    with postgres.run_server(durable=True) as server:
        yield from measure_on(server, size)


def measure_on(server: postgres.Server, size: Size) -> Iterator[Figure | Series]:
    """All contenders in turn, pass by pass, on the rows of one table; then what was promised, and each one's passes."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fallow-bench-")))
        provider = stack.enter_context(run_provider(folder))
        database = server.create_database()
        _say(f"writing {size.pending:,} pending reminders")
        rows.fill(server, database, size.pending)
        entrants = _start_all(stack, server.url(database), provider, size)
        race = Race(size, entrants, lambda: _list_failures(server, database))
        race.run()
        yield from race.judge()
        yield _count_twice(server, database, race.handled)
        yield _count_at_provider(provider, race)
        yield from race.series()


@dataclass
class Race:
    """The passes of every contender, and the number of the last reminder that was made due."""

    size: Size
    entrants: "Entrants"
    look_up: Callable[[], str]
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    handled: int = 0
    sent_alone: int = 0

    def run(self) -> None:
        for number in range(-1, self.size.passes):  # pass -1 warms up
            for name in (*self.entrants.whole, TWO, *self.entrants.senders):
                answer = self._run_one(name, 1 if number < 0 else 0)
                if number >= 0:
                    self.answers.setdefault(name, []).append(answer)
            _say(f"pass {number + 1} of {self.size.passes} done")

    def _run_one(self, name: str, warm: int) -> dict[str, Any]:
        count = self.size.of(name) // (10 if warm else 1)
        if name in self.entrants.senders:
            alone = self.entrants.senders[name].ask(count=count)
            self.sent_alone += alone["count"]
            return alone
        self.handled += count
        racers = self.entrants.two if name == TWO else (self.entrants.whole[name],)
        for racer in racers:
            racer.tell(until=self.handled)
        answers = [racer.hear() for racer in racers]
        if sum(answer["count"] for answer in answers) != count:
            raise RuntimeError(f"{name} sent {[answer['count'] for answer in answers]} of {count}; {self.look_up()}")
        return _together(answers)

    def judge(self) -> Iterator[Figure]:
        ours, theirs = self._rates(OURS), self._rates(SEND_EACH)
        alone = [each["count"] / each["alone_s"] for each in self.answers[SEND_EACH]]
        least = min(mine / other for mine, other in zip(ours, alone, strict=True))
        note = f"at least {least:.3g} x send_each without claim and record"
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        yield compare(
            ("F1", "whole path: rate against send_each on the same rows", TIMES), ratios, at_least=True, note=note
        )
        costs = self._costs(OURS), self._costs(SEND_EACH)
        shares = [mine / other for mine, other in zip(*costs, strict=True)]
        what = "whole path: worker CPU a message against send_each"
        note = f"{sorted(costs[0])[len(ours) // 2]:.0f} against {sorted(costs[1])[len(ours) // 2]:.0f} us"
        yield compare(("F1", what, CPU_SHARE), shares, at_least=False, note=note)
        pairs = [both / one for both, one in zip(self._rates(TWO), ours, strict=True)]
        yield compare(("F1", "two workers against one, on two cores", TWO_TIMES), pairs, at_least=True)

    def series(self) -> Iterator[Series]:
        for name in dict.fromkeys((OURS, TWO, *self.answers)):
            note = SEND_ALONE if name in self.entrants.senders else ""
            yield Series(name, tuple(self._rates(name)), tuple(self._costs(name)), note)
        for name, why in self.entrants.absent.items():
            yield Series(name, note=why)

    def _rates(self, name: str) -> list[float]:
        return [each["count"] / (each["ended"] - each["began"]) for each in self.answers[name]]

    def _costs(self, name: str) -> list[float]:
        return [each["cpu_s"] / each["count"] * 1e6 for each in self.answers[name]]


@dataclass
class Entrants:
    """Who takes part. `absent`: who cannot, and why."""

    whole: dict[str, Contender]
    two: tuple[Contender, Contender]
    senders: dict[str, Contender]
    absent: dict[str, str]


def _start_all(stack: ExitStack, database: str, provider: Provider, size: Size) -> Entrants:
    config = json.dumps(
        {
            "database": database,
            "ca": str(provider.ca),
            "account": str(provider.account),
            "fcm_url": provider.url,
            "batch": BATCH,
        }
    )
    command = [setup_env.PYTHON, "-m", "tests.bench.whole_path"]
    kinds = WHOLE if size.peers else PROMISED
    whole = {name: start(stack, name, [*command, kind, config], provider.environment) for name, kind in kinds.items()}
    second = start(stack, TWO, [*command, "fallow", config], provider.environment)
    entrants = Entrants(whole, (whole[OURS], second), {}, {})
    ways = {
        "fcm-django": (
            peer_packages.prepare_python,
            [peer_packages.PYTHON, "-m", "tests.bench.peers.fcm_django_send", config],
        ),
        "Node firebase-admin sendEach": (
            peer_packages.prepare_node,
            [setup_env.NODE, peer_packages.PEERS / "send.mjs", "firebase", config],
        ),
    }
    for name, (prepare, argv) in ways.items() if size.peers else ():
        try:
            prepare()
            entrants.senders[name] = start(stack, name, argv, provider.environment)
        except setup_env.SetupError as fault:
            entrants.absent[name] = str(fault).splitlines()[-1]
    return entrants


def _together(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Two workers of one pass as one."""
    joined = dict(answers[0])
    joined["count"] = sum(each["count"] for each in answers)
    joined["cpu_s"] = sum(each["cpu_s"] for each in answers)
    joined["began"] = min(each["began"] for each in answers)
    joined["ended"] = max(each["ended"] for each in answers)
    return joined


def _list_failures(server: postgres.Server, database: str) -> str:
    """What the tries that were not accepted say."""
    with rows.connect(server, database) as connection:
        asked = "SELECT outcome, detail, count(*) FROM delivery_attempt WHERE outcome <> 'accepted' GROUP BY 1, 2"
        return "; ".join(f"{count} x {outcome} {detail}" for outcome, detail, count in connection.execute(asked))


def _count_twice(server: postgres.Server, database: str, handled: int) -> Figure:
    """Rows that were tried more than once, or by two workers, and rows that were not sent at all."""
    with rows.connect(server, database) as connection:
        tried, distinct = connection.execute(
            "SELECT count(*), count(DISTINCT (clinic_id, reminder_id)) FROM delivery_attempt"
        ).fetchone() or (0, 0)
        sent = connection.execute("SELECT count(*) FROM reminder WHERE state = 'sent'").fetchone() or (0,)
    wrong = (tried - distinct) + abs(handled - sent[0])
    return Figure("F1", "rows claimed twice or not sent", wrong, 0, "rows", f"{sent[0]:,} sent, {tried:,} tries")


def _count_at_provider(provider: Provider, race: Race) -> Figure:
    """Messages that came more or less often than they were sent, or were refused."""
    seen = provider.seen()
    wrong = abs(seen["messages"] - race.handled - race.sent_alone) + seen["refused"]
    note = f"{seen['messages']:,} came, {seen['h2']:,} requests over HTTP/2"
    return Figure("F1", "messages that the provider took twice, not, or refused", wrong, 0, "messages", note)


def _say(what: str) -> None:
    print(f"bench delivery: {what}", file=sys.stderr, flush=True)
