"""A bar on a terminal that says how far a simulation has come."""

from typing import TextIO

from backend.simulate.shards import Progress

WIDTH = 40


def build_bar(stream: TextIO) -> Progress:
    """Draws on `stream` where it is a terminal, and takes the bar away when all is done; else draws nothing."""
    if not stream.isatty():
        return lambda _share: None
    drawn = ""

    def draw(share: float) -> None:
        nonlocal drawn
        full = int(WIDTH * share)
        bar = f"[{'#' * full}{' ' * (WIDTH - full)}] {share:4.0%}"
        if bar != drawn:
            drawn = bar
            stream.write(f"\r{bar}" if share < 1 else f"\r{' ' * len(bar)}\r")
            stream.flush()

    return draw
