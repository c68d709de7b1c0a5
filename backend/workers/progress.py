"""Whether the sender moves: beating without progress counts as dead (PROMISES S3)."""


class Progress:
    """Written on the sender's loop, read by the heartbeat's thread. `sent`, `failures`: since the start."""

    def __init__(self, lanes: frozenset[int]) -> None:
        self.sent = 0
        self.failures = 0
        self._lanes = lanes
        self._moved: frozenset[int] = frozenset()

    def advance(self, lane: int) -> None:
        """A lane has asked for work, or recorded some."""
        self._moved |= {lane}

    def take(self) -> bool:
        """Whether every lane has moved since this was last True."""
        if not self._lanes <= self._moved:
            return False
        self._moved = frozenset()
        return True
