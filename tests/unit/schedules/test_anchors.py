"""Anchors from check-ins and anchor dates (protocols/README.md, rules 6 and 26 to 29)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest

from schedules.anchors import ObservedAnchor, check_anchor_dates, complete_anchors, observe_anchors
from schedules.catalog import latest
from schedules.facts import CheckInFacts
from schedules.protocol import Protocol
from schedules.protocol_terms import AnchorName, AnswerValue
from schedules.shared_protocol import AnchorRule, AnswerCondition, Trigger

DAY_ZERO = date(2026, 1, 5)
CLOSED: dict[str, AnswerValue] = {"skin_open": "no", "fluid": "none"}


def on(day: int) -> date:
    return DAY_ZERO + timedelta(days=day)


def told(*days: tuple[int, Mapping[str, AnswerValue]]) -> list[CheckInFacts]:
    """Check-ins in the order in which they were answered; ids are their place in it."""
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    return [
        CheckInFacts(str(order), day, on(day), start + timedelta(days=day, minutes=order), answers)
        for order, (day, answers) in enumerate(days)
    ]


def stages(*pairs: tuple[int, int]) -> list[CheckInFacts]:
    return told(*((day, {"scab_stage": stage}) for day, stage in pairs))


def reached(check_ins: list[CheckInFacts], method: str = "laser") -> dict[str, str]:
    return {name: anchor.check_in_id for name, anchor in observe_anchors(latest(method), check_ins).items()}


@pytest.mark.parametrize("method", ["laser", "saline", "undo"])
def test_scab_stage_5_reaches_scabs_off_on_the_day_of_its_check_in(method: str) -> None:
    found = observe_anchors(latest(method), stages((6, 3), (9, 5), (10, 5)))
    assert found == {"scabs_off": ObservedAnchor(on(9), "1")}


@pytest.mark.parametrize(
    ("pairs", "method", "at"),
    [
        pytest.param([(7, 0), (8, 0)], "laser", "1", id="two from day 7"),
        pytest.param([(7, 0), (8, 0)], "undo", "1", id="undo as well"),
        pytest.param([(7, 0), (8, 0)], "saline", None, id="not for saline"),
        pytest.param([(6, 0), (7, 0)], "laser", None, id="the first is too early"),
        pytest.param([(6, 0), (7, 0), (8, 0)], "laser", "2", id="the two from day 7 count"),
        pytest.param([(7, 0), (8, 3), (9, 0)], "laser", None, id="another answer between breaks the row"),
        pytest.param([(7, 0)], "laser", None, id="one is not enough"),
    ],
)
def test_rule_27_no_scab_twice_from_day_7(pairs: list[tuple[int, int]], method: str, at: str | None) -> None:
    assert reached(stages(*pairs), method) == ({} if at is None else {"scabs_off": at})


def test_rule_26_a_check_in_without_an_answer_neither_counts_nor_breaks() -> None:
    assert reached(told((7, {"scab_stage": 0}), (8, {"pain": 1}), (9, {"scab_stage": 0}))) == {"scabs_off": "2"}
    assert reached(told((7, {"scab_stage": 0}), (8, {"pain": 1}))) == {}


def test_rule_26_check_ins_are_read_in_order_of_answering() -> None:
    assert reached(stages((9, 0), (6, 3), (10, 0))) == {}


def test_rule_29_an_anchor_once_reached_stays() -> None:
    assert reached(stages((9, 5), (10, 2), (11, 2))) == {"scabs_off": "0"}


@pytest.mark.parametrize(
    ("later", "at"),
    [
        pytest.param([(10, CLOSED), (11, CLOSED)], "2", id="two in a row"),
        pytest.param([(10, CLOSED)], None, id="one alone"),
        pytest.param(
            [(10, CLOSED), (11, {"pain": 0}), (12, CLOSED)], "3", id="one that answers nothing is passed over"
        ),
        pytest.param([(10, CLOSED), (11, {"fluid": "none"}), (12, CLOSED)], "3", id="part, and well, is passed over"),
        pytest.param([(10, CLOSED), (11, {"fluid": "clear"}), (12, CLOSED)], None, id="part, not well, breaks"),
        pytest.param([(10, CLOSED), (11, {"skin_open": "yes"}), (12, CLOSED)], None, id="open skin breaks"),
        pytest.param([(10, CLOSED), (11, {**CLOSED, "blisters": "small"}), (12, CLOSED)], None, id="a blister breaks"),
        pytest.param([(10, CLOSED), (11, {**CLOSED, "blisters": "none"})], "2", id="no blister is well"),
        pytest.param([(10, {**CLOSED, "blisters": "large"}), (11, CLOSED), (12, CLOSED)], "3", id="row after a break"),
    ],
)
def test_rule_28_skin_closed_after_scabs_off(later: list[tuple[int, dict[str, AnswerValue]]], at: str | None) -> None:
    found = reached(told((9, {"scab_stage": 5}), *later))
    assert found.get("skin_closed") == at


def test_rule_28_the_check_in_that_reached_scabs_off_may_be_the_first_of_the_two() -> None:
    found = observe_anchors(latest("saline"), told((12, {"scab_stage": 5, **CLOSED}), (13, CLOSED)))
    assert found["skin_closed"] == ObservedAnchor(on(13), "1")


def test_rule_28_check_ins_before_scabs_off_do_not_count() -> None:
    assert reached(told((7, CLOSED), (8, CLOSED))) == {}
    assert reached(told((8, CLOSED), (9, {"scab_stage": 5, **CLOSED}))) == {"scabs_off": "1"}


def test_rule_30_none_of_these_reaches_nothing() -> None:
    check_ins = [
        replace(check_in, excluded={"fluid": frozenset({"cloudy"})})
        for check_in in told((9, {"scab_stage": 5, "skin_open": "no"}), (10, {"skin_open": "no"}))
    ]
    assert reached(check_ins) == {"scabs_off": "0"}


def test_rule_29_what_a_person_set_is_not_looked_for_and_starts_what_comes_after() -> None:
    check_ins = told((8, CLOSED), (9, {"scab_stage": 5, **CLOSED}), (10, CLOSED), (11, CLOSED))
    found = observe_anchors(latest("laser"), check_ins, {"scabs_off": on(10)})
    assert found == {"skin_closed": ObservedAnchor(on(11), "3")}
    assert observe_anchors(latest("laser"), check_ins, {"scabs_off": on(12)}) == {}
    assert observe_anchors(latest("laser"), check_ins, {"skin_closed": on(10)}) == {}


def test_rule_6_an_answer_given_late_never_closes_the_skin_before_the_scabs_are_off() -> None:
    check_ins = told((9, {"scab_stage": 5, **CLOSED}), (8, CLOSED))
    found = observe_anchors(latest("laser"), check_ins)
    assert found["skin_closed"].on == found["scabs_off"].on == on(9)


def with_anchor(rule: AnchorRule) -> Protocol:
    protocol = latest("laser")
    return replace(protocol, shared=replace(protocol.shared, anchors=(rule,)))


def test_the_rules_are_those_of_the_file() -> None:
    quick = AnchorRule("scabs_off", "", Trigger("any", (AnswerCondition("scab_stage", ">=", 4),)))
    assert observe_anchors(with_anchor(quick), stages((3, 4)))["scabs_off"].on == on(3)


def test_a_rule_without_a_condition_for_this_method_is_never_reached() -> None:
    condition = AnswerCondition("skin_open", "==", "no", methods=("undo",))
    assert (
        observe_anchors(with_anchor(AnchorRule("skin_closed", "", Trigger("all", (condition,)))), told((9, CLOSED)))
        == {}
    )


@pytest.mark.parametrize("mode", ["any", "all"])
def test_without_a_first_day_an_answer_of_day_0_counts(mode: Literal["any", "all"]) -> None:
    rule = AnchorRule("skin_closed", "", Trigger(mode, (AnswerCondition("skin_open", "==", "no"),)))
    assert observe_anchors(with_anchor(rule), told((0, CLOSED), (1, CLOSED)))["skin_closed"].on == on(0)


def test_from_day_holds_in_a_joint_row_too() -> None:
    condition = AnswerCondition("skin_open", "==", "no", from_day=8)
    protocol = with_anchor(AnchorRule("skin_closed", "", Trigger("all", (condition,))))
    assert observe_anchors(protocol, told((7, CLOSED), (8, CLOSED)))["skin_closed"].on == on(8)


@pytest.mark.parametrize(
    ("anchors", "paths"),
    [
        ({"scabs_off": on(9), "skin_closed": on(9), "next_treatment": on(60)}, []),
        ({"skin_closed": on(9)}, []),
        ({"scabs_off": on(-1)}, ["scabs_off"]),
        ({"next_treatment": on(-1)}, ["next_treatment"]),
        ({"scabs_off": on(21)}, ["scabs_off"]),
        ({"scabs_off": on(20)}, []),
        ({"skin_closed": on(21)}, ["skin_closed"]),
        ({"scabs_off": on(9), "skin_closed": on(8)}, ["skin_closed"]),
        ({"scabs_off": on(0), "skin_closed": on(0), "next_treatment": on(0)}, []),
        ({"next_treatment": on(3650)}, []),
        ({"next_treatment": on(3651)}, ["next_treatment"]),
        ({"scabs_off": on(30), "skin_closed": on(-2)}, ["skin_closed", "scabs_off", "skin_closed"]),
    ],
)
def test_rule_6_every_fault_of_the_dates_is_named(anchors: dict[AnchorName, date], paths: list[str]) -> None:
    assert [fault.path for fault in check_anchor_dates(anchors, DAY_ZERO, on(20))] == paths


def test_rule_6_a_fault_names_both_dates() -> None:
    anchors: dict[AnchorName, date] = {"scabs_off": on(30), "skin_closed": on(-2), "next_treatment": on(4000)}
    assert [f"{fault.path}: {fault.problem}" for fault in check_anchor_dates(anchors, DAY_ZERO, on(20))] == [
        "skin_closed: 2026-01-03 is before day 0 (2026-01-05)",
        "scabs_off: 2026-02-04 is after today (2026-01-25)",
        "next_treatment: 2036-12-18 is more than 3650 days after day 0 (2026-01-05)",
        "skin_closed: 2026-01-03 is before scabs_off (2026-02-04)",
    ]


def test_rule_6_only_skin_closed_known_puts_scabs_off_on_the_same_date() -> None:
    assert complete_anchors({"skin_closed": on(9)}) == {"skin_closed": on(9), "scabs_off": on(9)}
    assert complete_anchors({"scabs_off": on(7), "skin_closed": on(9)})["scabs_off"] == on(7)
    assert complete_anchors({}) == {}
