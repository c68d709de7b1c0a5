"""What a change does to a plan (PROMISES T5): every moved step is named, what is done never moves."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schedules.catalog import latest
from schedules.diff import TimelineDiff, diff_timelines
from schedules.facts import DueWindow, Occurrence, PlanFacts, Timeline
from schedules.timeline import build_timeline

ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
DAY_0 = date(2026, 1, 5)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)


def slot(key: str, due: datetime, **other: object) -> Occurrence:
    window = DueWindow(due - timedelta(hours=1), due, due + timedelta(hours=2))
    step = key.partition("@")[0]
    made = Occurrence(key, "care_step", step, 1, 1, window, due.replace(tzinfo=None), step, "clean")
    return made._replace(**other)


def diff(before: list[Occurrence], after: list[Occurrence], settled: frozenset[str] = frozenset()) -> TimelineDiff:
    return diff_timelines(Timeline(tuple(before)), Timeline(tuple(after)), settled, NOW)


def test_the_same_timeline_is_no_change() -> None:
    same = [slot("wash@d11#1", at(11)), slot("wash@d12#1", at(12))]
    assert diff(same, same) == TimelineDiff(unchanged=2)
    assert diff(same, same).is_empty


def test_a_key_with_another_time_has_moved() -> None:
    found = diff([slot("wash@d11#1", at(11))], [slot("wash@d11#1", at(11, 18))])
    assert [(one.key, one.title, one.from_local.hour, one.to_local.hour) for one in found.moved] == [
        ("wash@d11#1", "wash", 9, 18)
    ]
    assert [(one.step_id, one.before and one.before.first.hour) for one in found.steps] == [("wash", 9)]
    assert not found.is_empty


def test_what_is_done_or_over_never_moves_and_is_never_withdrawn() -> None:
    before = [slot("wash@d11#1", at(11)), slot("wash@d2#1", at(2))]
    after = [slot("wash@d11#1", at(11, 18)), slot("wash@d2#1", at(2, 18))]
    assert diff(before, after, frozenset({"wash@d11#1"})) == TimelineDiff(unchanged=2)
    assert diff(before, [], frozenset({"wash@d11#1"})) == TimelineDiff()


def test_what_closes_at_this_moment_is_over() -> None:
    closing = slot("wash@d10#1", at(10, 7))
    assert closing.window.closes_at == NOW
    assert diff([closing], []) == TimelineDiff()
    earlier = slot("wash@d10#1", at(10, 6))
    assert diff([closing], [earlier]) == diff([earlier], [closing]) == TimelineDiff(unchanged=1)


def test_what_moved_what_is_new_and_what_stays_are_counted_apart() -> None:
    stays, moves = slot("wash@d11#1", at(11)), slot("wash@d12#1", at(12))
    found = diff([stays, moves], [stays, slot("wash@d12#1", at(12, 18)), slot("wash@d13#1", at(13))])
    assert (len(found.moved), len(found.new), found.unchanged) == (1, 1, 1)
    (step,) = found.steps
    assert step.title == "wash"
    assert step.before is not None
    assert step.after is not None
    assert (step.before.first, step.before.last) == (stays.local, moves.local)
    assert (step.after.first, step.after.last) == (stays.local, at(13).replace(tzinfo=None))


def test_what_comes_new_into_the_past_is_not_new() -> None:
    """Protocols rule 20."""
    assert diff([], [slot("wash@d2#1", at(2))]).new == ()
    assert [one.key for one in diff([], [slot("wash@d12#1", at(12))]).new] == ["wash@d12#1"]


def test_what_is_left_out_to_come_is_withdrawn() -> None:
    found = diff([slot("wash@d12#1", at(12))], [])
    assert [one.key for one in found.withdrawn] == ["wash@d12#1"]
    assert [(step.step_id, step.after) for step in found.steps] == [("wash", None)]


def test_a_forecast_that_becomes_certain_is_named() -> None:
    before, after = slot("oil@d14#1", at(14), provisional=True), slot("oil@d14#1", at(14))
    step = diff([before], [after]).steps[0]
    assert step.before is not None
    assert step.after is not None
    assert (step.before.forecast, step.after.forecast) == (True, False)


def test_a_rule_moves_with_its_window_and_a_withheld_step_is_nobodys_business_yet() -> None:
    rule = slot("no_soak@d0#1", at(0), entry="rule", window=DueWindow(at(0), at(0), at(14)))
    longer = rule._replace(window=DueWindow(at(0), at(0), at(16)))
    found = diff([rule], [longer])
    assert found.steps[0].before is not None
    assert (found.steps[0].before.last, found.steps[0].before.first) == (
        datetime(2026, 1, 19, 9),
        datetime(2026, 1, 5, 9),
    )
    assert diff([rule._replace(withheld=True)], [longer._replace(withheld=True)]).steps == ()


def test_a_check_in_is_no_step() -> None:
    check_in = slot("check_in@d12", at(12), kind="check_in", step_id=None)
    assert diff([], [check_in]).steps == ()


def healed(method: str, scabs_off: int) -> Timeline:
    facts = PlanFacts(
        ENDED_AT, "Europe/London", DAY_0 + timedelta(days=10), "scalp",
        anchors={"scabs_off": DAY_0 + timedelta(days=scabs_off)},
    )  # fmt: skip
    return build_timeline(latest(method), facts, "Europe/London")


def waiting(method: str) -> Timeline:
    facts = PlanFacts(ENDED_AT, "Europe/London", DAY_0 + timedelta(days=10), "scalp")
    return build_timeline(latest(method), facts, "Europe/London")


def test_fallen_scabs_name_every_step_that_hangs_on_them() -> None:
    protocol = latest("saline")
    found = diff_timelines(waiting("saline"), healed("saline", 10), frozenset(), NOW)
    hanging = {
        step.id
        for step in protocol.care_steps.values()
        if "scabs_off" in (step.window.start.anchor, step.window.end.anchor)
        and step.default_on and not step.clinic_must_confirm
        and "dry" in step.care_styles and "scalp" in step.sites
    }  # fmt: skip
    assert hanging <= {step.step_id for step in found.steps}


@given(st.sampled_from(["laser", "saline", "undo"]), st.integers(7, 10), st.sets(st.integers(0, 200)))
def test_there_and_back_again_is_no_change(method: str, day: int, picked: set[int]) -> None:
    """What is new one way is withdrawn the other way, and what is settled is in neither."""
    before, after = waiting(method), healed(method, day)
    keys = [one.key for one in (*before.occurrences, *after.occurrences)]
    settled = frozenset(keys[number % len(keys)] for number in picked)
    there = diff_timelines(before, after, settled, NOW)
    assert settled.isdisjoint(one.key for one in (*there.moved, *there.withdrawn))
    back = diff_timelines(after, before, settled, NOW)
    assert {one.key for one in there.moved} == {one.key for one in back.moved}
    assert {step.step_id for step in there.steps} == {step.step_id for step in back.steps}
    assert diff_timelines(after, after, settled, NOW).is_empty
