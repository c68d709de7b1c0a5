"""A client's answers beside the plan's usual range, each sign by itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from schedules.catalog import latest
from schedules.facts import CheckInFacts
from schedules.healing import SignSeries, build_series, find_standing
from schedules.protocol import ExpectedRow
from schedules.protocol_terms import AnswerValue

SALINE = latest("saline")


def told(*days: tuple[int, Mapping[str, AnswerValue]]) -> list[CheckInFacts]:
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    return [
        CheckInFacts(str(order), day, date(2026, 1, 5) + timedelta(day), start + timedelta(day, order), answers)
        for order, (day, answers) in enumerate(days)
    ]


def series(*days: tuple[int, Mapping[str, AnswerValue]]) -> dict[str, SignSeries]:
    return {one.question.id: one for one in build_series(SALINE, told(*days))}


def test_each_answered_sign_has_its_own_series_in_the_order_of_the_plan_and_by_day() -> None:
    found = series((4, {"fluid": "none", "pain": 2}), (1, {"pain": 4}), (2, {"mood": "ok"}))
    assert list(found) == ["pain", "fluid"]
    assert [(point.day, point.value) for point in found["pain"].points] == [(1, 4), (4, 2)]
    assert [(point.day, point.value) for point in found["fluid"].points] == [(4, "none")]


def test_of_several_answers_of_one_day_the_last_one_counts() -> None:
    assert [point.value for point in series((3, {"pain": 6}), (3, {"pain": 2}))["pain"].points] == [2]


def test_each_answer_is_compared_with_the_range_of_its_own_day() -> None:
    found = series((3, {"pain": 4, "fluid": "none"}), (4, {"pain": 4, "fluid": "pink_bloody"}), (91, {"pain": 9}))
    assert [point.place for point in found["pain"].points] == ["usual", "more", "unknown"]
    assert [point.place for point in found["fluid"].points] == ["usual", "more"]


def test_below_the_range_is_ahead_of_it() -> None:
    rows = (ExpectedRow(0, 90, low=2, high=5),)
    protocol = replace(SALINE, signs={"pain": replace(SALINE.signs["pain"], expected=rows)})
    (found,) = build_series(protocol, told((1, {"pain": 1}), (2, {"pain": 2})))
    assert [point.place for point in found.points] == ["ahead", "usual"]
    standing = find_standing(build_series(protocol, told((1, {"pain": 1}))))
    assert standing is not None
    assert (standing.more, standing.ahead) == ((), ("pain",))


def test_the_newest_day_says_where_one_stands() -> None:
    days = ((5, {"pain": 9, "itch": 1}), (6, {"pain": 3, "redness_level": 3}))
    standing = find_standing(build_series(SALINE, told(*days)))
    assert standing is not None
    assert (standing.day, standing.more, standing.ahead) == (6, ("redness_level",), ())


def test_without_an_answer_there_is_nothing_to_say() -> None:
    assert build_series(SALINE, told((1, {}))) == ()
    assert find_standing(()) is None
