"""The wall-clock limit around every request: it ends what hangs, and nothing else."""

import asyncio

import pytest

from backend.adapters.time_limit import TimeLimit


def test_what_takes_too_long_ends_and_what_is_quick_does_not() -> None:
    limit = TimeLimit(0.05)

    async def wait(until: asyncio.Event) -> str:
        try:
            with limit:
                await until.wait()
        except TimeoutError:
            return "too long"
        return "in time"

    async def run() -> list[str]:
        never, soon = asyncio.Event(), asyncio.Event()
        asyncio.get_running_loop().call_soon(soon.set)
        return await asyncio.gather(wait(never), wait(soon), wait(never))

    assert asyncio.run(run()) == ["too long", "in time", "too long"]


def test_a_task_that_was_ended_lives_on_and_may_wait_again() -> None:
    limit = TimeLimit(0.02)

    async def run() -> int:
        for _ in range(2):
            with pytest.raises(TimeoutError), limit:
                await asyncio.Event().wait()
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(run()) == 0


def test_a_cancellation_from_elsewhere_passes_through() -> None:
    limit = TimeLimit(60.0)

    async def hang(begun: asyncio.Event) -> None:
        with limit:
            begun.set()
            await asyncio.Event().wait()

    async def run() -> bool:
        begun = asyncio.Event()
        task = asyncio.create_task(hang(begun))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        return task.cancelled()

    assert asyncio.run(run())
