"""When a care step is due: windows between anchors, recurrences, slots (protocols rules 4 to 16)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from schedules.facts import PlanFacts
from schedules.protocol import AnchorName, CareStep, Frequency, FrequencyType, StepWindow, WindowEnd
from schedules.recurrence import StepSpan, anchor_date, list_due_days, resolve_span, slot_times
from schedules.wall_clock import WallClock

DAY = timedelta(days=1)
ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))
LONDON = WallClock("Europe/London", "Europe/London")
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
    span = resolve_span(step(("treatment_end", 24), ("treatment_end", 48), (9, 9)), spring)
    assert span == StepSpan(utc("2026-03-29 14:30"), utc("2026-03-30 14:30"), provisional=False)


def test_days_from_the_other_anchors_are_calendar_days_from_local_midnight() -> None:
    span = resolve_span(OIL, facts(scabs_off=date(2026, 3, 27), skin_closed=date(2026, 3, 28)))
    assert span == StepSpan(utc("2026-03-28 00:00"), utc("2026-03-29 23:00"), provisional=False)


def test_hours_before_an_anchor_count_back() -> None:
    no_tan = step(("next_treatment", -720), ("next_treatment", 0), (26, 56))
    span = resolve_span(no_tan, facts(next_treatment=date(2026, 5, 1)))
    assert span == StepSpan(utc("2026-04-01 00:00") - timedelta(hours=1), utc("2026-04-30 23:00"), provisional=False)


def test_an_unknown_end_is_the_end_of_the_last_plan_day_and_then_moves_with_today() -> None:
    assert resolve_span(WASH, facts("2026-03-02")).end == utc("2026-03-15 00:00")
    assert resolve_span(WASH, facts("2026-03-14")).end == utc("2026-03-15 00:00")
    assert resolve_span(WASH, facts("2026-03-22")).end == utc("2026-03-23 00:00")
    assert not resolve_span(WASH, facts("2026-03-22")).provisional


def test_an_unknown_start_is_a_forecast_that_is_never_due_today() -> None:
    assert resolve_span(OIL, facts("2026-03-02")).start == utc("2026-03-15 00:00")
    assert resolve_span(OIL, facts("2026-03-14")).start == utc("2026-03-15 00:00")
    assert resolve_span(OIL, facts("2026-03-22")).start == utc("2026-03-23 00:00")
    assert resolve_span(OIL, facts("2026-03-22")).provisional


def test_each_end_is_worked_out_by_itself() -> None:
    half_known = resolve_span(OIL, facts("2026-03-22", scabs_off=date(2026, 3, 20)))
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
) -> list[str]:
    kind: FrequencyType = "every_n_days" if every else "times_per_day"
    frequency = Frequency(kind, len(times), every, tuple(time.fromisoformat(at) for at in times))
    window = StepSpan(utc(span[0]), utc(span[1]), provisional=False)
    days = list_due_days(frequency, frequency.suggested_times, window, clock, asked)
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
