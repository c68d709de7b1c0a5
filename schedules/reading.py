"""A typed reader over plain mappings and lists that collects every fault instead of stopping at the first.

A reader method answers with a value of the right type even where the document is wrong (an empty text, the lowest
number), so that reading goes on; the faults make sure that such a value is never used.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final, TypeVar

from schedules.errors import Fault, ProtocolError
from schedules.protocol_keys import BlockKeys
from schedules.protocol_terms import DayRange

Read = TypeVar("Read")
Word = TypeVar("Word", bound=str)

MISSING: Final = object()  # the value of a required key that is not there: already a fault, so it makes no second one
MAX_TEXT = 2000
MAX_ITEMS = 1000
ID_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
PATH_CUT = re.compile(r"[.\[]")
TIME_PATTERN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


class Faults:
    """The faults found so far, in the order in which they were found, none twice."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}
        self._faulty: set[str] = set()  # paths with a fault
        self._above: set[str] = set()  # these, and all paths above them

    def add(self, path: str, problem: str) -> None:
        """Note a fault."""
        self._found[Fault(path, problem)] = None
        self._faulty.add(path)
        self._above.update(_upward(path))

    def add_cross(self, path: str, problem: str, *others: str) -> None:
        """Note a fault between the values at these paths, unless one of them is faulty: one slip, one fault."""
        if not any(one in self._above or not self._faulty.isdisjoint(_upward(one)) for one in (path, *others)):
            self.add(path, problem)

    def all(self) -> tuple[Fault, ...]:
        """All faults."""
        return tuple(self._found)

    def raise_any(self) -> None:
        """Raise ProtocolError with all faults, if there are any."""
        if self._found:
            raise ProtocolError(self._found)


def _upward(path: str) -> list[str]:
    """The path itself and the paths of all that holds it."""
    return [path, *(path[: cut.start()] for cut in PATH_CUT.finditer(path))]


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the document and where it stands."""

    value: object
    path: str
    faults: Faults

    def fault(self, problem: str) -> None:
        """Note a fault of this value."""
        if self.value is not MISSING:
            self.faults.add(self.path, problem)

    def fault_inside(self, key: str, problem: str) -> None:
        """Note a fault of a key of this value, or that this value is no mapping."""
        if isinstance(self.value, Mapping):
            self.faults.add(f"{self.path}.{key}", problem)
        else:
            self.fault(f"must be a mapping of keys to values, not {shown(self.value)}")

    def or_none(self, read: Callable[["Node"], Read]) -> Read | None:
        """None for null, else what `read` makes of it."""
        return None if self.value is None else read(self)

    def text(self) -> str:
        """Text that is not empty, of at most 2000 characters, without control characters."""
        problem = text_problem(self.value)
        if problem is None:
            return str(self.value)
        self.fault(problem)
        return ""

    def id(self) -> str:
        """A name made of letters, digits and underscores, starting with a letter."""
        text = self.text()
        if text and not ID_PATTERN.fullmatch(text):
            self.fault("must be a name of letters, digits and underscores")
        return text

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high, both included. True and '3' are no numbers."""
        if type(self.value) is int and low <= self.value <= high:
            return self.value
        self.fault(f"must be a whole number from {low} to {high}, not {shown(self.value)}")
        return low

    def boolean(self) -> bool:
        """true or false."""
        if isinstance(self.value, bool):
            return self.value
        self.fault(f"must be true or false, not {shown(self.value)}")
        return False

    def one_of(self, allowed: Sequence[Word]) -> Word:
        """One of the allowed words."""
        for word in allowed:
            if self.value == word:
                return word
        self.fault(f"must be one of {', '.join(allowed)}, not {shown(self.value)}")
        return allowed[0]

    def local_time(self) -> time:
        """A local 24-hour time as text, 'HH:MM'."""
        match = TIME_PATTERN.fullmatch(self.value) if isinstance(self.value, str) else None
        if match:
            return time(int(match[1]), int(match[2]))
        self.fault(f"must be a time as text, 'HH:MM', not {shown(self.value)}")
        return time()

    def day_range(self, low: int, high: int) -> DayRange:
        """[a, b] with low <= a <= b <= high."""
        nodes = self.items()
        if len(nodes) != 2:
            self.faults.add_cross(self.path, "must be a range [a, b]")
            return (low, low)
        first, last = (node.integer(low, high) for node in nodes)
        if first > last:
            self.faults.add_cross(self.path, f"must rise: {first} is after {last}")
        return (first, last)

    def items(self) -> tuple["Node", ...]:
        """The items of a list."""
        if isinstance(self.value, (list, tuple)) and len(self.value) <= MAX_ITEMS:
            return tuple(Node(item, f"{self.path}[{number}]", self.faults) for number, item in enumerate(self.value))
        self.fault(f"must be a list of at most {MAX_ITEMS} items, not {shown(self.value)}")
        return ()

    def some_items(self) -> tuple["Node", ...]:
        """The items of a list that must not be empty."""
        nodes = self.items()
        if not nodes:
            self.faults.add_cross(self.path, "must not be empty")
        return nodes

    def unique(self, read: Callable[["Node"], Read], *, empty: bool = False) -> tuple[Read, ...]:
        """The items of a list, each read and none twice."""
        seen: list[Read] = []
        for node in self.items() if empty else self.some_items():
            item = read(node)
            if item in seen:
                self.faults.add_cross(node.path, f"{shown(item)} stands there twice")
            seen.append(item)
        return tuple(seen)

    def named_items(self) -> tuple["Node", ...]:
        """The items of a list of mappings with an `id`, under the path of their id. An id twice is a fault."""
        named: list[Node] = []
        seen: set[str] = set()
        for node in self.some_items():
            name = node.value.get("id") if isinstance(node.value, Mapping) else None
            if isinstance(name, str) and name in seen:
                self.faults.add(f"{node.path}.id", f"{shown(name)} is used twice")
            elif isinstance(name, str) and ID_PATTERN.fullmatch(name):
                seen.add(name)
                node = Node(node.value, f"{self.path}.{name}", self.faults)
            named.append(node)
        return tuple(named)

    def block(self, keys: BlockKeys) -> "Block":
        """A mapping with exactly these keys."""
        return Block(self, keys)


class Block:
    """A mapping whose keys are known: an unknown or missing key is a fault."""

    def __init__(self, node: Node, keys: BlockKeys) -> None:
        self.node = node
        self.path = node.path
        self.faults = node.faults
        self._keys = keys
        self._values: dict[str, object] = {}
        self.is_mapping = isinstance(node.value, Mapping)
        if not isinstance(node.value, Mapping):
            node.fault(f"must be a mapping of keys to values, not {shown(node.value)}")
            return
        for key, value in node.value.items():
            if not isinstance(key, str):
                node.faults.add(node.path, f"the key {shown(key)} must be text (put quotes around it)")
            elif key in keys.required or key in keys.optional:
                self._values[key] = value
            else:
                node.faults.add(self.path_of(key), "unknown key")
        for key in keys.required:
            if key not in self._values:
                node.faults.add(self.path_of(key), "missing")

    def path_of(self, key: str) -> str:
        """The path of a key of this block."""
        name = key if ID_PATTERN.fullmatch(key) else shown(key)
        return name if self.path == "document" else f"{self.path}.{name}"

    def fault(self, problem: str) -> None:
        """Note a fault of the block as a whole."""
        if self.is_mapping:
            self.faults.add(self.path, problem)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __getitem__(self, key: str) -> Node:
        return Node(self._values.get(key, MISSING), self.path_of(key), self.faults)

    def maybe(self, key: str, read: Callable[[Node], Read], default: Read) -> Read:
        """What `read` makes of an optional key, or the default where it is left out."""
        return read(self[key]) if key in self else default


def text_problem(value: object) -> str | None:
    """Why a value is not a usable text, or None."""
    if not isinstance(value, str):
        return f"must be text, not {shown(value)} (put quotes around it)"
    if not value.strip():
        return "must not be empty"
    if len(value) > MAX_TEXT:
        return f"must have at most {MAX_TEXT} characters"
    if any(not (letter.isprintable() or letter == "\n") for letter in value):
        return "holds characters that cannot be shown"
    return None


def shown(value: object) -> str:
    """A short form of any value for a fault's words."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple, set, frozenset)):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and abs(value) >= 10**15:
        return "a huge number"
    text = ascii(value)
    return text if len(text) <= 40 else text[:37] + "..."
