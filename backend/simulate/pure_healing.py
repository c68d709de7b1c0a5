"""One treated area without a database: its facts as they grow, from visit to visit.

At a visit the facts change; the reminders from there to the next visit are planned on them, and what falls due in
between is taken as sent.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from backend.simulate.answers import answer_all
from backend.simulate.dice import Dice
from backend.simulate.laws import Violation
from backend.simulate.people import BEGUN_AT, Area, Person, is_silent, list_places
from backend.simulate.tally import ReadyOn, Tally
from backend.simulate.watch import ROUTINE, Told, Truth, Watch
from schedules import (
    AnchorName,
    CheckInFacts,
    DayWindow,
    FlagSpan,
    Horizon,
    Occurrence,
    PlanFacts,
    PlannedReminder,
    Protocol,
    Readiness,
    ReadinessFacts,
    ReminderFacts,
    ReminderPreferences,
    Timeline,
    WatchResult,
    ZoneChange,
    app_date,
    assess,
    build_timeline,
    evaluate_readiness,
    latest_protocol,
    observe_anchors,
    plan_date,
    plan_reminders,
    resolve_local,
)

VISIT_AT = time(19, 30)
QUIET = (time(22, 0), time(7, 30))
READY = ("ready_to_ask", "signed_off")
ONE_DAY = timedelta(days=1)


class PureHealing:
    """Counts into `tally` what the client of this area got and did."""

    def __init__(self, dice: Dice, person: Person, area: Area, ends_at: datetime, tally: Tally) -> None:
        self._dice, self._person, self._area, self._ends_at, self._tally = dice, person, area, ends_at, tally
        self._groups = tally.groups_of(person.method, person.kind)
        self._protocol: Protocol = latest_protocol(area.method)
        self._began_at = BEGUN_AT + person.areas[0].begins_after
        self._treated_at = BEGUN_AT + area.begins_after
        self._day_0 = plan_date(self._treated_at, person.home)
        places = list_places(person, self._began_at)
        self._zones = tuple(ZoneChange(at, zone) for at, zone in places)
        self._visit_days = sorted({planned.day for planned in self._protocol.check_ins})
        levels = self._protocol.shared.urgency_levels
        self._follow_up_h = {urgency: level.follow_up_h for urgency, level in levels.items()}
        self._confirmed = frozenset(self._protocol.care_steps)
        self._check_ins: list[CheckInFacts] = []
        self._anchors: Mapping[AnchorName, date] = {}
        self._flags: tuple[FlagSpan, ...] = ()
        self._watch_results: tuple[WatchResult, ...] = ()
        self._sent: set[tuple[str, str]] = set()
        self._routine: list[datetime] = []
        self._done: set[str] = set()
        self._built: tuple[PlanFacts, DayWindow, Timeline] | None = None
        self._truth = Truth(person.number, list(places), QUIET, person.help_may_break_quiet)
        self._watch = Watch()

    def live(self) -> None:
        """From the treatment to the end, visit by visit."""
        now = self._treated_at
        until = self._next_moment(now)
        while now < self._ends_at:
            self._receive(now, until)
            now, until = until, self._next_moment(until)
            if now < self._ends_at:
                self._visit(now, until)
        self._judge_eve()
        today = plan_date(self._ends_at, self._person.home)
        if self._treated_at < self._ends_at:
            seen = self._evaluate(today, self._check_ins)
            ready = ReadyOn(
                self._person.number, self._area.method, self._area.site, seen.status,
                self._day_0, seen.earliest_on, seen.suggested_on, None,
            )  # fmt: skip
            self._tally.ready.append(ready)
        self._tally.violations += self._watch.violations

    def _next_moment(self, now: datetime) -> datetime:
        """The next evening visit of a day with a check-in, or the next change of zone, or the end."""
        zone = self._zone(now)
        today = (app_date(now, zone) - self._day_0).days
        evenings = (
            resolve_local(self._day_0 + timedelta(days=day), VISIT_AT, zone) for day in self._visit_days if day >= today
        )
        moments = (next((at for at in evenings if at > now), self._ends_at), self._ends_at)
        return min(*moments, *(each.from_at for each in self._zones if each.from_at > now))

    def _zone(self, now: datetime) -> str:
        return next((each.zone for each in reversed(self._zones) if each.from_at <= now), self._person.home)

    def _plan_facts(self, now: datetime) -> PlanFacts:
        return PlanFacts(
            treatment_ended_at=self._treated_at,
            plan_zone=self._person.home,
            today=plan_date(now, self._person.home),
            site=self._area.site,
            anchors=self._anchors,
            confirmed_steps=self._confirmed,
            flags=self._flags,
            zones=tuple(each for each in self._zones if each.from_at <= now),
        )

    def _timeline(self, facts: PlanFacts, first: datetime, last: datetime) -> Timeline:
        """Built once for a visit and for what falls due after it, unless the visit has changed the facts."""
        days = DayWindow((first.date() - self._day_0).days - 2, (last.date() - self._day_0).days + 1)
        if self._built is None or self._built[:2] != (facts, days):
            self._built = facts, days, build_timeline(self._protocol, facts, self._person.home, days)
        return self._built[2]

    def _receive(self, now: datetime, until: datetime) -> None:
        """What falls due until the next visit is sent; the watch judges each."""
        plan = self._plan_facts(now)
        timeline = self._timeline(plan, now, until)
        facts = ReminderFacts(
            plan=plan,
            follow_up_h=self._follow_up_h,
            watch_results=self._watch_results,
            done_keys=frozenset(self._done),
            sent=frozenset(self._sent),
            routine_sent=tuple(at for at in self._routine if at > now - 2 * ONE_DAY),  # it is the day that counts
        )
        preferences = ReminderPreferences(help_may_break_quiet=self._person.help_may_break_quiet)
        rows = plan_reminders(timeline, preferences, facts, Horizon(now, until))
        windows = {each.key: each for each in timeline.occurrences if not each.withheld}
        for row in rows:
            if row.outcome == "send":
                self._send(row, rows, windows)
            elif row.outcome != "merged":
                self._tally.states[row.outcome] += 1

    def _send(self, row: PlannedReminder, rows: Iterable[PlannedReminder], windows: Mapping[str, Occurrence]) -> None:
        carried = [each for each in rows if each.carrier_key == row.dedupe_key] if row.kind == "merged" else [row]
        told = []
        for each in carried:
            key = each.occurrence or each.dedupe_key
            window = windows[key].window if key in windows else None
            told.append(Told(each.kind, key, each.expires_at, window))
            self._sent.add((each.kind, key))
        self._watch.note_push(self._truth, row.kind, told, row.send_at)
        self._tally.states["sent"] += 1
        self._tally.states["merged"] += len(carried) if row.kind == "merged" else 0
        for group in self._groups:
            group.pushes[row.kind] += 1
        if row.kind in ROUTINE:
            self._routine.append(row.send_at)

    def _visit(self, now: datetime, until: datetime) -> None:
        """Answer what is open, tick what is open; old flags are over."""
        self._close_flags(now)
        if is_silent(self._person, self._began_at, now):
            self._note("visits left out in silence")
            return
        if self._dice.chance("visit", self._person.number, now.isoformat()) >= self._person.diligence:
            self._note("visits forgotten")
            return
        self._note("visits")
        for occurrence in self._timeline(self._plan_facts(now), now, until).occurrences:
            window, key = occurrence.window, occurrence.key
            if occurrence.withheld or key in self._done or not window.opens_at <= now < window.closes_at:
                continue
            if occurrence.kind == "check_in":
                self._check_in(occurrence, now)
            elif occurrence.kind == "care_step" and occurrence.entry == "slot":
                self._do(key)
                self._note("steps")

    def _do(self, key: str) -> None:
        self._done.add(key)
        self._truth.done.add((None, key))

    def _note(self, what: str) -> None:
        self._tally.acts[what] += 1
        for group in self._groups:
            group.acts[what] += 1

    def _check_in(self, occurrence: Occurrence, now: datetime) -> None:
        planned = next(each for each in self._protocol.check_ins if each.day == occurrence.day)
        answers = answer_all(self._dice, self._person, self._area, self._protocol, planned)
        on = self._day_0 + timedelta(days=planned.day)
        facts = CheckInFacts(occurrence.key, planned.day, on, now, answers)
        open_rules = frozenset(flag.rule_id for flag in self._flags if flag.closed_at is None)
        found = assess(self._protocol, facts, planned.day, self._check_ins, site=self._area.site, open_rules=open_rules)
        self._check_ins.append(facts)
        self._do(occurrence.key)
        self._note("check-ins")
        for finding in found.findings:
            if not finding.already_open:
                self._flags += (FlagSpan(finding.rule_id, finding.urgency, now),)
                self._tally.flags.raised[finding.level] += 1
                for group in self._groups:
                    group.warnings[finding.level] += 1
                if finding.level == "now":
                    self._truth.emergencies.add((None, finding.rule_id))
        if found.level == "watch":
            self._watch_results += (WatchResult(planned.day, now),)
        seen = observe_anchors(self._protocol, self._check_ins, self._anchors)
        self._anchors = {**{anchor: each.on for anchor, each in seen.items()}, **self._anchors}

    def _close_flags(self, now: datetime) -> None:
        """A warning of an earlier visit has been seen to by now."""
        self._tally.flags.closed += sum(flag.closed_at is None for flag in self._flags)
        self._flags = tuple(
            FlagSpan(flag.rule_id, flag.urgency, flag.raised_at, flag.closed_at or now) for flag in self._flags
        )
        self._truth.emergencies.clear()

    # --- readiness ---

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

    def _judge_eve(self) -> None:
        """On the day before its earliest date, by the plan's values and the truth, the area must not be ready."""
        rule = self._protocol.readiness
        by_type = {row.type: row.min_days for row in rule.fitzpatrick}
        days = max(rule.base_min_days, by_type[self._person.skin_type])
        earliest_on = self._day_0 + timedelta(days=max(days, self._area.scabs_off + rule.min_days_after_scabs_off))
        eve = earliest_on - ONE_DAY
        if eve < plan_date(self._ends_at, self._person.home):
            seen = self._evaluate(eve, (each for each in self._check_ins if each.on <= eve))
            if seen.status in READY or seen.earliest_on < earliest_on:
                at = resolve_local(eve, VISIT_AT, self._person.home)
                self._watch.violations.append(Violation(at, self._person.number, "readiness", seen.status))
