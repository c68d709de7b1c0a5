"""`./run bench [NAME...] [--quick] [--json]`: the promised figures, measured. Exit 1 if one falls short.

A line per figure as it comes. A machine that does other things meanwhile measures these, too.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence

from tests.bench import timeline
from tests.bench.figures import Figure, show_figure, write_figures

BENCHES: dict[str, Callable[..., Iterator[Figure]]] = {"timeline": timeline.measure}


def main(arguments: Sequence[str]) -> int:
    """0: every figure holds, 1: one falls short, 2: there is no such bench."""
    parser = argparse.ArgumentParser(prog="./run bench", description="the promised figures, measured")
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"{', '.join(BENCHES)}; all when absent")
    parser.add_argument("--quick", action="store_true", help="within five minutes")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    asked = parser.parse_args(arguments)
    if unknown := [name for name in asked.names if name not in BENCHES]:
        print(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    for name in asked.names or BENCHES:
        for figure in BENCHES[name](quick=asked.quick):
            figures.append(figure)
            if not asked.json:
                print(show_figure(figure), flush=True)
    if asked.json:
        print(json.dumps(write_figures(figures), indent=2))
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
