"""What the core keeps of days and times that it has worked out, and how a test begins without it."""

from schedules import instants, recurrence, wall_clock, windows

CACHES = (
    instants._resolve,
    instants._show,
    wall_clock.find_clock,
    recurrence.slot_times,
    recurrence._new_slot_times,
    windows._whole_windows,
)


def forget_all() -> None:
    """As in a process that has just begun."""
    for cache in CACHES:
        cache.cache_clear()
