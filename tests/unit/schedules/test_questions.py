"""What a check-in asks, what is a tick, and what follows (protocols/README.md, rules 21, 40 and 60)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.catalog import latest
from schedules.protocol import CheckInPlan
from schedules.protocol_terms import AnchorName, AnswerValue, Site
from schedules.questions import (
    WarningSign,
    asked_outright,
    follow_ups,
    problem_report_questions,
    questions_of,
    split_pages,
    warning_values,
)
from schedules.shared_protocol import AnswerCondition, Question, StepDoneCondition

LASER = latest("laser")


def plan_of(day: int, method: str = "laser") -> CheckInPlan:
    return next(check_in for check_in in latest(method).check_ins if check_in.day == day)


def ids(questions: tuple[Question, ...]) -> list[str]:
    return [question.id for question in questions]


def followed(
    answers: Mapping[str, AnswerValue],
    *asked: str,
    day: int = 6,
    site: Site = "scalp",
    mask: bool = False,
) -> list[str]:
    return ids(follow_ups(LASER, answers, {*answers, *asked}, day, site, mask))


def test_rule_21_the_union_of_the_sets_in_their_order_each_once() -> None:
    asked = ids(questions_of(LASER, plan_of(7), "scalp"))
    assert asked == [
        *["pain", "itch", "redness_spread", "swelling", "fluid", "scab_stage", "picked", "unwell", "allergy"],
        "blisters",
        *["redness_level", "warmth", "tightness", "skin_open", "mood"],
    ]


@pytest.mark.parametrize(
    ("day", "question", "asked"),
    [(1, "skin_open", False), (5, "skin_open", True), (1, "mood", False), (3, "mood", True), (1, "picked", True)],
)
def test_rule_21_a_question_is_asked_only_on_its_days(day: int, question: str, asked: bool) -> None:
    assert (question in ids(questions_of(LASER, plan_of(day), "scalp"))) is asked


def test_rule_21_the_last_day_of_a_question_still_counts() -> None:
    blisters = LASER.shared.questions["blisters"]
    for day, asked in ((blisters.asked_to_day, True), (blisters.asked_to_day + 1, False)):
        plan = CheckInPlan(day, None, ("daily_laser_extra",), optional=False, condition=None)
        assert bool(questions_of(LASER, plan, "scalp")) is asked


def test_rule_40_a_problem_report_asks_its_set_on_any_day() -> None:
    assert ids(problem_report_questions(LASER)) == list(LASER.shared.question_sets["report_problem"].questions)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"redness_spread": "lines"}, ["warmth", "redness_level"]),
        ({"redness_spread": "edge"}, []),
        ({"pain": 5}, ["warmth", "redness_level"]),
        ({"pain": 4}, []),
        ({"swelling": 2}, ["warmth", "redness_level", "eyes_open"]),
        ({"picked": "a_bit"}, ["bleeding"]),
        ({"picked": "no"}, []),
        ({"scab_stage": 5}, ["skin_open", "fluid"]),
        ({"scab_stage": 5, "skin_open": "yes"}, ["fluid", "redness_spread", "unwell"]),
        ({}, []),
    ],
)
def test_rule_21_follow_ups_ask_what_the_answers_call_for(answers: dict[str, AnswerValue], expected: list[str]) -> None:
    assert followed(answers) == expected


def test_rule_21_follow_ups_do_not_ask_again() -> None:
    assert followed({"pain": 6}, "warmth") == ["redness_level"]
    assert followed({"pain": 6}, "warmth", "redness_level") == []


def test_rule_21_follow_ups_ask_on_any_day() -> None:
    assert followed({"picked": "a_lot"}, day=120) == ["bleeding"]


@pytest.mark.parametrize(("day", "expected"), [(6, []), (7, ["skin_open", "fluid"])])
def test_a_follow_up_condition_looks_from_its_day(day: int, expected: list[str]) -> None:
    assert followed({"scab_stage": 0}, day=day) == expected


def test_a_follow_up_rule_looks_only_at_its_sites() -> None:
    assert "eyes_open" in followed({"swelling": 2}, site="brows")
    assert "eyes_open" not in followed({"swelling": 2}, site="body")


@pytest.mark.parametrize(
    ("mask", "asked", "expected"), [(True, (), True), (True, ("mask_burned",), False), (False, (), False)]
)
def test_rule_60_a_mask_since_the_last_check_in_is_asked_about_once(
    mask: bool, asked: tuple[str, ...], expected: bool
) -> None:
    assert (followed({}, *asked, mask=mask) == ["mask_burned"]) is expected


def test_rule_60_a_step_of_another_kind_is_no_mask() -> None:
    (rule,) = (rule for rule in LASER.shared.follow_up_rules if rule.id == "ask_mask")
    apply = replace(rule, when=(StepDoneCondition("apply"),))
    protocol = replace(LASER, shared=replace(LASER.shared, follow_up_rules=(apply,)))
    assert follow_ups(protocol, {}, (), 6, "scalp", True) == ()


def ticks(day: int, *questions: str, method: str = "laser", **options: bool) -> dict[tuple[str, AnswerValue], str]:
    protocol = latest(method)
    asked = tuple(protocol.shared.questions[question] for question in questions)
    signs = warning_values(protocol, "scalp", asked, day, planned=options.get("planned", True))
    return {(sign.question, sign.value): sign.level for sign in signs}


def test_a_tick_is_an_answer_with_its_words_and_the_level_it_means_alone() -> None:
    asked = (LASER.shared.questions["allergy"],)
    labels = {option.value: option.label for option in asked[0].options}
    assert warning_values(LASER, "scalp", asked, 6) == (
        WarningSign("allergy", "local_rash", labels["local_rash"], "watch"),
        WarningSign("allergy", "hives", labels["hives"], "today"),
        WarningSign("allergy", "breathing", labels["breathing"], "now"),
    )


def test_a_sign_that_counts_only_with_another_means_nothing_alone() -> None:
    assert ticks(1, "redness_spread")["redness_spread", "spreading"] == "on_track"
    assert ticks(2, "redness_spread")["redness_spread", "spreading"] == "today"


def test_a_sign_that_calls_for_a_question_is_a_tick_only_outside_the_usual_range() -> None:
    assert ("fluid", "pink_bloody") not in ticks(2, "fluid")
    assert ticks(3, "fluid")["fluid", "pink_bloody"] == "on_track"
    assert ticks(3, "redness_spread")["redness_spread", "lines"] == "on_track"


@pytest.mark.parametrize(
    ("day", "question"),
    [(6, "pain"), (6, "swelling"), (6, "skin_open"), (0, "fluid"), (43, "fluid"), (91, "allergy")],
)
def test_without_a_red_answer_on_that_day_there_are_no_ticks(day: int, question: str) -> None:
    assert ticks(day, question) == {}


def test_a_problem_report_keeps_its_ticks_on_late_days() -> None:
    assert ticks(120, "fluid", planned=False) == {("fluid", "cloudy"): "today", ("fluid", "smelly"): "today"}
    assert warning_values(LASER, "scalp", (LASER.shared.questions["fluid"],), 120) == ()  # a planned one has none


def test_the_burning_mask_is_a_tick_of_undo_alone() -> None:
    assert ticks(6, "mask_burned", method="undo") == {("mask_burned", "yes"): "today"}
    assert ticks(6, "mask_burned") == {}


def test_weak_immunity_brings_ticks_forward() -> None:
    asked = (LASER.shared.questions["fluid"],)
    assert warning_values(LASER, "scalp", asked, 0) == ()
    signs = warning_values(LASER, "scalp", asked, 0, modifiers=frozenset({"weak_immunity"}))
    assert [(sign.value, sign.level) for sign in signs] == [("cloudy", "today"), ("smelly", "today")]
    pages = split_pages(LASER, asked, frozenset(), 0, "scalp", frozenset({"weak_immunity"}))
    assert (pages.asked, pages.ticks) == ((), signs)


def test_a_flag_of_other_sites_gives_no_tick() -> None:
    asked = (LASER.shared.questions["eyes_open"],)
    assert [sign.value for sign in warning_values(LASER, "brows", asked, 3)] == ["no"]
    assert warning_values(LASER, "body", asked, 3) == ()


@given(st.sampled_from(("laser", "saline", "undo")), st.data())
def test_no_flag_is_lost_behind_ticks(method: str, data: st.DataObject) -> None:
    protocol = latest(method)
    plan = data.draw(st.sampled_from(protocol.check_ins))
    questions = questions_of(protocol, plan, "scalp")
    signs = warning_values(protocol, "scalp", questions, plan.day)
    behind = {sign.question for sign in signs}
    for flag in protocol.red_flags.values():
        if not flag.from_day <= plan.day <= flag.to_day:
            continue
        for condition in flag.trigger.conditions:
            values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
            if condition.question in behind and condition.op in ("==", "in"):
                assert {(condition.question, value) for value in values} <= {(s.question, s.value) for s in signs}


@pytest.mark.parametrize(
    ("day", "answers", "anchors", "outright"),
    [
        pytest.param(6, {}, (), set(), id="nothing hangs on it yet"),
        pytest.param(6, {"scab_stage": 4}, (), set(), id="scabs still on"),
        pytest.param(6, {"scab_stage": 5}, (), {"skin_open", "fluid"}, id="the scabs are off with this answer"),
        pytest.param(6, {"scab_stage": 0}, (), set(), id="no scab counts from day 7"),
        pytest.param(6, {"skin_open": "no", "fluid": "none"}, (), set(), id="what closes the skin takes off no scab"),
        pytest.param(7, {"scab_stage": 0}, (), {"skin_open", "fluid"}, id="no scab may reach it"),
        pytest.param(12, {}, ("scabs_off",), {"skin_open", "fluid"}, id="closing hangs on it"),
        pytest.param(12, {"scab_stage": 5}, ("scabs_off", "skin_closed"), set(), id="closed"),
    ],
)
def test_what_closing_of_the_skin_hangs_on_is_asked_outright(
    day: int, answers: dict[str, AnswerValue], anchors: tuple[AnchorName, ...], outright: set[str]
) -> None:
    assert asked_outright(LASER, replace(plan_of(7), day=day), answers, anchors) == outright


def test_what_readiness_reads_is_asked_outright_in_its_set() -> None:
    outright = asked_outright(LASER, plan_of(42), {}, ("scabs_off", "skin_closed"))
    assert {"fluid", "skin_open", "pain", "sun", "raised", "health_change"} <= outright
    assert "redness_spread" not in outright


def test_the_two_pages_hold_every_question_once() -> None:
    questions = questions_of(LASER, plan_of(14), "scalp")
    scabs_off: AnchorName = "scabs_off"
    closing = asked_outright(LASER, plan_of(14), {}, {scabs_off})
    for outright, fluid_is_asked in ((frozenset[str](), False), (closing, True)):
        pages = split_pages(LASER, questions, outright, 14, "scalp")
        assert ("fluid" in ids(pages.asked)) is fluid_is_asked
        behind = {sign.question for sign in pages.ticks}
        assert {*ids(pages.asked), *behind} == set(ids(questions))
        assert not behind & set(ids(pages.asked))


def test_a_plain_laser_day_asks_few_signs_outright() -> None:
    pages = split_pages(LASER, questions_of(LASER, plan_of(6), "scalp"), frozenset(), 6, "scalp")
    assert ids(pages.asked) == ["pain", "itch", "swelling", "scab_stage"]


def test_a_question_whose_calm_answer_nothing_reads_becomes_ticks() -> None:
    assert ticks(6, "picked") == {("picked", "a_bit"): "on_track", ("picked", "a_lot"): "watch"}
    assert ticks(28, "hair") == {("hair", "patch"): "watch"}


@pytest.mark.parametrize("question", ["skin_tone", "raised", "pigment_look", "scab_stage", "skin_open"])
def test_a_question_whose_calm_answer_counts_is_asked_outright(question: str) -> None:
    assert ticks(28, question) == {}


def test_a_condition_without_a_named_answer_makes_no_tick() -> None:
    flag = LASER.red_flags["pus_or_smell"]
    trigger = replace(flag.trigger, conditions=(AnswerCondition("fluid", "!=", "none"),))
    protocol = replace(LASER, red_flags={flag.id: replace(flag, trigger=trigger)})
    assert warning_values(protocol, "scalp", (LASER.shared.questions["fluid"],), 6) == ()
