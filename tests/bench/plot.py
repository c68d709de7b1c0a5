"""A plot of a bench as SVG: one bar a contender, logarithmic, its whisker from the lowest pass to the highest.

Drawn by hand: a plotting library is more than all that the benches install, for thirty lines of rectangles.
"""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10
from statistics import median

from tests.bench.figures import Series

NAMES_PX, BARS_PX, FIGURES_PX, ROW_PX, TOP_PX = 300, 420, 120, 30, 64
OURS, THEIRS, INK, GRID = "#2f6f5e", "#b9b3a8", "#22201c", "#e2ded6"


def draw(title: str, series: Sequence[Series]) -> str:
    """The document. Contenders without passes are left out; ours are those whose name begins with "Fallow"."""
    shown = [each for each in series if each.rates]
    low = floor(log10(max(1.0, min((min(each.rates) for each in shown), default=1.0))))
    high = ceil(log10(max((max(each.rates) for each in shown), default=10.0)))
    span = max(1, high - low)

    def place(rate: float) -> float:
        return NAMES_PX + BARS_PX * max(0.0, log10(max(rate, 1.0)) - low) / span

    height, width = TOP_PX + ROW_PX * len(shown) + 16, NAMES_PX + BARS_PX + FIGURES_PX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="16" fill="{INK}">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        at = place(10.0**power)
        parts.append(f'<line x1="{at:.1f}" y1="{TOP_PX - 8}" x2="{at:.1f}" y2="{height - 8}" stroke="{GRID}"/>')
        parts.append(f'<text x="{at:.1f}" y="{TOP_PX - 14}" text-anchor="middle" fill="{INK}">{10**power:,}</text>')
    for number, each in enumerate(shown):
        parts += _draw_row(each, TOP_PX + ROW_PX * number, place(median(each.rates)), *map(place, _ends(each)))
    return "\n".join([*parts, "</svg>\n"])


def _ends(series: Series) -> tuple[float, float]:
    return min(series.rates), max(series.rates)


def _draw_row(series: Series, top: float, end: float, lowest: float, highest: float) -> list[str]:
    middle, colour = top + ROW_PX / 2, OURS if series.name.startswith("Fallow") else THEIRS
    return [
        f'<text x="{NAMES_PX - 10}" y="{middle + 5:.1f}" text-anchor="end" fill="{INK}">{escape(series.name)}</text>',
        f'<rect x="{NAMES_PX}" y="{top + 6:.1f}" width="{max(1.0, end - NAMES_PX):.1f}" height="{ROW_PX - 12}" '
        f'fill="{colour}"/>',
        f'<line x1="{lowest:.1f}" y1="{middle:.1f}" x2="{highest:.1f}" y2="{middle:.1f}" stroke="{INK}"/>',
        f'<text x="{highest + 8:.1f}" y="{middle + 5:.1f}" fill="{INK}">{median(series.rates):,.0f} a second</text>',
    ]
