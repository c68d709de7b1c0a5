"""What the core keeps of days and times that it has worked out, and how a test begins without it."""

from schedules import instants, quiet_hours, recurrence, wall_clock, windows

CACHES = (
    instants._resolve,
    instants._show,
    wall_clock.find_clock,
    recurrence.slot_times,
    recurrence._whole_day,
    recurrence._new_on_day,
    windows._whole_windows,
    windows.day_window,
    quiet_hours._list_stays,
    quiet_hours._around,
    quiet_hours._whole_night,
    quiet_hours._night,
)


def forget_all() -> None:
    """As in a process that has just begun."""
    for cache in CACHES:
        cache.cache_clear()
