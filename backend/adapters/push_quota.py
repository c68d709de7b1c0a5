"""How many messages a minute a provider takes from us, all together."""

import asyncio

FCM_PER_MINUTE = 600_000  # of a project; firebase.google.com/docs/cloud-messaging/throttling-and-quotas


class Quota:
    """A bucket that holds a second's worth and fills evenly, so that no minute sees more than `per_minute`.

    Filled on the event loop of the worker. Several workers share one project: each needs its part of the whole.
    """

    def __init__(self, per_minute: int) -> None:
        self._a_second = per_minute / 61  # 60 of filling and the one that it holds
        self._most = self._left = max(self._a_second, 1.0)
        self._filled_at: float | None = None

    def take(self, limit_s: float) -> float | None:
        """Take one message's place; gives the seconds to wait for it. None: more than `limit_s`, and nothing taken."""
        now = asyncio.get_running_loop().time()
        if self._filled_at is not None:
            self._left += (now - self._filled_at) * self._a_second
            if self._left > self._most:
                self._left = self._most
        self._filled_at = now
        wait_s = (1.0 - self._left) / self._a_second if self._left < 1.0 else 0.0
        if wait_s > limit_s:
            return None
        self._left -= 1.0
        return wait_s

    def spend(self) -> None:
        """Take a place for a message that waits for none."""
        self.take(float("inf"))
