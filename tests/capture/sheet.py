"""One sheet of all screens: ours beside the design's, light and dark."""

import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from tests.capture.looking import THEMES

STYLE = """
body { font: 13px sans-serif; margin: 16px; background: #888; color: #000; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(760px, 1fr)); gap: 16px; }
article { background: #fff; padding: 8px; }
.row { display: flex; gap: 8px; align-items: start; }
figure { margin: 0; width: 180px; }
img { width: 100%; max-height: 440px; object-fit: cover; object-position: top; border: 1px solid #000; }
.wide figure { width: 370px; } .wide { flex-wrap: wrap; }
ul { color: #a00; }
"""
WIDE, TALLEST = 2400, 16_000  # pixels; Chromium puts no more into one picture


def write_sheet(
    folder: Path, title: str, screens: Sequence[tuple[str, str]], faults: Sequence[str], targets: Path | None
) -> Path:
    """`folder`/sheet.html, beside the pictures that it shows; the design's are copied there."""
    parts = [_show(folder, name, target, targets) for name, target in screens]
    listed = "".join(f"<li>{escape(fault)}</li>" for fault in faults)
    page = folder / "sheet.html"
    page.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1><ul>{listed}</ul><main>{''.join(parts)}</main></html>"
    )
    return page


def _show(folder: Path, name: str, target: str, targets: Path | None) -> str:
    figures = []
    for theme in THEMES:
        figures.append(_figure(f"{name}-{theme}.png", f"ours, {theme}"))
        wanted = targets / f"{target}-{theme}.png" if targets and target else None
        if wanted and wanted.exists():
            shutil.copy(wanted, folder / f"target-{wanted.name}")
            figures.append(_figure(f"target-{wanted.name}", f"design, {theme}"))
    kind = "row wide" if name.startswith("desk-") else "row"
    return f'<article><h2>{escape(name)}</h2><div class="{kind}">{"".join(figures)}</div></article>'


def _figure(file: str, caption: str) -> str:
    link = f'<a href="{escape(file)}"><img src="{escape(file)}" alt="{escape(caption)}"></a>'
    return f"<figure>{link}<figcaption>{escape(caption)}</figcaption></figure>"


def picture_sheet(browser: Browser, sheet: Path) -> None:
    """The sheet as one PNG beside it."""
    page = browser.new_page(viewport={"width": WIDE, "height": 900})
    page.goto(sheet.as_uri())
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.screenshot(
        path=sheet.with_suffix(".png"), clip={"x": 0, "y": 0, "width": WIDE, "height": min(tall, TALLEST)},
        full_page=True,
    )  # fmt: skip
    page.close()
