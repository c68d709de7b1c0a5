"""How many made-up cases a property is tried on: few in every run, FALLOW_EXAMPLES times as many by hand."""

import os

from hypothesis import settings

TIMES = int(os.environ.get("FALLOW_EXAMPLES", "1"))


def examples(number: int) -> settings:
    """`@examples(60)` above `@given`: 60 cases, or 60 x FALLOW_EXAMPLES."""
    return settings(max_examples=number * TIMES, deadline=None)
