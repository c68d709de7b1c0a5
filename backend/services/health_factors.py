"""Health factors of a client: recorded with a treatment, in force until their date or a person's word (rule 51)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import HealthFactorRow
from backend.services import audit

# built once: each reading of readiness asks it
_OF_CLIENT = (
    select(HealthFactorRow)
    .where(HealthFactorRow.clinic_id == bindparam("clinic_id"), HealthFactorRow.client_id == bindparam("client_id"))
    .order_by(HealthFactorRow.recorded_at, HealthFactorRow.id)
)


@dataclass(frozen=True, slots=True)
class FactorChosen:
    modifier_id: str
    last_applied_on: date | None = None


@dataclass(frozen=True, slots=True)
class FactorView:
    """A health factor of the client; `cleared_note` says what cleared it."""

    id: UUID
    modifier_id: str
    last_applied_on: date | None
    cleared_at: datetime | None
    cleared_note: str | None


def clear(scope: StaffScope, factor_id: UUID, note: str, *, now: datetime) -> None:
    """A person clears a health factor, for example a doctor's letter was seen (rule 51)."""
    if not note.strip():
        raise InvalidInput((InputFault("/note", "say what cleared it"),))
    with transaction(scope) as session:
        factor = session.get(HealthFactorRow, (scope.clinic_id, factor_id))
        if factor is None:
            raise NotFound("no such health factor")
        if factor.cleared_at is None:
            factor.cleared_at, factor.cleared_by, factor.cleared_note = now, scope.practitioner_id, note.strip()
            audit.record(
                session,
                scope,
                act="health_factor.clear",
                subject_kind="health_factor",
                subject_id=factor.id,
                client_id=factor.client_id,
                details={"modifier": factor.modifier_id},
                now=now,
            )


def record(
    session: Session, scope: StaffScope, client_id: UUID, factors: Sequence[FactorChosen], now: datetime
) -> None:
    """Adds what is new; of a factor that is in force already only its date moves."""
    open_now = {
        row.modifier_id: row
        for row in session.scalars(
            select(HealthFactorRow).where(
                HealthFactorRow.clinic_id == scope.clinic_id,
                HealthFactorRow.client_id == client_id,
                HealthFactorRow.cleared_at.is_(None),
            )
        )
    }
    for factor in factors:
        if factor.modifier_id in open_now:
            open_now[factor.modifier_id].last_applied_on = factor.last_applied_on
            continue
        session.add(
            HealthFactorRow(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                client_id=client_id,
                modifier_id=factor.modifier_id,
                last_applied_on=factor.last_applied_on,
                recorded_by=scope.practitioner_id,
                recorded_at=now,
            )
        )


def list_factors(session: Session, clinic_id: UUID, client_id: UUID) -> Sequence[HealthFactorRow]:
    """The client's health factors in the order in which they were recorded."""
    return session.scalars(_OF_CLIENT, {"clinic_id": clinic_id, "client_id": client_id}).all()


def describe(factors: Sequence[HealthFactorRow]) -> tuple[FactorView, ...]:
    """The same as they are shown."""
    return tuple(
        FactorView(row.id, row.modifier_id, row.last_applied_on, row.cleared_at, row.cleared_note) for row in factors
    )
