"""What many tasks bring to one: `asyncio.Queue` costs several times as much where things come in bursts."""

import asyncio
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Arrivals(Generic[T]):
    """`add` from the loop's own thread; one reader takes all that has come, in its order.

    `pause_s`: how long the first waits for others before it wakes the reader; to be woken for each costs more than it.
    """

    def __init__(self, pause_s: float = 0.0) -> None:
        self._items: list[T] = []
        self._came = asyncio.Event()
        self._pause_s = pause_s

    def add(self, item: T) -> None:
        self._items.append(item)
        if len(self._items) == 1:
            if self._pause_s:
                asyncio.get_running_loop().call_later(self._pause_s, self._came.set)
            else:
                self._came.set()

    async def take(self) -> list[T]:
        """All that has come since the last time; waits until there is at least one."""
        await self._came.wait()
        self._came.clear()
        taken, self._items = self._items, []
        return taken


class Gathering(Generic[T]):
    """As `Arrivals`, to be taken in heaps: at most `most` at once, as soon as there are `enough`, or `pause_s` after
    the first of them came."""

    def __init__(self, *, enough: int, most: int, pause_s: float) -> None:
        self._enough = enough
        self._most = most
        self._pause_s = pause_s
        self._items: list[T] = []
        self._any, self._heap = asyncio.Event(), asyncio.Event()
        self._ended = False

    def add(self, item: T) -> None:
        self._items.append(item)
        count = len(self._items)
        if count == 1:
            self._any.set()
        if count == self._enough:
            self._heap.set()

    def end(self) -> None:
        """Nothing comes any more."""
        self._ended = True
        self._any.set()
        self._heap.set()

    async def take(self) -> list[T]:
        """The next heap; empty when all has been taken and nothing comes any more."""
        await self._any.wait()
        if not self._heap.is_set() and self._pause_s:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_s):
                    await self._heap.wait()
        taken, self._items = self._items[: self._most], self._items[self._most :]
        if not self._ended:
            if not self._items:
                self._any.clear()
            if len(self._items) < self._enough:
                self._heap.clear()
        return taken
