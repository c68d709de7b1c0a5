"""What a simulation counts. Tallies of several practices are added up."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from backend.simulate.laws import Violation

STATES = ("sent", "merged", "withdrawn", "unreachable", "expired", "failed")


@dataclass(frozen=True, slots=True)
class ReadyOn:
    """Readiness of one treated area at the end. `day_0`: of its treatment; `signed_on`: the practitioner's yes."""

    client: int
    method: str
    site: str
    status: str
    day_0: date
    earliest_on: date
    suggested_on: date
    signed_on: date | None


@dataclass(slots=True)
class Ladders:
    """Flags and what became of them. `seen_at_rung`: how far the ladder had come when a person said "seen"."""

    raised: Counter[str] = field(default_factory=Counter)
    seen_at_rung: Counter[int] = field(default_factory=Counter)
    alarmed: int = 0
    unseen: int = 0
    closed: int = 0

    def add(self, other: "Ladders") -> None:
        self.raised.update(other.raised)
        self.seen_at_rung.update(other.seen_at_rung)
        self.alarmed += other.alarmed
        self.unseen += other.unseen
        self.closed += other.closed


@dataclass(slots=True)
class Group:
    """What the clients of one method, or of one kind of person, got and did. `pushes`: taken by a provider, by kind."""

    clients: int = 0
    pushes: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Group") -> None:
        self.clients += other.clients
        self.pushes.update(other.pushes)
        self.acts.update(other.acts)
        self.warnings.update(other.warnings)


@dataclass(slots=True)
class Tally:
    """`states`: reminder rows by terminal state; `difference`: rows that no state accounts for."""

    planned_ever: int = 0
    pending: int = 0
    states: Counter[str] = field(default_factory=Counter)
    difference: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    flags: Ladders = field(default_factory=Ladders)
    ready: list[ReadyOn] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    methods: dict[str, Group] = field(default_factory=dict)
    kinds: dict[str, Group] = field(default_factory=dict)
    ahead: Counter[tuple[date, str]] = field(default_factory=Counter)  # expected work after the end, by date and name

    def groups_of(self, method: str, kind: str) -> tuple[Group, Group]:
        """Where what one client got and did is counted."""
        return self.methods.setdefault(method, Group()), self.kinds.setdefault(kind, Group())

    def add(self, other: "Tally") -> None:
        """Add another practice's."""
        self.planned_ever += other.planned_ever
        self.pending += other.pending
        self.states.update(other.states)
        self.difference += other.difference
        self.acts.update(other.acts)
        self.flags.add(other.flags)
        self.ready += other.ready
        self.violations += other.violations
        for mine, theirs in ((self.methods, other.methods), (self.kinds, other.kinds)):
            for name, group in theirs.items():
                mine.setdefault(name, Group()).add(group)
        self.ahead.update(other.ahead)
