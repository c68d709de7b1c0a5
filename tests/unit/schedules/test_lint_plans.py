"""Lint of what clients would get: quiet hours, the daily cap and contradictions, seen in real timelines and pushes."""

from dataclasses import replace
from datetime import time

import pytest

from schedules.lint_plans import Cuts, lint_plans, virtual_plans
from schedules.protocol import CareStep, Protocol, WindowEnd
from tests.unit.schedules.changed_protocols import LASER, SALINE, UNDO, Step, by_path, only, window, with_step


def at(*hours: int) -> Step:
    times = tuple(time(hour) for hour in hours)
    return lambda step: replace(step, frequency=replace(step.frequency, times=len(times), suggested_times=times))


def naming(other: str) -> Step:
    return lambda step: replace(step, contradicts=(other,))


def found(protocol: Protocol, severity: str) -> dict[str, str]:
    return by_path(lint_plans(protocol), severity)


def test_a_window_that_lies_wholly_in_quiet_hours_is_an_error() -> None:
    def at_night(step: CareStep) -> CareStep:  # evening clients: 22:30 to 02:30, morning clients: 14:30 to 18:30
        start, end = WindowEnd("treatment_end", 5), WindowEnd("treatment_end", 8)
        rule = replace(step.frequency, type="continuous", times=None, suggested_times=())
        return replace(window(start, end)(step), frequency=rule, remind="window_start")

    problem = found(only(with_step(at_night), "wash"), "error")["care_steps.wash.window"]
    assert problem == "day 0: the whole window lies in quiet hours (22:00 to 07:30), so nobody is told"


def test_what_can_be_told_before_or_after_quiet_hours_is_no_error() -> None:
    def early(step: CareStep) -> CareStep:
        return replace(step, frequency=replace(step.frequency, suggested_times=(time(6),)))

    assert found(only(with_step(early), "wash"), "error") == {}


def test_a_check_in_of_the_evening_waits_for_the_morning() -> None:
    evening = replace(UNDO, check_ins=(replace(UNDO.check_ins[0], at_h=5), *UNDO.check_ins[1:]))
    assert found(only(evening, "wash"), "error") == {}


@pytest.mark.parametrize(("outcome", "words"), [("capped", "cut by the cap"), ("quiet", "lies in quiet hours")])
def test_a_check_in_that_is_kept_back_is_named_by_its_number(outcome: str, words: str) -> None:
    protocol = only(UNDO, "wash")
    plan = next(virtual_plans(protocol, frozenset()))
    rows = [row for row in plan.reminders if row.occurrence == "check_in@d2"]
    cuts = Cuts(protocol)
    cuts.note(row._replace(outcome=outcome) for row in rows)  # type: ignore[arg-type]
    (finding,) = cuts.errors()
    assert (finding.path, finding.severity) == ("check_ins[2]", "error")
    assert finding.problem.startswith("day 2: ")
    assert words in finding.problem


def test_a_mask_push_that_the_cap_cuts_is_an_error_and_a_care_step_a_warning() -> None:
    protocol = only(UNDO, "recovery_mask_early", "wash")
    assert found(protocol, "error") == {}
    many = with_step(at(10, 12, 15), "recovery_mask_early", protocol)
    problem = found(many, "error")["care_steps.recovery_mask_early"]
    assert "is cut by the cap of 3 routine pushes a day" in problem
    assert "days 1, 2, 3" in problem
    washing = found(with_step(at(10, 13, 16, 20), "wash", protocol), "warning")
    assert "it stays on Today" in washing["care_steps.wash.frequency"]


def test_many_days_are_not_listed_one_by_one() -> None:
    washing = found(with_step(at(10, 13, 16, 22), "wash", only(SALINE, "blot", "wash", "ointment")), "warning")
    assert " and more: " in washing["care_steps.blot.frequency"]


def test_a_cut_that_only_an_optional_step_causes_is_not_said_of_the_plan_as_it_starts() -> None:
    protocol = with_step(at(10, 13, 16), "ointment", only(SALINE, "ointment"))
    assert found(protocol, "warning") == {}
    started = with_step(lambda step: replace(step, default_on=True), "ointment", protocol)
    assert "care_steps.ointment.frequency" in found(started, "warning")


@pytest.mark.parametrize("step_id", ["wash", "keep_scab_dry"])
def test_two_steps_of_one_plan_that_contradict_each_other_on_one_day_are_an_error(step_id: str) -> None:
    other = {"wash": "keep_scab_dry", "keep_scab_dry": "undo.wash"}[step_id]
    protocol = with_step(naming(other), step_id, only(UNDO, "wash", "keep_scab_dry"))
    errors = found(protocol, "error")
    assert set(errors) == {f"care_steps.{step_id}.contradicts"}
    assert "both are due on one day (scalp, dry, day 2)" in errors[f"care_steps.{step_id}.contradicts"]


def test_steps_that_only_a_clinic_turns_on_are_judged_too() -> None:
    protocol = with_step(
        lambda step: replace(step, contradicts=("after_scab_gel",)),
        "sunscreen",
        only(UNDO, "sunscreen", "after_scab_gel"),
    )
    assert set(found(protocol, "error")) == {"care_steps.sunscreen.contradicts"}


def test_steps_that_never_meet_do_not_contradict_each_other() -> None:
    assert (
        found(
            with_step(naming("after_scab_gel"), "keep_dry_first", only(UNDO, "keep_dry_first", "after_scab_gel")),
            "error",
        )
        == {}
    )
    assert found(with_step(naming("ointment"), "dry_heal", only(LASER, "dry_heal", "ointment")), "error") == {}


def test_steps_that_meet_only_in_the_forecast_contradict_each_other_too() -> None:
    errors = found(with_step(naming("after_scab_gel"), "wash", only(UNDO, "wash", "after_scab_gel")), "error")
    assert "(scalp, dry, day 12)" in errors["care_steps.wash.contradicts"]


def test_too_many_moments_a_day_are_named_with_site_and_day() -> None:
    hourly = with_step(lambda step: replace(at(*range(8, 20))(step), sites=("scalp",)), "wash", only(UNDO, "wash"))
    moments = [one.problem for one in lint_plans(hourly) if one.path == "care_steps"]
    assert moments[0] == "scalp, day 2: 12 moments for a push, more than 8"
    assert len(moments) == 11
    near = tuple(time(8, minute) for minute in range(0, 45, 4))
    merged = with_step(
        lambda step: replace(step, frequency=replace(step.frequency, times=12, suggested_times=near)),
        "wash",
        only(UNDO, "wash"),
    )
    assert found(merged, "warning") == {}
