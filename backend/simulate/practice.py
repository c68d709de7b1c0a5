"""The practice through the real services, on a SQLite database of its own: who does what when (PROMISES T3, P2, F6)."""

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event

from backend import db
from backend.db import StaffScope
from backend.services import access, clinics, devices, ledger, protocols
from backend.services.devices import NewPushAddress
from backend.simulate.client import SimulatedClient
from backend.simulate.courier import Courier
from backend.simulate.deliveries import Deliveries, no_web_push
from backend.simulate.people import Dice, build_person
from backend.simulate.report import STATES, Ladders, Report
from backend.simulate.watch import Violation, Watch

BEGUN_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # both hemispheres change their clocks in the weeks that follow
ZONE = "Europe/London"
PASSWORD = "nobody-signs-in-here"
MOST_DAYS_OF_TREATMENTS = 14
COUNT_EVERY = timedelta(days=1)


class Practice:
    """The staff, the clock of events, and what everybody shares."""

    def __init__(self, dice: Dice, ends_at: datetime) -> None:
        self.dice = dice
        self.now = BEGUN_AT
        self.ends_at = ends_at
        self.acts: Counter[str] = Counter()
        self.ladders = Ladders()
        self.watch = Watch()
        self.clients: list[SimulatedClient] = []
        self.staff = _open_clinic()
        self.deliveries = Deliveries(self.watch, dice)
        self._courier = Courier(self.deliveries.answer, self.deliveries.note_taken, BEGUN_AT)
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Let something happen; what would come after the end never does. Of two at once the first named is first."""
        if when < self.ends_at:
            self._number += 1
            heapq.heappush(self._events, (when, self._number, act))

    def run(self) -> None:
        """Let time pass from event to event and from reminder to reminder until the end."""
        self.at(BEGUN_AT + COUNT_EVERY, self._count)
        due = self._courier.get_next_due()
        try:
            while self._events or due is not None:
                event_at = self._events[0][0] if self._events else self.ends_at
                if due is not None and due <= event_at:
                    if due >= self.ends_at:
                        break
                    self.now = max(self.now, due)
                    self.deliveries.now = self.now
                    if not self._courier.deliver(self.now):
                        self.watch.violations.append(Violation(self.now, None, "stuck"))
                elif self._events:
                    self.now, _, act = heapq.heappop(self._events)
                    self.deliveries.now = self.now
                    act()
                else:
                    break
                due = self._courier.get_next_due()
            self.now = self.ends_at
            self._courier.keep_house(self.now)
        finally:
            self._courier.close()

    def count(self) -> ledger.Ledger:
        """The conservation law as of now; what breaks it is kept."""
        found = ledger.check_conservation(now=self.now)
        for each in found.violations:
            self.watch.violations.append(Violation(self.now, None, "ledger", each.law))
        return found

    def _count(self) -> None:
        self._courier.keep_house(self.now)
        self.count()
        self.at(self.now + COUNT_EVERY, self._count)


def simulate_practice(clients: int, days: int, seed: int) -> Report:
    """`clients` through the services for `days`, in a temporary database; the caller's engine is left as it was."""
    before = _engine_in_use()
    with TemporaryDirectory(prefix="fallow-simulation-") as folder:
        url = f"sqlite:///{Path(folder) / 'practice.db'}"
        db.upgrade(url)
        engine = db.build_engine(url)
        event.listen(engine, "connect", _forget_at_power_loss)
        db.configure(engine)
        try:
            return _simulate(clients, days, seed)
        finally:
            engine.dispose()
            db.configure(before)


def _forget_at_power_loss(connection: Connection, _record: object) -> None:
    """This database lives as long as the simulation: waiting for the disk would hold up time alone."""
    connection.execute("PRAGMA synchronous=OFF")


def _engine_in_use() -> Engine | None:
    try:
        return db.get_engine()
    except RuntimeError:  # nobody has chosen one yet
        return None


def _simulate(clients: int, days: int, seed: int) -> Report:
    practice = Practice(Dice(seed), BEGUN_AT + timedelta(days=days))
    for number in range(clients):
        person = build_person(practice.dice, number, min(MOST_DAYS_OF_TREATMENTS, max(0, days // 3)))
        SimulatedClient(practice, person)
    practice.run()
    counted = practice.count()
    rows = counted.clinics[0]
    practice.ladders.alarmed = len(practice.deliveries.alarmed_flags)
    practice.ladders.unseen = sum(client.count_unseen() for client in practice.clients)
    return Report(
        mode="services",
        clients=clients,
        days=days,
        seed=seed,
        begun_at=BEGUN_AT,
        ended_at=practice.ends_at,
        planned_ever=rows.planned_ever,
        pending=rows.pending,
        states={state: rows.settled[state] for state in STATES},
        difference=rows.difference,
        acts=practice.acts | practice.deliveries.answers,
        flags=practice.ladders,
        ready=tuple(ready for client in practice.clients if (ready := client.get_readiness()) is not None),
        violations=tuple(practice.watch.violations),
    )


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
        address = NewPushAddress("fcm_token", token=f"staff-{person.role}")
        devices.register_push_address(
            signed_in.staff_scope, signed_in.device_id, address, check=no_web_push, now=BEGUN_AT
        )
    return staff
