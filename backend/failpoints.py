"""Named places where a test lets the process die or fail; off unless FALLOW_TEST_FAILPOINT names one.

`NAME` kills the process at once, without clean-up, as a power cut would; `NAME:raise` raises FailpointHit; `NAME:hang`
holds the thread for ever; `@N` after any of them waits for the N-th time: `delivery.sent@3`,
`delivery.recorded:raise@2`. Refused in production by the settings.
"""

import os
import threading
from dataclasses import dataclass

EXIT_STATUS = 86
WAYS = ("", "raise", "hang")


class FailpointHit(Exception):
    """A test asked for this failure."""


@dataclass(slots=True)
class _Armed:
    name: str
    way: str
    left: int


_armed: _Armed | None = None
_lock = threading.Lock()


def arm(setting: str | None) -> None:
    """Arm what FALLOW_TEST_FAILPOINT says; None or '' disarms. Raises ValueError for what cannot be read."""
    global _armed
    _armed = _read(setting) if setting else None


def hit(name: str) -> None:
    """Pass the place `name`: costs a comparison while nothing is armed."""
    if _armed is None or _armed.name != name:
        return
    with _lock:
        _armed.left -= 1
        due = _armed.left == 0
    if not due:
        return
    if _armed.way == "raise":
        raise FailpointHit(name)
    if _armed.way == "hang":
        threading.Event().wait()
    os._exit(EXIT_STATUS)


def _read(setting: str) -> _Armed:
    place, at, times = setting.partition("@")
    name, colon, way = place.partition(":")
    if not name or (colon and not way) or way not in WAYS or (at and not (times.isdecimal() and int(times) > 0)):
        raise ValueError(f"{setting!r} is no failpoint; right would be NAME, NAME:raise, NAME:hang or NAME@3")
    return _Armed(name, way, left=int(times) if at else 1)
