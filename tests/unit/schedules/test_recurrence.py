"""When a care step is due: windows between anchors, recurrences, slots (protocols rules 4 to 16)."""

import zoneinfo
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.facts import PauseSpan, PlanFacts, ZoneChange
from schedules.protocol import CareStep, Frequency, StepWindow, WindowEnd
from schedules.protocol_terms import AnchorName, FrequencyType
from schedules.recurrence import StepSpan, anchor_date, join_pauses, list_due_days, resolve_span, slot_times
from schedules.wall_clock import WallClock

DAY = timedelta(days=1)
ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))
LONDON = WallClock("Europe/London", "Europe/London")
ZONES = sorted(zoneinfo.available_timezones() - {"Factory"})
End = tuple[AnchorName, int]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def facts(today: str = "2026-03-02", zone: str = "Europe/London", **anchors: date) -> PlanFacts:
    return PlanFacts(
        treatment_ended_at=utc("2026-03-02 14:30"),
        plan_zone=zone,
        today=date.fromisoformat(today),
        site="scalp",
        anchors=anchors,  # type: ignore[arg-type]
    )


def step(start: End, end: End, plan_days: tuple[int, int]) -> CareStep:
    return CareStep(
        id="wash",
        title="Wash",
        instruction="",
        kind="clean",
        sites=("scalp",),
        care_styles=("dry",),
        window=StepWindow(WindowEnd(*start), WindowEnd(*end), plan_days),
        frequency=Frequency("continuous", None, None, ()),
        duration_min=None,
        remind="none",
        default_on=True,
        clinic_must_confirm=False,
        stop_when=(),
        evidence="assumption",
        note=None,
        sources=(),
    )


WASH = step(("treatment_end", 24), ("scabs_off", 0), (1, 12))
OIL = step(("scabs_off", 24), ("skin_closed", 48), (13, 16))


def test_hours_from_the_treatment_are_elapsed_also_over_a_clock_change() -> None:
    spring = PlanFacts(utc("2026-03-28 14:30"), "Europe/London", date(2026, 3, 28), "scalp")
    span = resolve_span(step(("treatment_end", 24), ("treatment_end", 48), (9, 9)), spring, LONDON)
    assert span == StepSpan(utc("2026-03-29 14:30"), utc("2026-03-30 14:30"), provisional=False)


def test_days_from_the_other_anchors_are_calendar_days_from_local_midnight() -> None:
    span = resolve_span(OIL, facts(scabs_off=date(2026, 3, 27), skin_closed=date(2026, 3, 28)), LONDON)
    assert span == StepSpan(utc("2026-03-28 00:00"), utc("2026-03-29 23:00"), provisional=False)


def test_hours_before_an_anchor_count_back() -> None:
    no_tan = step(("next_treatment", -720), ("next_treatment", 0), (26, 56))
    span = resolve_span(no_tan, facts(next_treatment=date(2026, 5, 1)), LONDON)
    assert span == StepSpan(utc("2026-04-01 00:00") - timedelta(hours=1), utc("2026-04-30 23:00"), provisional=False)


def test_an_unknown_end_is_the_end_of_the_last_plan_day_and_then_moves_with_today() -> None:
    assert resolve_span(WASH, facts("2026-03-02"), LONDON).end == utc("2026-03-15 00:00")
    assert resolve_span(WASH, facts("2026-03-14"), LONDON).end == utc("2026-03-15 00:00")
    assert resolve_span(WASH, facts("2026-03-22"), LONDON).end == utc("2026-03-23 00:00")
    assert not resolve_span(WASH, facts("2026-03-22"), LONDON).provisional


def test_an_end_that_moves_with_today_waits_for_the_clients_own_evening() -> None:
    in_new_york = facts("2026-03-22", "America/New_York")
    zones = ("America/New_York", "America/Los_Angeles", "Europe/London")
    ends = {zone: resolve_span(WASH, in_new_york, WallClock(zone, zone)).end for zone in zones}
    assert ends["America/New_York"] == utc("2026-03-23 04:00")
    assert ends["America/Los_Angeles"] == utc("2026-03-23 07:00")  # the date has turned in New York, 21:00 is to come
    assert ends["Europe/London"] == utc("2026-03-23 04:00")  # her day ends first: the plan's date still counts


def test_an_unknown_start_is_a_forecast_that_is_never_due_today() -> None:
    assert resolve_span(OIL, facts("2026-03-02"), LONDON).start == utc("2026-03-15 00:00")
    assert resolve_span(OIL, facts("2026-03-14"), LONDON).start == utc("2026-03-15 00:00")
    assert resolve_span(OIL, facts("2026-03-22"), LONDON).start == utc("2026-03-23 00:00")
    assert resolve_span(OIL, facts("2026-03-22"), LONDON).provisional


def test_each_end_is_worked_out_by_itself() -> None:
    half_known = resolve_span(OIL, facts("2026-03-22", scabs_off=date(2026, 3, 20)), LONDON)
    assert half_known == StepSpan(utc("2026-03-21 00:00"), utc("2026-03-23 00:00"), provisional=False)


def test_skin_closed_alone_says_when_the_scabs_were_off() -> None:
    closed = date(2026, 3, 18)
    assert anchor_date(facts(skin_closed=closed), "scabs_off") == closed
    assert anchor_date(facts(skin_closed=closed, scabs_off=date(2026, 3, 12)), "scabs_off") == date(2026, 3, 12)
    assert anchor_date(facts(scabs_off=closed), "skin_closed") is None
    assert anchor_date(facts(skin_closed=closed), "next_treatment") is None


# --- days and slots -----------------------------------------------------------------------------------------------


def due(
    span: tuple[str, str],
    times: list[str],
    *,
    every: int | None = None,
    asked: tuple[date, date] = ALWAYS,
    clock: WallClock = LONDON,
    pauses: Sequence[PauseSpan] = (),
) -> list[str]:
    kind: FrequencyType = "every_n_days" if every else "times_per_day"
    frequency = Frequency(kind, len(times), every, tuple(time.fromisoformat(at) for at in times))
    window = StepSpan(utc(span[0]), utc(span[1]), provisional=False)
    days = list_due_days(frequency, frequency.suggested_times, window, clock, asked, join_pauses(pauses))
    return [f"{day.on:%m-%d} {clock.wall(slot.at):%H:%M}#{slot.number}" for day in days for slot in day.due]


def test_a_slot_keeps_its_number_when_an_earlier_one_falls_outside() -> None:
    assert due(("2026-03-02 14:30", "2026-03-03 14:30"), ["12:00", "15:00", "18:00", "21:00"]) == [
        "03-02 15:00#2",
        "03-02 18:00#3",
        "03-02 21:00#4",
        "03-03 12:00#1",
    ]


def test_the_start_belongs_to_the_window_and_the_end_does_not() -> None:
    assert due(("2026-03-02 08:00", "2026-03-03 08:00"), ["08:00"]) == ["03-02 08:00#1"]


def test_every_n_days_counts_from_the_first_day_with_a_time_in_the_window() -> None:
    span = ("2026-03-02 21:30", "2026-03-10 00:00")
    assert due(span, ["21:00"], every=3) == ["03-03 21:00#1", "03-06 21:00#1", "03-09 21:00#1"]
    assert due(("2026-03-02 21:30", "2026-03-08 00:00"), ["21:00"], every=2) == [
        "03-03 21:00#1",
        "03-05 21:00#1",
        "03-07 21:00#1",
    ]
    # the first day has only the later of two times, and still counts
    assert due(span, ["08:00", "22:00"], every=3)[:2] == ["03-02 22:00#2", "03-05 08:00#1"]


@pytest.mark.parametrize("first", range(-3, 15))
def test_asking_for_some_days_gives_what_all_days_hold_there(first: int) -> None:
    span = ("2026-03-02 21:30", "2026-03-12 00:00")
    asked = (date(2026, 3, 2) + first * DAY, date(2026, 3, 2) + (first + 2) * DAY)
    for every in (None, 2, 3, 5):
        everything = due(span, ["08:00", "21:00"], every=every)
        days = {f"{asked[0] + n * DAY:%m-%d}" for n in range(3)}
        assert due(span, ["08:00", "21:00"], every=every, asked=asked) == [d for d in everything if d[:5] in days]


@pytest.mark.parametrize(
    ("zone", "span", "found"),
    [
        ("Pacific/Pago_Pago", ("2026-03-02 00:00", "2026-03-03 00:00"), ["03-01 20:00#1"]),  # 07:00 UTC on the 2nd
        ("Pacific/Kiritimati", ("2026-03-02 00:00", "2026-03-03 00:00"), ["03-02 20:00#1"]),  # 06:00 UTC on the 2nd
        ("Pacific/Kiritimati", ("2026-03-01 00:00", "2026-03-02 06:00"), ["03-01 20:00#1"]),
        ("Pacific/Kiritimati", ("2026-03-01 12:00", "2026-03-01 13:00"), []),
    ],
)
def test_a_plan_date_may_lie_beside_the_utc_dates_of_its_window(
    zone: str, span: tuple[str, str], found: list[str]
) -> None:
    for every in (None, 3):
        assert due(span, ["20:00"], every=every, clock=WallClock(zone, zone)) == found


def test_after_crossing_the_date_line_twice_plan_dates_lie_days_beside_utc() -> None:
    legs = [("2026-03-04 00:00", "Pacific/Pago_Pago"), ("2026-03-06 00:00", "Pacific/Kiritimati")]
    legs += [("2026-03-08 00:00", "Pacific/Pago_Pago"), ("2026-03-10 00:00", "Pacific/Kiritimati")]
    clock = WallClock("Pacific/Kiritimati", "Pacific/Kiritimati", [ZoneChange(utc(at), zone) for at, zone in legs])
    span = StepSpan(utc("2026-03-02 00:00"), utc("2026-03-12 00:00"), provisional=False)
    frequency = Frequency("times_per_day", 1, None, (time(1),))
    days = list(list_due_days(frequency, (time(1),), span, clock, ALWAYS))
    assert [day.on for day in days] == [days[0].on + n * DAY for n in range(len(days))]
    assert len(days) >= 9


def test_an_empty_window_has_no_occurrences() -> None:
    for every in (None, 2):
        assert due(("2026-03-10 00:00", "2026-03-05 00:00"), ["08:00"], every=every) == []
        assert due(("2026-03-10 09:00", "2026-03-10 10:00"), ["08:00"], every=every) == []


def test_two_times_at_one_instant_are_one_occurrence_the_earlier_slot() -> None:
    paris = WallClock("Europe/Paris", "Europe/Paris")  # 02:30 does not exist on 29 March and is read as 03:30
    slots = slot_times((time(3, 30), time(2, 30)), date(2026, 3, 29), paris)
    assert [(slot.number, slot.at) for slot in slots] == [(1, utc("2026-03-29 01:30"))]


def test_times_out_of_order_keep_their_numbers_and_come_in_order_of_time() -> None:
    slots = slot_times((time(20, 0), time(8, 0)), date(2026, 3, 3), LONDON)
    assert [(slot.number, slot.at.hour) for slot in slots] == [(2, 8), (1, 20)]


def test_a_date_that_does_not_exist_doubles_nothing() -> None:
    apia = WallClock("Pacific/Apia", "Pacific/Apia")  # 30 December 2011 was left out
    span = ("2011-12-28 20:00", "2012-01-01 12:00")
    assert due(span, ["09:00"], clock=apia) == [
        "12-29 09:00#1",
        "12-30 09:00#1",  # shown on the 31st, and not a second time for the 31st
        "01-01 09:00#1",
    ]


def test_a_step_of_every_other_day_loses_nothing_to_a_date_that_does_not_exist() -> None:
    apia = WallClock("Pacific/Apia", "Pacific/Apia")
    span = ("2011-12-29 00:00", "2012-01-03 00:00")
    assert due(span, ["09:00"], every=2, clock=apia) == ["12-29 09:00#1", "12-31 09:00#1", "01-02 09:00#1"]


# --- pauses -------------------------------------------------------------------------------------------------------

MARCH = ("2026-03-02 00:00", "2026-03-20 00:00")


def pause(begun: str, over: str | None = None) -> PauseSpan:
    return PauseSpan(utc(f"2026-03-{begun}"), None if over is None else utc(f"2026-03-{over}"))


@pytest.mark.parametrize(
    ("pauses", "days"),
    [
        pytest.param([], "02 05 08 11 14 17", id="none"),
        pytest.param([pause("06 00:00", "07 00:00")], "02 05 08 11 14 17", id="between two due days"),
        pytest.param([pause("05 00:00", "07 09:00")], "02 07 10 13 16 19", id="over one"),
        pytest.param([pause("05 20:00", "07 20:00")], "02 07 10 13 16 19", id="both ends on the minute"),
        pytest.param([pause("05 20:01", "07 20:00")], "02 05 08 11 14 17", id="begun a minute after it was due"),
        pytest.param([pause("05 00:00", "07 20:01")], "02 08 11 14 17", id="over a minute after the time of day"),
        pytest.param([pause("04 00:00", "12 09:00")], "02 12 15 18", id="over several"),
        pytest.param([pause("05 00:00", "05 21:00"), pause("09 00:00", "10 00:00")], "02 06 10 13 16 19", id="two"),
        pytest.param([pause("05 00:00", "06 09:00"), pause("06 12:00", "08 09:00")], "02 08 11 14 17", id="again"),
        pytest.param(
            [pause("05 00:00", "07 00:00"), pause("06 00:00", "09 00:00")], "02 09 12 15 18", id="overlapping"
        ),
        pytest.param([pause("06 00:00", "09 00:00"), pause("05 00:00", "06 00:00")], "02 09 12 15 18", id="touching"),
        pytest.param([pause("01 00:00", "04 09:00")], "04 07 10 13 16 19", id="over the start"),
        pytest.param([pause("17 00:00", "25 00:00")], "02 05 08 11 14", id="over the end"),
        pytest.param([pause("08 00:00")], "02 05", id="without an end"),
        pytest.param([pause("08 00:00", "10 00:00"), pause("09 00:00")], "02 05", id="joined with one without an end"),
        pytest.param([pause("05 20:00", "05 20:00")], "02 05 08 11 14 17", id="empty"),
    ],
)
def test_a_pause_moves_a_step_of_every_three_days_behind_it(pauses: list[PauseSpan], days: str) -> None:
    assert due(MARCH, ["20:00"], every=3, pauses=pauses) == [f"03-{day} 20:00#1" for day in days.split()]


def test_a_due_day_that_kept_one_of_its_times_was_not_taken() -> None:
    noon_to_noon = [pause("05 12:00", "07 12:00")]
    assert due(MARCH, ["08:00", "20:00"], every=3, pauses=noon_to_noon)[:5] == [
        "03-02 08:00#1",
        "03-02 20:00#2",
        "03-05 08:00#1",
        "03-08 08:00#1",
        "03-08 20:00#2",
    ]


def test_the_first_day_after_a_pause_may_have_only_its_later_time() -> None:
    taken = [pause("05 00:00", "07 12:00")]
    assert due(MARCH, ["08:00", "20:00"], every=3, pauses=taken)[2:5] == [
        "03-07 20:00#2",
        "03-10 08:00#1",
        "03-10 20:00#2",
    ]


def test_two_pauses_that_share_a_due_day_took_it_and_the_later_one_says_when_it_comes() -> None:
    shared = [pause("05 00:00", "05 09:00"), pause("05 19:00", "06 09:00")]
    assert due(MARCH, ["08:00", "20:00"], every=3, pauses=shared)[2:4] == ["03-06 20:00#2", "03-09 08:00#1"]


def test_a_daily_step_loses_what_falls_into_a_pause_and_moves_nothing() -> None:
    held = [pause("03 12:00", "05 12:00")]
    assert due(("2026-03-02 00:00", "2026-03-07 00:00"), ["08:00", "20:00"], pauses=held) == [
        "03-02 08:00#1",
        "03-02 20:00#2",
        "03-03 08:00#1",
        "03-05 20:00#2",
        "03-06 08:00#1",
        "03-06 20:00#2",
    ]


def walk_through(
    times: tuple[time, ...], every: int, span: StepSpan, clock: WallClock, pauses: list[PauseSpan]
) -> list[str]:
    """The rule told day by day, slowly: what `list_due_days` must agree with."""

    def held_by(at: datetime) -> list[PauseSpan]:
        return [p for p in pauses if p.from_at <= at and (p.until_at is None or at < p.until_at)]

    def first_from(on: date, start: datetime) -> Iterator[date]:
        while on <= date(2026, 6, 1):
            if any(max(start, span.start) <= slot.at < span.end for slot in slot_times(times, on, clock)):
                yield on
            on += DAY

    found: list[str] = []
    on = next(first_from(date(2026, 2, 1), span.start), None)
    while on is not None and on <= date(2026, 6, 1):
        due_then = [slot for slot in slot_times(times, on, clock) if span.start <= slot.at < span.end]
        found += [f"{on} {slot.number}" for slot in due_then if not held_by(slot.at)]
        if not due_then or any(not held_by(slot.at) for slot in due_then):
            on += every * DAY
            continue
        free_at = due_then[-1].at
        while held := held_by(free_at):
            if any(p.until_at is None for p in held):
                return found
            free_at = max(p.until_at for p in held if p.until_at is not None)
        on = next(first_from(on, free_at), None)
    return found


quarters = st.integers(0, 40 * 96).map(lambda n: utc("2026-03-01 00:00") + n * timedelta(minutes=15))
some_pauses = st.lists(
    st.tuples(quarters, st.none() | st.integers(0, 12 * 96)).map(
        lambda p: PauseSpan(p[0], None if p[1] is None else p[0] + p[1] * timedelta(minutes=15))
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1, max_size=3).map(tuple),
    st.integers(2, 6),
    quarters,
    quarters,
    some_pauses,
    st.lists(st.tuples(quarters, st.sampled_from(ZONES)), max_size=2),
)
def test_pauses_shift_every_rhythm_as_the_rule_says_it_day_by_day(
    times: tuple[time, ...],
    every: int,
    start: datetime,
    end: datetime,
    pauses: list[PauseSpan],
    legs: list[tuple[datetime, str]],
) -> None:
    clock = WallClock("Europe/London", "Europe/London", [ZoneChange(at, zone) for at, zone in legs])
    span = StepSpan(start, end, provisional=False)
    frequency = Frequency("every_n_days", len(times), every, times)
    days = list(list_due_days(frequency, times, span, clock, ALWAYS, join_pauses(pauses)))
    expected = walk_through(times, every, span, clock, pauses) if start < end else []
    assert [f"{day.on} {slot.number}" for day in days for slot in day.due] == expected
    for day in days[:3]:
        alone = list(list_due_days(frequency, times, span, clock, (day.on, day.on), join_pauses(pauses)))
        assert alone == [day]
