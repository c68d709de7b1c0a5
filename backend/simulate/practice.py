"""One practice through the real services, on a database of its own: who does what when (PROMISES T3, P2, F6)."""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from backend.db import StaffScope
from backend.services import access, clinics, devices, ledger, protocols
from backend.services.devices import NewPushAddress
from backend.simulate.client import SimulatedClient
from backend.simulate.courier import Courier
from backend.simulate.day_end import DayEnd
from backend.simulate.deliveries import STAFF, Deliveries, no_web_push
from backend.simulate.dice import Dice
from backend.simulate.healing import Healing
from backend.simulate.laws import Violation
from backend.simulate.people import BEGUN_AT, build_person, treated_within
from backend.simulate.tally import STATES, Tally
from backend.simulate.watch import Watch

ZONE = "Europe/London"
PASSWORD = "nobody-signs-in-here"
HOUSEKEEPING = timedelta(hours=2)
ONE_DAY = timedelta(days=1)
OnDay = Callable[[int], None]


class Practice:
    """The staff, the clock of events, and what everybody shares. `touched`: something was done that may be due."""

    def __init__(self, dice: Dice, days: int, on_day: OnDay) -> None:
        self.dice = dice
        self.begun_at = self.now = BEGUN_AT
        self.ends_at = BEGUN_AT + timedelta(days=days)
        self.tally = Tally()
        self.watch = Watch()
        self.clients: list[SimulatedClient] = []
        self.healings: dict[UUID, Healing] = {}  # by plan
        self.touched = True
        self.staff = _open_clinic()
        self.deliveries = Deliveries(self.watch, dice, self.staff)
        self._courier = Courier(self.deliveries.answer, self.deliveries.note_taken, BEGUN_AT)
        self._day_end = DayEnd(self)
        self._on_day = on_day
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Let something happen; what would come after the end never does. Of two at once the first named is first."""
        if when < self.ends_at:
            self._number += 1
            heapq.heappush(self._events, (when, self._number, act))

    def run(self) -> None:
        """Let time pass from instant to instant until the end: what is due then is sent, then people act."""
        self.at(BEGUN_AT + HOUSEKEEPING, self._keep_house)
        self.at(BEGUN_AT + ONE_DAY, self._end_day)
        try:
            self._let_pass()
            self.now = self.deliveries.now = self.ends_at
            self._courier.keep_house(self.now)
            self._day_end.judge()
        finally:
            self._courier.close()

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


def run_practice(numbers: Sequence[int], days: int, seed: int, on_day: OnDay) -> Tally:
    """Some clients for some days in the database that is in use."""
    practice = Practice(Dice(seed), days, on_day)
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
    tally.acts += practice.deliveries.answers
    tally.flags.alarmed = len(practice.deliveries.alarmed_flags)
    tally.flags.unseen = sum(len(client.alarms.unseen) for client in clients)
    tally.violations = practice.watch.violations
    return tally


def _open_clinic() -> StaffScope:
    """A clinic with an owner and a second person, every method signed, both reachable."""
    clinic_id = clinics.add_clinic(name="Simulated Studio", zone=ZONE, country="GB", phone=None, now=BEGUN_AT)
    people = [
        clinics.add_practitioner(
            clinic_id, name=name, email=f"{role}@studio.example", role=role, password=PASSWORD, now=BEGUN_AT
        )
        for name, role in (("Dr Ida", "owner"), ("Dr Joe", "practitioner"))
    ]
    staff = StaffScope(clinic_id, people[0].id)
    clinics.name_second(staff, people[1].id, now=BEGUN_AT)
    for status in protocols.list_methods(staff):
        answers = [protocols.StepAnswer(step.id, True) for step in status.must_confirm]
        protocols.sign(staff, status.protocol.id, status.protocol.content_version, answers, now=BEGUN_AT)
    for person in people:
        signed_in, _ = access.sign_in(person.email, PASSWORD, origin="simulation", name="desk", now=BEGUN_AT)
        address = NewPushAddress("fcm_token", token=f"{STAFF}{person.role}")
        devices.register_push_address(
            signed_in.staff_scope, signed_in.device_id, address, check=no_web_push, now=BEGUN_AT
        )
    return staff
