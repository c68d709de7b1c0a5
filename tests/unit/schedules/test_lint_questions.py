"""Lint of check-ins and of the rules over answers: what looks at a day must be able to hear of it."""

from dataclasses import replace

import pytest

from schedules.asking import read_asking
from schedules.lint_questions import is_reached, lint_questions
from schedules.protocol import Protocol, RedFlag
from schedules.shared_protocol import AnswerCondition, Question, QuestionSet, StepDoneCondition, Trigger
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


def test_a_minute_exactly_is_a_minute_too_long() -> None:
    questions = {**UNDO.shared.questions, "itch": replace(UNDO.shared.questions["itch"], est_seconds=1)}
    quick = with_shared(questions=questions)
    seconds = sum(questions[name].est_seconds for name in read_asking(quick).planned[5])
    longer = {**questions, "itch": replace(questions["itch"], est_seconds=1 + 60 - seconds)}
    assert found(with_shared(questions=longer))["check_ins[5].sets"] == "takes 60 seconds, and must stay under 60"
    just = {**questions, "itch": replace(questions["itch"], est_seconds=60 - seconds)}
    assert "check_ins[5].sets" not in found(with_shared(questions=just))


def test_a_sign_needs_a_row_up_to_day_90_and_no_longer() -> None:
    itch = UNDO.signs["itch"]
    shorter = replace(itch, expected=(*itch.expected[:-1], replace(itch.expected[-1], to_day=89)))
    assert found(replace(UNDO, signs={**UNDO.signs, "itch": shorter})) == {
        "signs.itch.expected": "has no row for day 90, which asks it"
    }
    assert itch.expected[-1].to_day == 90
    assert 180 in read_asking(UNDO).days_of("itch")
    assert found(UNDO) == {}


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


def test_what_one_condition_cannot_hear_is_said_of_it_alone() -> None:
    deaf, hair = AnswerCondition("picked", "==", "yes"), AnswerCondition("hair", "==", "patch")
    assert set(found(with_flag(flag(deaf, hair, mode="all")))) == {"red_flags.hair_patch.trigger.all[0]"}


@pytest.mark.parametrize(("last", "named"), [(27, True), (28, False)])
def test_all_conditions_may_be_heard_on_the_last_day(last: int, named: bool) -> None:
    shine, hair = AnswerCondition("skin_shine", "==", "shiny"), AnswerCondition("hair", "==", "patch")
    late = replace(flag(shine, hair, mode="all", days=(0, last)))
    assert bool(found(with_flag(late))) is named


def test_a_question_left_out_on_the_last_day_of_a_rule_is_named() -> None:
    tone = flag(AnswerCondition("pain", "==", 5), days=(90, 180))
    no_reports = with_shared(with_flag(tone), question_sets=_without_reports(), follow_up_rules=())
    problem = found(no_reports)["red_flags.hair_patch.trigger.any[0]"]
    assert problem.startswith("looks at days 90 to 180, and 'pain' is left out on day 180")


def test_a_check_in_on_the_last_day_of_a_rule_that_does_not_ask_is_a_warning() -> None:
    shine = flag(AnswerCondition("skin_shine", "==", "shiny"), days=(28, 90))
    warned = found(with_flag(shine), "warning")["red_flags.hair_patch.trigger.any[0]"]
    assert warned == "no check-in asks 'skin_shine' after day 84, though the rule looks up to day 90"


def test_a_remedy_names_the_sets_that_hold_the_question() -> None:
    def remedy(protocol: Protocol) -> str:
        findings = [one for one in lint_questions(protocol) if one.path.startswith("red_flags.hair_patch")]
        return next(one.remedy for one in findings if one.severity == "error")

    hair = with_flag(flag(AnswerCondition("hair", "==", "patch"), days=(29, 40)))
    assert remedy(hair) == (
        "add a set that holds 'hair' (scar_check) to a check-in between day 29 and 40, or change the rule's days"
    )
    picked = with_sets(hair, scar_check=("itch",))
    assert "a set that holds 'hair' (there is none yet)" in remedy(picked)
    tone = with_flag(flag(AnswerCondition("skin_tone", "==", "lighter"), days=(22, 27)))
    assert "(weekly, readiness, scar_check)" in remedy(tone)
    together = flag(AnswerCondition("hair", "==", "patch"), AnswerCondition("sun", "==", "yes"), mode="all")
    apart = with_flag(replace(together, from_day=29))
    assert remedy(apart) == (
        "add the sets with these questions to a check-in between day 29 and 180, or change the rule's days"
    )


def test_every_remedy_of_a_check_in_and_of_what_it_asks_says_what_to_change() -> None:
    late = replace(UNDO.check_ins[0], sets=("mask_done",), day=100)
    pain = replace(UNDO.signs["pain"], id="pain_at_night")
    wrong = replace(UNDO, check_ins=(*UNDO.check_ins, late), signs={**UNDO.signs, "pain_at_night": pain})
    core = UNDO.shared.question_sets["daily_core"].questions
    long = with_sets(wrong, daily_core=(*core, "pigment_look", "bleeding", "eyes_open", "mask_burned"))
    remedies = {one.path: one.remedy for one in lint_questions(long) if one.severity == "error"}
    assert remedies["check_ins[26].sets"] == "name a set with a question for this day, or move the check-in"
    assert remedies["check_ins[1].sets"] == "leave out a set, or ask it on another day"
    assert remedies["signs.pain_at_night"] == "put the question into a set, or take the sign out"


def _without_reports() -> dict[str, QuestionSet]:
    return {name: one for name, one in UNDO.shared.question_sets.items() if name != "report_problem"}


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


def test_the_end_of_the_treatment_is_always_reached_and_what_a_person_sets_is_not() -> None:
    asking, anchors = read_asking(UNDO), {rule.id: rule for rule in UNDO.shared.anchors}
    assert is_reached(anchors["treatment_end"], UNDO, asking)
    assert not is_reached(anchors["next_treatment"], UNDO, asking)


@pytest.mark.parametrize(("protocol", "reached"), [(UNDO, True), (SALINE, False)])
def test_a_condition_for_some_methods_reaches_an_anchor_in_these_alone(protocol: Protocol, reached: bool) -> None:
    """Of scabs_off the half that is for laser and UNDO: without the other a saline plan cannot reach it."""
    scabs_off = next(rule for rule in protocol.shared.anchors if rule.id == "scabs_off")
    assert scabs_off.trigger is not None
    half = replace(scabs_off, trigger=replace(scabs_off.trigger, conditions=scabs_off.trigger.conditions[1:]))
    assert is_reached(half, protocol, read_asking(protocol)) is reached


def test_either_way_to_an_anchor_is_enough_and_an_early_answer_does_not_count() -> None:
    scabs_off = next(rule for rule in UNDO.shared.anchors if rule.id == "scabs_off")
    assert scabs_off.trigger is not None
    fallen, never = scabs_off.trigger.conditions
    one_early_one_late = with_shared(with_check_ins(lambda one: one.day in (5, 7)), follow_up_rules=())
    asking = read_asking(one_early_one_late)
    assert is_reached(scabs_off, one_early_one_late, asking)  # by `fallen`, which one answer reaches
    by_never = replace(scabs_off, trigger=replace(scabs_off.trigger, conditions=(never,)))
    assert not is_reached(by_never, one_early_one_late, asking)  # two in a row from day 7
    both = replace(scabs_off, trigger=replace(scabs_off.trigger, mode="all", conditions=(fallen, never)))
    assert not is_reached(both, one_early_one_late, asking)
