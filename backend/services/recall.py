"""Who was told what, and putting it right: a recall finds the clients that a step was shown to and tells them a
correction, with a receipt when it is read (PROMISES S6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import InputFault, InvalidInput, OwnerNeeded
from backend.ids import new_id
from backend.models import (
    Client,
    Clinic,
    Correction,
    CorrectionReceipt,
    Practitioner,
    Reminder,
)
from backend.services import audit, corrections, news, plan_facts, protocol_versions, reminder_rows, told
from backend.services.told import StepWords, Told

AGAIN_AFTER = timedelta(hours=24)  # DESIGN section 7: sent again once
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Reader:
    """A client whom a correction was sent to; `sent_at`: when a push of it left, `read_at`: when it was read."""

    client_id: UUID
    client_name: str
    sent_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class CorrectionSent:
    """A recall as the clinic sees it. `by_clinic`: sent by the operator, in the clinic's name."""

    id: UUID
    method: str
    version: int
    step_id: str | None
    step_title: str | None
    words: str
    by: str
    by_clinic: bool
    at: datetime
    readers: tuple[Reader, ...]


def list_told(
    scope: StaffScope, method: str, version: int, step_id: str | None = None, *, now: datetime
) -> tuple[Told, ...]:
    """Every client to whom a signed version, or one step of it, was shown up to now; one entry a plan, by name.

    Raises NotFound (version or step).
    """
    with transaction(scope, write=False) as session:
        signed = protocol_versions.get_version(session, scope.clinic_id, method, version)
        return told.find_told(session, signed, step_id, now)


def get_words(scope: StaffScope, method: str, version: int, step_id: str) -> StepWords:
    """What a step said in a signed version, with its sources and the people who stand for it. Raises NotFound."""
    with transaction(scope, write=False) as session:
        return told.describe_step(protocol_versions.get_version(session, scope.clinic_id, method, version), step_id)


def send_correction(
    scope: StaffScope, method: str, version: int, step_id: str | None, message: str, *, now: datetime
) -> int:
    """Sends words to everybody who was told, each client once; answers how many they are.

    The owner does it, or the operator's command line in the clinic's name. Raises OwnerNeeded, NotFound (version,
    step), InvalidInput (words).
    """
    words = _read_words(message)
    with transaction(scope) as session:
        by, by_name = _sender(session, scope)
        signed = protocol_versions.get_version(session, scope.clinic_id, method, version)
        title = told.describe_step(signed, step_id).title if step_id else None
        newest = {one.client_id: one for one in sorted(told.find_told(session, signed, step_id, now), key=_last)}
        row = Correction(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            method=method,
            version=version,
            step_id=step_id,
            step_title=title,
            words=words,
            by=by,
            by_name=by_name,
            at=now,
        )
        session.add(row)
        session.flush()
        for one in newest.values():
            _tell(session, row, one, now)
        audit.record(
            session,
            scope,
            act="protocol.recall",
            subject_kind="correction",
            subject_id=row.id,
            details={"method": method, "version": version, "step": step_id, "clients": len(newest)},
            now=now,
        )
        return len(newest)


def _read_words(message: str) -> str:
    words = message.strip()
    if not words or len(words) > MOST_WORDS or not words.replace("\n", " ").isprintable():
        raise InvalidInput((InputFault("/message", f"from 1 to {MOST_WORDS} characters"),))
    return words


def list_corrections(scope: StaffScope, *, method: str | None = None) -> tuple[CorrectionSent, ...]:
    """The clinic's recalls, newest first, with who has read them."""
    with transaction(scope, write=False) as session:
        query = select(Correction).where(Correction.clinic_id == scope.clinic_id)
        if method is not None:
            query = query.where(Correction.method == method)
        rows = session.scalars(query.order_by(Correction.at.desc(), Correction.id.desc())).all()
        readers = _readers(session, scope.clinic_id, [row.id for row in rows])
        return tuple(
            CorrectionSent(
                id=row.id,
                method=row.method,
                version=row.version,
                step_id=row.step_id,
                step_title=row.step_title,
                words=row.words,
                by=row.by_name,
                by_clinic=row.by is None,
                at=row.at,
                readers=tuple(readers.get(row.id, ())),
            )
            for row in rows
        )


def _sender(session: Session, scope: StaffScope) -> tuple[UUID | None, str]:
    if scope.practitioner_id is None and scope.program == "cli":
        return None, session.get_one(Clinic, scope.clinic_id).name
    person = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
    if person is None or person.role != "owner":
        raise OwnerNeeded("only the clinic's owner sends a correction")
    return person.id, person.name


def _last(one: Told) -> tuple[object, UUID]:
    return one.last_on, one.care_plan_id


def _tell(session: Session, row: Correction, one: Told, now: datetime) -> None:
    """The receipt to be filled in, the push, and a second one a day later under the same collapse id."""
    session.add(
        CorrectionReceipt(
            clinic_id=row.clinic_id,
            id=new_id(now),
            client_id=one.client_id,
            care_plan_id=one.care_plan_id,
            correction_id=row.id,
        )
    )
    plan = plan_facts.load_plan(session, row.clinic_id, one.care_plan_id, lock=True)
    key, why = corrections.key_of(row.id), "a correction"
    first = news.send(session, plan, "correction", key, now, why)
    later = first.send_at + AGAIN_AFTER
    again = news.send(session, plan, "correction", f"{key}:again", now, f"{why}, not read yet", at=later)
    again.collapse_id = first.collapse_id
    session.flush()


def _readers(session: Session, clinic_id: UUID, correction_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Reader]]:
    rows = session.execute(
        select(CorrectionReceipt, Client.name)
        .join(Client, (Client.clinic_id == CorrectionReceipt.clinic_id) & (Client.id == CorrectionReceipt.client_id))
        .where(CorrectionReceipt.clinic_id == clinic_id, CorrectionReceipt.correction_id.in_(correction_ids))
        .order_by(Client.name, Client.id)
    )
    left = session.execute(
        select(Reminder.collapse_id, func.min(Reminder.settled_at))
        .where(Reminder.clinic_id == clinic_id, Reminder.kind == "correction", Reminder.state == "sent")
        .group_by(Reminder.collapse_id)
    )
    sent_at = dict(iter(left))
    found: dict[UUID, list[Reader]] = {}
    for receipt, name in rows:
        pushed = reminder_rows.collapse_id(receipt.care_plan_id, corrections.key_of(receipt.correction_id))
        reader = Reader(receipt.client_id, name, sent_at.get(pushed), receipt.read_at)
        found.setdefault(receipt.correction_id, []).append(reader)
    return found
