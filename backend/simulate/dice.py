"""Chance by name, so that a seed tells it all: one seed and one name give one fate, whenever it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

Choice = TypeVar("Choice")
_RANGE = 2**64


@dataclass(frozen=True, slots=True)
class Dice:
    """`dice.chance("visit", 3, day)` is the same number whenever it is asked, on every machine."""

    seed: int

    def chance(self, *name: object) -> float:
        """From 0 up to 1."""
        return self._throw(name) / _RANGE

    def pick(self, choices: Sequence[Choice], *name: object) -> Choice:
        return choices[self._throw(name) * len(choices) // _RANGE]

    def between(self, low: int, high: int, *name: object) -> int:
        """Both ends included."""
        return low + self._throw(name) * (high - low + 1) // _RANGE

    def shuffle(self, choices: Sequence[Choice], *name: object) -> tuple[Choice, ...]:
        """The same things in another order."""
        places = sorted(range(len(choices)), key=lambda place: self._throw((*name, place)))
        return tuple(choices[place] for place in places)

    def _throw(self, name: tuple[object, ...]) -> int:
        text = ":".join(map(str, (self.seed, *name)))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
