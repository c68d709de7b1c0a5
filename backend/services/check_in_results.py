"""The answer to a check-in: its assessment is kept once, word for word, and read the same ever after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from backend.models import AssessmentRow, CheckIn, Clinic, Flag, Practitioner, Reminder, Review
from backend.services import flags
from backend.services.emergency import Numbers, numbers_of
from backend.services.flags import FlagSeen
from backend.services.plan_facts import LoadedPlan
from schedules import AnswerValue, Assessment, Protocol, Reading

_REVIEW = (
    select(Review)
    .where(
        Review.clinic_id == bindparam("clinic_id"),
        Review.client_id == bindparam("client_id"),
        Review.check_in_id == bindparam("id"),
    )
    .order_by(Review.at.desc())
    .limit(1)
)
_CARE = (  # the clinic and who looks after the client there
    select(Clinic, Practitioner.name)
    .outerjoin(Practitioner, and_(Practitioner.clinic_id == Clinic.id, Practitioner.id == bindparam("practitioner_id")))
    .where(Clinic.id == bindparam("clinic_id"))
)


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One thing the client was told, with the rule and the content version it came from (PROMISES S6)."""

    rule_id: str
    title: str
    words: str
    urgency: str


@dataclass(frozen=True, slots=True)
class CheckInResult:
    """What the client sees after a check-in; the same again whenever it is asked for.

    `look_by`: the clinic's promise to have looked. `check_again_at`: when a watch result is asked about again.
    `protocol`: the plan's own, for the names of questions and the usual range of answers.
    """

    id: UUID
    care_plan_id: UUID
    kind: str
    occurrence: str | None
    day: int
    level: str
    told: tuple[ToldLine, ...]
    findings: tuple[Mapping[str, object], ...]
    more_than_usual: tuple[Mapping[str, object], ...]
    answers: Mapping[str, AnswerValue]
    excluded: Mapping[str, Sequence[AnswerValue]]
    note: str | None
    partial: bool
    photo_ids: tuple[UUID, ...]
    answered_at: datetime
    received_at: datetime
    practitioner_name: str
    look_by: datetime
    check_again_at: datetime | None
    emergency: tuple[Numbers, ...]
    protocol: Protocol
    flags: tuple[FlagSeen, ...]
    reviewed_by: str | None
    reviewed_at: datetime | None
    reply: str | None
    repeated: bool = False


def keep(session: Session, plan: LoadedPlan, check_in: CheckIn, assessment: Assessment, now: datetime) -> AssessmentRow:
    """Writes the assessment of a check-in with every word the client is told (PROMISES S6)."""
    row = AssessmentRow(
        clinic_id=check_in.clinic_id,
        client_id=check_in.client_id,
        id=check_in.id,
        care_plan_id=plan.row.id,
        level=assessment.level,
        findings=[
            {
                "rule_id": finding.rule_id,
                "urgency": finding.urgency,
                "level": finding.level,
                "title": finding.title,
                "already_open": finding.already_open,
                "readings": [_reading(reading) for reading in finding.readings],
            }
            for finding in assessment.findings
        ],
        more_than_usual=[_reading(reading) for reading in assessment.more_than_usual],
        told=[
            {"rule_id": f.rule_id, "title": f.title, "words": f.tell_client, "urgency": f.urgency}
            for f in assessment.findings
        ],
        content_version=plan.protocol.content_version,
        clinic_protocol_id=plan.signed.id,
        at=now,
    )
    session.add(row)
    return row


def _reading(reading: Reading) -> dict[str, object]:
    return {
        "question": reading.question,
        "value": reading.value,
        "day": reading.day,
        "usual_high": reading.usual_high,
        "usual_allowed": list(reading.usual_allowed) if reading.usual_allowed is not None else None,
        "earlier_value": reading.earlier_value,
        "earlier_day": reading.earlier_day,
    }


def describe(
    session: Session, plan: LoadedPlan, check_in: CheckIn, judged: AssessmentRow | None = None
) -> CheckInResult:
    """A stored check-in with its assessment, flags and reviews. `judged`: its assessment, where it was made just now;
    then nobody has looked at it yet."""
    assessment, review = (judged, None) if judged else _read_judgement(session, check_in)
    clinic, name = _find_care(session, plan)
    return CheckInResult(
        id=check_in.id,
        care_plan_id=check_in.care_plan_id,
        kind=check_in.kind,
        occurrence=check_in.occurrence_key,
        day=check_in.day,
        level=assessment.level,
        told=tuple(ToldLine(**line) for line in assessment.told),
        findings=tuple(assessment.findings),
        more_than_usual=tuple(assessment.more_than_usual),
        answers=check_in.answers,
        excluded=check_in.excluded,
        note=check_in.note,
        partial=check_in.partial,
        photo_ids=tuple(UUID(photo) for photo in check_in.photo_ids),
        answered_at=check_in.answered_at,
        received_at=check_in.received_at,
        practitioner_name=name or "",
        look_by=check_in.received_at + timedelta(hours=clinic.reply_promise_h),
        check_again_at=_check_again_at(session, check_in) if assessment.level == "watch" else None,
        emergency=numbers_of(clinic, plan.client.zone),
        protocol=plan.protocol,
        flags=tuple(flags.describe(session, flag) for flag in _list_flags(session, check_in, assessment)),
        reviewed_by=review.by_name if review else None,
        reviewed_at=review.at if review else None,
        reply=review.words if review else None,
    )


def _read_judgement(session: Session, check_in: CheckIn) -> tuple[AssessmentRow, Review | None]:
    """The assessment of a check-in, and who looked at it last."""
    key = {"clinic_id": check_in.clinic_id, "client_id": check_in.client_id, "id": check_in.id}
    return session.get_one(AssessmentRow, tuple(key.values())), session.scalar(_REVIEW, key)


def _find_care(session: Session, plan: LoadedPlan) -> tuple[Clinic, str | None]:
    """The clinic, and the name of who looks after the client there."""
    asked = {"clinic_id": plan.row.clinic_id, "practitioner_id": plan.client.practitioner_id}
    clinic, name = session.execute(_CARE, asked).one()
    return clinic, name


def _list_flags(session: Session, check_in: CheckIn, assessment: AssessmentRow) -> list[Flag]:
    """Those that the check-in raised or found open."""
    if not assessment.findings:
        return []
    raised = session.scalars(
        select(Flag).where(
            Flag.clinic_id == check_in.clinic_id,
            Flag.client_id == check_in.client_id,
            Flag.care_plan_id == check_in.care_plan_id,
            Flag.rule_id.in_([finding["rule_id"] for finding in assessment.findings]),
            Flag.raised_at <= assessment.at,
        )
    ).all()
    return [flag for flag in raised if flag.closed_at is None or flag.closed_at >= assessment.at]


def _check_again_at(session: Session, check_in: CheckIn) -> datetime | None:
    """When this plan day is asked about again (DESIGN section 7, check_again)."""
    return session.scalar(
        select(Reminder.send_at)
        .where(
            Reminder.clinic_id == check_in.clinic_id,
            Reminder.care_plan_id == check_in.care_plan_id,
            Reminder.kind == "check_again",
            Reminder.occurrence_key == f"check_again@d{check_in.day}",
            Reminder.state != "withdrawn",
        )
        .limit(1)
    )
