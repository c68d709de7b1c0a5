"""The conservation law: all rows ever planned = pending + every terminal state, per clinic, at every moment (P2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from backend.db import StaffScope, WorkerScope, transaction
from backend.models import Clinic, DeliveryAttempt, Reminder
from backend.models.reminders import PENDING, TERMINAL

GRACE = timedelta(minutes=10)  # what the expiry tick has to end what is past
VIOLATIONS_LIMIT = 100

_Carrier = aliased(Reminder)
_PENDING = Reminder.state == literal_column(f"'{PENDING}'")  # a literal, so that the partial indexes are used
_LATE: BindParameter[datetime] = bindparam("late")
_SINCE: BindParameter[datetime] = bindparam("since")


@dataclass(frozen=True, slots=True)
class ClinicLedger:
    """One clinic's count. `claimed` is a part of `pending`. `difference`: rows that no state accounts for."""

    clinic_id: UUID
    planned_ever: int
    pending: int
    claimed: int
    settled: dict[str, int]
    difference: int


@dataclass(frozen=True, slots=True)
class Violation:
    """A reminder in a state that cannot be."""

    clinic_id: UUID
    reminder_id: UUID
    law: str


@dataclass(frozen=True, slots=True)
class Ledger:
    clinics: tuple[ClinicLedger, ...] = ()
    violations: tuple[Violation, ...] = field(default=())

    @property
    def holds(self) -> bool:
        return not self.violations and not any(clinic.difference for clinic in self.clinics)


def check_conservation(*, now: datetime, rate: float = 1.0, since: datetime | None = None) -> Ledger:
    """All clinics, in one reading transaction. `rate`: the Clock's, so that a fast clock leaves the same real time.

    `since`: all rows are counted, but the laws look only at those that were settled from then on or are pending; for
    who asks often, and in the end about all.
    """
    with transaction(WorkerScope(), write=False) as session:
        clinics = session.scalars(select(Clinic.id).order_by(Clinic.id)).all()
        counts = tuple(_count(session, clinic) for clinic in clinics)
        return Ledger(counts, tuple(_list_violations(session, now - GRACE * max(rate, 1.0), since)))


def get_ledger(scope: StaffScope, *, now: datetime) -> Ledger:
    """One clinic's own ledger, for its console."""
    with transaction(scope, write=False) as session:
        return Ledger((_count(session, scope.clinic_id),), tuple(_list_violations(session, now - GRACE)))


def _count(session: Session, clinic_id: UUID) -> ClinicLedger:
    own = Reminder.clinic_id == clinic_id
    ever = session.scalar(select(func.count()).select_from(Reminder).where(own)) or 0
    by_state = (
        select(Reminder.state, func.count().label("rows"), func.count(Reminder.lease_token).label("claimed"))
        .where(own)
        .group_by(Reminder.state)
    )
    counted = session.execute(by_state).all()
    states = {row.state: row.rows for row in counted}
    claimed = sum(row.claimed for row in counted if row.state == PENDING)
    settled = {state: states.get(state, 0) for state in TERMINAL}
    pending = states.get(PENDING, 0)
    return ClinicLedger(clinic_id, ever, pending, claimed, settled, ever - pending - sum(settled.values()))


def _list_violations(session: Session, late: datetime, since: datetime | None = None) -> Iterator[Violation]:
    left = VIOLATIONS_LIMIT
    given = {"late": late} if since is None else {"late": late, "since": since}
    for law, query in _laws(since is not None):
        rows = session.execute(query, {**given, "left": left}).all()
        yield from (Violation(row.clinic_id, row.id, law) for row in rows)
        left -= len(rows)


@cache
def _laws(recent: bool) -> tuple[tuple[str, Select[UUID, UUID]], ...]:
    """Each law as the query that finds the rows which break it; what ended before `late` should have been settled.
    `recent`: of what was settled before `since` nothing is looked at."""
    settled = or_(Reminder.settled_at >= _SINCE, Reminder.settled_at.is_(None)) if recent else true()
    accepted = exists().where(
        DeliveryAttempt.clinic_id == Reminder.clinic_id,
        DeliveryAttempt.reminder_id == Reminder.id,
        DeliveryAttempt.outcome == "accepted",
    )
    untimely = or_(Reminder.settled_at.is_(None), Reminder.lease_token.is_not(None))
    ended = (_Carrier.state != PENDING, _Carrier.settled_at < _LATE)
    not_sent = or_(_Carrier.state.is_(None), _Carrier.state != "sent")
    laws = {
        "sent without a provider's yes": _rows(Reminder.state == "sent", settled, ~accepted),
        "pending past its window": _rows(_PENDING, Reminder.expires_at < _LATE),
        "settled without its time, or still under a lease": _rows(Reminder.state.in_(TERMINAL), settled, untimely),
        "pending but settled": _rows(_PENDING, Reminder.settled_at.is_not(None)),
        "waits for a carrier that has ended": _rows_with_carrier(_PENDING, *ended),
        "merged into what was not sent": _rows_with_carrier(Reminder.state == "merged", settled, not_sent),
        "one kind twice for one occurrence": _twice(settled),
        "sent again under another collapse id, or more than once": _resent_wrongly(settled),
    }
    return tuple((law, query.limit(bindparam("left"))) for law, query in laws.items())


def _rows(*conditions: ColumnElement[bool]) -> Select[UUID, UUID]:
    return select(Reminder.clinic_id, Reminder.id).where(*conditions).order_by(Reminder.send_at)


def _rows_with_carrier(*conditions: ColumnElement[bool]) -> Select[UUID, UUID]:
    same = and_(_Carrier.clinic_id == Reminder.clinic_id, _Carrier.id == Reminder.carrier_id)
    return select(Reminder.clinic_id, Reminder.id).outerjoin(_Carrier, same).where(*conditions)


def _resent_wrongly(settled: ColumnElement[bool]) -> Select[UUID, UUID]:
    """A second sending stands on a row that left, replaces what its phone was shown, and has no other beside it."""
    first, carrier, other = aliased(Reminder), aliased(Reminder), aliased(Reminder)
    return (
        select(Reminder.clinic_id, Reminder.id)
        .outerjoin(first, and_(first.clinic_id == Reminder.clinic_id, first.id == Reminder.resend_of))
        .outerjoin(carrier, and_(carrier.clinic_id == first.clinic_id, carrier.id == first.carrier_id))
        .where(
            Reminder.resend_of.is_not(None),
            settled,
            or_(
                first.id.is_(None),
                first.resend_of.is_not(None),
                Reminder.collapse_id != func.coalesce(carrier.collapse_id, first.collapse_id),
                exists().where(
                    other.clinic_id == Reminder.clinic_id,
                    other.client_id == Reminder.client_id,
                    other.resend_of == Reminder.resend_of,
                    other.id != Reminder.id,
                ),
            ),
        )
    )


def _twice(settled: ColumnElement[bool]) -> Select[UUID, UUID]:
    """By numbering the rows of each occurrence that was told of more than once: counting finds those fast."""
    what = (Reminder.care_plan_id, Reminder.occurrence_key, Reminder.kind, Reminder.recipient_id, Reminder.clinic_id)
    told = (
        Reminder.state.in_(("sent", "merged")),
        Reminder.occurrence_key.is_not(None),
        Reminder.care_plan_id.is_not(None),
        settled,
        Reminder.resend_of.is_(None),  # the second sending of one message (DESIGN section 7)
    )
    doubled = select(*what).where(*told).group_by(*what).having(func.count() > 1).subquery()
    number = func.row_number().over(partition_by=what, order_by=Reminder.id).label("number")
    rows = (
        select(Reminder.clinic_id, Reminder.id, Reminder.send_at, number)
        .join(doubled, and_(*(column == doubled.c[column.key] for column in what)))
        .where(*told)
        .subquery()
    )
    return select(rows.c.clinic_id, rows.c.id).where(rows.c.number > 1).order_by(rows.c.send_at)
