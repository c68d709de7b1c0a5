"""Readiness as the core computes it from what is stored, and the decisions that people made on it. Reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from backend.models import HealthFactorRow, Photo, ReadinessSignOff
from backend.services import loaded_plans, plan_facts
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


def evaluate(session: Session, plan: LoadedPlan, now: datetime) -> Readiness:
    """The readiness of the plan's area over every treatment of it (protocols rule 59)."""
    today = plan_date(now, plan.row.zone)
    return evaluate_area(plan.protocol, _facts(session, plan), _earlier(session, plan), today)


def _earlier(session: Session, plan: LoadedPlan) -> list[EarlierTreatment]:
    """The latest treatment of the area by each other method."""
    latest: dict[str, LoadedPlan] = {}
    for other in loaded_plans.load_area_plans(session, plan):
        if other.row.method != plan.row.method:
            latest.setdefault(other.row.method, other)
    return [
        EarlierTreatment(other.protocol, other.day_0, other.treatment.number, other.signed.clinic_min_days)
        for other in latest.values()
    ]


def _facts(session: Session, plan: LoadedPlan) -> ReadinessFacts:
    signed = get_sign_off(session, plan)
    holds = decisions(session, plan, "hold")
    return ReadinessFacts(
        treatment_ended_on=plan.day_0,
        site=cast(Site, plan.area.site),
        anchors=plan_facts.anchors(session, plan),
        check_ins=plan_facts.check_in_facts(session, plan),
        flags=plan_facts.area_flag_spans(session, plan),
        skin_type=plan.client.skin_type,
        treatment_number=plan.treatment.number,
        factors=tuple(
            HealthFactor(row.modifier_id, row.last_applied_on, row.cleared_at is not None)
            for row in list_factors(session, plan)
        ),
        photos=_photos(session, plan),
        seen_in_person_on=tuple(row.on for row in decisions(session, plan, "seen_in_person")),
        condition_signoffs={row.condition_id or "": row.on for row in decisions(session, plan, "condition")},
        sign_off=SignOff(signed.on, signed.at) if signed else None,
        hold_reason=holds[-1].note if holds else None,
        clinic_min_days=plan.signed.clinic_min_days,
    )


def list_factors(session: Session, plan: LoadedPlan) -> Sequence[HealthFactorRow]:
    """The client's health factors in the order in which they were recorded."""
    return session.scalars(
        select(HealthFactorRow)
        .where(HealthFactorRow.clinic_id == plan.row.clinic_id, HealthFactorRow.client_id == plan.row.client_id)
        .order_by(HealthFactorRow.recorded_at, HealthFactorRow.id)
    ).all()


def _photos(session: Session, plan: LoadedPlan) -> tuple[PhotoTaken, ...]:
    """Photos of the plan; each is of its area."""
    rows = session.execute(
        select(Photo.view, Photo.taken_on).where(
            Photo.clinic_id == plan.row.clinic_id, Photo.care_plan_id == plan.row.id
        )
    )
    return tuple(PhotoTaken(view_id, on) for view_id, on in rows)


def of(plan: LoadedPlan) -> ColumnElement[bool]:
    return and_(ReadinessSignOff.clinic_id == plan.row.clinic_id, ReadinessSignOff.care_plan_id == plan.row.id)


def decisions(session: Session, plan: LoadedPlan, kind: str) -> list[ReadinessSignOff]:
    return list(
        session.scalars(
            select(ReadinessSignOff)
            .where(of(plan), ReadinessSignOff.kind == kind, ReadinessSignOff.revoked_at.is_(None))
            .order_by(ReadinessSignOff.at, ReadinessSignOff.id)
        )
    )


def get_sign_off(session: Session, plan: LoadedPlan) -> ReadinessSignOff | None:
    rows = decisions(session, plan, "sign_off")
    return rows[-1] if rows else None
