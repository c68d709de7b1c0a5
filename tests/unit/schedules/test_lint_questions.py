"""Lint of check-ins and of the rules over answers: what looks at a day must be able to hear of it."""

from dataclasses import replace

import pytest

from schedules.lint_questions import lint_questions
from schedules.protocol import Protocol, RedFlag
from schedules.shared_protocol import AnswerCondition, Question, StepDoneCondition, Trigger
from tests.unit.schedules.changed_protocols import (
    LASER,
    SALINE,
    UNDO,
    by_path,
    with_check_ins,
    with_flag,
    with_sets,
    with_shared,
)

FLAG = UNDO.red_flags["hair_patch"]


def found(protocol: Protocol, severity: str = "error") -> dict[str, str]:
    return by_path(lint_questions(protocol), severity)


def flag(*conditions: AnswerCondition, mode: str = "any", days: tuple[int, int] = (28, 180)) -> RedFlag:
    trigger = Trigger(mode, conditions)  # type: ignore[arg-type]
    return replace(FLAG, trigger=trigger, from_day=days[0], to_day=days[1])


def test_a_check_in_that_asks_nothing_on_its_day_is_named() -> None:
    late = replace(UNDO.check_ins[0], sets=("mask_done",), day=100)
    assert "asks nothing on day 100" in found(replace(UNDO, check_ins=(*UNDO.check_ins, late)))["check_ins[26].sets"]


def test_a_daily_check_in_that_takes_a_minute_is_named() -> None:
    core = UNDO.shared.question_sets["daily_core"].questions
    long = with_sets(daily_core=(*core, "pigment_look", "bleeding", "eyes_open", "mask_burned"))
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
    questions, rules = strange(UNDO.shared.questions["pain"]), UNDO.shared.follow_up_rules
    assert set(found(with_shared(questions=questions, follow_up_rules=(*rules, dreams)))) == {
        "follow_up_rules.ask_dreams"
    }
    assert found(with_shared(questions=questions, follow_up_rules=(*rules, dreams, chained))) == {}


def test_a_follow_up_about_a_kind_of_step_is_for_the_methods_that_have_it() -> None:
    assert any(isinstance(c, StepDoneCondition) for rule in LASER.shared.follow_up_rules for c in rule.when)
    assert found(LASER) == {}


# --- red flags ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("flag_id", "day"), [("raised_scar", 22), ("colour_patch", 15), ("low_mood", 2)])
def test_a_flag_whose_question_nobody_asks_on_its_days_is_named_with_the_sets_that_would(
    flag_id: str, day: int
) -> None:
    changed = with_flag(replace(UNDO.red_flags[flag_id], from_day=day, to_day=day))
    finding = next(one for one in lint_questions(changed) if one.path == f"red_flags.{flag_id}.trigger.any[0]")
    assert finding.problem.startswith("cannot fire: nothing asks")
    assert "add a set that holds" in finding.remedy
    assert f"between day {day} and {day}" in finding.remedy


def test_a_mask_question_is_asked_only_where_there_is_a_mask() -> None:
    burned = replace(UNDO.red_flags["burning"])
    assert "red_flags.burning.trigger.any[0]" not in found(with_flag(burned))
    problem = found(with_flag(burned, SALINE))["red_flags.burning.trigger.any[0]"]
    assert problem == "cannot fire: nothing asks 'mask_burned' on days 0 to 28"


def test_what_a_problem_report_or_a_follow_up_asks_is_within_reach_on_any_day() -> None:
    assert found(with_flag(flag(AnswerCondition("unwell", "==", "fever"), days=(100, 120)))) == {}
    assert found(with_flag(flag(AnswerCondition("eyes_open", "==", "no"), days=(100, 120)))) == {}


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        (AnswerCondition("hair", "==", "patch", answers_in_a_row=4), "it needs 4 answers, and 'hair' is asked 3 times"),
        (AnswerCondition("raised", "in", ("yes",), from_day=200), "nothing asks 'raised' on days 200 to 180"),
    ],
)
def test_a_condition_that_the_check_ins_cannot_meet_is_named(condition: AnswerCondition, problem: str) -> None:
    assert problem in found(with_flag(flag(condition)))["red_flags.hair_patch.trigger.any[0]"]


def test_a_rise_needs_two_answers() -> None:
    once = with_check_ins(lambda one: one.day in (0, 28))
    rise = AnswerCondition("itch", "rise_by", 3, compare_days=1)
    assert "it needs 2 answers" in found(with_flag(flag(rise), once))["red_flags.hair_patch.trigger.any[0]"]
    much = AnswerCondition("itch", ">=", 3)
    assert "red_flags.hair_patch.trigger.any[0]" not in found(with_flag(flag(much), once))  # one answer is enough


def test_a_day_in_the_middle_on_which_the_question_is_left_out_of_its_set_is_named() -> None:
    shine = flag(AnswerCondition("skin_shine", "==", "shiny"), days=(28, 84))
    assert found(with_flag(shine)) == {}
    late = replace(UNDO.shared.questions["skin_shine"], asked_from_day=40)
    narrowed = with_shared(with_flag(shine), questions={**UNDO.shared.questions, "skin_shine": late})
    problem = found(narrowed)["red_flags.hair_patch.trigger.any[0]"]
    assert problem == (
        "looks at days 28 to 84, and 'skin_shine' is left out on day 28, 35: it is asked on days 40 to 90"
    )


def test_a_rule_that_looks_on_after_its_question_is_no_longer_asked_is_a_warning() -> None:
    warned = found(UNDO, "warning")["red_flags.picked.trigger.any[0]"]
    assert warned == "no check-in asks 'picked' after day 17, though the rule looks up to day 28"
    shorter = with_flag(replace(UNDO.red_flags["picked"], to_day=17))
    assert "red_flags.picked.trigger.any[0]" not in found(shorter, "warning")


def test_all_conditions_must_be_heard_in_one_check_in() -> None:
    mood, hair = AnswerCondition("skin_shine", "==", "shiny"), AnswerCondition("hair", "==", "patch")
    never = with_check_ins(lambda one: one.day != 28)
    assert found(with_flag(flag(mood, hair, mode="all"))) == {}
    problem = found(with_flag(flag(mood, hair, mode="all"), never))["red_flags.hair_patch.trigger"]
    assert problem == "cannot fire: no check-in on its days asks all of its questions"


# --- anchors ------------------------------------------------------------------------------------------------------


def test_an_anchor_whose_questions_are_not_asked_often_enough_is_named() -> None:
    assert set(found(with_check_ins(lambda one: "scab_stage" not in one.sets and one.day < 1))) >= {
        "anchors.scabs_off",
        "anchors.skin_closed",
    }
    assert not {"anchors.scabs_off", "anchors.skin_closed"} & set(found(with_check_ins(lambda one: one.day in (7, 8))))


def test_an_anchor_that_needs_two_answers_is_not_reached_where_one_is_asked() -> None:
    def asked_on(*days: int) -> Protocol:
        return with_shared(with_check_ins(lambda one: one.day in days), follow_up_rules=())

    assert "anchors.skin_closed" in found(asked_on(7))
    assert "anchors.skin_closed" not in found(asked_on(7, 10))
