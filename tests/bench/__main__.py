"""`./run bench [NAME...] [--quick] [--json]`: the promised figures, measured. Exit 1 if one falls short.

A line per figure as it comes, then a table of the contenders; the same as NAME.json, and the contenders as NAME.svg, in
var/bench. A machine that does other things meanwhile measures these, too.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence

import setup_env
from tests.bench import delivery, phone, scheduler, timeline, webpush
from tests.bench.asking import read_arguments
from tests.bench.figures import Figure, Series, show_figure, show_series, write_figures
from tests.bench.plot import draw

BENCHES: dict[str, Callable[..., Iterator[Figure | Series]]] = {
    "timeline": timeline.measure,
    "delivery": delivery.measure,
    "scheduler": scheduler.measure,
    "webpush": webpush.measure,
    "phone": phone.measure,
}
REPORTS = setup_env.ROOT / "var" / "bench"


def main(arguments: Sequence[str]) -> int:
    """0: every figure holds, 1: one falls short, 2: there is no such bench."""
    asked = read_arguments("bench", "bench", "the promised figures, measured", BENCHES, arguments)
    if asked is None:
        return 2
    figures: list[Figure] = []
    series: list[Series] = []
    for name in asked.names:
        measured = run_bench(name, quick=asked.quick, loud=not asked.json)
        figures += measured[0]
        series += measured[1]
    if asked.json:
        print(json.dumps(write_figures(figures, series), indent=2))
    return 0 if all(figure.holds for figure in figures) else 1


def run_bench(name: str, *, quick: bool, loud: bool) -> tuple[list[Figure], list[Series]]:
    """Measure one, and keep its report."""
    figures: list[Figure] = []
    series: list[Series] = []
    for measured in BENCHES[name](quick=quick):
        if isinstance(measured, Series):
            series.append(measured)
        else:
            figures.append(measured)
            if loud:
                print(show_figure(measured), flush=True)
    for group in dict.fromkeys(each.group for each in series) if loud else ():
        print("\n" + show_series([each for each in series if each.group == group], group) + "\n", flush=True)
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"{name}.json").write_text(json.dumps(write_figures(figures, series), indent=2) + "\n")
    if series:
        (REPORTS / f"{name}.svg").write_text(draw(f"./run bench {name}", series))
    return figures, series


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
