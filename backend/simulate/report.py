"""What a simulation found, as one document and as lines for people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from backend.simulate.laws import LAWS, Violation
from backend.simulate.people import BEGUN_AT
from backend.simulate.tally import Group, Ladders, ReadyOn, Tally

SHOWN = 20
OTHER_ACTS = ("check-ins", "steps")  # what is shown of everybody; the rest stands in the document


@dataclass(frozen=True, slots=True)
class Report:
    """`mode`: services or pure. `practices`: how many the clients are shared out among, each with its own database."""

    mode: str
    clients: int
    days: int
    seed: int
    practices: int
    tally: Tally

    @property
    def ended_at(self) -> datetime:
        return BEGUN_AT + timedelta(days=self.days)

    @property
    def holds(self) -> bool:
        return not self.tally.violations and not self.tally.difference


def write_report(report: Report) -> dict[str, object]:
    """One JSON document; the same for the same seed. `violations` is a number, what they are stands beside it."""
    tally = report.tally
    return {
        "mode": report.mode,
        "clients": report.clients,
        "days": report.days,
        "seed": report.seed,
        "practices": report.practices,
        "begun_at": _instant(BEGUN_AT),
        "ended_at": _instant(report.ended_at),
        "planned_ever": tally.planned_ever,
        "pending": tally.pending,
        **tally.states,
        "difference": tally.difference,
        "violations": len(tally.violations),
        "violations_by_law": _sorted(Counter(LAWS[each.law] for each in tally.violations)),
        "violation_list": [_write_violation(each) for each in tally.violations[:SHOWN]],
        "acts": _sorted(tally.acts),
        "flags": _write_flags(tally.flags),
        "methods": {
            name: {**_write_group(group), **_write_dates([each for each in tally.ready if each.method == name])}
            for name, group in sorted(tally.methods.items())
        },
        "people": {name: _write_group(group) for name, group in sorted(tally.kinds.items())},
        "ahead": [
            {"on": on.isoformat(), **{name: tally.ahead[on, name] for name in sorted({key[1] for key in tally.ahead})}}
            for on in sorted({key[0] for key in tally.ahead})
        ],
        "readiness": [_write_ready(each) for each in tally.ready],
        "holds": report.holds,
    }


def _write_flags(flags: Ladders) -> dict[str, object]:
    return {
        "raised": _sorted(flags.raised),
        "seen_at_rung": {str(rung): number for rung, number in sorted(flags.seen_at_rung.items())},
        "alarmed": flags.alarmed,
        "unseen": flags.unseen,
        "closed": flags.closed,
    }


def _write_violation(violation: Violation) -> dict[str, object]:
    return {
        "at": _instant(violation.at),
        "client": violation.client,
        "law": LAWS[violation.law],
        "kind": violation.kind,
        "occurrence": violation.occurrence,
    }


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _sorted(counter: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counter.items()))


def _write_group(group: Group) -> dict[str, object]:
    return {
        "clients": group.clients,
        "pushes": _sorted(group.pushes),
        "acts": _sorted(group.acts),
        "warnings": _sorted(group.warnings),
    }


def _write_dates(ready: Sequence[ReadyOn]) -> dict[str, object]:
    """Of the areas treated by a method: statuses, and the spread of the dates in days after the treatment."""
    return {
        "areas": len(ready),
        "signed_off": sum(each.signed_on is not None for each in ready),
        "statuses": _sorted(Counter(each.status for each in ready)),
        "earliest_day": _spread((each.earliest_on - each.day_0).days for each in ready),
        "suggested_day": _spread((each.suggested_on - each.day_0).days for each in ready),
    }


def _spread(days: Iterable[int]) -> dict[str, int] | None:
    found = sorted(days)
    return {"least": found[0], "median": median_low(found), "most": found[-1]} if found else None


def _write_ready(ready: ReadyOn) -> dict[str, object]:
    return {
        "client": ready.client,
        "method": ready.method,
        "site": ready.site,
        "status": ready.status,
        "earliest_on": ready.earliest_on.isoformat(),
        "suggested_on": ready.suggested_on.isoformat(),
        "signed_on": ready.signed_on.isoformat() if ready.signed_on else None,
    }


def show_report(report: Report, seconds: float) -> Iterator[str]:
    """The same for people, with the time it took."""
    tally = report.tally
    shared = f", shared out among {report.practices} practices" if report.practices > 1 else ""
    yield f"{report.clients} clients, {report.days} days, seed {report.seed}, {report.mode}{shared}: {seconds:.1f} s"
    states = ", ".join(f"{number} {state}" for state, number in tally.states.items())
    yield f"reminders: {tally.planned_ever} planned ever = {tally.pending} pending + {states}"
    yield f"clients did: {_list_counts(tally.acts)}"
    flags = tally.flags
    rungs = ", ".join(f"{number} at rung {rung}" for rung, number in sorted(flags.seen_at_rung.items())) or "none"
    yield (
        f"warnings: {_list_counts(flags.raised)}; red ones seen: {rungs}; {flags.alarmed} alarmed,"
        f" {flags.unseen} unseen"
    )
    for name, group in sorted(tally.methods.items()):
        yield from _show_method(name, group, [each for each in tally.ready if each.method == name])
    for name, group in sorted(tally.kinds.items()):
        yield f"{name}: {_show_group(group)}"
    yield from _show_ahead(tally)
    for law, number in sorted(Counter(each.law for each in tally.violations).items()):
        yield f"VIOLATED {number} times: {LAWS[law]}"
    yield "no violation" if report.holds else "THE LAWS DO NOT HOLD"


def _show_method(name: str, group: Group, ready: Sequence[ReadyOn]) -> Iterator[str]:
    yield f"{name}: {_show_group(group)}"
    each = ", ".join(
        f"{number / group.clients:.1f} {kind}" for kind, number in sorted(group.pushes.items()) if group.clients
    )
    yield f"  pushes a client: {each or 'none'}"
    if ready:
        statuses = _list_counts(Counter(found.status for found in ready))
        earliest = _show_spread((found.earliest_on - found.day_0).days for found in ready)
        suggested = _show_spread((found.suggested_on - found.day_0).days for found in ready)
        signed = sum(found.signed_on is not None for found in ready)
        yield f"  {len(ready)} areas: {signed} signed off; now {statuses}"
        yield f"  earliest on day {earliest}, suggested for day {suggested}"


def _show_group(group: Group) -> str:
    did = ", ".join(f"{group.acts[what]} {what}" for what in OTHER_ACTS)
    warnings = f", warnings: {_list_counts(group.warnings)}" if group.warnings else ""
    return f"{group.clients} clients, {group.pushes.total()} pushes, {did}{warnings}"


def _show_spread(days: Iterable[int]) -> str:
    found = sorted(days)
    return f"{found[0]} to {found[-1]} (middle {median_low(found)})"


def _show_ahead(tally: Tally) -> Iterator[str]:
    """What the practices would have to do next."""
    if tally.ahead:
        totals: Counter[str] = Counter()
        for (_on, name), number in tally.ahead.items():
            totals[name] += number
        days = len({on for on, _name in tally.ahead})
        yield (
            f"in the {days} days to come: {totals['check_ins']} check-ins, {totals['reviews_due']} reviews,"
            f" {totals['turning_ready']} clients turning ready"
        )


def _list_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "none"
