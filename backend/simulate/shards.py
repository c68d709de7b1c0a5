"""Many clients shared out among practices and processors, and their tallies added up.

How the clients are shared out depends on how many there are and on nothing else, so that a seed gives the same answer
on every machine.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.sharedctypes import SynchronizedArray
from os import cpu_count
from typing import TypeVar

from backend.simulate.tally import Tally
from backend.workers.collector import collect_seldom

LOOK_EVERY_S = 0.5
Progress = Callable[[float], None]  # how much is done, 0 to 1
Run = Callable[[int, Sequence[int], Callable[[int], None]], Tally]  # number of the shard, its clients, what to tell
T = TypeVar("T")

_days_done: "SynchronizedArray[int] | None" = None  # shared with the processes of one pool


def split(clients: int, most: int) -> list[range]:
    """As few shards as hold `most` clients each, all of nearly the same size."""
    shards = -(-clients // most)
    borders = [clients * number // shards for number in range(shards + 1)]
    return [range(first, last) for first, last in pairwise(borders)]


def run_shards(shards: Sequence[Sequence[int]], run: Run, steps: int, progress: Progress) -> Tally:
    """Run every shard on as many processors as there are; `run` tells how many of its `steps` it has done."""
    total = Tally()
    for tally in _run_all(shards, run, steps, progress):
        total.add(tally)
    progress(1.0)
    return total


def _run_all(shards: Sequence[Sequence[int]], run: Run, steps: int, progress: Progress) -> Iterator[Tally]:
    if len(shards) == 1:
        yield run(0, shards[0], lambda done: progress(done / steps))
        return
    context = get_context()
    done = context.Array("i", len(shards))
    workers = min(len(shards), cpu_count() or 1)
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(done,)) as pool:
        futures = [pool.submit(_run_one, run, number, clients) for number, clients in enumerate(shards)]
        _wait_for(futures, lambda: progress(sum(done[:]) / (steps * len(shards))))
        yield from (future.result() for future in futures)


def _wait_for(futures: Sequence["Future[Tally]"], look: Callable[[], None]) -> None:
    left = set(futures)
    while left:
        finished, left = wait(left, timeout=LOOK_EVERY_S, return_when=FIRST_COMPLETED)
        for future in finished:
            future.result()  # the first fault ends it all
        look()


def _begin(done: "SynchronizedArray[int]") -> None:
    """In each process of the pool, which lives for its practices alone."""
    global _days_done
    _days_done = done
    collect_seldom()


def _run_one(run: Run, number: int, clients: Sequence[int]) -> Tally:
    return run(number, clients, partial(_tell, number))


def _tell(number: int, done: int) -> None:
    if _days_done is not None:
        _days_done[number] = done
