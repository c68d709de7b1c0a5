"""Whether the sender moves: beating without progress counts as dead (PROMISES S3)."""

import time


class Progress:
    """Written on the sender's loop, read by the heartbeat's thread. `sent`, `failures`: since the start."""

    def __init__(self, lanes: frozenset[int]) -> None:
        self.sent = 0
        self.failures = 0
        self._lanes = lanes
        self._moved: frozenset[int] = frozenset()
        self._taken_at: float | None = None

    def advance(self, lane: int) -> None:
        """A lane has asked for work, or recorded some."""
        self._moved |= {lane}

    def take(self) -> bool:
        """Whether every lane has moved since this was last True."""
        if not self._lanes <= self._moved:
            return False
        self._moved = frozenset()
        self._taken_at = time.monotonic()
        return True

    def seen_within(self, seconds: float) -> bool:
        """Whether `take` has been True in the last real seconds: what is told to the world outside."""
        return self._taken_at is not None and time.monotonic() - self._taken_at <= seconds
