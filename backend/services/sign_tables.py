"""What a client answered beside what is usual for the day, as a table. Reads only; used by the services beside it.

What is marked was marked when the check-in was judged: nothing is judged anew here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import AssessmentRow, CheckIn
from backend.services.plan_facts import LoadedPlan
from schedules import AnswerValue, ExpectedRow, Protocol, Question


@dataclass(frozen=True, slots=True)
class AnsweredDay:
    """One column: a check-in with its level."""

    check_in_id: UUID
    day: int
    on: date
    kind: str
    level: str
    answered_at: datetime
    note: str | None
    photo_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SignCell:
    """`value` None: not answered. `marked`: a rule fired on it, or it was more than usual."""

    value: AnswerValue | None
    usual: ExpectedRow | None
    marked: bool


@dataclass(frozen=True, slots=True)
class SignLine:
    question: Question
    cells: tuple[SignCell, ...]


@dataclass(frozen=True, slots=True)
class SignTable:
    """Columns are check-ins, lines are questions: the plan's signs first, then what else was answered."""

    days: tuple[AnsweredDay, ...]
    lines: tuple[SignLine, ...]


JudgedCheckIn = tuple[CheckIn, AssessmentRow]


def load_judged(session: Session, plan: LoadedPlan) -> tuple[JudgedCheckIn, ...]:
    """The plan's check-ins with their assessments, oldest first; of a check-in and its correction only the newest."""
    rows = session.execute(
        select(CheckIn, AssessmentRow)
        .join(
            AssessmentRow,
            (AssessmentRow.clinic_id == CheckIn.clinic_id)
            & (AssessmentRow.client_id == CheckIn.client_id)
            & (AssessmentRow.id == CheckIn.id),
        )
        .where(CheckIn.clinic_id == plan.row.clinic_id, CheckIn.care_plan_id == plan.row.id)
        .order_by(CheckIn.answered_at, CheckIn.received_at, CheckIn.id)
    ).all()
    amended = {check_in.amends for check_in, _ in rows}
    return tuple((check_in, judged) for check_in, judged in rows if check_in.id not in amended)


def build_table(protocol: Protocol, columns: Sequence[JudgedCheckIn]) -> SignTable:
    """The table of some check-ins, in the order given."""
    marked = [marked_questions(judged) for _, judged in columns]
    lines = []
    for question_id in _asked(protocol, columns):
        sign = protocol.signs.get(question_id)
        cells = tuple(
            SignCell(
                value=check_in.answers.get(question_id),
                usual=sign.row_on(check_in.day) if sign else None,
                marked=question_id in marks,
            )
            for (check_in, _), marks in zip(columns, marked, strict=True)
        )
        lines.append(SignLine(protocol.shared.questions[question_id], cells))
    return SignTable(tuple(_day(check_in, judged) for check_in, judged in columns), tuple(lines))


def marked_questions(judged: AssessmentRow) -> frozenset[str]:
    """Ids of the questions that a rule fired on or whose answer was more than usual."""
    fired = (reading for finding in judged.findings for reading in finding["readings"])
    return frozenset(reading["question"] for reading in (*fired, *judged.more_than_usual))


def _asked(protocol: Protocol, columns: Iterable[JudgedCheckIn]) -> list[str]:
    answered = {question: None for check_in, _ in columns for question in check_in.answers}
    signs = [sign for sign in protocol.signs if sign in answered]
    return signs + [question for question in answered if question not in protocol.signs]


def _day(check_in: CheckIn, judged: AssessmentRow) -> AnsweredDay:
    return AnsweredDay(
        check_in_id=check_in.id,
        day=check_in.day,
        on=check_in.on,
        kind=check_in.kind,
        level=judged.level,
        answered_at=check_in.answered_at,
        note=check_in.note,
        photo_ids=tuple(UUID(photo) for photo in check_in.photo_ids),
    )
