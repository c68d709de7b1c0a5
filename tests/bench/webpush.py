"""F4: Web Pushes, encrypted and signed, beside pywebpush, in one interleaved run over TLS."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import setup_env
from tests.bench import peer_packages
from tests.bench.contenders import Contender, start
from tests.bench.figures import Figure, Series, compare
from tests.bench.provider import run_provider

ORIGINS = 4  # as many push services as there are
OURS, DOCUMENTED, SESSION, NODE = "Fallow", "pywebpush webpush()", "pywebpush with a session", "Node web-push"
KINDS = {OURS: "fallow", "Fallow over aiohttp": "aiohttp", DOCUMENTED: "webpush", SESSION: "session"}
TIMES = {DOCUMENTED: 12.0, SESSION: 5.0}


@dataclass(frozen=True)
class Size:
    """`ours` and `theirs`: messages a pass; `peers`: those that need installing."""

    passes: int
    ours: int
    theirs: int
    peers: bool = True


FULL = Size(passes=7, ours=10_000, theirs=1_000)
QUICK = Size(passes=3, ours=4_000, theirs=400)
SMALLEST = Size(passes=1, ours=60, theirs=20, peers=False)


def measure(*, quick: bool) -> Iterator[Figure | Series]:
    yield from measure_at(QUICK if quick else FULL)


def measure_at(size: Size) -> Iterator[Figure | Series]:
    """All contenders in turn, pass by pass."""
    answers: dict[str, list[dict[str, Any]]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fallow-bench-")))
        provider = stack.enter_context(run_provider(folder, ORIGINS))
        config = {"origins": provider.origins, "ca": str(provider.ca), "fcm_url": provider.url, "payload": "x" * 250}
        field, absent = _start_all(stack, json.dumps(config), provider.environment, peers=size.peers)
        for number in range(-1, size.passes):  # pass -1 warms up
            for name, contender in field.items():
                count = size.ours if name.startswith("Fallow") else size.theirs
                answer = contender.ask(count=count // 10 if number < 0 else count)
                if number >= 0:
                    answers.setdefault(name, []).append(answer)
            print(f"bench webpush: pass {number + 1} of {size.passes} done", file=sys.stderr, flush=True)
        refused = provider.seen()["refused"]
    yield from judge(answers)
    yield Figure("F4", "pushes that the push service refused", refused, 0, "pushes")
    for name, passes in answers.items():
        yield Series(name, tuple(map(_rate, passes)), tuple(each["cpu_s"] / each["count"] * 1e6 for each in passes))
    for name, why in absent.items():
        yield Series(name, note=why)


def judge(answers: dict[str, list[dict[str, Any]]]) -> Iterator[Figure]:
    """The ratios of every pass."""
    for name, times in TIMES.items():
        ratios = [_rate(ours) / _rate(theirs) for ours, theirs in zip(answers[OURS], answers[name], strict=True)]
        yield compare(("F4", f"Web Push: rate against {name}", times), ratios, at_least=True)


def _rate(answer: dict[str, Any]) -> float:
    return float(answer["count"] / (answer["ended"] - answer["began"]))


def _start_all(
    stack: ExitStack, config: str, environment: dict[str, str], *, peers: bool
) -> tuple[dict[str, Contender], dict[str, str]]:
    command = [setup_env.PYTHON, "-m", "tests.bench.web_push_path"]
    field = {name: start(stack, name, [*command, kind, config], environment) for name, kind in KINDS.items()}
    absent: dict[str, str] = {}
    if peers:
        try:
            peer_packages.prepare_node()
            argv = [setup_env.NODE, peer_packages.PEERS / "send.mjs", "webpush", config]
            field[NODE] = start(stack, NODE, argv, environment)
        except setup_env.SetupError as fault:
            absent[NODE] = str(fault).splitlines()[-1]
    return field, absent
