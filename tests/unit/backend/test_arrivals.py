"""What many tasks bring to one reader: nothing is lost, and the order stays."""

import asyncio

from backend.arrivals import Arrivals


def test_all_that_comes_is_taken_once_and_in_order() -> None:
    async def run() -> list[int]:
        arrivals: Arrivals[int] = Arrivals()
        taken: list[int] = []

        async def bring(first: int) -> None:
            for number in range(first, first + 3):
                arrivals.add(number)
                await asyncio.sleep(0)

        tasks = [asyncio.create_task(bring(first)) for first in (0, 10)]
        while len(taken) < 6:
            taken += await arrivals.take()
        await asyncio.gather(*tasks)
        return taken

    taken = asyncio.run(run())
    assert [each for each in taken if each < 10] == [0, 1, 2]
    assert [each for each in taken if each >= 10] == [10, 11, 12]
