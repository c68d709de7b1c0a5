"""The same clients without a database: timeline, reminders, triage and readiness alone, client by client (PROMISES F6).

Each client lives from visit to visit. At a visit the facts change; the reminders from there to the next visit are
planned on them, and what falls due in between is taken as sent.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from os import cpu_count

from backend.simulate.people import SITE, Dice, Person, answer_all, build_person, list_places
from backend.simulate.practice import BEGUN_AT, MOST_DAYS_OF_TREATMENTS
from backend.simulate.report import Ladders, ReadyOn, Report
from backend.simulate.watch import Told, Truth, Violation, Watch
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
    ReadinessFacts,
    ReminderFacts,
    ReminderPreferences,
    Timeline,
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
BATCH = 25  # clients that one process takes at once
ROUTINE = frozenset({"check_in_due", "check_in_open", "care_step", "mask_due", "merged"})


@dataclass(slots=True)
class Outcome:
    """What became of some clients; outcomes are added up."""

    states: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    closed: int = 0
    ready: list[ReadyOn] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        self.states += other.states
        self.acts += other.acts
        self.flags += other.flags
        self.closed += other.closed
        self.ready += other.ready
        self.violations += other.violations


class PureClient:
    """One client's facts as they grow."""

    def __init__(self, dice: Dice, person: Person, ends_at: datetime) -> None:
        self._dice = dice
        self._person = person
        self._ends_at = ends_at
        self._protocol: Protocol = latest_protocol(person.method)
        self._treated_at = BEGUN_AT + person.treated_after
        self._day_0 = plan_date(self._treated_at, person.home)
        self._zones = tuple(ZoneChange(at, zone) for at, zone in list_places(person, self._treated_at))
        self._check_ins: list[CheckInFacts] = []
        self._anchors: dict[AnchorName, date] = {}
        self._flags: list[FlagSpan] = []
        self._sent: set[tuple[str, str]] = set()
        self._routine: list[datetime] = []
        places = [(change.from_at, change.zone) for change in self._zones]
        self._truth = Truth(person.number, places, QUIET, person.help_may_break_quiet)
        self._watch = Watch()
        self.outcome = Outcome()

    def live(self) -> Outcome:
        """From the treatment to the end, visit by visit."""
        now = self._treated_at
        while now < self._ends_at:
            until = self._next_moment(now)
            self._receive(now, until)
            now = until
            if now < self._ends_at:
                self._visit(now)
        today = plan_date(self._ends_at, self._person.home)
        facts = ReadinessFacts(
            treatment_ended_on=self._day_0,
            site=SITE,
            anchors=self._anchors,
            check_ins=tuple(self._check_ins),
            flags=tuple(self._flags),
            skin_type=self._person.skin_type,
            seen_in_person_on=(today,),
        )
        seen = evaluate_readiness(self._protocol, facts, today)
        ready = ReadyOn(
            self._person.number, self._person.method, seen.status, seen.earliest_on, seen.suggested_on, None
        )
        self.outcome.ready.append(ready)
        self.outcome.violations = self._watch.violations
        return self.outcome

    def _next_moment(self, now: datetime) -> datetime:
        """The next evening visit of a day with a check-in, or the next change of zone, or the end."""
        today = app_date(now, self._zone(now))
        days = sorted({planned.day for planned in self._protocol.check_ins})
        evenings = (
            resolve_local(self._day_0 + timedelta(days=day), VISIT_AT, self._zone(now))
            for day in days
            if self._day_0 + timedelta(days=day) >= today
        )
        moments = [at for at in evenings if at > now] + [each.from_at for each in self._zones if each.from_at > now]
        return min([*moments, self._ends_at])

    def _zone(self, now: datetime) -> str:
        return next((each.zone for each in reversed(self._zones) if each.from_at <= now), self._person.home)

    def _plan_facts(self, now: datetime) -> PlanFacts:
        return PlanFacts(
            treatment_ended_at=self._treated_at,
            plan_zone=self._person.home,
            today=plan_date(now, self._person.home),
            site=SITE,
            anchors=self._anchors,
            confirmed_steps=frozenset(step.id for step in self._protocol.care_steps.values()),
            flags=tuple(self._flags),
            zones=tuple(each for each in self._zones if each.from_at <= now),
        )

    def _timeline(self, facts: PlanFacts, first: datetime, last: datetime) -> Timeline:
        days = DayWindow((first.date() - self._day_0).days - 2, (last.date() - self._day_0).days + 1)
        return build_timeline(self._protocol, facts, self._person.home, days)

    def _receive(self, now: datetime, until: datetime) -> None:
        """What falls due until the next visit is sent; the watch judges each."""
        plan = self._plan_facts(now)
        timeline = self._timeline(plan, now, until)
        levels = self._protocol.shared.urgency_levels
        facts = ReminderFacts(
            plan=plan,
            follow_up_h={urgency: level.follow_up_h for urgency, level in levels.items()},
            done_keys=frozenset(self._truth.done),
            sent=frozenset(self._sent),
            routine_sent=tuple(self._routine),
        )
        preferences = ReminderPreferences(help_may_break_quiet=self._person.help_may_break_quiet)
        rows = plan_reminders(timeline, preferences, facts, Horizon(now, until))
        windows = {each.key: each for each in timeline.occurrences if not each.withheld}
        for row in rows:
            if row.outcome == "send":
                self._send(row, rows, windows)
            elif row.outcome != "merged":
                self.outcome.states[row.outcome] += 1

    def _send(self, row: PlannedReminder, rows: Iterable[PlannedReminder], windows: dict[str, Occurrence]) -> None:
        carried = [each for each in rows if each.carrier_key == row.dedupe_key] if row.kind == "merged" else [row]
        told = []
        for each in carried:
            key = each.occurrence or each.dedupe_key
            window = windows[key].window if key in windows else None
            told.append(Told(each.kind, key, each.expires_at, window))
            self._sent.add((each.kind, key))
        self._watch.note_push(self._truth, row.kind, told, row.send_at)
        self.outcome.states["sent"] += 1
        self.outcome.states["merged"] += len(carried) if row.kind == "merged" else 0
        if row.kind in ROUTINE:
            self._routine.append(row.send_at)

    def _visit(self, now: datetime) -> None:
        """Answer what is open, tick what is open; old flags are over."""
        self._close_flags(now)
        if self._dice.chance("visit", self._person.number, now.isoformat()) >= self._person.diligence:
            self.outcome.acts["visits forgotten"] += 1
            return
        for occurrence in self._timeline(self._plan_facts(now), now, now).occurrences:
            window, key = occurrence.window, occurrence.key
            if occurrence.withheld or key in self._truth.done or not window.opens_at <= now < window.closes_at:
                continue
            if occurrence.kind == "check_in":
                self._check_in(occurrence, now)
            elif occurrence.kind == "care_step" and occurrence.entry == "slot":
                self._truth.done.add(key)
                self.outcome.acts["steps"] += 1

    def _check_in(self, occurrence: Occurrence, now: datetime) -> None:
        planned = next(each for each in self._protocol.check_ins if each.day == occurrence.day)
        answers = answer_all(self._dice, self._person, self._protocol, planned)
        on = self._day_0 + timedelta(days=planned.day)
        facts = CheckInFacts(occurrence.key, planned.day, on, now, answers)
        open_rules = frozenset(flag.rule_id for flag in self._flags if flag.closed_at is None)
        found = assess(self._protocol, facts, planned.day, self._check_ins, site=SITE, open_rules=open_rules)
        self._check_ins.append(facts)
        self._truth.done.add(occurrence.key)
        self.outcome.acts["check-ins"] += 1
        for finding in found.findings:
            if not finding.already_open:
                self._flags.append(FlagSpan(finding.rule_id, finding.urgency, now))
                self.outcome.flags[finding.level] += 1
                if finding.level == "now":
                    self._truth.emergencies.add(f"{finding.rule_id}:{now.isoformat()}")
        for anchor, seen in observe_anchors(self._protocol, self._check_ins, self._anchors).items():
            self._anchors.setdefault(anchor, seen.on)

    def _close_flags(self, now: datetime) -> None:
        """A warning of an earlier visit has been seen to by now."""
        for number, flag in enumerate(self._flags):
            if flag.closed_at is None:
                self._flags[number] = FlagSpan(flag.rule_id, flag.urgency, flag.raised_at, now)
                self.outcome.closed += 1
        self._truth.emergencies.clear()


def simulate_pure(clients: int, days: int, seed: int) -> Report:
    """`clients` for `days`, on every processor of this machine."""
    ends_at = BEGUN_AT + timedelta(days=days)
    batches = [range(first, min(first + BATCH, clients)) for first in range(0, clients, BATCH)]
    live = partial(_live, seed=seed, treated_within=min(MOST_DAYS_OF_TREATMENTS, max(0, days // 3)), ends_at=ends_at)
    total = Outcome()
    if len(batches) == 1:
        total = live(batches[0])
    else:
        with ProcessPoolExecutor(cpu_count()) as pool:
            for outcome in pool.map(live, batches):
                total.add(outcome)
    states = {state: total.states[state] for state in ("sent", "merged", "capped", "quiet")}
    return Report(
        mode="pure",
        clients=clients,
        days=days,
        seed=seed,
        begun_at=BEGUN_AT,
        ended_at=ends_at,
        planned_ever=sum(states.values()),
        pending=0,
        states=states,
        difference=0,
        acts=total.acts,
        flags=Ladders(raised=total.flags, closed=total.closed),
        ready=tuple(total.ready),
        violations=tuple(total.violations),
    )


def _live(numbers: Sequence[int], *, seed: int, treated_within: int, ends_at: datetime) -> Outcome:
    dice, total = Dice(seed), Outcome()
    for number in numbers:
        total.add(PureClient(dice, build_person(dice, number, treated_within), ends_at).live())
    return total
