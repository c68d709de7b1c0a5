"""One simulated client: treated, joins, answers or forgets, travels, falls silent, loses a phone (people.KINDS)."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from backend.db import ClientScope
from backend.ids import new_id
from backend.services import check_ins, clients, devices, invites, step_logs
from backend.services.check_ins import CheckInDraft
from backend.services.clients import Wishes
from backend.services.consents import ConsentGiven
from backend.services.devices import NewPushAddress
from backend.services.invites import Device
from backend.services.sessions import SignedIn
from backend.services.step_logs import StepDraft
from backend.services.timelines import Item
from backend.simulate.alarms import Alarms
from backend.simulate.answers import answer_all
from backend.simulate.deliveries import no_web_push
from backend.simulate.healing import Healing
from backend.simulate.people import STARTS_AGAIN, Person, is_silent, list_places
from backend.simulate.phone import Phone
from backend.simulate.watch import Name, Truth
from schedules import app_date, resolve_local

if TYPE_CHECKING:
    from backend.simulate.practice import Practice

QUIET = (time(22, 0), time(7, 30))  # what a client begins with (DESIGN section 7)
VISITS = (time(8, 20), time(19, 30))
LATE_STEP, LATE_STEPS = 5, 20  # a visit is up to 100 minutes late, in steps of five
CONSENTS = (ConsentGiven("care", True, "2026-11-22"), ConsentGiven("photos", True, "2026-11-22"))
BURNS = 0.03


class SimulatedClient:
    """Acts through the services alone; tells the watch the truth of what it did."""

    def __init__(self, practice: Practice, person: Person) -> None:
        self.practice = practice
        self.person = person
        self.groups = practice.tally.groups_of(person.method, person.kind)
        self.alarms = Alarms(self)
        self.healings = [Healing(self, area) for area in person.areas]
        self._signed_in: SignedIn | None = None
        self._phone: Phone | None = None
        self._treated_at = practice.begun_at + person.areas[0].begins_after
        for group in self.groups:
            group.clients += 1
        practice.clients.append(self)
        practice.at(self._treated_at, self._come)

    @property
    def phone(self) -> Phone:
        assert self._phone is not None  # made with the first treatment
        return self._phone

    def note(self, what: str) -> None:
        """Something was done that changes what is so with this client."""
        self._note_tap(what)
        self.phone.forget()

    def _note_tap(self, what: str) -> None:
        """Something was done that leaves every window where it is."""
        self._count(what)
        self.practice.touched = True

    def _come(self) -> None:
        """The first treatment, and the invitation."""
        practice, person, now = self.practice, self.person, self.practice.now
        client = clients.add_client(practice.staff, name=f"Client {person.number}", zone=person.home, now=now)
        truth = Truth(person.number, [(now, person.home)], QUIET, person.help_may_break_quiet)
        scope = ClientScope(practice.staff.clinic_id, client.id)
        self._phone = practice.deliveries.phones[client.id] = Phone(scope, truth, self.groups, practice.reader)
        for healing in self.healings:
            practice.at(practice.begun_at + healing.area.begins_after, healing.be_treated, client.id)
        code = invites.make(practice.staff, client.id, now=now).code
        if person.joins_after is not None:
            practice.at(now + person.joins_after, self._join, code)

    # --- the phone ---

    def _join(self, code: str) -> None:
        practice, person, now = self.practice, self.person, self.practice.now
        device = Device(f"phone of {person.number}", "android", person.home, "en")
        self._signed_in, _ = invites.redeem(code, device, CONSENTS, origin=f"client {person.number}", now=now)
        if person.help_may_break_quiet:
            clients.change_me(self.phone.scope, Wishes(help_may_break_quiet=True), now=now)
        self._take_phone(1)
        self.phone.truth.hear(now)
        self.note("joined")
        for at, zone in list_places(person, now)[1:]:
            practice.at(at, self._move, zone)
        if person.phone_lost is not None:
            practice.at(now + timedelta(days=person.phone_lost.day, hours=5), self._lose_phone)
        self._plan_visits()

    def _take_phone(self, number: int) -> None:
        assert self._signed_in is not None
        token = f"client-{self.person.number}-{number}"
        self.phone.device_id = self._signed_in.device_id
        self.practice.deliveries.give_phone(self.phone, token)
        devices.register_push_address(
            self.phone.scope, self._signed_in.device_id, NewPushAddress("fcm_token", token=token),
            check=no_web_push, now=self.practice.now,
        )  # fmt: skip

    def _lose_phone(self) -> None:
        self.practice.deliveries.give_phone(self.phone, None)
        self.note("phones lost")
        assert self.person.phone_lost is not None
        if self.person.phone_lost.days is not None:
            back = timedelta(days=self.person.phone_lost.days)
            self.practice.at(self.practice.now + back, self._take_phone, 2)

    def _move(self, zone: str) -> None:
        clients.change_me(self.phone.scope, Wishes(zone=zone), now=self.practice.now)
        self.phone.truth.places.append((self.practice.now, zone))
        self.note("moves to another zone")

    # --- visits ---

    def _plan_visits(self) -> None:
        """The visits of one local day, and from its last one those of the next."""
        practice, zone = self.practice, self.phone.truth.places[-1][1]
        today = app_date(practice.now, zone)
        for number, at in enumerate(VISITS):
            late = LATE_STEP * practice.dice.between(0, LATE_STEPS, "late", self.person.number, today, number)
            moment = resolve_local(today, at, zone) + timedelta(minutes=late)
            if moment > practice.now:
                practice.at(moment, self._visit)
        next_day = resolve_local(today + timedelta(days=1), time(4, 30), zone)
        practice.at(max(next_day, practice.now + timedelta(minutes=1)), self._plan_visits)

    def _visit(self) -> None:
        """Look at the phone: do what is open, or not."""
        practice, person, now = self.practice, self.person, self.practice.now
        if self.phone.token is None:
            return
        if is_silent(person, self._treated_at, now):
            self._count("visits left out in silence")
        elif practice.dice.chance("visit", person.number, now.isoformat()) >= person.diligence:
            self._count("visits forgotten")
        else:
            self._count("visits")
            if self.phone.truth.stopped and practice.dice.chance("starts again", person.number) < STARTS_AGAIN:
                clients.change_me(self.phone.scope, Wishes(resume_reminders=True), now=now)
                self.phone.truth.hear(now)
                self.note("reminders started again")
            for name, item in self.phone.list_open(now):
                self._do(name, item)

    def _count(self, what: str) -> None:
        """Something that changes nothing."""
        for group in self.groups:
            group.acts[what] += 1
        self.practice.tally.acts[what] += 1

    def _do(self, name: Name, item: Item) -> None:
        occurrence, plan = item.occurrence, name[0]
        if plan is None or name in self.phone.truth.done or not self._willing(name):
            return
        if occurrence.kind == "check_in":
            self._check_in(plan, occurrence.key)
        elif occurrence.entry == "slot" and item.step is not None and not self.phone.truth.emergencies:
            if item.step.kind == "mask" and item.step.duration_min is not None:
                self._wear_mask(plan, occurrence.key, item.step.duration_min.default)
            else:
                self._log(plan, occurrence.key, "done")

    def _willing(self, name: Name) -> bool:
        area = self.practice.healings[name[0]].area.number if name[0] else 0
        return self.practice.dice.chance("does", self.person.number, area, name[1]) < self.person.diligence

    def _check_in(self, plan: UUID, key: str) -> None:
        practice, now, healing = self.practice, self.practice.now, self.practice.healings[plan]
        planned = next((each for each in healing.protocol.check_ins if f"check_in@d{each.day}" == key), None)
        if planned is None:
            return
        answers = answer_all(practice.dice, self.person, healing.area, healing.protocol, planned)
        draft = CheckInDraft(new_id(now), plan, "planned", key, now, answers, {})
        result = check_ins.submit(self.phone.scope, draft, now=now)
        self.phone.truth.done.add((plan, key))
        self.phone.truth.hear(now)
        self._note_tap("check-ins")
        if result.flags or healing.signed_at is not None:  # a yes that is taken back brings check-ins back
            self.phone.forget()
        else:
            self.phone.look_for_anchors()
        self.alarms.meet(result.flags)

    def _wear_mask(self, plan: UUID, key: str, minutes: int) -> None:
        practice, now = self.practice, self.practice.now
        ends_at = now + timedelta(minutes=minutes)
        step_logs.log_step(self.phone.scope, StepDraft(new_id(now), plan, key, "started", now, ends_at), now=now)
        self._note_tap("masks")
        if practice.dice.chance("burns", self.person.number, key) < BURNS:
            practice.at(now + timedelta(minutes=2), self._log, plan, key, "stopped_burning")
        else:
            practice.at(ends_at + timedelta(minutes=3), self._log, plan, key, "done")

    def _log(self, plan: UUID, key: str, event: str) -> None:
        now = self.practice.now
        result = step_logs.log_step(self.phone.scope, StepDraft(new_id(now), plan, key, event, now), now=now)
        self.phone.truth.done.add((plan, key))
        self._note_tap("steps")
        if result.flag is not None:
            self.phone.forget()
            self.alarms.meet((result.flag,))
