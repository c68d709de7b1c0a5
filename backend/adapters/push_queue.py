"""What waits to be sent, one queue an origin, served by at most `width` tasks that live as long as there is work.

A task for each message, which waits for a place among all others, took more of the sender's time than the message.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from backend.adapters.push_http import NoAnswer
from backend.arrivals import Arrivals
from backend.ports import PushMessage, PushResult

TOGETHER_S = 0.002  # answers that come so close together are handed on together
SendOne = Callable[[PushMessage], Awaitable[PushResult]]
TOO_LATE = PushResult("retry_later", detail="not tried: provider busy", tried=False)


@dataclass(slots=True)
class _Batch:
    """Where its answers go. What has not begun at `start_before`, of the loop's time, is not begun any more."""

    start_before: float
    answers: Arrivals[tuple[int, PushResult]] = field(default_factory=lambda: Arrivals(TOGETHER_S))
    abandoned: bool = False


@dataclass(slots=True)
class _Queue:
    waiting: deque[tuple[PushMessage, _Batch]] = field(default_factory=deque)
    served_by: set[asyncio.Task[None]] = field(default_factory=set)


class PushQueue:
    """Bound to one event loop. `group`: what a message's queue is named by; red messages have one of their own, so
    that a silent host holds up itself alone. `patience_s`: how long a batch may wait to be begun."""

    def __init__(
        self, send_one: SendOne, group: Callable[[PushMessage], str], *, width: int, patience_s: float
    ) -> None:
        self._send_one = send_one
        self._group = group
        self._width = width
        self._patience_s = patience_s
        self._queues: dict[tuple[str, bool], _Queue] = {}

    async def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        """Run `send_one` over a batch and yield (ref, result) as they come.

        An exception becomes retry_later with the name of its type: unknown whether delivered, same collapse id at the
        next try. Left before its end, nothing more of the batch is begun; what is in the air is heard out.
        """
        run = _Batch(asyncio.get_running_loop().time() + self._patience_s)
        for message in batch:
            self._add(message, run)
        left = len(batch)
        try:
            while left:
                answers = await run.answers.take()
                left -= len(answers)
                for answer in answers:
                    yield answer
        finally:
            run.abandoned = True

    def _add(self, message: PushMessage, run: _Batch) -> None:
        name = (self._group(message), message.red)
        queue = self._queues.get(name)
        if queue is None:
            queue = self._queues[name] = _Queue()
        queue.waiting.append((message, run))
        if len(queue.served_by) < self._width:
            queue.served_by.add(asyncio.create_task(self._serve(name, queue)))

    async def _serve(self, name: tuple[str, bool], queue: _Queue) -> None:
        clock, waiting = asyncio.get_running_loop().time, queue.waiting
        try:
            while waiting:
                message, run = waiting.popleft()
                if run.abandoned:
                    continue
                result = TOO_LATE
                if clock() <= run.start_before:
                    try:
                        result = await self._send_one(message)
                    except NoAnswer as fault:
                        result = PushResult("retry_later", detail=str(fault))
                    except Exception as fault:  # whatever one message meets holds up none of the others (P5)
                        result = PushResult("retry_later", detail=type(fault).__name__)
                run.answers.add((message.ref, result))
        finally:  # at once: whoever adds in this turn of the loop must not count on a server that has left
            queue.served_by.discard(cast("asyncio.Task[None]", asyncio.current_task()))
            if not queue.served_by:
                self._queues.pop(name, None)
