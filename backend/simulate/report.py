"""What a simulation found."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from backend.simulate.watch import LAWS, Violation

STATES = ("sent", "merged", "withdrawn", "unreachable", "expired", "failed")
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ReadyOn:
    """Readiness of one client at the end; `signed_on`: the practitioner's yes, if it came."""

    client: int
    method: str
    status: str
    earliest_on: date
    suggested_on: date
    signed_on: date | None


@dataclass(slots=True)
class Ladders:
    """Red flags and what became of them. `seen_at_rung`: how far the ladder had come when a person said "seen"."""

    raised: Counter[str] = field(default_factory=Counter)
    seen_at_rung: Counter[int] = field(default_factory=Counter)
    alarmed: int = 0
    unseen: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """`states`: rows by terminal state. `acts`: what the clients did. `difference`: what no state accounts for."""

    mode: str
    clients: int
    days: int
    seed: int
    begun_at: datetime
    ended_at: datetime
    planned_ever: int
    pending: int
    states: Mapping[str, int]
    difference: int
    acts: Mapping[str, int]
    flags: Ladders
    ready: tuple[ReadyOn, ...]
    violations: tuple[Violation, ...]

    @property
    def holds(self) -> bool:
        return not self.violations and not self.difference


def write_report(report: Report) -> dict[str, object]:
    """One JSON document; the same for the same seed. `violations` is a number, what they are stands beside it."""
    return {
        "mode": report.mode,
        "clients": report.clients,
        "days": report.days,
        "seed": report.seed,
        "begun_at": f"{report.begun_at:%Y-%m-%dT%H:%M:%SZ}",
        "ended_at": f"{report.ended_at:%Y-%m-%dT%H:%M:%SZ}",
        "planned_ever": report.planned_ever,
        "pending": report.pending,
        **report.states,
        "difference": report.difference,
        "violations": len(report.violations),
        "violations_by_law": dict(sorted(Counter(LAWS[each.law] for each in report.violations).items())),
        "violation_list": [
            {
                "at": f"{each.at:%Y-%m-%dT%H:%M:%SZ}",
                "client": each.client,
                "law": LAWS[each.law],
                "kind": each.kind,
                "occurrence": each.occurrence,
            }
            for each in report.violations[:SHOWN]
        ],
        "acts": dict(sorted(report.acts.items())),
        "flags": {
            "raised": dict(sorted(report.flags.raised.items())),
            "seen_at_rung": {str(rung): number for rung, number in sorted(report.flags.seen_at_rung.items())},
            "alarmed": report.flags.alarmed,
            "unseen": report.flags.unseen,
            "closed": report.flags.closed,
        },
        "readiness": [_write_ready(each) for each in report.ready],
        "holds": report.holds,
    }


def _write_ready(ready: ReadyOn) -> dict[str, object]:
    return {
        "client": ready.client,
        "method": ready.method,
        "status": ready.status,
        "earliest_on": ready.earliest_on.isoformat(),
        "suggested_on": ready.suggested_on.isoformat(),
        "signed_on": ready.signed_on.isoformat() if ready.signed_on else None,
    }


def show_report(report: Report, seconds: float) -> Iterator[str]:
    """The same for people, with the time it took."""
    yield f"{report.clients} clients, {report.days} days, seed {report.seed}, {report.mode}: {seconds:.1f} s"
    states = ", ".join(f"{report.states[state]} {state}" for state in report.states)
    yield f"reminders: {report.planned_ever} planned ever = {report.pending} pending + {states}"
    yield f"clients did: {', '.join(f'{number} {what}' for what, number in sorted(report.acts.items()))}"
    flags = report.flags
    raised = ", ".join(f"{number} {level}" for level, number in sorted(flags.raised.items())) or "none"
    rungs = ", ".join(f"{number} at rung {rung}" for rung, number in sorted(flags.seen_at_rung.items())) or "none"
    yield f"warnings: {raised}; red ones seen: {rungs}; {flags.alarmed} alarmed, {flags.unseen} unseen"
    status = Counter(each.status for each in report.ready)
    yield f"readiness: {', '.join(f'{number} {name}' for name, number in sorted(status.items()))}"
    for law, number in sorted(Counter(each.law for each in report.violations).items()):
        yield f"VIOLATED {number} times: {LAWS[law]}"
    yield "no violation" if report.holds else "THE LAWS DO NOT HOLD"
