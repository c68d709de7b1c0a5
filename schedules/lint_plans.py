"""Lint of the plan as clients would get it: the real timeline and the real reminders of virtual clients.

For each site and care style two of them: one treated in the morning who heals as fast as is usual, one treated in the
evening who heals as slowly as is usual. None answers anything, so that every push of a day is wanted. Contradictions
are looked for in the forecast of day 0 as well, since a practitioner is shown those too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import product

from schedules.contradictions import PlanOnSkin, find_contradictions
from schedules.facts import PlanFacts, Timeline
from schedules.instants import ONE_DAY
from schedules.lint_findings import LintFinding, error, warning
from schedules.protocol import CareStep, Protocol
from schedules.protocol_terms import AnchorName, Site
from schedules.quiet_hours import BEGINNING, END
from schedules.reminder_facts import Horizon, PlannedReminder, ReminderFacts, ReminderPreferences
from schedules.reminders import plan_reminders
from schedules.term_parsing import SITES
from schedules.timeline import build_timeline, is_in_plan

MERGE_MINUTES = 45  # pushes nearer than this go out as one (DESIGN section 7)
MAX_MOMENTS_A_DAY = 8  # before the daily cap: about one in two waking hours
DAY_CHECK_IN_MINUTE = 8 * 60
DAY_0 = date(2026, 1, 5)
ZONE = "UTC"
ENDED_AT_HOURS = (10, 18)  # the first heals fast, the second slowly
PUSHES_NEVER_CUT = ("check_in_due", "check_in_open", "mask_due")


@dataclass(frozen=True, slots=True)
class VirtualPlan:
    """What one virtual client gets."""

    facts: PlanFacts
    timeline: Timeline

    @property
    def reminders(self) -> tuple[PlannedReminder, ...]:
        """All pushes wished for, with what became of each."""
        return plan_reminders(self.timeline, ReminderPreferences(), ReminderFacts(self.facts), Horizon(BEGINNING, END))


def lint_plans(protocol: Protocol) -> Iterator[LintFinding]:
    """Contradictions inside one plan, windows that quiet hours swallow, pushes that the daily cap cuts.

    Errors are looked for with every step turned on; that a care step is cut is said of the plan as it starts.
    """
    all_on = list(virtual_plans(protocol, frozenset(protocol.care_steps)))
    left_out = Cuts(protocol)
    for plan in all_on:
        left_out.note(plan.reminders)
    if all(step.default_on for step in protocol.care_steps.values()):
        as_started = left_out
    else:
        as_started = Cuts(protocol)
        for plan in virtual_plans(protocol, frozenset()):
            as_started.note(plan.reminders)
    yield from _contradictions(protocol, (seen for plan in all_on for seen in (plan, _forecast(protocol, plan))))
    yield from left_out.errors()
    yield from as_started.warnings()
    yield from _moments_findings(protocol)


def virtual_plans(protocol: Protocol, turned_on: frozenset[str]) -> Iterator[VirtualPlan]:
    """Both kinds of healing for each different list of steps that a site and a care style give. `turned_on`: ids of
    steps that the clinic has turned on; all are confirmed."""
    seen: set[frozenset[str]] = set()
    for site, care_style in product(SITES, protocol.method.allowed_care_styles):
        treated = [
            PlanFacts(
                treatment_ended_at=datetime(DAY_0.year, DAY_0.month, DAY_0.day, hour, tzinfo=UTC),
                plan_zone=ZONE,
                today=DAY_0,
                site=site,
                care_style=care_style,
                anchors=_anchors(protocol, end),
                confirmed_steps=frozenset(protocol.care_steps),
                turned_on_steps=turned_on,
            )
            for end, hour in enumerate(ENDED_AT_HOURS)
        ]
        steps = frozenset(step.id for step in protocol.care_steps.values() if is_in_plan(step, protocol, treated[0]))
        if steps not in seen:
            seen.add(steps)
            yield from (VirtualPlan(facts, build_timeline(protocol, facts, ZONE)) for facts in treated)


def _forecast(protocol: Protocol, plan: VirtualPlan) -> VirtualPlan:
    """The same client on day 0, when no anchor is known."""
    facts = replace(plan.facts, anchors={})
    return VirtualPlan(facts, build_timeline(protocol, facts, ZONE))


def _anchors(protocol: Protocol, end: int) -> Mapping[AnchorName, date]:
    """The anchors at the first (0) or last (1) of their usual days, the next treatment when it is recommended."""
    scabs_off, skin_closed = (protocol.milestones[name].typical_days[end] for name in ("scabs_off", "skin_closed"))
    return {
        "scabs_off": DAY_0 + scabs_off * ONE_DAY,
        "skin_closed": DAY_0 + max(scabs_off, skin_closed) * ONE_DAY,
        "next_treatment": DAY_0 + protocol.readiness.recommended_days * ONE_DAY,
    }


# --- contradictions -----------------------------------------------------------------------------------------------


def _contradictions(protocol: Protocol, plans: Iterable[VirtualPlan]) -> Iterator[LintFinding]:
    """Two steps of one plan that must not be due on one day, once for each two."""
    seen: set[tuple[str, str]] = set()
    for plan in plans:
        on_skin = PlanOnSkin(protocol.id, "area", protocol, plan.facts.site, plan.timeline, ZONE)
        for found in find_contradictions([on_skin]):
            one, other = found.one.step_id, found.other.step_id
            if (one, other) not in seen:
                seen.add((one, other))
                naming, named = (one, other) if _names(protocol, one, other) else (other, one)
                where = f"{plan.facts.site}, {plan.facts.care_style}, day {(found.first_on - DAY_0).days}"
                problem = f"contradicts '{named}' of the same plan: both are due on one day ({where})"
                remedy = f"end one of the two before the other starts, or take '{named}' out of contradicts"
                yield error(f"care_steps.{naming}.contradicts", problem, remedy)


def _names(protocol: Protocol, one: str, other: str) -> bool:
    return not {other, f"{protocol.id}.{other}"}.isdisjoint(protocol.care_steps[one].contradicts)


# --- quiet hours and the daily cap --------------------------------------------------------------------------------


class Cuts:
    """What quiet hours and the daily cap keep from the virtual clients, by the path of its cause, with the days."""

    def __init__(self, protocol: Protocol) -> None:
        self._check_ins = {check_in.day: number for number, check_in in enumerate(protocol.check_ins)}
        self._quiet: dict[str, set[int]] = {}
        self._never: dict[str, set[int]] = {}
        self._cut: dict[str, set[int]] = {}

    def note(self, reminders: Iterable[PlannedReminder]) -> None:
        """Take up one client's pushes."""
        for row in reminders:
            if row.outcome not in ("quiet", "capped") or row.kind not in (*PUSHES_NEVER_CUT, "care_step"):
                continue
            kept_back = self._never if row.kind in PUSHES_NEVER_CUT else self._cut
            if row.outcome == "quiet":
                kept_back = self._quiet
            kept_back.setdefault(self._path(row), set()).add((row.local.date() - DAY_0).days)

    def _path(self, row: PlannedReminder) -> str:
        name, _, rest = (row.occurrence or "").partition("@d")
        return f"check_ins[{self._check_ins[int(rest)]}]" if name == "check_in" else f"care_steps.{name}"

    def errors(self) -> Iterator[LintFinding]:
        """Windows that cannot be reached, and check-ins and masks that the cap cuts."""
        for path, days in self._quiet.items():
            problem = f"{_days(days)}: the whole window lies in quiet hours (22:00 to 07:30), so nobody is told"
            remedy = "move the times into the day, or make the window longer so that it reaches out of quiet hours"
            key = "" if path.startswith("check_ins") else ".window"
            yield error(f"{path}{key}", problem, remedy)
        for path, days in self._never.items():
            problem = f"{_days(days)}: its push is cut by the cap of 3 routine pushes a day"
            remedy = "move its time within 45 minutes of another push, or give other steps fewer times"
            yield error(path, problem, remedy)

    def warnings(self) -> Iterator[LintFinding]:
        """Care steps whose push the cap cuts on some day."""
        for path, days in self._cut.items():
            problem = f"{_days(days)}: a push of it is cut by the cap of 3 routine pushes a day; it stays on Today"
            remedy = "move its times within 45 minutes of other pushes, or give it fewer times"
            yield warning(f"{path}.frequency", problem, remedy)


def _days(days: set[int]) -> str:
    shown = ", ".join(str(day) for day in sorted(days)[:8])
    return f"{'day' if len(days) == 1 else 'days'} {shown}{' and more' if len(days) > 8 else ''}"


# --- pushes a day -------------------------------------------------------------------------------------------------


def _moments_findings(protocol: Protocol) -> Iterator[LintFinding]:
    """Days on which the plan as shipped would speak too often, merging done and the daily cap not yet."""
    last_day = max(step.window.plan_days[1] for step in protocol.care_steps.values())
    for site in SITES:
        for day in range(last_day + 1):
            moments = _moments(protocol, site, day)
            if len(moments) > MAX_MOMENTS_A_DAY:
                problem = f"{site}, day {day}: {len(moments)} moments for a push, more than {MAX_MOMENTS_A_DAY}"
                yield warning("care_steps", problem, "give steps fewer times, or times within 45 minutes of each other")


def _moments(protocol: Protocol, site: Site, day: int) -> list[int]:
    minutes = [DAY_CHECK_IN_MINUTE for check_in in protocol.check_ins if check_in.day == day and check_in.at_h is None]
    for step in protocol.care_steps.values():
        if _speaks(step, protocol, site, day):
            minutes += [at.hour * 60 + at.minute for at in step.frequency.suggested_times]
    moments: list[int] = []
    for minute in sorted(minutes):
        if not moments or minute - moments[-1] > MERGE_MINUTES:
            moments.append(minute)
    return moments


def _speaks(step: CareStep, protocol: Protocol, site: Site, day: int) -> bool:
    first, last = step.window.plan_days
    gap = step.frequency.every_n_days or 1
    planned = step.default_on and site in step.sites and protocol.method.default_care_style in step.care_styles
    return planned and step.remind == "each_time" and first <= day <= last and (day - first) % gap == 0
