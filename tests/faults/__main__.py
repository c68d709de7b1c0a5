"""`./run faults [NAME...] [--quick] [--json]`: the promises under faults. Exit 1 if one falls short.

A line per promise as it comes, progress on stderr. A machine that does other things meanwhile is slower, and the
promises that are counted in seconds show it.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from time import monotonic

from tests.bench.asking import read_arguments
from tests.bench.figures import Figure, show_figure, write_figures
from tests.faults import (
    acknowledged,
    answers,
    backlog,
    delivery,
    outbox,
    phone,
    red_flags,
    silence,
    stricter,
    surroundings,
)
from tests.faults.house import Grounds, open_grounds, say

FAULTS: dict[str, Callable[..., Iterator[Figure]]] = {
    "acknowledged": acknowledged.measure,
    "delivery": delivery.measure,
    "surroundings": surroundings.measure,
    "answers": answers.measure,
    "outbox": outbox.measure,
    "phone": phone.measure,
    "backlog": backlog.measure,
    "red_flags": red_flags.measure,
    "silence": silence.measure,
    "stricter": stricter.measure,
}


def main(arguments: Sequence[str]) -> int:
    """0: every promise holds, 1: one falls short, 2: there is no such run."""
    asked = read_arguments("faults", "run", "the promises under faults", FAULTS, arguments)
    if asked is None:
        return 2
    figures: list[Figure] = []
    with open_grounds() as grounds:
        for name in asked.names:
            for figure in _run(name, grounds, quick=asked.quick):
                figures.append(figure)
                if not asked.json:
                    print(show_figure(figure), flush=True)
    if asked.json:
        print(json.dumps(write_figures(figures), indent=2))
    return 0 if all(figure.holds for figure in figures) else 1


def _run(name: str, grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    began = monotonic()
    say(f"{name} ...")
    yield from FAULTS[name](grounds, quick=quick)
    say(f"{name}: {monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
