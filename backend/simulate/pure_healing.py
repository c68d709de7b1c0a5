"""One treated area without a database: its facts as they grow, and what the core makes of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from backend.simulate.answers import answer_all
from backend.simulate.dice import Dice
from backend.simulate.laws import Violation
from backend.simulate.people import BEGUN_AT, Area, Person
from backend.simulate.tally import ReadyOn
from schedules import (
    AnchorName,
    CheckInFacts,
    DayWindow,
    Finding,
    FlagSpan,
    Occurrence,
    PlanFacts,
    Protocol,
    Readiness,
    ReadinessFacts,
    ReminderFacts,
    Timeline,
    WatchResult,
    ZoneChange,
    assess,
    build_timeline,
    evaluate_readiness,
    latest_protocol,
    observe_anchors,
    plan_date,
    resolve_local,
)

JUDGED_AT = time(19, 30)
READY = ("ready_to_ask", "signed_off")
ONE_DAY = timedelta(days=1)


class PureHealing:
    """`sent`, `routine`: what went out for this area; `done`: keys of what the client did."""

    def __init__(self, dice: Dice, person: Person, area: Area, zones: tuple[ZoneChange, ...]) -> None:
        self._dice, self._person, self._area, self._zones = dice, person, area, zones
        self.plan, self.ref = UUID(int=area.number), f"{area.number}:"
        self.treated_at = BEGUN_AT + area.begins_after
        self.sent: set[tuple[str, str]] = set()
        self.routine: list[datetime] = []
        self.done: set[str] = set()
        self._protocol: Protocol = latest_protocol(area.method)
        self._day_0 = plan_date(self.treated_at, person.home)
        self._planned = {each.day: each for each in self._protocol.check_ins}
        self.check_in_dates = [self._day_0 + timedelta(days=day) for day in sorted(self._planned)]
        levels = self._protocol.shared.urgency_levels
        self._follow_up_h = {urgency: level.follow_up_h for urgency, level in levels.items()}
        self._confirmed = frozenset(self._protocol.care_steps)
        self._check_ins: list[CheckInFacts] = []
        self._anchors: Mapping[AnchorName, date] = {}
        self._flags: tuple[FlagSpan, ...] = ()
        self._watch_results: tuple[WatchResult, ...] = ()
        self._built: tuple[PlanFacts, DayWindow, Timeline] | None = None

    def plan_part(
        self, now: datetime, until: datetime, company: Iterable["PureHealing"]
    ) -> tuple[Timeline, ReminderFacts]:
        """What the reminders until then are planned on."""
        plan = self._plan_facts(now, company)
        facts = ReminderFacts(
            plan=plan,
            follow_up_h=self._follow_up_h,
            watch_results=self._watch_results,
            done_keys=frozenset(self.done),
            sent=frozenset(self.sent),
            routine_sent=tuple(at for at in self.routine if at > now - 2 * ONE_DAY),  # it is the day that counts
            ref=self.ref,
        )
        return self._timeline(plan, now, until), facts

    def list_open(self, now: datetime, until: datetime, company: Iterable["PureHealing"]) -> Iterator[Occurrence]:
        """What can be done now."""
        for each in self._timeline(self._plan_facts(now, company), now, until).occurrences:
            window = each.window
            if not each.withheld and each.key not in self.done and window.opens_at <= now < window.closes_at:
                yield each

    def check_in(self, occurrence: Occurrence, now: datetime) -> tuple[Finding, ...]:
        """The client answers; gives the warnings that were not open yet."""
        planned = self._planned[occurrence.day]
        answers = answer_all(self._dice, self._person, self._area, self._protocol, planned)
        on = self._day_0 + timedelta(days=planned.day)
        facts = CheckInFacts(occurrence.key, planned.day, on, now, answers)
        open_rules = frozenset(flag.rule_id for flag in self._flags if flag.closed_at is None)
        found = assess(self._protocol, facts, planned.day, self._check_ins, site=self._area.site, open_rules=open_rules)
        self._check_ins.append(facts)
        self.done.add(occurrence.key)
        raised = tuple(finding for finding in found.findings if not finding.already_open)
        self._flags += tuple(FlagSpan(finding.rule_id, finding.urgency, now) for finding in raised)
        if found.level == "watch":
            self._watch_results += (WatchResult(planned.day, now),)
        seen = observe_anchors(self._protocol, self._check_ins, self._anchors)
        self._anchors = {**{anchor: each.on for anchor, each in seen.items()}, **self._anchors}
        return raised

    def close_flags(self, now: datetime) -> int:
        """A warning of an earlier visit has been seen to by now; how many it were."""
        closed = sum(flag.closed_at is None for flag in self._flags)
        if closed:
            self._flags = tuple(replace(flag, closed_at=flag.closed_at or now) for flag in self._flags)
        return closed

    def _plan_facts(self, now: datetime, company: Iterable["PureHealing"]) -> PlanFacts:
        return PlanFacts(
            treatment_ended_at=self.treated_at,
            plan_zone=self._person.home,
            today=plan_date(now, self._person.home),
            site=self._area.site,
            anchors=self._anchors,
            confirmed_steps=self._confirmed,
            flags=self._flags
            + tuple(flag for other in company if other is not self for flag in other.list_emergencies()),
            zones=tuple(each for each in self._zones if each.from_at <= now),
        )

    def list_emergencies(self) -> Iterator[FlagSpan]:
        """As another area of the client sees them."""
        return (replace(flag, elsewhere=True) for flag in self._flags if flag.urgency == "emergency")

    def _timeline(self, facts: PlanFacts, first: datetime, last: datetime) -> Timeline:
        """Built once for a visit and for what falls due after it, unless the visit has changed the facts."""
        days = DayWindow((first.date() - self._day_0).days - 2, (last.date() - self._day_0).days + 1)
        if self._built is None or self._built[:2] != (facts, days):
            self._built = facts, days, build_timeline(self._protocol, facts, self._person.home, days)
        return self._built[2]

    # --- readiness ---

    def find_readiness(self, at: datetime) -> ReadyOn:
        """At the end."""
        seen = self._evaluate(plan_date(at, self._person.home), self._check_ins)
        return ReadyOn(
            self._person.number, self._area.method, self._area.site, seen.status,
            self._day_0, seen.earliest_on, seen.suggested_on, None,
        )  # fmt: skip

    def judge_eve(self, until: datetime) -> Iterator[Violation]:
        """On the day before its earliest date, by the plan's values and the truth, the area must not be ready."""
        rule = self._protocol.readiness
        by_type = {row.type: row.min_days for row in rule.fitzpatrick}
        days = max(rule.base_min_days, by_type[self._person.skin_type])
        earliest_on = self._day_0 + timedelta(days=max(days, self._area.scabs_off + rule.min_days_after_scabs_off))
        eve = earliest_on - ONE_DAY
        if eve < plan_date(until, self._person.home):
            seen = self._evaluate(eve, (each for each in self._check_ins if each.on <= eve))
            if seen.status in READY or seen.earliest_on < earliest_on:
                at = resolve_local(eve, JUDGED_AT, self._person.home)
                yield Violation(at, self._person.number, "readiness", seen.status)

    def _evaluate(self, today: date, check_ins: Iterable[CheckInFacts]) -> Readiness:
        facts = ReadinessFacts(
            treatment_ended_on=self._day_0,
            site=self._area.site,
            anchors=self._anchors,
            check_ins=tuple(check_ins),
            flags=self._flags,
            skin_type=self._person.skin_type,
            seen_in_person_on=(today,),
        )
        return evaluate_readiness(self._protocol, facts, today)
