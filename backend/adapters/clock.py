"""The product's clocks, and the only file that may read the machine's clock (ARCHITECTURE section 5).

`SystemClock` is the real one. The others are the test hook FALLOW_TEST_CLOCK, refused in production by the settings:
`ISO` stands still, `scale:K@ISO` runs K times as fast from one anchor shared by all processes, `file:PATH` says what
the file says at each reading, so that one test moves web server and worker together.
"""

import math
import os
from datetime import UTC, datetime
from pathlib import Path

from backend.errors import SettingsError
from backend.ports import Clock

ANCHOR_VARIABLE = "FALLOW_TEST_CLOCK_ANCHOR"


class SystemClock:
    """The machine's clock."""

    rate: float = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """Stands still at one instant; `rate` is 0."""

    rate: float = 0.0

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


class ScaledClock:
    """Shows `start` at the wall instant `anchor` and runs `rate` product seconds per real second from there."""

    def __init__(self, rate: float, start: datetime, anchor: datetime) -> None:
        self.rate = rate
        self._start = start
        self._anchor = anchor

    def now(self) -> datetime:
        return self._start + (datetime.now(UTC) - self._anchor) * self.rate


class FileClock:
    """Shows the instant written in a file; `rate` is 0, for it moves only when the file does.

    Whoever moves it must replace the file atomically (`write_clock_file`). What cannot be read keeps the last good
    value.
    """

    rate: float = 0.0

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = (self._stamp(), _instant(path.read_text()))

    def now(self) -> datetime:
        stamp, value = self._seen
        try:
            current = self._stamp()
            if current != stamp:
                value = _instant(self._path.read_text())
                self._seen = (current, value)
        except (OSError, ValueError):
            return value
        return value

    def _stamp(self) -> tuple[int, int, int]:
        status = os.stat(self._path)
        return status.st_ino, status.st_mtime_ns, status.st_size


def clock_from(setting: str | None) -> Clock:
    """Give the clock that FALLOW_TEST_CLOCK asks for; the system's for none.

    `scale:` takes its anchor from FALLOW_TEST_CLOCK_ANCHOR, which the parent of all processes sets to
    `new_anchor()`; without it the clock starts when this is called. Raises SettingsError with one clear line.
    """
    if not setting:
        return SystemClock()
    try:
        if setting.startswith("file:"):
            return FileClock(Path(setting.removeprefix("file:")))
        if setting.startswith("scale:"):
            return _scaled(setting.removeprefix("scale:"))
        return FrozenClock(_instant(setting))
    except (OSError, ValueError, OverflowError) as fault:
        raise SettingsError(
            (
                f"FALLOW_TEST_CLOCK={setting!r} cannot be used ({fault}); "
                "right would be 2026-11-22T08:00:00Z, scale:60@2026-11-22T08:00:00Z or file:/path/to/file",
            )
        ) from None


def new_anchor() -> str:
    """Give the value for FALLOW_TEST_CLOCK_ANCHOR: the wall instant at which a scaled clock shows its start."""
    return datetime.now(UTC).isoformat()


def write_clock_file(path: Path, at: datetime) -> None:
    """Move the clock of every process that reads this file; atomically, for a plain write is read empty."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(at.astimezone(UTC).isoformat())
    os.replace(fresh, path)


def _scaled(text: str) -> ScaledClock:
    factor, at, start = text.partition("@")
    if not at:
        raise ValueError("scale: needs a factor and a start, K@ISO")
    rate = float(factor)
    if not math.isfinite(rate) or not 0 < rate <= 1_000_000:
        raise ValueError("the factor must be above 0 and at most 1000000")
    written = os.environ.get(ANCHOR_VARIABLE)
    try:
        anchor = _instant(written) if written else datetime.now(UTC)
    except ValueError as fault:
        raise ValueError(f"{ANCHOR_VARIABLE}: {fault}") from None
    return ScaledClock(rate, _instant(start), anchor)


def _instant(text: str) -> datetime:
    """Read an aware ISO instant and give it in UTC; ValueError for anything else."""
    at = datetime.fromisoformat(text.strip())
    if at.utcoffset() is None:
        raise ValueError("the instant lacks its offset from UTC, for example Z")
    return at.astimezone(UTC)
