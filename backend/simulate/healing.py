"""One treated area of one client, from the clinic's side: treated, reviewed, signed off, booked again, ended."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from backend.services import care_plans, readiness, treatments
from backend.services.readiness import ReadinessView
from backend.simulate.laws import Violation
from backend.simulate.people import Area
from backend.simulate.tally import ReadyOn
from schedules import Protocol, latest_protocol, plan_date, resolve_local

if TYPE_CHECKING:
    from backend.simulate.client import SimulatedClient

READY = ("ready_to_ask", "signed_off")
LAST_LOOK = time(20, 0)
FIRST_REVIEW = timedelta(hours=1)
REVIEW_EVERY = timedelta(days=4)
NEXT_TREATMENT = timedelta(days=6, hours=3)
BOOKED_AHEAD = 0.3  # the chance that the next treatment is booked at the end of the first one
FIRST_APPOINTMENT = (45, 75)  # so many days after it
NOT_READY = timedelta(days=14)  # then it is moved by so much
MOVED_BY = timedelta(days=2, hours=1)
IS_MOVED = 0.4  # the chance that an appointment is moved once
IS_THE_LAST = 0.3  # the chance that the course is ended at the next treatment
PLAN_GOES_ON_AT = time(4)
NO_END_KNOWN = 0.5  # the chance that a pause lasts until somebody goes on with the plan
MOVING = ("scabs_off", "skin_closed")  # what hangs on these anchors moves with the day while they are unknown
BY_SEEING = frozenset({"photos", "practitioner_yes"})  # conditions that the practitioner meets by looking at the skin


class Healing:
    """Acts through the services as the clinic's owner."""

    def __init__(self, client: SimulatedClient, area: Area) -> None:
        self.area = area
        self.protocol: Protocol = latest_protocol(area.method)
        self.plan_id: UUID | None = None
        self.signed_at: datetime | None = None
        self._client = client
        self._practice = client.practice
        self._treated_at = client.practice.begun_at
        self._day_0 = date.min

    @property
    def plan(self) -> UUID:
        assert self.plan_id is not None  # named after the treatment, which comes first
        return self.plan_id

    def be_treated(self, client_id: UUID) -> None:
        """The whole treatment at once; the plan starts."""
        practice, now, staff = self._practice, self._practice.now, self._practice.staff
        record = treatments.open_treatment(
            staff,
            client_id,
            method=self.area.method,
            site=self.area.site,
            label=self.area.label,
            skin_type=self._client.person.skin_type,
            now=now,
        )
        for step in record.steps:
            treatments.start_step(staff, record.id, step.step_id, now=now)
        treatments.finish_treatment(staff, record.id, now=now)
        started = care_plans.start(staff, record.id, accept_contradictions=True, now=now)
        self.plan_id, self._day_0, self._treated_at = started.care_plan_id, started.day_0, now
        self._client.phone.fixed_until = min(self._client.phone.fixed_until, self._fixed_until)
        self._client.note("treatments")
        practice.healings[self.plan_id] = self
        eve = resolve_local(self.earliest_on - timedelta(days=1), LAST_LOOK, self._client.person.home)
        practice.at(eve, self._look)
        practice.at(now + timedelta(days=self.protocol.readiness.base_min_days) + FIRST_REVIEW, self._be_reviewed)
        if self._client.person.pause is not None:
            practice.at(now + timedelta(days=self._client.person.pause.day, hours=4), self._be_paused)
        if self._client.person.gives_up_on is not None:
            practice.at(now + timedelta(days=self._client.person.gives_up_on, hours=3), self._end_course)
        if self._throws("booked ahead") < BOOKED_AHEAD:
            days = practice.dice.between(*FIRST_APPOINTMENT, "booked for", self._client.person.number, self.area.number)
            self._book_first(now + timedelta(days=days, hours=2))

    @property
    def earliest_on(self) -> date:
        """Before this date nobody may call the area ready (protocols rule 41), by the plan's values and the truth."""
        rule = self.protocol.readiness
        by_type = {row.type: row.min_days for row in rule.fitzpatrick}
        healed = max(rule.base_min_days, by_type[self._client.person.skin_type])
        after_scabs = self.area.scabs_off + rule.min_days_after_scabs_off
        return self._day_0 + timedelta(days=max(healed, after_scabs))

    @property
    def _fixed_until(self) -> date:
        """The last date on which no window of the plan moves with the day, whatever is unknown (protocols rule 9)."""
        windows = [step.window for step in self.protocol.care_steps.values()]
        starts = [window.plan_days[0] - 1 for window in windows if window.start.anchor in MOVING]
        ends = [window.plan_days[1] for window in windows if window.end.anchor in MOVING]
        return self._day_0 + timedelta(days=min(starts + ends))

    def judge_readiness(self, status: str, earliest_on: date | None, now: datetime) -> None:
        """Keeps it where the product calls the area ready, or promises it, before its earliest date."""
        today = plan_date(now, self._client.person.home)
        promised_early = earliest_on is not None and earliest_on < self.earliest_on
        if promised_early or (status in READY and today < self.earliest_on):
            self._practice.watch.violations.append(Violation(now, self._client.person.number, "readiness", status))

    def get_readiness(self) -> ReadyOn | None:
        """As of the practice's now; None for an area that was not treated yet."""
        if self.plan_id is None:
            return None
        seen = self._ask().readiness
        signed_on = self.signed_at.date() if self.signed_at else None
        return ReadyOn(
            client=self._client.person.number,
            method=self.area.method,
            site=self.area.site,
            status=seen.status,
            day_0=self._day_0,
            earliest_on=seen.earliest_on,
            suggested_on=seen.suggested_on,
            signed_on=signed_on,
        )

    def _ask(self) -> ReadinessView:
        seen = readiness.get_plan_readiness(self._practice.staff, self.plan, now=self._practice.now)
        self.judge_readiness(seen.readiness.status, seen.readiness.earliest_on, self._practice.now)
        return seen

    def _look(self) -> None:
        """On the eve of the earliest date: the last moment at which it must not be ready."""
        self._ask()

    def _be_reviewed(self) -> None:
        """Every few days from the earliest day on: seen in person where that is all that lacks, signed off where ready,
        the next date booked."""
        if self.has_ended:
            return
        practice, now, staff = self._practice, self._practice.now, self._practice.staff
        self._client.note("reviews")
        seen = self._ask().readiness
        lacking = {reason.id for reason in seen.reasons if reason.blocking and not reason.met}
        if seen.status == "not_yet" and lacking <= BY_SEEING:
            readiness.note_seen_in_person(staff, self.plan, now=now)
            seen = self._ask().readiness
        if seen.status != "ready_to_ask":
            practice.at(now + REVIEW_EVERY, self._be_reviewed)
            return
        readiness.sign_off(staff, self.plan, now=now)
        self.signed_at = now
        self._client.note("sign-offs")
        if self.plan not in self._client.phone.truth.appointments:
            self._book_first(now + NEXT_TREATMENT)

    # --- the next treatment ---

    def _book_first(self, at: datetime) -> None:
        """An appointment that some move before it comes."""
        self._book(at)
        if self._throws("appointment moved") < IS_MOVED:
            self._practice.at(self._practice.now + MOVED_BY, self._book, at + MOVED_BY)

    def _book(self, at: datetime) -> None:
        """An appointment, or another date for it."""
        if self.has_ended:
            return
        care_plans.book_next_treatment(self._practice.staff, self.plan, at, now=self._practice.now)
        truth = self._client.phone.truth
        self._client.note("appointments moved" if self.plan in truth.appointments else "appointments booked")
        truth.appointments[self.plan] = at
        self._practice.at(at, self._be_treated_again, at)

    def _be_treated_again(self, booked_at: datetime) -> None:
        """The plan ends, the next one is another simulation's; whose skin is not ready comes later."""
        truth = self._client.phone.truth
        if self.has_ended or truth.appointments[self.plan] != booked_at:
            return
        if self.signed_at is None:
            self._book(booked_at + NOT_READY)
            return
        if self._throws("last treatment") < IS_THE_LAST:
            self._end_course()
            return
        care_plans.end_plan(self._practice.staff, self.plan, "next treatment", now=self._practice.now)
        truth.ended.add(self.plan)  # nothing but follow-ups of open flags from here on
        self._client.note("plans ended")

    def _end_course(self) -> None:
        if self.has_ended:
            return
        care_plans.end_course(self._practice.staff, self.plan, "no further treatment", now=self._practice.now)
        truth = self._client.phone.truth
        truth.ended.add(self.plan)
        truth.appointments.pop(self.plan, None)
        self._client.note("courses ended")

    # --- a pause by the practitioner ---

    def _be_paused(self) -> None:
        """Until a date, or until somebody goes on with the plan."""
        if self.has_ended:
            return
        practice, pause, zone = self._practice, self._client.person.pause, self._client.person.home
        assert pause is not None
        until_on, goes_on_at = None, None
        if pause.days is not None:
            goes_on_at = practice.now + timedelta(days=pause.days)
            if self._throws("no end known") >= NO_END_KNOWN:
                until_on = goes_on_at.date()
                goes_on_at = resolve_local(until_on, PLAN_GOES_ON_AT, zone)
        care_plans.pause(practice.staff, self.plan, until_on=until_on, reason="a cold", now=practice.now)
        self._client.phone.truth.paused.add(self.plan)
        self._client.note("pauses")
        if goes_on_at is not None:
            practice.at(goes_on_at, self._go_on, until_on is None)

    def _go_on(self, by_hand: bool) -> None:
        """`by_hand`: the pause had no end."""
        if by_hand and not self.has_ended:
            care_plans.resume(self._practice.staff, self.plan, now=self._practice.now)
        self._client.phone.truth.paused.discard(self.plan)
        self._client.note("pauses ended")

    @property
    def has_ended(self) -> bool:
        return self.plan in self._client.phone.truth.ended

    def _throws(self, what: str) -> float:
        return self._practice.dice.chance(what, self._client.person.number, self.area.number)
