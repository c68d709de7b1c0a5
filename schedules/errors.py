"""What is wrong with a protocol: every fault found, each with its path inside the document."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `path` is made of keys, ids of items and, where an item has no id, its number from 0:
    `care_steps.wash.window.from.anchor`, `check_ins[3].sets[0]`. The whole document is `document`.
    """

    path: str
    problem: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


class ProtocolError(ValueError):
    """A protocol, shared file or overlay that must not be used. `faults` holds all that was found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
