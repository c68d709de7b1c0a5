"""F6: one 90-day plan with its reminders; 1,000 clients through the services; 10,000 without a database."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter, process_time

from backend.simulate import Report, simulate_practice, simulate_pure
from schedules import (
    DayWindow,
    Horizon,
    PlanFacts,
    Protocol,
    ReminderFacts,
    ReminderPreferences,
    build_timeline,
    latest_protocol,
    plan_date,
    plan_reminders,
)
from tests.bench.figures import Figure

METHODS = ("laser", "saline", "undo")
ZONE = "Europe/Berlin"
TREATED_AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
DAYS = 90
ROUNDS = 21
MOST_MS = 5
MOST_S = 600


def measure(*, quick: bool) -> Iterator[Figure]:
    """The figures as they come; `quick` leaves the simulations out."""
    yield from measure_plans()
    if not quick:
        yield from measure_simulation("10,000 clients x 90 days, pure", lambda: simulate_pure(10_000, DAYS, 1))
        yield from measure_simulation("1,000 clients x 90 days, services", lambda: simulate_practice(1_000, DAYS, 1))


def measure_plans() -> Iterator[Figure]:
    """Interleaved over the methods, each round the plan of another client, treated a day later in the same zone.

    Processor time: a plan is computed in one thread that waits for nothing, and neighbours on the machine do not count.
    """
    protocols = {method: latest_protocol(method) for method in METHODS}
    seen: dict[str, list[float]] = {method: [] for method in METHODS}
    for number in range(ROUNDS):
        for method, protocol in protocols.items():
            began = process_time()
            plan_ahead(protocol, TREATED_AT + timedelta(days=number))
            seen[method].append((process_time() - began) * 1000)
    for method, times in seen.items():
        what = f"{method}: one {DAYS}-day plan and its reminders, median of {ROUNDS}"
        yield Figure("F6", what, median(times), MOST_MS, "ms", f"the first {times[0]:.1f} ms")


def plan_ahead(protocol: Protocol, treated_at: datetime) -> int:
    """Build a whole plan and plan all of its reminders; how many these are."""
    facts = PlanFacts(
        treated_at, ZONE, plan_date(treated_at, ZONE), "scalp", confirmed_steps=frozenset(protocol.care_steps)
    )
    timeline = build_timeline(protocol, facts, ZONE, DayWindow(0, DAYS))
    horizon = Horizon(treated_at, treated_at + timedelta(days=DAYS))
    return len(plan_reminders(timeline, ReminderPreferences(), ReminderFacts(plan=facts), horizon))


def measure_simulation(what: str, simulate: Callable[[], Report]) -> Iterator[Figure]:
    """How long it took, and how many laws it broke (T3, P2)."""
    began = perf_counter()
    report = simulate()
    yield Figure("F6", what, perf_counter() - began, MOST_S, "s")
    yield Figure("T3", f"{what}: broken laws", len(report.violations) + abs(report.difference), 0, "laws")
