"""Laws of `plan_reminders` over made-up plans, zones and wishes (PROMISES T3, T4)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.facts import (
    DueWindow,
    FlagSpan,
    Occurrence,
    PlanFacts,
    Timeline,
    ZoneChange,
)
from schedules.instants import zone_at
from schedules.reminder_facts import (
    Horizon,
    PlannedReminder,
    ReminderFacts,
    ReminderPreferences,
    RunningTimer,
    WatchResult,
)
from schedules.reminders import plan_reminders

ENDED_AT = datetime(2026, 3, 26, 15, 20, tzinfo=UTC)  # three days before clocks change in Europe
END = ENDED_AT + timedelta(days=60)
ROUTINE = {"check_in_due", "check_in_open", "care_step", "mask_due", "one_tap", "merged"}
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"]

minutes = st.integers(0, 8 * 24 * 60).map(lambda n: ENDED_AT + timedelta(minutes=n))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
kinds = st.sampled_from(["mask", "apply", "clean", "do", "protect"])


@st.composite
def slots(draw: st.DrawFn, number: int) -> Occurrence:
    due = draw(minutes)
    before, after = draw(st.integers(0, 180)), draw(st.integers(1, 900))
    window = DueWindow(due - timedelta(minutes=before), due, due + timedelta(minutes=after))
    check_in = draw(st.booleans())
    key = f"check_in@d{number}" if check_in else f"step{number}@d1#1"
    slot = Occurrence(key, "care_step", "Step", number, 1, window, due.replace(tzinfo=None), "step", draw(kinds))
    return slot._replace(kind="check_in", step_kind=None) if check_in else slot


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    return Timeline(tuple(draw(slots(number)) for number in range(draw(st.integers(0, 14)))))


@st.composite
def facts_of(draw: st.DrawFn) -> ReminderFacts:
    changes = draw(st.lists(st.builds(ZoneChange, minutes, st.sampled_from(ZONES)), max_size=2))
    flags = draw(st.lists(st.builds(FlagSpan, st.just("fever"), st.just("same_day"), minutes), max_size=1))
    plan = PlanFacts(ENDED_AT, draw(st.sampled_from(ZONES)), date(2026, 3, 26), "scalp")
    return ReminderFacts(
        replace(plan, zones=tuple(changes), flags=tuple(flags)),
        follow_up_h={"same_day": (6, 24, 48)},
        watch_results=tuple(draw(st.lists(st.builds(WatchResult, st.integers(0, 7), minutes), max_size=2))),
        timers=tuple(draw(st.lists(st.builds(RunningTimer, st.just("step1@d1#1"), minutes), max_size=1))),
        appointment_at=draw(st.none() | minutes),
        done_keys=frozenset(draw(st.sets(st.integers(0, 14).map(lambda n: f"step{n}@d1#1"), max_size=4))),
    )


wishes = st.builds(
    ReminderPreferences,
    quiet=st.none() | st.tuples(times, times),
    daily_cap=st.integers(0, 4),
    merge_minutes=st.sampled_from([0, 15, 45, 90]),
    help_may_break_quiet=st.booleans(),
)
plans = settings(max_examples=100, deadline=None)


def plan(timeline: Timeline, wish: ReminderPreferences, facts: ReminderFacts, start: datetime = ENDED_AT):
    return plan_reminders(timeline, wish, facts, Horizon(start, END))


def local(instant: datetime, facts: ReminderFacts) -> datetime:
    zone = zone_at(facts.plan.zones, facts.plan.plan_zone, instant)
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def is_quiet(shown: time, quiet: tuple[time, time] | None) -> bool:
    if quiet is None or quiet[0] == quiet[1]:
        return False
    begins, ends = quiet
    return begins <= shown < ends if begins < ends else shown >= begins or shown < ends


def pushes(rows: tuple[PlannedReminder, ...]) -> list[PlannedReminder]:
    return [row for row in rows if row.outcome == "send"]


@plans
@given(timelines(), wishes, facts_of())
def test_no_local_day_has_more_routine_pushes_than_the_cap(timeline, wish, facts) -> None:
    routine = Counter(row.local.date() for row in pushes(plan(timeline, wish, facts)) if row.kind in ROUTINE)
    assert all(count <= wish.daily_cap for count in routine.values())


@plans
@given(timelines(), wishes, facts_of())
def test_nothing_is_sent_in_quiet_hours_but_what_may_break_them(timeline, wish, facts) -> None:
    allowed = {"mask_done"} | ({"help_followup"} if wish.help_may_break_quiet else set())
    for row in pushes(plan(timeline, wish, facts)):
        assert row.local == local(row.send_at, facts)
        if row.kind not in allowed and not near_clock_change(row.send_at, facts):
            assert not is_quiet(row.local.time(), wish.quiet), row


def near_clock_change(instant: datetime, facts: ReminderFacts) -> bool:
    """A clock that jumps can show a quiet time that is not in [from, until) as instants (a gap, a repeated hour)."""
    zone = ZoneInfo(zone_at(facts.plan.zones, facts.plan.plan_zone, instant))
    hours = timedelta(hours=3)
    return (instant - hours).astimezone(zone).utcoffset() != (instant + hours).astimezone(zone).utcoffset()


@plans
@given(timelines(), wishes, facts_of())
def test_each_step_is_told_once_or_left_out_with_a_reason(timeline, wish, facts) -> None:
    rows = plan(timeline, wish, facts)
    told = Counter(row.occurrence for row in rows if row.kind in {"care_step", "mask_due"})
    wanted = {o.key for o in timeline.occurrences if o.kind == "care_step"} - facts.done_keys
    past = {o.key for o in timeline.occurrences if o.window.opens_at <= ENDED_AT}  # may be moved before the start
    assert wanted - past <= set(told) <= wanted
    assert all(count == 1 for count in told.values())
    assert all(row.reason for row in rows)
    carriers = {row.dedupe_key: row.occurrences for row in rows if row.kind == "merged"}
    for row in rows:
        if row.outcome == "merged":
            assert row.occurrence in carriers[row.carrier_key]


@plans
@given(timelines(), wishes, facts_of())
def test_nothing_is_sent_when_it_has_expired_or_is_done_and_no_key_comes_twice(timeline, wish, facts) -> None:
    rows = plan(timeline, wish, facts)
    assert all(row.send_at < row.expires_at for row in rows if row.outcome in {"send", "merged"})
    assert facts.done_keys.isdisjoint(key for row in rows for key in row.occurrences)
    assert len({row.dedupe_key for row in rows}) == len(rows)


@plans
@given(timelines(), wishes, facts_of())
def test_two_routine_pushes_lie_more_than_the_merging_time_apart(timeline, wish, facts) -> None:
    sent = [row.send_at for row in pushes(plan(timeline, wish, facts)) if row.kind in ROUTINE]
    assert all(later - earlier > timedelta(minutes=wish.merge_minutes) for earlier, later in pairwise(sent))


@plans
@given(timelines(), wishes, facts_of(), minutes)
def test_planning_again_later_gives_the_rest_of_the_same_pushes(timeline, wish, facts, now) -> None:
    rows = plan(timeline, wish, facts)
    assert rows == plan(timeline, wish, facts)
    gone = [row for row in rows if row.send_at < now and row.outcome in {"send", "merged"}]
    later = replace(
        facts,
        sent=frozenset((row.kind, row.occurrence) for row in gone if row.occurrence),
        routine_sent=tuple(row.send_at for row in gone if row.outcome == "send" and row.kind in ROUTINE),
    )
    assert pushes(plan(timeline, wish, later, start=now)) == [row for row in pushes(rows) if row.send_at >= now]
