"""Corrections as the client reads them. A recall sends them; reading one ends its pushes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, select, update
from sqlalchemy.orm import Session

from backend.db import ClientScope, transaction
from backend.errors import NotFound
from backend.models import Correction, CorrectionReceipt, Reminder
from backend.services import audit, protocol_versions, reminder_rows, told
from backend.services.claimed_times import bounded

KEY = "correction:"  # what its pushes are planned under begins so


@dataclass(frozen=True, slots=True)
class CorrectionSeen:
    """A correction as one client sees it. `step_told`: what the step said in the version that is corrected."""

    id: UUID
    care_plan_id: UUID
    method: str
    version: int
    step_id: str | None
    step_title: str | None
    step_told: str | None
    words: str
    by: str
    by_clinic: bool
    at: datetime
    read_at: datetime | None


def list_corrections(scope: ClientScope) -> tuple[CorrectionSeen, ...]:
    """A client's corrections, read or not, newest first."""
    with transaction(scope, write=False) as session:
        pairs = session.execute(_own(scope).order_by(Correction.at.desc(), Correction.id.desc()))
        return tuple(_seen(session, row, receipt) for row, receipt in pairs)


def note_read(scope: ClientScope, correction_id: UUID, *, at: datetime | None = None, now: datetime) -> CorrectionSeen:
    """The client has read it: what is still to be sent of it is taken back. Saying so again changes nothing.

    `at`: when, by the phone's clock, which may have had no connection then; believed from the sending up to now.
    Raises NotFound.
    """
    with transaction(scope) as session:
        found = session.execute(_own(scope).where(Correction.id == correction_id)).one_or_none()
        if found is None:
            raise NotFound("no such correction")
        row, receipt = found
        noted = session.execute(
            update(CorrectionReceipt)
            .where(
                CorrectionReceipt.clinic_id == scope.clinic_id,
                CorrectionReceipt.id == receipt.id,
                CorrectionReceipt.read_at.is_(None),
            )
            .values(read_at=bounded(at or now, row.at, now))
            .execution_options(synchronize_session=False)
        )
        session.refresh(receipt)
        if cast(CursorResult[Any], noted).rowcount:  # two phones may say so at once
            _take_back(session, receipt, now)
            audit.record(
                session,
                scope,
                act="correction.read",
                subject_kind="correction",
                subject_id=row.id,
                client_id=scope.client_id,
                now=now,
            )
        return _seen(session, row, receipt)


def key_of(correction_id: UUID) -> str:
    """What its pushes are planned under; they share one collapse id."""
    return f"{KEY}{correction_id.hex}"


def id_of(dedupe_key: str) -> UUID:
    """The correction that a push of one stands for."""
    return UUID(hex=dedupe_key.partition(KEY)[2][:32])


def _own(scope: ClientScope) -> Select[Correction, CorrectionReceipt]:
    return (
        select(Correction, CorrectionReceipt)
        .join(
            CorrectionReceipt,
            (Correction.clinic_id == CorrectionReceipt.clinic_id) & (Correction.id == CorrectionReceipt.correction_id),
        )
        .where(CorrectionReceipt.clinic_id == scope.clinic_id, CorrectionReceipt.client_id == scope.client_id)
    )


def _seen(session: Session, row: Correction, receipt: CorrectionReceipt) -> CorrectionSeen:
    step_told = None
    if row.step_id is not None:
        signed = protocol_versions.get_version(session, row.clinic_id, row.method, row.version)
        step_told = told.describe_step(signed, row.step_id).instruction
    return CorrectionSeen(
        id=row.id,
        care_plan_id=receipt.care_plan_id,
        method=row.method,
        version=row.version,
        step_id=row.step_id,
        step_title=row.step_title,
        step_told=step_told,
        words=row.words,
        by=row.by_name,
        by_clinic=row.by is None,
        at=row.at,
        read_at=receipt.read_at,
    )


def _take_back(session: Session, receipt: CorrectionReceipt, now: datetime) -> None:
    session.execute(
        update(Reminder)
        .where(
            Reminder.clinic_id == receipt.clinic_id,
            Reminder.care_plan_id == receipt.care_plan_id,
            Reminder.collapse_id == reminder_rows.collapse_id(receipt.care_plan_id, key_of(receipt.correction_id)),
            Reminder.state == "planned",
        )
        .values(state="withdrawn", reason="done", settled_at=now, lease_token=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
