"""Seals the audit log of every clinic, one scope each (PROMISES K7)."""

from datetime import datetime

from sqlalchemy import select

from backend.db import StaffScope, WorkerScope, transaction
from backend.models import Clinic
from backend.services import audit


def seal_all(*, now: datetime) -> int:
    """Put each clinic's new audit rows into its chain; gives how many."""
    with transaction(WorkerScope(), write=False) as session:
        clinics = session.scalars(select(Clinic.id)).all()
    return sum(audit.seal(StaffScope(clinic_id), now=now) for clinic_id in clinics)
