"""Readiness as the core computes it from what is stored, and the decisions that people made on it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.models import CarePlan, HealthFactorRow, Photo, ReadinessSignOff
from backend.services import health_factors, loaded_plans, plan_facts, plan_records
from backend.services.plan_facts import LoadedPlan
from schedules import (
    EarlierTreatment,
    HealthFactor,
    PhotoTaken,
    Readiness,
    ReadinessFacts,
    SignOff,
    Site,
    evaluate_area,
    plan_date,
)

# built once: each reading of readiness asks all of these
_OF_PLAN = (ReadinessSignOff.clinic_id == bindparam("clinic_id"), ReadinessSignOff.care_plan_id == bindparam("plan_id"))
_IN_ORDER = (ReadinessSignOff.at, ReadinessSignOff.id)
_DECISIONS = select(ReadinessSignOff).where(*_OF_PLAN).order_by(*_IN_ORDER)
_STANDING = _DECISIONS.where(ReadinessSignOff.kind == bindparam("kind"), ReadinessSignOff.revoked_at.is_(None))
_PHOTOS = select(Photo.view, Photo.taken_on).where(
    Photo.clinic_id == bindparam("clinic_id"), Photo.care_plan_id == bindparam("plan_id")
)
_OTHER_METHOD = (
    select(CarePlan.id)
    .where(
        CarePlan.clinic_id == bindparam("clinic_id"),
        CarePlan.area_id == bindparam("area_id"),
        CarePlan.method != bindparam("method"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided on a plan, in the order in which they did."""

    rows: Sequence[ReadinessSignOff]

    def standing(self, kind: str) -> list[ReadinessSignOff]:
        """Those that nobody has taken back."""
        return [row for row in self.rows if row.kind == kind and row.revoked_at is None]

    @property
    def sign_off(self) -> ReadinessSignOff | None:
        standing = self.standing("sign_off")
        return standing[-1] if standing else None

    @property
    def last_revoked(self) -> ReadinessSignOff | None:
        """The yes that was taken back last."""
        revoked = [(row.revoked_at, row) for row in self.rows if row.kind == "sign_off" and row.revoked_at is not None]
        return max(revoked, key=lambda pair: pair[0])[1] if revoked else None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Readiness with what it was computed from and is shown beside it."""

    readiness: Readiness
    decisions: Decisions
    factors: Sequence[HealthFactorRow]


def evaluate(session: Session, plan: LoadedPlan, now: datetime) -> Readiness:
    """The readiness of the plan's area over every treatment of it (protocols rule 59)."""
    return read(session, plan, now).readiness


def read(session: Session, plan: LoadedPlan, now: datetime) -> Evaluated:
    """The same with the decisions and health factors of the plan's client."""
    made = Decisions(session.scalars(_DECISIONS, _keys(plan)).all())
    factors = health_factors.list_factors(session, plan.row.clinic_id, plan.row.client_id)
    today = plan_date(now, plan.row.zone)
    facts = _facts(session, plan, made, factors)
    return Evaluated(evaluate_area(plan.protocol, facts, _earlier(session, plan), today), made, factors)


def _earlier(session: Session, plan: LoadedPlan) -> list[EarlierTreatment]:
    """The latest treatment of the area by each other method; most areas were treated by one."""
    asked = {"clinic_id": plan.row.clinic_id, "area_id": plan.row.area_id, "method": plan.row.method}
    if session.scalar(_OTHER_METHOD, asked) is None:
        return []
    latest: dict[str, LoadedPlan] = {}
    for other in loaded_plans.load_area_plans(session, plan):
        if other.row.method != plan.row.method:
            latest.setdefault(other.row.method, other)
    return [
        EarlierTreatment(other.protocol, other.day_0, other.treatment.number, other.signed.clinic_min_days)
        for other in latest.values()
    ]


def _facts(session: Session, plan: LoadedPlan, made: Decisions, factors: Sequence[HealthFactorRow]) -> ReadinessFacts:
    signed, holds = made.sign_off, made.standing("hold")
    return ReadinessFacts(
        treatment_ended_on=plan.day_0,
        site=cast(Site, plan.site),
        anchors=plan_records.read_record(session, plan).anchors,
        check_ins=plan_facts.check_in_facts(session, plan),
        flags=plan_facts.area_flag_spans(session, plan),
        skin_type=plan.client.skin_type,
        treatment_number=plan.treatment.number,
        factors=tuple(
            HealthFactor(row.modifier_id, row.last_applied_on, row.cleared_at is not None) for row in factors
        ),
        photos=_photos(session, plan),
        seen_in_person_on=tuple(row.on for row in made.standing("seen_in_person")),
        condition_signoffs={row.condition_id or "": row.on for row in made.standing("condition")},
        sign_off=SignOff(signed.on, signed.at) if signed else None,
        hold_reason=holds[-1].note if holds else None,
        clinic_min_days=plan.signed.clinic_min_days,
    )


def _photos(session: Session, plan: LoadedPlan) -> tuple[PhotoTaken, ...]:
    """Photos of the plan; each is of its area."""
    return tuple(PhotoTaken(view_id, on) for view_id, on in session.execute(_PHOTOS, _keys(plan)))


def _keys(plan: LoadedPlan) -> dict[str, UUID]:
    return {"clinic_id": plan.row.clinic_id, "plan_id": plan.row.id}


def decisions(session: Session, plan: LoadedPlan, kind: str) -> list[ReadinessSignOff]:
    """Those of a kind that nobody has taken back, in the order in which they were made."""
    return list(session.scalars(_STANDING, {**_keys(plan), "kind": kind}))


def get_sign_off(session: Session, plan: LoadedPlan) -> ReadinessSignOff | None:
    """The yes that counts."""
    rows = decisions(session, plan, "sign_off")
    return rows[-1] if rows else None
