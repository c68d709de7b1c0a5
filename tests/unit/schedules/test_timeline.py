"""The dated plan: what is in it, and what flags, pauses, anchors and journeys do to it (protocols rules 10 to 58)."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from schedules.catalog import latest
from schedules.facts import DayWindow, FlagSpan, Occurrence, PauseSpan, PlanFacts, ZoneChange
from schedules.protocol import CareStep, CheckInPlan, Frequency, PhotoCheckIn, Protocol, StepWindow, WindowEnd
from schedules.protocol_terms import AnchorName
from schedules.timeline import build_timeline

ENDED_AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
DAY_0 = date(2026, 3, 2)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def at(day: int, hour: float = 0) -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC) + day * DAY + hour * HOUR


def facts(**known: Any) -> PlanFacts:
    basis = PlanFacts(treatment_ended_at=ENDED_AT, plan_zone="Europe/London", today=DAY_0, site="scalp")
    return replace(basis, **known)


def step(step_id: str = "wash", **changed: Any) -> CareStep:
    basis = CareStep(
        id=step_id,
        title=step_id.title(),
        instruction="",
        kind="clean",
        sites=("scalp",),
        care_styles=("dry", "moist"),
        window=StepWindow(WindowEnd("treatment_end", 24), WindowEnd("treatment_end", 240), (1, 10)),
        frequency=Frequency("times_per_day", 1, None, (time(20),)),
        duration_min=None,
        remind="each_time",
        default_on=True,
        clinic_must_confirm=False,
        stop_when=(),
        evidence="assumption",
        note=None,
        sources=(),
    )
    return replace(basis, **changed)


def rule(step_id: str, start: tuple[AnchorName, int], end: tuple[AnchorName, int], **changed: Any) -> CareStep:
    window = StepWindow(WindowEnd(*start), WindowEnd(*end), (0, 10))
    frequency = Frequency("continuous", None, None, ())
    return step(step_id, **{"window": window, "frequency": frequency, "remind": "window_start", **changed})


def protocol(
    *steps: CareStep, check_ins: tuple[CheckInPlan, ...] = (), photos: tuple[PhotoCheckIn, ...] = ()
) -> Protocol:
    care_steps = {each.id: each for each in steps}
    return replace(latest("laser"), care_steps=care_steps, check_ins=check_ins, photo_check_ins=photos)


def check_in(day: int, at_h: int | None = None, *, waits: bool = False) -> CheckInPlan:
    return CheckInPlan(day, at_h, (), optional=waits, condition="not_ready_yet" if waits else None)


def keys(plan: Protocol, known: PlanFacts, window: DayWindow | None = None, zone: str = "Europe/London") -> list[str]:
    return [each.key for each in build_timeline(plan, known, zone, window).occurrences]


def one(plan: Protocol, known: PlanFacts) -> Occurrence:
    (only,) = build_timeline(plan, known, "Europe/London").occurrences
    return only


# --- which steps --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "known", "is_in"),
    [
        ({}, {}, True),
        ({"sites": ("brows",)}, {}, False),
        ({"sites": ("brows",)}, {"site": "brows"}, True),
        ({"care_styles": ("moist",)}, {"care_style": "dry"}, False),
        ({"care_styles": ("moist",)}, {"care_style": "moist"}, True),
        ({"care_styles": ("moist",)}, {}, True),  # laser heals moist by default
        ({"default_on": False}, {}, False),
        ({"default_on": False}, {"turned_on_steps": frozenset({"wash"})}, True),
        ({"default_on": False}, {"confirmed_steps": frozenset({"wash"})}, False),
    ],
)
def test_a_step_is_in_the_plan_by_site_care_style_and_switch(
    changed: dict[str, Any], known: dict[str, Any], is_in: bool
) -> None:
    assert bool(keys(protocol(step(**changed)), facts(**known))) == is_in


def test_a_step_that_waits_for_the_clinic_is_marked_until_it_is_confirmed() -> None:
    plan = protocol(step(clinic_must_confirm=True))
    waiting = build_timeline(plan, facts(), "Europe/London").occurrences
    confirmed = build_timeline(plan, facts(confirmed_steps=frozenset({"wash"})), "Europe/London").occurrences
    assert {each.withheld for each in waiting} == {True}
    assert {each.withheld for each in confirmed} == {False}
    assert [each.key for each in waiting] == [each.key for each in confirmed]


def test_the_clients_own_times_stand_in_for_the_suggested_ones() -> None:
    moved = facts(step_times={"wash": (time(9), time(21, 30))})
    found = build_timeline(protocol(step()), moved, "Europe/London", DayWindow(2, 2)).occurrences
    assert [(each.key, each.local.time()) for each in found] == [
        ("wash@d2#1", time(9)),
        ("wash@d2#2", time(21, 30)),
    ]


def test_an_occurrence_says_what_it_is() -> None:
    found = build_timeline(protocol(step(kind="mask")), facts(), "Europe/London", DayWindow(3, 3)).occurrences
    assert [(e.kind, e.step_id, e.step_kind, e.title, e.day, e.slot, e.entry, e.remind) for e in found] == [
        ("care_step", "wash", "mask", "Wash", 3, 1, "slot", "each_time")
    ]
    assert found[0].local == datetime(2026, 3, 5, 20)


# --- rules --------------------------------------------------------------------------------------------------------


def test_a_rule_is_one_entry_under_the_day_it_starts() -> None:
    only = one(
        protocol(rule("no_soak", ("scabs_off", 48), ("skin_closed", 0))),
        facts(anchors={"scabs_off": date(2026, 3, 8), "skin_closed": date(2026, 3, 14)}),
    )
    assert (only.key, only.entry, only.window.opens_at, only.window.due_at, only.window.closes_at) == (
        "no_soak@d8#1",
        "rule",
        at(8),
        at(8),
        at(12),
    )


def test_an_as_needed_step_is_one_entry_too() -> None:
    relief = step(frequency=Frequency("as_needed", None, None, ()), remind="none")
    assert [one(protocol(relief), facts()).entry, one(protocol(relief), facts()).key] == ["as_needed", "wash@d1#1"]


def test_a_rule_is_given_for_every_day_on_which_it_holds() -> None:
    plan = protocol(rule("no_soak", ("treatment_end", 48), ("treatment_end", 96)))
    assert [bool(keys(plan, facts(), DayWindow(day, day))) for day in range(1, 8)] == [
        False,
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_rule_that_ends_at_midnight_does_not_hold_on_the_day_that_begins_then() -> None:
    plan = protocol(rule("no_soak", ("treatment_end", 48), ("skin_closed", 0)))
    known = facts(anchors={"skin_closed": DAY_0 + 6 * DAY})
    assert [keys(plan, known, DayWindow(day, day)) for day in (5, 6)] == [["no_soak@d2#1"], []]


def test_only_the_rule_that_starts_with_the_plan_has_no_message_of_its_own() -> None:
    with_plan = rule("hands", ("treatment_end", 0), ("treatment_end", 96))
    later = rule("blisters", ("treatment_end", 8), ("treatment_end", 96))
    found = build_timeline(protocol(with_plan, later), facts(), "Europe/London").occurrences
    assert {each.step_id: each.silent for each in found} == {"hands": True, "blisters": False}


@pytest.mark.parametrize(("offset_h", "loud"), [(0, []), (24, ["wash@d1#2"])])
def test_a_step_of_slots_with_one_message_speaks_at_its_first_slot(offset_h: int, loud: list[str]) -> None:
    once = step(
        remind="window_start",
        frequency=Frequency("times_per_day", 2, None, (time(8), time(20))),
        window=StepWindow(WindowEnd("treatment_end", offset_h), WindowEnd("treatment_end", 96), (0, 4)),
    )
    for asked in (None, DayWindow(1, 2)):
        found = build_timeline(protocol(once), facts(), "Europe/London", asked).occurrences
        assert len(found) > 2
        assert [each.key for each in found if not each.silent] == loud


# --- anchors ------------------------------------------------------------------------------------------------------


def test_an_empty_window_has_no_entry() -> None:
    no_razor = rule("no_razor", ("skin_closed", 0), ("treatment_end", 24 * 7))
    assert keys(protocol(no_razor), facts(anchors={"skin_closed": date(2026, 3, 20)})) == []


def test_what_hangs_on_an_unknown_start_is_a_forecast() -> None:
    oil = step("oil", window=StepWindow(WindowEnd("scabs_off", 0), WindowEnd("treatment_end", 480), (12, 20)))
    forecast = build_timeline(protocol(oil), facts(), "Europe/London").occurrences
    assert forecast[0].key == "oil@d12#1"
    assert all(each.provisional for each in forecast)
    known = build_timeline(protocol(oil), facts(anchors={"scabs_off": date(2026, 3, 10)}), "Europe/London").occurrences
    assert known[0].key == "oil@d8#1"
    assert not any(each.provisional for each in known)


def test_saline_with_the_scabs_still_on_at_day_20_washes_on_and_oils_nothing() -> None:
    late = facts(today=DAY_0 + 20 * DAY, confirmed_steps=frozenset({"after_scab_oil"}))
    found = build_timeline(latest("saline"), late, "Europe/London").occurrences
    tasks = [each for each in found if each.entry == "slot" and each.step_id]
    assert {"wash", "blot"} <= {each.step_id for each in tasks if each.day == 20}
    waiting = [each for each in tasks if each.step_id in ("after_scab_oil", "sunscreen")]
    assert {each.step_id for each in waiting} == {"after_scab_oil", "sunscreen"}
    assert all(each.day > 20 and each.provisional for each in waiting)


@pytest.mark.parametrize("method", ["laser", "saline", "undo"])
@pytest.mark.parametrize("anchor", ["scabs_off", "next_treatment"])
def test_knowing_one_anchor_moves_only_what_hangs_on_it(method: str, anchor: AnchorName) -> None:
    plan = latest(method)
    hanging = {
        each.id for each in plan.care_steps.values() if anchor in (each.window.start.anchor, each.window.end.anchor)
    }
    before = build_timeline(plan, facts(), "Europe/London").occurrences
    after = build_timeline(plan, facts(anchors={anchor: DAY_0 + 60 * DAY}), "Europe/London").occurrences
    others = [
        [each for each in found if each.kind == "care_step" and each.step_id not in hanging]
        for found in (before, after)
    ]
    assert others[0] == others[1]
    assert bool(hanging) == any(each.step_id in hanging for each in set(before) ^ set(after))


# --- check-ins and photos -----------------------------------------------------------------------------------------


def test_check_ins_are_due_by_hours_or_at_the_clients_time() -> None:
    plan = protocol(check_ins=(check_in(0, 3), check_in(1), check_in(2, 50)))
    found = build_timeline(plan, facts(check_in_at=time(9, 15)), "Europe/London").occurrences
    assert [(each.key, each.kind, each.title, each.window.due_at) for each in found] == [
        ("check_in@d0", "check_in", "Day 0 check-in", ENDED_AT + 3 * HOUR),
        ("check_in@d1", "check_in", "Day 1 check-in", at(1, 9.25)),
        ("check_in@d2", "check_in", "Day 2 check-in", ENDED_AT + 50 * HOUR),
    ]
    marks = {(each.slot, each.remind, each.provisional, each.withheld, each.silent) for each in found}
    assert marks == {(1, "each_time", False, False, False)}


def test_photos_have_a_key_by_when_and_the_window_of_the_days_check_in() -> None:
    photos = tuple(
        PhotoCheckIn(day, when, "full_set", False) for day, when in ((0, "before"), (0, "after"), (4, "any"))
    )
    found = build_timeline(protocol(check_ins=(check_in(0, 3),), photos=photos), facts(), "Europe/London").occurrences
    assert [(each.key, each.window.opens_at, each.window.closes_at) for each in found if each.kind == "photo"] == [
        ("photo@d0#before", at(0, 4), ENDED_AT),
        ("photo@d0#after", ENDED_AT, ENDED_AT + 15 * HOUR),
        ("photo@d4#any", at(4, 4), at(5, 4)),
    ]
    assert {each.remind for each in found if each.kind == "photo"} == {"none"}
    titles = [each.title for each in found if each.kind == "photo"]
    assert titles == ["Photos before the treatment", "Photos after the treatment", "Photos"]


@pytest.mark.parametrize(
    "known",
    [{"not_ready_until": at(70, 7)}, {"anchors": {"next_treatment": DAY_0 + 70 * DAY}}],
)
def test_check_ins_that_wait_for_readiness_end_with_the_sign_off_or_the_next_treatment(known: dict[str, Any]) -> None:
    days = (56, 63, 70, 77)
    plan = protocol(
        check_ins=tuple(check_in(day, waits=day > 60) for day in days),
        photos=tuple(
            PhotoCheckIn(day, "any", "full_set", False, "not_ready_yet" if day > 60 else None) for day in days
        ),
    )
    assert keys(plan, facts(), DayWindow(70, 77)) == [
        "check_in@d70",
        "photo@d70#any",
        "check_in@d77",
        "photo@d77#any",
    ]
    assert keys(plan, facts(**known)) == ["check_in@d56", "photo@d56#any", "check_in@d63", "photo@d63#any"]


# --- flags, pauses, the end ---------------------------------------------------------------------------------------

MANY = (
    step("wash"),
    step("mask", kind="mask"),
    step("gel", kind="apply"),
    step("blot", stop_when=("fever",)),
    rule("no_soak", ("treatment_end", 72), ("treatment_end", 240)),
)
ASKED = ("wash", "mask", "gel", "blot")


@pytest.mark.parametrize(
    ("flag", "stopped"),
    [
        (FlagSpan("chest_pain", "emergency", at(3), at(5, 20)), ASKED),
        (FlagSpan("heat", "same_day", at(3), at(5, 20)), ("mask", "gel")),
        (FlagSpan("fever", "same_day", at(3), at(5, 20)), ("mask", "gel", "blot")),
        (FlagSpan("fever", "practitioner_review", at(3), at(5, 20)), ("blot",)),
        (FlagSpan("dry", "practitioner_review", at(3), at(5, 20)), ()),
    ],
)
def test_a_flag_drops_what_falls_due_while_it_is_open(flag: FlagSpan, stopped: tuple[str, ...]) -> None:
    plan = protocol(*MANY, check_ins=(check_in(4),), photos=(PhotoCheckIn(4, "any", "full_set", False),))
    without, with_flag = keys(plan, facts()), keys(plan, facts(flags=(flag,)))
    # day 5 at 20:00 is the moment it is closed: due again
    assert sorted(set(without) - set(with_flag)) == sorted(f"{name}@d{day}#1" for name in stopped for day in (3, 4))
    assert set(with_flag) <= set(without)


def test_an_open_flag_has_no_end() -> None:
    plan = protocol(*MANY)
    open_flag = facts(flags=(FlagSpan("chest_pain", "emergency", at(3)),))
    assert [key for key in keys(plan, open_flag) if "no_soak" not in key] == [
        f"{name}@d{day}#1" for day in (1, 2) for name in sorted(ASKED)
    ]


@pytest.mark.parametrize(("raised", "closed", "silent"), [(3, 4, True), (2, 3, False), (4, 5, False)])
def test_a_flag_silences_a_rule_only_where_its_message_falls_into_it(raised: int, closed: int, silent: bool) -> None:
    flag = FlagSpan("chest_pain", "emergency", at(raised, 14.5), at(closed, 14.5))
    assert one(protocol(MANY[-1]), facts(flags=(flag,))).silent == silent


def test_a_pause_holds_back_steps_check_ins_and_photos_and_keeps_rules() -> None:
    plan = protocol(
        *MANY,
        check_ins=(check_in(3), check_in(4), check_in(6, 24 * 4)),
        photos=(PhotoCheckIn(4, "any", "full_set", False),),
    )
    paused = facts(pauses=(PauseSpan(at(3), at(5)),))
    gone = set(keys(plan, facts())) - set(keys(plan, paused))
    asked = {f"{name}@d{day}#1" for name in ASKED for day in (3, 4)}
    assert gone == asked | {"check_in@d3", "check_in@d4", "check_in@d6", "photo@d4#any"}
    assert set(keys(plan, paused)) <= set(keys(plan, facts()))
    for_good = facts(pauses=(PauseSpan(at(3)),))
    assert keys(protocol(step()), for_good) == ["wash@d1#1", "wash@d2#1"]


@pytest.mark.parametrize(("begun", "silent"), [(at(3, 14.5), True), (at(3, 14.6), False)])
def test_a_rule_is_silent_if_it_starts_in_a_pause_and_never_goes(begun: datetime, silent: bool) -> None:
    rule_in_pause = one(protocol(MANY[-1]), facts(pauses=(PauseSpan(begun, at(5)),)))
    assert (rule_in_pause.key, rule_in_pause.silent) == ("no_soak@d3#1", silent)


def test_a_step_of_every_few_days_goes_on_after_the_pause_in_its_rhythm_and_days_count_on() -> None:
    mask = step("mask", kind="mask", frequency=Frequency("every_n_days", 1, 3, (time(20),)))
    assert keys(protocol(mask), facts()) == ["mask@d1#1", "mask@d4#1", "mask@d7#1"]
    paused = facts(pauses=(PauseSpan(at(3), at(6, 9)),))
    assert keys(protocol(mask), paused) == ["mask@d1#1", "mask@d6#1", "mask@d9#1"]
    assert keys(protocol(mask), paused, DayWindow(5, 8)) == ["mask@d6#1"]


def test_the_one_message_of_a_step_waits_until_the_pause_is_over() -> None:
    once = step(remind="window_start")
    found = build_timeline(protocol(once), facts(pauses=(PauseSpan(at(0), at(3)),)), "Europe/London").occurrences
    assert [each.key for each in found if not each.silent] == ["wash@d3#1"]


def test_nothing_is_due_from_the_plans_end_on() -> None:
    plan = protocol(
        step(),
        rule("early", ("treatment_end", 0), ("treatment_end", 240)),
        rule("late", ("treatment_end", 96), ("treatment_end", 240)),
        check_ins=(check_in(2), check_in(5)),
        photos=(PhotoCheckIn(5, "any", "full_set", False),),
    )
    ended = build_timeline(plan, facts(ended_at=at(3, 20)), "Europe/London").occurrences
    assert [each.key for each in ended] == ["early@d0#1", "wash@d1#1", "check_in@d2", "wash@d2#1"]
    assert ended[0].window.closes_at == at(3, 20)


# --- zones --------------------------------------------------------------------------------------------------------


def test_travel_moves_times_of_day_and_nothing_else() -> None:
    plan = protocol(*MANY, check_ins=(check_in(0, 3), check_in(5), check_in(6, 150)))
    away = facts(zones=(ZoneChange(at(4, 12), "Asia/Tokyo"),))
    home = {each.key: each for each in build_timeline(plan, facts(), "Europe/London").occurrences}
    gone = {each.key: each for each in build_timeline(plan, away, "Asia/Tokyo").occurrences}
    # the window ends on day 10 at 14:30 in London: the evening of that day in Tokyo still lies in it
    assert set(gone) - set(home) == {f"{name}@d10#1" for name in ASKED}
    assert set(home) <= set(gone)
    for key, occurrence in gone.items():
        elapsed = key in ("check_in@d0", "check_in@d6", "no_soak@d3#1")
        if elapsed or occurrence.day < 4:
            assert occurrence.window.due_at == home[key].window.due_at
        elif key in home and occurrence.day > 4:
            assert home[key].window.due_at - occurrence.window.due_at == 9 * HOUR
            assert occurrence.local.time() == home[key].local.time()


def test_every_occurrence_says_by_which_clock_it_is_due() -> None:
    relief = step("relief", frequency=Frequency("as_needed", None, None, ()), remind="none")
    plan = protocol(
        step("wash"),
        step("mask", frequency=Frequency("every_n_days", 1, 2, (time(9),))),
        relief,
        rule("no_soak", ("treatment_end", 72), ("treatment_end", 240)),
        rule("no_sun", ("scabs_off", 0), ("treatment_end", 240)),
        check_ins=(check_in(0, 3), check_in(3)),
        photos=tuple(
            PhotoCheckIn(day, when, "full_set", False)
            for day, when in ((0, "before"), (0, "after"), (3, "any"), (4, "any"))
        ),
    )
    found = build_timeline(plan, facts(anchors={"scabs_off": DAY_0 + 5 * DAY}), "Europe/London").occurrences
    by_hours = {each.key for each in found if each.clock == "elapsed"}
    assert by_hours == {"relief@d1#1", "no_soak@d3#1", "check_in@d0", "photo@d0#after"}
    assert {each.clock for each in found} == {"elapsed", "client_wall"}


def test_an_occurrence_cannot_be_changed() -> None:
    made = one(
        protocol(step(window=StepWindow(WindowEnd("treatment_end", 0), WindowEnd("treatment_end", 24), (0, 1)))),
        facts(),
    )
    assert (made.optional, made.silent, made.clock) == (False, False, "client_wall")
    with pytest.raises(AttributeError):
        made.silent = True  # type: ignore[misc]


@pytest.mark.parametrize("wrong", ["Mars/Olympus", "Europe", "Europe/", "Factory", "", "x" * 300, "../UTC"])
def test_an_unknown_zone_is_an_error_that_names_it_wherever_it_stands(wrong: str) -> None:
    told = rf"^{re.escape(repr(wrong)[:80])} is not an IANA time zone"
    for known, zone in (
        (facts(), wrong),
        (facts(plan_zone=wrong), "Europe/London"),
        (facts(zones=(ZoneChange(at(5), wrong),)), "Europe/London"),
    ):
        with pytest.raises(ValueError, match=told):
            build_timeline(protocol(), known, zone, DayWindow(0, 0))


@pytest.mark.parametrize(
    "known",
    [
        {"treatment_ended_at": datetime(9999, 12, 31, 23, tzinfo=UTC)},
        {"treatment_ended_at": datetime(1, 1, 1, tzinfo=UTC)},
        {"anchors": {"next_treatment": date.max}},
        {"anchors": {"scabs_off": date(2026, 3, 9), "skin_closed": date.min}},
    ],
)
def test_dates_that_no_plan_can_have_are_one_clear_error(known: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^a plan lies within 1900 to 2200, got treatment end \S+(, \w+ \S+)*$"):
        build_timeline(latest("laser"), facts(**known), "Europe/London")


@pytest.mark.parametrize("year", [1900, 2200])
def test_the_first_and_the_last_year_have_whole_plans(year: int) -> None:
    known = facts(treatment_ended_at=datetime(year, 7, 2, 14, 30, tzinfo=UTC), today=date(year, 7, 2))
    assert len(build_timeline(latest("laser"), known, "Europe/London").occurrences) > 100


def test_days_far_out_are_days_without_anything() -> None:
    assert keys(latest("laser"), facts(), DayWindow(10**6, 10**7)) == []
    assert keys(latest("laser"), facts(), DayWindow(-(10**7), -(10**6))) == []
    assert keys(latest("laser"), facts(), DayWindow(-(10**9), 10**9)) == keys(latest("laser"), facts())
    assert keys(latest("laser"), facts(), DayWindow(9, 3)) == []
