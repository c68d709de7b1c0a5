"""A promised figure beside the one that was seen (PROMISES F)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`seen` may be at most `promised`, both in `unit`. `note`: what else was seen, without a promise."""

    promise: str
    what: str
    seen: float
    promised: float
    unit: str
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.seen <= self.promised


def write_figures(figures: Sequence[Figure]) -> dict[str, object]:
    """One JSON document."""
    rows = [
        {
            "promise": each.promise,
            "what": each.what,
            "seen": round(each.seen, 3),
            "promised_at_most": each.promised,
            "unit": each.unit,
            "note": each.note,
            "holds": each.holds,
        }
        for each in figures
    ]
    return {"figures": rows, "holds": all(each.holds for each in figures)}


def show_figure(figure: Figure) -> str:
    """One line: the promise, what was measured, the figure seen, the figure promised, the verdict."""
    verdict = "holds" if figure.holds else "FALLS SHORT"
    note = f"; {figure.note}" if figure.note else ""
    seen = f"{figure.seen:.4g} {figure.unit}"
    promised = f"at most {figure.promised:g} {figure.unit}{note}"
    return f"{figure.promise:<3} {figure.what:<62} {seen:>12}  ({promised})  {verdict}"
