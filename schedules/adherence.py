"""The share of care steps, check-ins and photos done inside their due window: compliant of offered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from schedules.facts import Occurrence, OccurrenceKind, OccurrenceState

OFFERED_STATES: frozenset[OccurrenceState] = frozenset({"done", "missed", "declined"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an occurrence; `done_at` where it was done."""

    occurrence: Occurrence
    state: OccurrenceState
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    compliant: int
    offered: int

    @property
    def ratio(self) -> float | None:
        """0 to 1; None where nothing was offered."""
        return self.compliant / self.offered if self.offered else None


def measure_adherence(outcomes: Iterable[Outcome]) -> Mapping[OccurrenceKind, Share]:
    """By kind of occurrence: how many were offered, and how many of them were done inside their half-open window.

    Offered is what came to its end: done, missed or declined. Left out are rules and as-needed entries, what is
    optional, withheld or a forecast, what is not applicable or superseded, and what is still to come.
    """
    shares: dict[OccurrenceKind, Share] = {kind: Share(0, 0) for kind in ("care_step", "check_in", "photo")}
    for outcome in outcomes:
        if _is_offered(outcome):
            share = shares[outcome.occurrence.kind]
            shares[outcome.occurrence.kind] = Share(share.compliant + _is_compliant(outcome), share.offered + 1)
    return shares


def _is_offered(outcome: Outcome) -> bool:
    occurrence = outcome.occurrence
    asked = occurrence.entry == "slot" and not (occurrence.optional or occurrence.withheld or occurrence.provisional)
    return asked and outcome.state in OFFERED_STATES


def _is_compliant(outcome: Outcome) -> bool:
    window = outcome.occurrence.window
    return (
        outcome.state == "done"
        and outcome.done_at is not None
        and window.opens_at <= outcome.done_at < window.closes_at
    )
