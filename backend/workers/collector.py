"""Python's collector of circular rubbish, as a worker needs it: much of what it makes lives for a moment alone."""

import gc

YOUNG, MIDDLE, OLD = 10_000, 20, 20


def collect_seldom() -> None:
    """Set what was loaded at the start aside for good, and look at the rest a tenth as often; for the whole process.

    As it comes the collector took a sixth of the sender's time: a batch in the air is more than its first limit.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
