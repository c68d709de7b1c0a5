"""One simulated client: treated, joins, answers or forgets, travels, gets a warning sign, loses a phone, gets ready."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from backend.db import ClientScope
from backend.ids import new_id
from backend.services import access, care_plans, check_ins, clients, devices, flags, readiness, step_logs, treatments
from backend.services.access import ConsentGiven, Device
from backend.services.check_ins import CheckInDraft
from backend.services.clients import Wishes
from backend.services.devices import NewPushAddress
from backend.services.flags import FlagSeen
from backend.services.sessions import SignedIn
from backend.services.step_logs import StepDraft
from backend.services.timelines import Item, get_timeline
from backend.simulate.deliveries import Phone, no_web_push
from backend.simulate.people import SITE, Person, answer_all, list_places
from backend.simulate.report import ReadyOn
from backend.simulate.watch import Truth
from schedules import Protocol, app_date, latest_protocol, resolve_local

if TYPE_CHECKING:
    from backend.simulate.practice import Practice

QUIET = (time(22, 0), time(7, 30))  # what a client begins with (DESIGN section 7)
VISITS = (time(8, 20), time(19, 30))
CONSENTS = (ConsentGiven("care", True, "2026-11-22"), ConsentGiven("photos", True, "2026-11-22"))
SEEN_AFTER = ((0.6, 8), (0.8, 22), (0.9, 45), (1.0, 200))  # up to this chance: minutes until a person says "seen"
BURNS = 0.03
REVIEW_EVERY = timedelta(days=4)
RED = ("today", "now")


class SimulatedClient:
    """Acts through the services alone; tells the watch the truth of what it did."""

    def __init__(self, practice: Practice, person: Person) -> None:
        self.person = person
        self._practice = practice
        self._protocol: Protocol = latest_protocol(person.method)
        self._unseen: set[UUID] = set()
        self._known_flags: set[UUID] = set()
        self._signed_in: SignedIn | None = None
        self._signed_on: datetime | None = None
        self._plan_id: UUID | None = None
        self._phone: Phone | None = None
        practice.clients.append(self)
        practice.at(practice.now + person.treated_after, self._be_treated)

    def count_unseen(self) -> int:
        """Red flags that nobody has seen yet."""
        return len(self._unseen)

    def get_readiness(self) -> ReadyOn | None:
        """As of the practice's now; None for a client who was not treated yet."""
        if self._plan_id is None:
            return None
        seen = readiness.get_plan_readiness(self._practice.staff, self._plan_id, now=self._practice.now).readiness
        signed_on = self._signed_on.date() if self._signed_on else None
        return ReadyOn(
            self.person.number, self.person.method, seen.status, seen.earliest_on, seen.suggested_on, signed_on
        )

    # --- the clinic's part ---

    def _be_treated(self) -> None:
        practice, person, now = self._practice, self.person, self._practice.now
        client = clients.add_client(practice.staff, name=f"Client {person.number}", zone=person.home, now=now)
        record = treatments.open_treatment(
            practice.staff, client.id, method=person.method, site=SITE, skin_type=person.skin_type, now=now
        )
        for step in record.steps:
            treatments.start_step(practice.staff, record.id, step.step_id, now=now)
        treatments.finish_treatment(practice.staff, record.id, now=now)
        started = care_plans.start(practice.staff, record.id, now=now)
        self._plan_id = started.care_plan_id
        self._treated_at = now
        truth = Truth(person.number, [(now, person.home)], QUIET, person.help_may_break_quiet)
        scope = ClientScope(practice.staff.clinic_id, client.id)
        self._phone = practice.deliveries.phones[client.id] = Phone(scope, truth, started.day_0)
        practice.acts["treatments"] += 1
        code = access.invite(practice.staff, client.id, now=now).code
        if person.joins_after is not None:
            practice.at(now + person.joins_after, lambda: self._join(code))
        first_review = now + timedelta(days=self._protocol.readiness.base_min_days)
        practice.at(first_review, self._be_reviewed)

    def _be_reviewed(self) -> None:
        """Every few days from the earliest day on: seen in person, signed off where ready, the next date booked."""
        practice, now, plan_id = self._practice, self._practice.now, self._plan
        readiness.note_seen_in_person(practice.staff, plan_id, now=now)
        seen = readiness.get_plan_readiness(practice.staff, plan_id, now=now).readiness
        practice.acts["reviews"] += 1
        if seen.status != "ready_to_ask":
            practice.at(now + REVIEW_EVERY, self._be_reviewed)
            return
        readiness.sign_off(practice.staff, plan_id, now=now)
        self._signed_on = now
        practice.acts["sign-offs"] += 1
        booked = now + timedelta(days=6, hours=3)
        care_plans.book_next_treatment(practice.staff, plan_id, booked, now=now)
        practice.at(booked, self._end)

    def _end(self) -> None:
        care_plans.end_plan(self._practice.staff, self._plan, "next treatment", now=self._practice.now)
        self.phone.truth.paused = True  # nothing but follow-ups of open flags from here on
        self._practice.acts["plans ended"] += 1

    # --- the client's part ---

    @property
    def phone(self) -> Phone:
        assert self._phone is not None  # made with the treatment, which comes first
        return self._phone

    @property
    def _plan(self) -> UUID:
        assert self._plan_id is not None
        return self._plan_id

    def _join(self, code: str) -> None:
        practice, person, now = self._practice, self.person, self._practice.now
        device = Device(f"phone of {person.number}", "android", person.home, "en")
        self._signed_in, _ = access.redeem(code, device, CONSENTS, origin=f"client {person.number}", now=now)
        if person.help_may_break_quiet:
            clients.change_me(self.phone.scope, Wishes(help_may_break_quiet=True), now=now)
        self._take_phone(1)
        practice.acts["joined"] += 1
        for at, zone in list_places(person, now)[1:]:
            practice.at(at, lambda zone=zone: self._move(zone))  # type: ignore[misc]
        if person.dies is not None:
            practice.at(now + timedelta(days=person.dies[0], hours=5), self._lose_phone)
        self._plan_visits()

    def _take_phone(self, number: int) -> None:
        assert self._signed_in is not None
        token = f"client-{self.person.number}-{number}"
        self._practice.deliveries.give_phone(self.phone, token)
        devices.register_push_address(
            self.phone.scope, self._signed_in.device_id, NewPushAddress("fcm_token", token=token),
            check=no_web_push, now=self._practice.now,
        )  # fmt: skip

    def _lose_phone(self) -> None:
        self._practice.deliveries.give_phone(self.phone, None)
        self._practice.acts["phones that died"] += 1
        assert self.person.dies is not None
        if self.person.dies[1] is not None:
            self._practice.at(self._practice.now + timedelta(days=self.person.dies[1]), lambda: self._take_phone(2))

    def _move(self, zone: str) -> None:
        care_plans.move_home(self.phone.scope, zone, now=self._practice.now)
        self.phone.truth.places.append((self._practice.now, zone))
        self._practice.acts["moves to another zone"] += 1

    @property
    def _zone(self) -> str:
        return self.phone.truth.places[-1][1]

    def _plan_visits(self) -> None:
        """The visits of one local day, and from its last one those of the next."""
        practice, zone = self._practice, self._zone
        today = app_date(practice.now, zone)
        moments = []
        for number, at in enumerate(VISITS):
            late = practice.dice.between(0, 100, "late", self.person.number, today, number)
            moments.append(resolve_local(today, at, zone) + timedelta(minutes=late))
        for moment in moments:
            if moment > practice.now:
                practice.at(moment, self._visit)
        next_day = resolve_local(today + timedelta(days=1), time(4, 30), zone)
        practice.at(max(next_day, practice.now + timedelta(minutes=1)), self._plan_visits)

    def _visit(self) -> None:
        """Look at the phone: do what is open, or not."""
        practice, now = self._practice, self._practice.now
        if self.phone.truth.paused or self.phone.token is None:
            return
        if practice.dice.chance("visit", self.person.number, now.isoformat()) >= self.person.diligence:
            practice.acts["visits forgotten"] += 1
            return
        today = app_date(now, self._zone)
        for plan_id, item in get_timeline(self.phone.scope, today - timedelta(days=1), today, now=now):
            if item.state == "open" and not item.occurrence.withheld:
                self._do(plan_id, item)

    def _do(self, plan_id: UUID, item: Item) -> None:
        occurrence = item.occurrence
        if occurrence.kind == "check_in":
            self._check_in(plan_id, item)
        elif occurrence.entry == "slot" and item.step is not None and not self.phone.truth.emergencies:
            if item.step.kind == "mask" and item.step.duration_min is not None:
                self._wear_mask(plan_id, item, item.step.duration_min.default)
            elif self._willing(occurrence.key):
                self._log(plan_id, occurrence.key, "done")

    def _willing(self, key: str) -> bool:
        return self._practice.dice.chance("does", self.person.number, key) < self.person.diligence

    def _check_in(self, plan_id: UUID, item: Item) -> None:
        practice, now, key = self._practice, self._practice.now, item.occurrence.key
        planned = next((each for each in self._protocol.check_ins if f"check_in@d{each.day}" == key), None)
        if planned is None or not self._willing(key):
            return
        answers = answer_all(practice.dice, self.person, self._protocol, planned)
        draft = CheckInDraft(new_id(now), plan_id, "planned", key, now, answers, {})
        result = check_ins.submit(self.phone.scope, draft, now=now)
        self.phone.truth.done.add(key)
        practice.acts["check-ins"] += 1
        self._meet_flags(result.flags)

    def _wear_mask(self, plan_id: UUID, item: Item, minutes: int) -> None:
        practice, now, key = self._practice, self._practice.now, item.occurrence.key
        if not self._willing(key):
            return
        ends_at = now + timedelta(minutes=minutes)
        step_logs.log_step(self.phone.scope, StepDraft(new_id(now), plan_id, key, "started", now, ends_at), now=now)
        practice.acts["masks"] += 1
        if practice.dice.chance("burns", self.person.number, key) < BURNS:
            practice.at(now + timedelta(minutes=2), lambda: self._log(plan_id, key, "stopped_burning"))
        else:
            practice.at(ends_at + timedelta(minutes=3), lambda: self._log(plan_id, key, "done"))

    def _log(self, plan_id: UUID, key: str, event: str) -> None:
        now = self._practice.now
        result = step_logs.log_step(self.phone.scope, StepDraft(new_id(now), plan_id, key, event, now), now=now)
        self.phone.truth.done.add(key)
        self._practice.acts["steps"] += 1
        if result.flag is not None:
            self._meet_flags((result.flag,))

    # --- warnings ---

    def _meet_flags(self, found: tuple[FlagSeen, ...]) -> None:
        practice = self._practice
        for flag in sorted(found, key=lambda flag: flag.rule_id):
            if flag.id in self._known_flags or flag.closed_at is not None:
                continue
            self._known_flags.add(flag.id)
            practice.ladders.raised[flag.level] += 1
            name = (self.person.number, flag.rule_id, flag.raised_at.isoformat())
            if flag.level == "now":
                self.phone.truth.emergencies.add(str(flag.id))
            if flag.level in RED:
                self._unseen.add(flag.id)
                throw = practice.dice.chance("seen", *name)
                minutes = next(minutes for chance, minutes in SEEN_AFTER if throw < chance)
                practice.at(practice.now + timedelta(minutes=minutes), lambda flag=flag: self._acknowledge(flag))  # type: ignore[misc]
            days = practice.dice.between(1, 4, "closed", *name)
            practice.at(practice.now + timedelta(days=days), lambda flag=flag: self._close(flag))  # type: ignore[misc]

    def _acknowledge(self, flag: FlagSeen) -> None:
        practice = self._practice
        flags.acknowledge(practice.staff, flag.id, now=practice.now)
        practice.ladders.seen_at_rung[practice.deliveries.rungs.get(flag.id, 0)] += 1
        practice.deliveries.seen_flags.add(flag.id)
        self._unseen.discard(flag.id)

    def _close(self, flag: FlagSeen) -> None:
        practice = self._practice
        flags.close(practice.staff, flag.id, "settled", now=practice.now)
        practice.deliveries.seen_flags.add(flag.id)
        practice.ladders.closed += 1
        self._unseen.discard(flag.id)
        self.phone.truth.emergencies.discard(str(flag.id))
