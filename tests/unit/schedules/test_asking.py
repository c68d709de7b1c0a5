"""Which questions a protocol can ask, and when (rules 21, 23 and 60)."""

import pytest

from schedules.asking import read_asking
from schedules.protocol import Protocol
from tests.unit.schedules.changed_protocols import LASER, SALINE, UNDO


@pytest.mark.parametrize("protocol", [LASER, SALINE, UNDO], ids=lambda protocol: protocol.id)
def test_rule_21_a_problem_report_may_come_on_any_day(protocol: Protocol) -> None:
    asked = protocol.shared.question_sets["report_problem"].questions
    assert set(asked) <= read_asking(protocol).any_day


def test_rule_60_the_questions_of_the_mask_timer_are_asked_where_there_is_a_mask() -> None:
    of_the_timer = set(UNDO.shared.question_sets["mask_done"].questions)
    assert of_the_timer <= read_asking(UNDO).any_day
    assert of_the_timer.isdisjoint(read_asking(LASER).any_day)


def test_the_days_of_a_question_begin_with_the_day_of_the_treatment() -> None:
    asking = read_asking(LASER)
    assert asking.days_of("pain")[0] == 0
    assert asking.days_of("pain", 1, 3) == [1, 2, 3]
