"""Lint: what parses and would still run badly. The shipped files have none of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time

import pytest

from schedules.assumptions import assumption_items
from schedules.catalog import latest, list_methods
from schedules.lint import lint
from schedules.protocol import (
    CareStep,
    Protocol,
    Question,
    QuestionSet,
    RedFlag,
    Shared,
    StepDoneCondition,
    WindowEnd,
)

LASER = latest("laser")
UNDO = latest("undo")
Step = Callable[[CareStep], CareStep]


def with_step(change: Step, step_id: str = "wash", protocol: Protocol = UNDO) -> Protocol:
    return replace(protocol, care_steps={**protocol.care_steps, step_id: change(protocol.care_steps[step_id])})


def with_shared(**values: object) -> Protocol:
    return replace(UNDO, shared=replace(UNDO.shared, **values))  # type: ignore[arg-type]


def with_sets(**sets: tuple[str, ...]) -> Protocol:
    changed = {
        name: QuestionSet(name, questions, sum(UNDO.shared.questions[q].est_seconds for q in questions))
        for name, questions in sets.items()
    }
    return with_shared(question_sets={**UNDO.shared.question_sets, **changed})


def window(start: WindowEnd, end: WindowEnd) -> Step:
    return lambda step: replace(step, window=replace(step.window, start=start, end=end))


def found(protocol: Protocol, *others: Protocol) -> dict[str, str]:
    return {fault.path: fault.problem for fault in lint(protocol, others)}


@pytest.mark.parametrize("method", list_methods())
def test_the_shipped_files_are_clean(method: str) -> None:
    assert lint(latest(method), [latest(other) for other in list_methods()]) == ()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda step: replace(step, sources=()), "care_steps.wash.sources"),
        (lambda step: replace(step, kind="mask"), "care_steps.wash.duration_min"),
        (
            lambda step: replace(step, frequency=replace(step.frequency, type="continuous", suggested_times=())),
            "care_steps.wash.remind",
        ),
        (
            lambda step: replace(step, frequency=replace(step.frequency, suggested_times=(time(20), time(8)))),
            "care_steps.wash.frequency.suggested_times",
        ),
        (window(WindowEnd("treatment_end", 48), WindowEnd("treatment_end", 48)), "care_steps.wash.window"),
        (window(WindowEnd("scabs_off", 48), WindowEnd("scabs_off", 24)), "care_steps.wash.window"),
        (window(WindowEnd("skin_closed", 0), WindowEnd("treatment_end", 168)), "care_steps.wash.window"),
        (lambda step: replace(step, contradicts=("dance",)), "care_steps.wash.contradicts"),
        (lambda step: replace(step, contradicts=("keep_scab_dry",)), "care_steps.wash.contradicts"),
    ],
)
def test_a_fault_of_a_step_is_named(change: Step, path: str) -> None:
    assert set(found(with_step(change))) == {path}


@pytest.mark.parametrize(
    "change",
    [
        window(WindowEnd("skin_closed", 0), WindowEnd("treatment_end", 192)),
        window(WindowEnd("treatment_end", 0), WindowEnd("scabs_off", 0)),
        window(WindowEnd("next_treatment", -48), WindowEnd("treatment_end", 0)),
        lambda step: replace(step, contradicts=("after_scab_gel",), window=replace(step.window, plan_days=(2, 11))),
    ],
)
def test_a_step_that_can_be_due_and_does_not_clash_is_no_fault(change: Step) -> None:
    assert found(with_step(change)) == {}


def test_a_step_may_contradict_a_step_of_another_method() -> None:
    protocol = with_step(lambda step: replace(step, contradicts=("ointment",)))
    assert "no care step 'ointment'" in found(protocol)["care_steps.wash.contradicts"]
    assert found(protocol, LASER) == {}


def test_too_many_pushes_a_day_are_named_with_site_and_day() -> None:
    hourly = tuple(time(hour) for hour in range(8, 20))
    many = with_step(
        lambda step: replace(
            step, sites=("scalp",), frequency=replace(step.frequency, times=12, suggested_times=hourly)
        )
    )
    problems = [fault.problem for fault in lint(many)]
    assert problems[0] == "scalp, day 2: 14 moments for a push, more than 8"
    assert len(problems) == 11
    near = tuple(time(8, minute) for minute in range(0, 45, 4))
    assert (
        found(with_step(lambda step: replace(step, frequency=replace(step.frequency, times=12, suggested_times=near))))
        == {}
    )


def test_a_check_in_that_asks_nothing_on_its_day_is_named() -> None:
    late = replace(UNDO.check_ins[0], sets=("mask_done",), day=100)
    assert "asks nothing on day 100" in found(replace(UNDO, check_ins=(*UNDO.check_ins, late)))["check_ins[26].sets"]


def test_a_daily_check_in_that_takes_a_minute_is_named() -> None:
    long = with_sets(
        daily_core=(
            *UNDO.shared.question_sets["daily_core"].questions,
            "pigment_look",
            "bleeding",
            "eyes_open",
            "mask_burned",
        )
    )
    assert "must stay under 60" in found(long)["check_ins[1].sets"]


def test_a_sign_without_a_row_for_an_asked_day_is_named() -> None:
    pain = replace(UNDO.signs["pain"], expected=UNDO.signs["pain"].expected[:-1])
    assert "has no row for day" in found(replace(UNDO, signs={**UNDO.signs, "pain": pain}))["signs.pain.expected"]


def test_a_sign_that_nothing_asks_is_named() -> None:
    pain = replace(UNDO.signs["pain"], id="pain_at_night")
    assert found(replace(UNDO, signs={**UNDO.signs, "pain_at_night": pain})) == {
        "signs.pain_at_night": "nothing asks it"
    }


def test_a_follow_up_that_cannot_be_reached_is_named() -> None:
    def strange(question: Question) -> dict[str, Question]:
        return {**UNDO.shared.questions, "dreams": replace(question, id="dreams")}

    eyes = next(rule for rule in UNDO.shared.follow_up_rules if rule.id == "ask_eyes")
    dreams = replace(eyes, id="ask_dreams", when=(replace(eyes.when[0], question="dreams"),))  # type: ignore[arg-type]
    chained = replace(eyes, id="ask_more", ask=("dreams",))
    questions = strange(UNDO.shared.questions["pain"])
    assert set(found(with_shared(questions=questions, follow_up_rules=(*UNDO.shared.follow_up_rules, dreams)))) == {
        "follow_up_rules.ask_dreams"
    }
    assert (
        found(with_shared(questions=questions, follow_up_rules=(*UNDO.shared.follow_up_rules, dreams, chained))) == {}
    )


def test_a_follow_up_about_a_kind_of_step_is_for_the_methods_that_have_it() -> None:
    assert any(isinstance(c, StepDoneCondition) for rule in LASER.shared.follow_up_rules for c in rule.when)
    assert lint(LASER) == ()


@pytest.mark.parametrize(("flag_id", "to_day"), [("raised_scar", 22), ("colour_patch", 15)])
def test_a_flag_whose_question_nobody_asks_on_its_days_is_named(flag_id: str, to_day: int) -> None:
    flag: RedFlag = replace(UNDO.red_flags[flag_id], from_day=to_day, to_day=to_day)
    assert set(found(replace(UNDO, red_flags={**UNDO.red_flags, flag_id: flag}))) == {f"red_flags.{flag_id}.trigger"}


def test_readiness_that_contradicts_itself_is_named() -> None:
    rule = UNDO.readiness
    rows = (replace(rule.fitzpatrick[0], min_days=70), *rule.fitzpatrick[1:])
    conditions = tuple(one for one in rule.conditions if one.id != "practitioner_yes")
    broken = replace(UNDO, readiness=replace(rule, base_min_days=10, fitzpatrick=rows, conditions=conditions))
    assert set(found(broken)) == {
        "readiness.base_min_days",
        "readiness.fitzpatrick[0].recommended_days",
        "readiness.conditions",
    }


def test_a_condition_whose_answer_nobody_asks_for_is_named() -> None:
    sets = {
        name: tuple(q for q in one.questions if q != "health_change") for name, one in UNDO.shared.question_sets.items()
    }
    assert set(found(with_sets(**sets))) == {"readiness.conditions.health_same"}


def test_slips_of_the_shared_file_are_named() -> None:
    shared: Shared = UNDO.shared
    sets = {**shared.question_sets, "deep": replace(shared.question_sets["deep"], est_seconds=99)}
    modifiers = {**shared.modifiers, "smoker": replace(shared.modifiers["smoker"], effects={})}
    assert set(found(with_shared(question_sets=sets, modifiers=modifiers))) == {
        "question_sets.deep.est_seconds",
        "modifiers.smoker.effects",
    }


def test_assumptions_are_listed_for_the_clinician() -> None:
    items = {item.path: item for item in assumption_items(UNDO)}
    assert "care_steps.recovery_mask_early" in items
    assert items["care_steps.recovery_mask_early"].title == "Recovery mask"
    assert items["care_steps.recovery_mask_early"].note is not None
    assert {"signs.pain", "milestones.scabs_off", "red_flags.burning", "readiness", "questions.mood"} <= set(items)
    assert "care_steps.sunscreen" not in items
    assert assumption_items(LASER)[0].path == "signs.pain"


def test_every_kind_of_item_can_be_an_assumption() -> None:
    assumed = ("assumption",)
    phases = (replace(UNDO.phases[0], sources=assumed), *UNDO.phases[1:])
    modifiers = {**UNDO.shared.modifiers, "smoker": replace(UNDO.shared.modifiers["smoker"], evidence="assumption")}
    protocol = replace(UNDO, phases=phases, shared=replace(UNDO.shared, modifiers=modifiers))
    assert {"phases.day_of", "modifiers.smoker"} <= {item.path for item in assumption_items(protocol)}
