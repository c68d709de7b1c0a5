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
        self._ended = False

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
        started = care_plans.start(staff, record.id, now=now)
        self.plan_id, self._day_0, self._treated_at = started.care_plan_id, started.day_0, now
        self._client.note("treatments")
        practice.healings[self.plan_id] = self
        eve = resolve_local(self.earliest_on - timedelta(days=1), LAST_LOOK, self._client.person.home)
        practice.at(eve, self._look)
        practice.at(now + timedelta(days=self.protocol.readiness.base_min_days) + FIRST_REVIEW, self._be_reviewed)

    @property
    def earliest_on(self) -> date:
        """Before this date nobody may call the area ready (protocols rule 41), by the plan's values and the truth."""
        rule = self.protocol.readiness
        by_type = {row.type: row.min_days for row in rule.fitzpatrick}
        healed = max(rule.base_min_days, by_type[self._client.person.skin_type])
        after_scabs = self.area.scabs_off + rule.min_days_after_scabs_off
        return self._day_0 + timedelta(days=max(healed, after_scabs))

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
        care_plans.book_next_treatment(staff, self.plan, now + NEXT_TREATMENT, now=now)
        practice.at(now + NEXT_TREATMENT, self._end)

    def _end(self) -> None:
        care_plans.end_plan(self._practice.staff, self.plan, "next treatment", now=self._practice.now)
        self._client.phone.truth.ended.add(self.plan)  # nothing but follow-ups of open flags from here on
        self._client.note("plans ended")
