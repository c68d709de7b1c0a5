"""A promised figure beside the one that was seen (PROMISES F), and what each contender of a bench did."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Figure:
    """`seen` may be at most `promised`, or with `at_least` must reach it, both in `unit`.

    `spread`: the lowest and highest of the passes that `seen` is the median of. `note`: what else was seen, without a
    promise.
    """

    promise: str
    what: str
    seen: float
    promised: float
    unit: str
    note: str = ""
    at_least: bool = False
    spread: tuple[float, float] | None = None

    @property
    def holds(self) -> bool:
        return self.seen >= self.promised if self.at_least else self.seen <= self.promised


@dataclass(frozen=True)
class Series:
    """What one contender did, pass by pass: how many a second, and at what processor time each (empty: not measured).

    `group`: what they were measured at; one table each. `note`: what is not alike, or why there are no passes. `more`:
    other values for the JSON.
    """

    name: str
    rates: tuple[float, ...] = ()
    cpu_us: tuple[float, ...] = ()
    note: str = ""
    group: str = ""
    more: dict[str, float] = field(default_factory=dict)


def compare(figure: tuple[str, str, float], ratios: Sequence[float], *, at_least: bool, note: str = "") -> Figure:
    """A figure (promise, what, promised) that is a ratio taken in every pass; its median counts."""
    promise, what, promised = figure
    spread = (min(ratios), max(ratios))
    return Figure(promise, what, median(ratios), promised, "x", note, at_least=at_least, spread=spread)


def write_figures(figures: Sequence[Figure], series: Sequence[Series] = ()) -> dict[str, object]:
    """One JSON document."""
    rows = [
        {
            "promise": each.promise,
            "what": each.what,
            "seen": round(each.seen, 3),
            f"promised_at_{'least' if each.at_least else 'most'}": each.promised,
            "unit": each.unit,
            "spread": [round(end, 3) for end in each.spread] if each.spread else None,
            "note": each.note,
            "holds": each.holds,
        }
        for each in figures
    ]
    contenders = [
        {
            "group": each.group,
            "name": each.name,
            "per_second": [round(rate, 1) for rate in each.rates],
            "cpu_us": [round(cost, 1) for cost in each.cpu_us],
            "note": each.note,
            **{name: round(value, 3) for name, value in each.more.items()},
        }
        for each in series
    ]
    return {"figures": rows, "contenders": contenders, "holds": all(each.holds for each in figures)}


def show_figure(figure: Figure) -> str:
    """One line: the promise, what was measured, the figure seen, the figure promised, the verdict."""
    verdict = "holds" if figure.holds else "FALLS SHORT"
    note = f"; {figure.note}" if figure.note else ""
    spread = f", {figure.spread[0]:.3g} to {figure.spread[1]:.3g}" if figure.spread else ""
    seen = f"{figure.seen:.4g} {figure.unit}"
    bound = "at least" if figure.at_least else "at most"
    promised = f"{bound} {figure.promised:g} {figure.unit}{spread}{note}"
    return f"{figure.promise:<3} {figure.what:<62} {seen:>12}  ({promised})  {verdict}"


def show_series(series: Sequence[Series], title: str = "") -> str:
    """A small table: one contender a line, medians with the spread of its passes."""
    lines = [f"{title or 'contender':<44} {'a second':>10} {'lowest':>10} {'highest':>10} {'CPU us':>9}  note"]
    for each in series:
        if not each.rates:
            lines.append(f"{each.name:<44} {'not run':>10} {'':>10} {'':>10} {'':>9}  {each.note}".rstrip())
            continue
        rates = [median(each.rates), min(each.rates), max(each.rates)]
        cost = f"{median(each.cpu_us):,.0f}" if each.cpu_us else ""
        shown = " ".join(f"{rate:>10,.0f}" for rate in rates)
        lines.append(f"{each.name:<44} {shown} {cost:>9}  {each.note}".rstrip())
    return "\n".join(lines)
