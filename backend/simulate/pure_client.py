"""One client without a database, with every treated area: from visit to visit.

At a visit the facts change; the reminders of all areas from there to the next visit are planned on them together, and
what falls due in between is taken as sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from backend.simulate.dice import Dice
from backend.simulate.people import BEGUN_AT, Person, is_silent, list_places
from backend.simulate.pure_healing import PureHealing
from backend.simulate.tally import Tally
from backend.simulate.watch import ROUTINE, Told, Truth, Watch
from schedules import (
    Horizon,
    Occurrence,
    PlannedReminder,
    ReminderPreferences,
    ZoneChange,
    app_date,
    plan_reminders_together,
    resolve_local,
)

VISIT_AT = time(19, 30)
QUIET = (time(22, 0), time(7, 30))


class PureClient:
    """Counts into `tally` what the client got and did."""

    def __init__(self, dice: Dice, person: Person, ends_at: datetime, tally: Tally) -> None:
        self._dice, self._person, self._ends_at, self._tally = dice, person, ends_at, tally
        self._groups = tally.groups_of(person.method, person.kind)
        self._began_at = BEGUN_AT + person.areas[0].begins_after
        places = list_places(person, self._began_at)
        self._zones = tuple(ZoneChange(at, zone) for at, zone in places)
        self._truth = Truth(person.number, list(places), QUIET, person.help_may_break_quiet)
        self._watch = Watch()
        self._healings = [PureHealing(dice, person, area, self._zones) for area in person.areas]
        for group in self._groups:
            group.clients += 1

    def live(self) -> None:
        """From the first treatment to the end."""
        now = self._began_at
        until = self._next_moment(now)
        while now < self._ends_at:
            self._receive(now, until)
            now, until = until, self._next_moment(until)
            if now < self._ends_at:
                self._visit(now, until)
        for healing in self._list_begun(self._ends_at):
            self._tally.ready.append(healing.find_readiness(self._ends_at))
            self._watch.violations += healing.judge_eve(self._ends_at)
        self._tally.violations += self._watch.violations

    def _list_begun(self, now: datetime) -> list[PureHealing]:
        return [
            healing for healing in self._healings if healing.treated_at <= now and healing.treated_at < self._ends_at
        ]

    def _next_moment(self, now: datetime) -> datetime:
        """The next evening of a day with a check-in, the next treatment or change of zone, or the end."""
        changes = (each.from_at for each in self._zones)
        treatments = (healing.treated_at for healing in self._healings)
        evenings = (self._next_evening(healing, now) for healing in self._list_begun(now))
        return min((at for at in (*changes, *treatments, *evenings) if at > now), default=self._ends_at)

    def _next_evening(self, healing: PureHealing, now: datetime) -> datetime:
        zone = self._zone(now)
        today = app_date(now, zone)
        evenings = (resolve_local(on, VISIT_AT, zone) for on in healing.check_in_dates if on >= today)
        return next((at for at in evenings if at > now), self._ends_at)

    def _zone(self, now: datetime) -> str:
        return next((each.zone for each in reversed(self._zones) if each.from_at <= now), self._person.home)

    def _note(self, what: str) -> None:
        self._tally.acts[what] += 1
        for group in self._groups:
            group.acts[what] += 1

    # --- what is sent ---

    def _receive(self, now: datetime, until: datetime) -> None:
        """What falls due until the next visit is sent; the watch judges each."""
        begun = {healing.ref: healing for healing in self._list_begun(now)}
        parts = [healing.plan_part(now, until, self._healings) for healing in begun.values()]
        preferences = ReminderPreferences(help_may_break_quiet=self._person.help_may_break_quiet)
        rows = plan_reminders_together(parts, preferences, Horizon(now, until))
        windows = {
            (healing.plan, each.key): each
            for healing, (timeline, _) in zip(begun.values(), parts, strict=True)
            for each in timeline.occurrences
            if not each.withheld
        }
        carried: dict[str, list[PlannedReminder]] = {}
        for row in rows:
            if row.carrier_key is not None:
                carried.setdefault(row.carrier_key, []).append(row)
        for row in rows:
            if row.outcome == "send":
                self._send(row, carried.get(row.dedupe_key, [row]), begun, windows)
            elif row.outcome != "merged":
                self._tally.states[row.outcome] += 1

    def _send(
        self,
        row: PlannedReminder,
        members: Iterable[PlannedReminder],
        begun: Mapping[str, PureHealing],
        windows: Mapping[tuple[UUID, str], Occurrence],
    ) -> None:
        told = tuple(self._tell(members, begun, windows))
        self._watch.note_push(self._truth, row.kind, told, row.send_at)
        self._tally.states["sent"] += 1
        self._tally.states["merged"] += len(told) if row.kind == "merged" else 0
        for group in self._groups:
            group.pushes[row.kind] += 1
        if row.kind in ROUTINE:
            begun[row.ref].routine.append(row.send_at)

    def _tell(
        self,
        members: Iterable[PlannedReminder],
        begun: Mapping[str, PureHealing],
        windows: Mapping[tuple[UUID, str], Occurrence],
    ) -> Iterator[Told]:
        for each in members:
            healing, key = begun[each.ref], each.occurrence or each.dedupe_key
            found = windows.get((healing.plan, key))
            healing.sent.add((each.kind, key))
            yield Told(each.kind, key, each.expires_at, found.window if found else None, healing.plan)

    # --- visits ---

    def _visit(self, now: datetime, until: datetime) -> None:
        """Answer what is open, tick what is open; old flags are over."""
        begun = self._list_begun(now)
        for healing in begun:
            self._tally.flags.closed += healing.close_flags(now)
        self._truth.emergencies.clear()
        if is_silent(self._person, self._began_at, now):
            self._note("visits left out in silence")
            return
        if self._dice.chance("visit", self._person.number, now.isoformat()) >= self._person.diligence:
            self._note("visits forgotten")
            return
        self._note("visits")
        for healing in begun:
            for occurrence in healing.list_open(now, until, self._healings):
                if occurrence.kind == "check_in":
                    self._check_in(healing, occurrence, now)
                elif occurrence.entry == "slot":
                    healing.done.add(occurrence.key)
                    self._truth.done.add((healing.plan, occurrence.key))
                    self._note("steps")

    def _check_in(self, healing: PureHealing, occurrence: Occurrence, now: datetime) -> None:
        self._note("check-ins")
        self._truth.done.add((healing.plan, occurrence.key))
        for finding in healing.check_in(occurrence, now):
            self._tally.flags.raised[finding.level] += 1
            for group in self._groups:
                group.warnings[finding.level] += 1
            if finding.level == "now":
                self._truth.emergencies.add(f"{healing.ref}{finding.rule_id}")


def simulate_client(dice: Dice, person: Person, days: int, tally: Tally) -> None:
    """One client for so many days of the simulation."""
    PureClient(dice, person, BEGUN_AT + timedelta(days=days), tally).live()
