"""What many tasks bring to one: `asyncio.Queue` costs several times as much where things come in bursts."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Arrivals(Generic[T]):
    """`add` from the loop's own thread; one reader takes all that has come, in its order."""

    def __init__(self) -> None:
        self._items: list[T] = []
        self._came = asyncio.Event()

    def add(self, item: T) -> None:
        self._items.append(item)
        if len(self._items) == 1:
            self._came.set()

    async def take(self) -> list[T]:
        """All that has come since the last time; waits until there is at least one."""
        await self._came.wait()
        self._came.clear()
        taken, self._items = self._items, []
        return taken
