"""Laws of every timeline, over all time zones and twenty years (PROMISES T1, T2): keys, order, windows, days, journeys.

`FALLOW_EXAMPLES=20 ./run test tests/unit/schedules/test_timeline_properties.py` tries twenty times as many cases.
"""

import zoneinfo
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.catalog import latest
from schedules.due import state_of
from schedules.facts import DayWindow, FlagSpan, Occurrence, PauseSpan, PlanFacts, StepEvent, ZoneChange
from schedules.instants import resolve_local
from schedules.protocol import CareStep, Frequency, StepWindow, WindowEnd
from schedules.timeline import build_timeline
from tests.examples import examples
from tests.remembered import forget_all

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONES = sorted(zoneinfo.available_timezones() - {"Factory"})
METHODS = ["laser", "saline", "undo"]
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)

methods = st.sampled_from(METHODS)
zones = st.sampled_from(ZONES)
treated = st.integers(0, int((LAST - FIRST) / HOUR) * 4).map(lambda quarters: FIRST + quarters * HOUR / 4)
hours = st.integers(0, 24 * 60)


def timeline(method: str, facts: PlanFacts, window: DayWindow | None = None) -> tuple[Occurrence, ...]:
    return build_timeline(latest(method), facts, facts.plan_zone, window).occurrences


def spans(draw: st.DrawFn, begun: datetime) -> list[tuple[datetime, datetime | None]]:
    found = draw(st.lists(st.tuples(hours, st.none() | st.integers(0, 24 * 12)), max_size=2))
    return [(begun + n * HOUR, None if more is None else begun + (n + more) * HOUR) for n, more in found]


@st.composite
def plan_facts(draw: st.DrawFn) -> PlanFacts:
    ended_at = draw(treated)
    day_0 = ended_at.date()
    some = draw(st.dictionaries(st.sampled_from(["scabs_off", "skin_closed", "next_treatment"]), st.integers(0, 70)))
    legs = draw(st.lists(st.tuples(hours, zones), max_size=3))
    return PlanFacts(
        treatment_ended_at=ended_at,
        plan_zone=draw(zones),
        today=day_0 + draw(st.integers(0, 60)) * DAY,
        site=draw(st.sampled_from(["scalp", "brows", "body"])),
        care_style=draw(st.sampled_from([None, "dry", "moist"])),
        anchors={name: day_0 + n * DAY for name, n in some.items()},  # type: ignore[misc]
        turned_on_steps=draw(st.sampled_from([frozenset(), frozenset({"ointment", "after_scab_gel"})])),
        flags=tuple(FlagSpan("fever", "same_day", *span) for span in spans(draw, ended_at)),
        pauses=tuple(PauseSpan(*span) for span in spans(draw, ended_at)),
        zones=tuple(ZoneChange(ended_at + n * HOUR, zone) for n, zone in legs),
        ended_at=draw(st.none() | hours.map(lambda n: ended_at + n * HOUR)),
        check_in_at=draw(st.times()),
        step_times={"wash": (draw(st.times()), draw(st.times()))},
    )


# --- every timeline -----------------------------------------------------------------------------------------------


@examples(60)
@given(methods, plan_facts())
def test_keys_are_unique_and_the_order_and_windows_are_as_promised(method: str, facts: PlanFacts) -> None:
    found = timeline(method, facts)
    assert [key for key, count in Counter(each.key for each in found).items() if count > 1] == []
    assert [(each.window.due_at, each.key) for each in found] == sorted(
        (each.window.due_at, each.key) for each in found
    )
    for each in found:
        assert each.window.opens_at <= each.window.due_at < each.window.closes_at, each
        assert each.window.due_at.tzinfo is UTC
        assert each.local.tzinfo is None


@examples(60)
@given(methods, plan_facts())
def test_a_key_says_which_step_on_which_day_and_nothing_else(method: str, facts: PlanFacts) -> None:
    for each in timeline(method, facts):
        if each.kind == "care_step":
            assert each.key == f"{each.step_id}@d{each.day}#{each.slot}"
        else:
            assert each.key.startswith(f"{each.kind}@d{each.day}")


@examples(60)
@given(methods, plan_facts(), st.integers(-2, 100), st.integers(0, 6))
def test_asking_day_by_day_adds_up_to_the_whole(method: str, facts: PlanFacts, first: int, more: int) -> None:
    whole = timeline(method, facts)
    part = timeline(method, facts, DayWindow(first, first + more))
    days = [timeline(method, facts, DayWindow(day, day)) for day in range(first, first + more + 1)]
    assert {each.key: each for day in days for each in day} == {each.key: each for each in part}
    tasks = [each for each in part if each.entry == "slot"]
    assert tasks == [each for each in whole if each.entry == "slot" and first <= each.day <= first + more]
    rules = [each for each in part if each.entry != "slot"]
    assert set(rules) <= {each for each in whole if each.entry != "slot"}
    assert set(rules) >= {each for each in whole if each.entry != "slot" and first <= each.day <= first + more}


@examples(30)
@given(methods, plan_facts())
def test_the_same_facts_give_the_same_timeline_whatever_was_asked_before(method: str, facts: PlanFacts) -> None:
    asked_before = timeline(method, facts)
    forget_all()
    assert timeline(method, replace(facts)) == asked_before


# --- changes of fact ----------------------------------------------------------------------------------------------


def changed_at(facts: PlanFacts, now: datetime, change: str, zone: str) -> PlanFacts:
    """The facts after something happened at `now`."""
    known = replace(
        facts,
        zones=tuple(each for each in facts.zones if each.from_at < now),
        pauses=tuple(each for each in facts.pauses if each.from_at < now),
        flags=tuple(each for each in facts.flags if each.raised_at < now),
    )
    match change:
        case "journey":
            return replace(known, zones=(*known.zones, ZoneChange(now, zone)))
        case "pause":
            return replace(known, pauses=(*known.pauses, PauseSpan(now)))
        case "flag":
            return replace(known, flags=(*known.flags, FlagSpan("fever", "emergency", now)))
        case _:
            return replace(known, ended_at=now)


@examples(120)
@given(methods, plan_facts(), hours, st.sampled_from(["journey", "pause", "flag", "end"]), zones)
def test_what_happens_now_moves_nothing_that_was_due_before(
    method: str, facts: PlanFacts, after: int, change: str, zone: str
) -> None:
    known = replace(facts, ended_at=None, plan_zone=facts.zones[0].zone if facts.zones else facts.plan_zone)
    now = known.treatment_ended_at + after * HOUR
    home = (ZoneChange(known.treatment_ended_at - 400 * DAY, known.plan_zone),)
    before = replace(changed_at(known, now, "end", zone), ended_at=None)
    before = replace(before, zones=(*home, *before.zones))
    after_it = changed_at(before, now, change, zone)
    past, past_after = (
        {each.key: each.window.due_at for each in timeline(method, asked) if each.window.due_at < now}
        for asked in (before, after_it)
    )
    assert past_after == past


@examples(30)
@given(methods, plan_facts(), plan_facts())
def test_one_key_is_the_same_thing_through_all_changes_of_facts(
    method: str, facts: PlanFacts, others: PlanFacts
) -> None:
    other = replace(others, treatment_ended_at=facts.treatment_ended_at, plan_zone=facts.plan_zone)
    seen = {each.key: each for each in timeline(method, facts)}
    for each in timeline(method, other):
        if each.key in seen:
            was = seen[each.key]
            assert (each.kind, each.step_id, each.day, each.slot, each.title, each.entry, each.remind) == (
                was.kind,
                was.step_id,
                was.day,
                was.slot,
                was.title,
                was.entry,
                was.remind,
            )


@examples(40)
@given(methods, plan_facts(), st.data())
def test_what_was_done_stays_done_on_every_journey(method: str, facts: PlanFacts, data: st.DataObject) -> None:
    steady = replace(facts, ended_at=None, pauses=(), flags=(), zones=())
    slots = [each for each in timeline(method, steady) if each.entry == "slot" and each.kind == "care_step"]
    done = data.draw(st.sampled_from(slots))
    at = done.window.due_at
    legs = data.draw(st.lists(st.tuples(st.integers(0, 24 * 30), zones), min_size=1, max_size=4))
    home = ZoneChange(steady.treatment_ended_at - 400 * DAY, steady.plan_zone)
    away = replace(steady, zones=(home, *(ZoneChange(at + n * HOUR + HOUR / 60, zone) for n, zone in legs)))
    found = {each.key: each for each in timeline(method, away)}
    log = [StepEvent(done.key, "done", at)]
    assert state_of(found[done.key], log, frozenset(), at + 400 * DAY, changed_at=at + DAY) == "done"
    assert found[done.key].window.due_at == at


# --- clocks -------------------------------------------------------------------------------------------------------

journeys = st.lists(st.tuples(hours, zones), min_size=1, max_size=4)


@examples(60)
@given(
    methods,
    treated,
    zones,
    journeys,
    st.dictionaries(st.sampled_from(["scabs_off", "skin_closed", "next_treatment"]), st.integers(0, 70)),
)
def test_a_changed_zone_moves_only_what_the_clients_wall_clock_rules(
    method: str, ended_at: datetime, home: str, legs: list[tuple[int, str]], anchors: dict[str, int]
) -> None:
    day_0 = ended_at.date()
    dates = {name: day_0 + n * DAY for name, n in anchors.items()}
    known = PlanFacts(ended_at, home, day_0, "scalp", anchors=dates)  # type: ignore[arg-type]
    away = replace(known, zones=tuple(ZoneChange(ended_at + n * HOUR, zone) for n, zone in legs))
    stay, go = ({each.key: each for each in timeline(method, asked)} for asked in (known, away))
    for key in stay.keys() | go.keys():
        if key not in stay or key not in go or stay[key].window.due_at != go[key].window.due_at:
            assert {each[key].clock for each in (stay, go) if key in each} == {"client_wall"}, key


def daily(at: time, ended_at: datetime, zone: str, days: int, places: tuple[ZoneChange, ...] = ()) -> list[Occurrence]:
    """A plan of one step, due every day at one time."""
    wash: CareStep = replace(
        latest("saline").care_steps["wash"],
        frequency=Frequency("times_per_day", 1, None, (at,)),
        window=StepWindow(WindowEnd("treatment_end", 0), WindowEnd("treatment_end", 24 * days), (0, days)),
    )
    plan = replace(latest("saline"), care_steps={"wash": wash}, check_ins=(), photo_check_ins=())
    facts = PlanFacts(ended_at, zone, ended_at.date(), "scalp", zones=places)
    return list(build_timeline(plan, facts, zone).occurrences)


def apart(found: list[Occurrence]) -> set[timedelta]:
    return {later.window.due_at - earlier.window.due_at for earlier, later in pairwise(found)}


@examples(60)
@given(zones, treated, st.times())
def test_a_daily_step_comes_once_a_day_22_to_26_hours_apart_in_every_zone(
    zone: str, ended_at: datetime, at: time
) -> None:
    found = daily(at, ended_at, zone, 400)
    days = [each.day for each in found]
    assert days == list(range(days[0], days[0] + len(days)))
    assert days[0] in (0, 1)
    assert len(days) in (400, 401, 399)
    assert min(apart(found)) >= 22 * HOUR
    assert max(apart(found)) <= 26 * HOUR
    for each in found:
        if each.local.time() != at:  # only where the clock leaves that time out
            assert resolve_local(each.local.date(), at, zone) == each.window.due_at or at > each.local.time()


@pytest.mark.parametrize(
    ("zone", "first", "at", "shown"),
    [
        pytest.param("Europe/London", "2026-03-28", "01:30", "28 01:30, 29 02:30, 30 01:30", id="gap"),
        pytest.param("Europe/London", "2026-10-24", "01:30", "24 01:30, 25 01:30, 26 01:30", id="fold"),
        pytest.param("Australia/Lord_Howe", "2026-10-03", "02:15", "03 02:15, 04 02:45, 05 02:15", id="half-hour gap"),
        pytest.param("Australia/Lord_Howe", "2026-04-04", "01:45", "04 01:45, 05 01:45, 06 01:45", id="half-hour fold"),
        pytest.param("America/Santiago", "2026-09-05", "00:00", "05 00:00, 06 01:00, 07 00:00", id="no midnight"),
        pytest.param("Africa/Cairo", "2026-04-23", "00:30", "23 00:30, 24 01:30, 25 00:30", id="no midnight hour"),
        pytest.param("America/Havana", "2026-10-31", "00:30", "31 00:30, 01 00:30, 02 00:30", id="midnight twice"),
        pytest.param("Antarctica/Troll", "2026-03-28", "01:30", "28 01:30, 29 03:30, 30 01:30", id="two hours"),
        pytest.param("Pacific/Apia", "2011-12-29", "09:00", "29 09:00, 31 09:00, 01 09:00", id="no 30 December"),
        pytest.param("Pacific/Kwajalein", "1993-08-20", "09:00", "20 09:00, 22 09:00, 23 09:00", id="no 21 August"),
    ],
)
def test_each_day_has_its_time_once_where_the_clock_jumps(zone: str, first: str, at: str, shown: str) -> None:
    begun = resolve_local(date.fromisoformat(first), time(0), zone)
    found = daily(time.fromisoformat(at), begun, zone, 6)
    assert ", ".join(f"{each.local:%d %H:%M}" for each in found[:3]) == shown
    assert len({each.window.due_at for each in found}) == len(found)


@examples(60)
@given(zones, treated, st.times(), st.lists(st.tuples(st.integers(0, 24 * 20), zones), max_size=5))
def test_a_daily_step_of_a_traveller_is_12_to_37_hours_apart_none_doubled_or_lost(
    home: str, ended_at: datetime, at: time, legs: list[tuple[int, str]]
) -> None:
    found = daily(at, ended_at, home, 25, tuple(ZoneChange(ended_at + n * HOUR, zone) for n, zone in legs))
    days = [each.day for each in found]
    assert days == list(range(days[0], days[0] + len(days)))
    assert min(apart(found)) >= 12 * HOUR
    assert max(apart(found)) <= 37 * HOUR
    assert found[0].window.due_at < ended_at + 37 * HOUR
    assert found[-1].window.due_at >= ended_at + 25 * DAY - 37 * HOUR
