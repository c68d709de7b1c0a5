"""One wall-clock limit for many waits at once: a timer for each of them, as `asyncio.timeout` makes, costs too much."""

import asyncio
from types import TracebackType
from typing import Self

LOOK_AGAIN_S = 0.5


class TimeLimit:
    """`with limit:` around what a task awaits; TimeoutError when it takes longer than `seconds`, half a second more at
    most. A task enters it once at a time; a cancellation from elsewhere passes through. Bound to one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends: dict[asyncio.Task[object], float] = {}  # in the order of their ends, for all last as long
        self._ended: dict[asyncio.Task[object], int] = {}  # with how often each was cancelled before
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a time limit needs a task")
        loop = asyncio.get_running_loop()
        self._ends[task] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        task = asyncio.current_task()
        if task is None or self._ends.pop(task, None) is not None:
            return
        before = self._ended.pop(task, None)
        if before is not None and task.uncancel() <= before and kind is asyncio.CancelledError:
            raise TimeoutError

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        for task, end in list(self._ends.items()):
            if end > loop.time():
                break
            del self._ends[task]
            self._ended[task] = task.cancelling()
            task.cancel()
        self._timer = loop.call_later(min(LOOK_AGAIN_S, self._seconds), self._look) if self._ends else None
