"""What `cli doctor` asks of the database: signed plans that no longer parse, keys that stored photos need."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from backend.db import StaffScope, transaction
from backend.models import ClinicProtocol, Photo
from backend.services import clinics, protocol_versions


@dataclass(frozen=True, slots=True)
class BrokenPlan:
    """A signed version that can no longer be compiled: it starts no new plan. `faults` with their paths."""

    clinic_id: UUID
    method: str
    version: int
    faults: tuple[str, ...]


def list_broken_plans() -> tuple[BrokenPlan, ...]:
    """Read every version that any clinic signed anew: a running plan may hang on each."""
    broken = []
    for clinic_id in clinics.list_ids():
        with transaction(StaffScope(clinic_id, program="cli"), write=False) as session:
            for row in session.scalars(select(ClinicProtocol).where(ClinicProtocol.clinic_id == clinic_id)):
                faults = tuple(map(str, protocol_versions.read_faults(row)))
                if faults:
                    broken.append(BrokenPlan(clinic_id, row.method, row.version, faults))
    return tuple(broken)


def count_photos_by_key() -> dict[str, int]:
    """How many stored photos each key has sealed."""
    counts: dict[str, int] = {}
    for clinic_id in clinics.list_ids():
        with transaction(StaffScope(clinic_id, program="cli"), write=False) as session:
            by_key = select(Photo.key_id, func.count()).where(Photo.clinic_id == clinic_id).group_by(Photo.key_id)
            for key_id, number in session.execute(by_key):
                counts[key_id] = counts.get(key_id, 0) + number
    return counts
