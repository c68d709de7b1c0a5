"""The one evaluator of answer conditions, as far as `test_triage` does not reach it (rules 30 to 34)."""

import pytest

from schedules.catalog import latest
from schedules.conditions import (
    DayAnswer,
    Judged,
    fits,
    is_unusual,
    judge_answer,
    judge_condition,
    judge_row,
    judge_trigger,
)
from schedules.protocol_terms import AnswerValue, ConditionOp
from schedules.shared_protocol import AnswerCondition, Trigger


@pytest.mark.parametrize(
    ("value", "op", "wanted", "expected"),
    [
        (3, "==", 3, True),
        ("no", "==", "yes", False),
        ("no", "!=", "yes", True),
        (3, "!=", 3, False),
        ("a", "in", ("a", "b"), True),
        ("c", "in", ("a", "b"), False),
        ("a", "in", "a", True),
        ("a", "in", "abc", False),
        (3, ">=", 3, True),
        (2, ">=", 3, False),
        (3, "<=", 3, True),
        (4, "<=", 3, False),
        ("9", ">=", 3, False),
        (9, "<=", "many", False),
    ],
)
def test_fits(
    value: AnswerValue, op: ConditionOp, wanted: AnswerValue | tuple[AnswerValue, ...], expected: bool
) -> None:
    assert fits(value, op, wanted) is expected


@pytest.mark.parametrize("op", ["rise_by", "above_expected"])
def test_an_op_that_needs_more_than_the_answer_is_refused(op: ConditionOp) -> None:
    with pytest.raises(ValueError, match=op):
        fits(3, op, 1)


def test_rule_34_a_row_longer_than_the_history_is_not_met() -> None:
    condition = AnswerCondition("pain", ">=", 1, answers_in_a_row=3)
    answers = [DayAnswer(day, 5) for day in (1, 2, 3)]
    assert not judge_row(condition, latest("laser"), answers[:2])
    assert [reading.day for reading in judge_row(condition, latest("laser"), answers)] == [1, 2, 3]


def test_rule_34_a_row_of_rises_compares_each_answer_with_its_own_day() -> None:
    condition = AnswerCondition("pain", "rise_by", 2, compare_days=1, answers_in_a_row=2)
    assert judge_row(condition, latest("laser"), [DayAnswer(1, 0), DayAnswer(2, 2), DayAnswer(3, 4)])
    assert not judge_row(condition, latest("laser"), [DayAnswer(1, 0), DayAnswer(2, 1), DayAnswer(3, 4)])


def test_rule_32_without_compare_days_a_rise_is_against_the_day_itself() -> None:
    condition = AnswerCondition("pain", "rise_by", 2)
    assert judge_answer(condition, latest("laser"), [DayAnswer(3, 1), DayAnswer(3, 3)], 1)


def test_rule_31_the_first_day_of_a_condition_is_for_the_answer_in_hand() -> None:
    condition = AnswerCondition("pain", ">=", 1, from_day=4)
    assert not judge_condition(condition, latest("laser"), Judged({"pain": 3}, 3))
    assert judge_condition(condition, latest("laser"), Judged({"pain": 3}, 3), from_day_zero=True)
    assert judge_condition(condition, latest("laser"), Judged({"pain": 3}, 4))


def test_rule_31_a_trigger_keeps_the_first_day_of_its_conditions_unless_told_otherwise() -> None:
    trigger = Trigger("any", (AnswerCondition("pain", ">=", 1, from_day=4),))
    assert not judge_trigger(trigger, latest("laser"), Judged({"pain": 3}, 3))
    assert judge_trigger(trigger, latest("laser"), Judged({"pain": 3}, 3), from_day_zero=True)


@pytest.mark.parametrize(("before", "after", "by"), [("little", 5, 2), (1, "much", 2), (1, 5, "more")])
def test_rule_32_words_have_no_difference(before: AnswerValue, after: AnswerValue, by: AnswerValue) -> None:
    condition = AnswerCondition("pain", "rise_by", by, compare_days=1)
    assert judge_answer(condition, latest("laser"), [DayAnswer(1, before), DayAnswer(2, after)], 1) is None


def test_rule_33_the_reading_of_a_choice_says_what_is_usual_on_its_day() -> None:
    condition = AnswerCondition("fluid", "==", "smelly")
    readings = [judge_answer(condition, latest("laser"), [DayAnswer(day, "smelly")], 0) for day in (7, 8)]
    assert [reading and reading.usual_allowed for reading in readings] == [("none", "clear"), ("none",)]


@pytest.mark.parametrize(
    ("value", "high", "allowed", "expected"),
    [
        (4, 3, None, True),
        (3, 3, None, False),
        ("b", None, ("a",), True),
        ("a", None, ("a",), False),
        (9, None, None, False),
    ],
)
def test_rule_33_unusual_is_above_high_or_not_allowed(
    value: AnswerValue, high: int | None, allowed: tuple[AnswerValue, ...] | None, expected: bool
) -> None:
    assert is_unusual(value, high, allowed) is expected
