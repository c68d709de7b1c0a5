"""How a client's answers run beside what is usual. Each sign by itself, compared with the plan's range and nothing
else: no score, and nothing made of several signs (PROMISES S5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from schedules.conditions import is_unusual
from schedules.facts import CheckInFacts
from schedules.protocol import ExpectedRow, Protocol, Sign
from schedules.protocol_terms import AnswerValue
from schedules.shared_protocol import Question

Place = Literal["usual", "more", "ahead", "unknown"]


@dataclass(frozen=True, slots=True)
class Point:
    """The last answer of a day. `place`: in the usual range of that day, above or outside it (rule 33), below it
    (which is fine), or a day that the plan has no range for."""

    day: int
    value: AnswerValue
    place: Place


@dataclass(frozen=True, slots=True)
class SignSeries:
    """The answers to one sign, by day; at least one."""

    question: Question
    sign: Sign
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the answers of the newest day stand; ids of the signs that are more than usual, and ahead of it."""

    day: int
    more: tuple[str, ...]
    ahead: tuple[str, ...]


def build_series(protocol: Protocol, check_ins: Sequence[CheckInFacts]) -> tuple[SignSeries, ...]:
    """One series for each sign of the plan that was answered, in the order of the plan.

    `check_ins` in the order of answering, of a check-in and its correction only the newest (rule 30). Of several
    answers of one day the last one counts.
    """
    found = []
    for sign in protocol.signs.values():
        by_day = {one.day: one.answers[sign.id] for one in check_ins if sign.id in one.answers}
        if by_day:
            points = tuple(Point(day, value, _place(value, sign.row_on(day))) for day, value in sorted(by_day.items()))
            found.append(SignSeries(protocol.shared.questions[sign.id], sign, points))
    return tuple(found)


def find_standing(series: Sequence[SignSeries]) -> Standing | None:
    """Where the newest day stands; None without any answer."""
    day = max((one.points[-1].day for one in series), default=None)
    if day is None:
        return None
    newest = [(one.question.id, one.points[-1].place) for one in series if one.points[-1].day == day]
    return Standing(
        day=day,
        more=tuple(question for question, place in newest if place == "more"),
        ahead=tuple(question for question, place in newest if place == "ahead"),
    )


def _place(value: AnswerValue, row: ExpectedRow | None) -> Place:
    if row is None:
        return "unknown"
    if is_unusual(value, row.high, row.allowed):
        return "more"
    return "ahead" if row.low is not None and isinstance(value, int) and value < row.low else "usual"
