"""What many tasks bring to one reader: nothing is lost, and the order stays."""

import asyncio

from backend.arrivals import Arrivals, Gathering


def test_all_that_comes_is_taken_once_and_in_order() -> None:
    async def run() -> list[int]:
        arrivals: Arrivals[int] = Arrivals()
        taken: list[int] = []

        async def bring(first: int) -> None:
            for number in range(first, first + 3):
                arrivals.add(number)
                await asyncio.sleep(0)  # the others' turn

        tasks = [asyncio.create_task(bring(first)) for first in (0, 10)]
        while len(taken) < 6:
            taken += await arrivals.take()
        await asyncio.gather(*tasks)
        return taken

    taken = asyncio.run(run())
    assert [each for each in taken if each < 10] == [0, 1, 2]
    assert [each for each in taken if each >= 10] == [10, 11, 12]


def test_what_comes_close_together_wakes_the_reader_once() -> None:
    async def run() -> list[int]:
        arrivals: Arrivals[int] = Arrivals(pause_s=0.01)
        reader = asyncio.create_task(arrivals.take())
        for number in range(3):
            arrivals.add(number)
            await asyncio.sleep(0)  # the others' turn
        return await reader

    assert asyncio.run(run()) == [0, 1, 2]


def test_a_heap_does_not_wait_once_there_is_enough_and_is_never_too_large() -> None:
    async def run() -> list[list[int]]:
        gathering: Gathering[int] = Gathering(enough=3, most=5, pause_s=60.0)
        for number in range(8):
            gathering.add(number)
        async with asyncio.timeout(5):
            return [await gathering.take(), await gathering.take()]

    assert asyncio.run(run()) == [[0, 1, 2, 3, 4], [5, 6, 7]]


def test_too_few_for_a_heap_wait_a_moment_for_others() -> None:
    async def run() -> list[list[int]]:
        gathering: Gathering[int] = Gathering(enough=10, most=10, pause_s=0.02)
        reader = asyncio.create_task(gathering.take())
        for number in range(2):
            gathering.add(number)
            await asyncio.sleep(0)  # the others' turn
        async with asyncio.timeout(5):
            first = await reader
            gathering.add(2)
            return [first, await gathering.take()]

    assert asyncio.run(run()) == [[0, 1], [2]]


def test_what_came_before_the_end_is_taken_and_then_nothing() -> None:
    async def run() -> list[list[int]]:
        gathering: Gathering[int] = Gathering(enough=2, most=2, pause_s=60.0)
        for number in range(3):
            gathering.add(number)
        gathering.end()
        async with asyncio.timeout(5):
            return [await gathering.take() for _ in range(3)]

    assert asyncio.run(run()) == [[0, 1], [2], []]
