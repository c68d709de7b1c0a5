"""One practice through the real services, on a database of its own: who does what when (PROMISES T3, P2, F6)."""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import ParamSpec
from uuid import UUID

from backend.db import StaffScope, get_engine
from backend.services import ledger, workload
from backend.simulate.client import SimulatedClient
from backend.simulate.courier import Courier
from backend.simulate.day_end import DayEnd
from backend.simulate.deliveries import Deliveries
from backend.simulate.dice import Dice
from backend.simulate.healing import Healing
from backend.simulate.laws import Violation
from backend.simulate.people import BEGUN_AT, build_person, treated_within
from backend.simulate.reading import Reader
from backend.simulate.tally import STATES, Tally
from backend.simulate.watch import Watch

HOUSEKEEPING = timedelta(hours=2)
ONE_DAY = timedelta(days=1)
OnDay = Callable[[int], None]
P = ParamSpec("P")


class Practice:
    """The staff, the clock of events, and what everybody shares. `touched`: what is due next may have changed."""

    def __init__(self, staff: StaffScope, dice: Dice, days: int, on_day: OnDay) -> None:
        self.dice = dice
        self.begun_at = self.now = BEGUN_AT
        self.ends_at = BEGUN_AT + timedelta(days=days)
        self.tally = Tally()
        self.watch = Watch()
        self.clients: list[SimulatedClient] = []
        self.healings: dict[UUID, Healing] = {}  # by plan
        self.touched = True
        self.staff = staff
        self.reader = Reader(get_engine(), staff)
        self.deliveries = Deliveries(self.watch, dice, self.reader)
        self._courier = Courier(self.reader, self.deliveries.answer, self.deliveries.note_taken, BEGUN_AT)
        self._day_end = DayEnd(self)
        self._on_day = on_day
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0

    def at(self, when: datetime, act: Callable[P, None], *given: P.args, **named: P.kwargs) -> None:
        """Let something happen; what would come after the end never does. Of two at once the first named is first."""
        if when < self.ends_at:
            self._number += 1
            doing: Callable[[], None] = partial(act, *given, **named)
            heapq.heappush(self._events, (when, self._number, doing))

    def run(self) -> None:
        """Let time pass from instant to instant until the end: what is due then is sent, then people act."""
        self.at(BEGUN_AT + HOUSEKEEPING, self._keep_house)
        self.at(BEGUN_AT + ONE_DAY, self._end_day)
        try:
            self._let_pass()
            self.now = self.deliveries.now = self.ends_at
            self._courier.keep_house(self.now)
            self._day_end.judge(all_rows=True)
        finally:
            self._courier.close()
            self.reader.close()

    def _let_pass(self) -> None:
        due: datetime | None = None
        while True:
            if self.touched:
                due, self.touched = self._courier.get_next_due(), False
            event_at = self._events[0][0] if self._events else self.ends_at
            instant = event_at if due is None else min(due, event_at)
            if instant >= self.ends_at:
                return
            self.now = self.deliveries.now = max(self.now, instant)
            if due is not None and due <= self.now:
                due = self._courier.deliver(self.now)
                if due is not None and due <= self.now:
                    self.watch.violations.append(Violation(self.now, None, "stuck"))
                    self._courier.pass_over(self.now)
                    self.touched = True
            while self._events and self._events[0][0] <= self.now:
                heapq.heappop(self._events)[2]()

    def _keep_house(self) -> None:
        self._courier.keep_house(self.now)
        self.touched = True
        self.at(self.now + HOUSEKEEPING, self._keep_house)

    def _end_day(self) -> None:
        self._courier.seal(self.now)
        self._day_end.judge()
        self._on_day((self.now - BEGUN_AT).days)
        self.at(self.now + ONE_DAY, self._end_day)


def run_practice(staff: StaffScope, numbers: Sequence[int], days: int, seed: int, on_day: OnDay) -> Tally:
    """Some clients of an open clinic for some days, in the database that is in use."""
    practice = Practice(staff, Dice(seed), days, on_day)
    for number in numbers:
        SimulatedClient(practice, build_person(practice.dice, number, treated_within(days)))
    practice.run()
    on_day(days)
    return _count(practice)


def _count(practice: Practice) -> Tally:
    """Everything that was found, with the ledger as of the end."""
    tally, clients = practice.tally, practice.clients
    ready = (healing.get_readiness() for client in clients for healing in client.healings)
    tally.ready = [found for found in ready if found is not None]
    rows = ledger.check_conservation(now=practice.now).clinics[0]
    tally.planned_ever, tally.pending, tally.difference = rows.planned_ever, rows.pending, rows.difference
    tally.states = Counter({state: rows.settled[state] for state in STATES})
    tally.acts.update(practice.deliveries.answers)
    tally.flags.alarmed = len(practice.deliveries.alarmed_flags)
    tally.flags.unseen = sum(len(client.alarms.unseen) for client in clients)
    tally.violations = practice.watch.violations
    for day in workload.expect(practice.staff, now=practice.now):
        tally.ahead[day.on, "check_ins"] += day.check_ins
        tally.ahead[day.on, "reviews_due"] += day.reviews_due
        tally.ahead[day.on, "turning_ready"] += day.turning_ready
    return tally
