"""Reads what is stored of a client beside the records of the plans, and gives it to the core as facts. Used by the
services beside it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.ids import new_id
from backend.models import CarePlan, CheckIn, Client, ZoneMove
from backend.services import fact_sql
from backend.services.loaded_plans import LoadedPlan, compiled, load_active_plans, load_plan, protocol_of
from schedules import AnswerValue, CheckInFacts, FlagSpan


def area_flag_spans(session: Session, plan: LoadedPlan) -> tuple[FlagSpan, ...]:
    """Every flag of the plan's area, also of the plans before it: one stays open until a person closes it."""
    session.flush()
    row = plan.row
    rows = fact_sql.read(session, fact_sql.FLAGS, clinic_id=row.clinic_id, client_id=row.client_id)
    return tuple(
        FlagSpan(each.rule_id, each.urgency, each.raised_at, each.closed_at)
        for each in rows
        if each.area_id == row.area_id
    )


def find_newest_plan(session: Session, clinic_id: UUID, client_id: UUID) -> UUID | None:
    """The plan of a client that runs, else the one that ended last to be started; None where there never was one."""
    return session.scalar(
        select(CarePlan.id)
        .where(CarePlan.clinic_id == clinic_id, CarePlan.client_id == client_id)
        .order_by(CarePlan.ended_at.is_not(None), CarePlan.started_at.desc(), CarePlan.id.desc())
        .limit(1)
    )


def add_zone_move(session: Session, client: Client, zone: str, now: datetime) -> None:
    """Keeps where the phone was before and where it is from now on. The first move also writes down the zone it
    left."""
    known = session.scalar(
        select(ZoneMove.id).where(ZoneMove.clinic_id == client.clinic_id, ZoneMove.client_id == client.id).limit(1)
    )
    moves = [(now, zone)] if known else [(client.created_at, client.zone), (now, zone)]
    for at, name in moves:
        session.add(ZoneMove(clinic_id=client.clinic_id, id=new_id(now), client_id=client.id, from_at=at, zone=name))
    client.zone = zone
    session.flush()


def check_in_facts(session: Session, plan: LoadedPlan) -> tuple[CheckInFacts, ...]:
    """The plan's check-ins in the order of answering; of a check-in and its corrections only the newest (rule 30)."""
    session.flush()
    row = plan.row
    rows = fact_sql.read(session, fact_sql.CHECK_INS, clinic_id=row.clinic_id, plan_ids=[row.id])
    amended = {each.amends for each in rows if each.amends is not None}
    return tuple(to_facts(each) for each in rows if each.id not in amended)


def to_facts(check_in: CheckIn | Any) -> CheckInFacts:
    """One stored check-in as the rules see it."""
    return CheckInFacts(
        id=str(check_in.id),
        day=check_in.day,
        on=check_in.on,
        answered_at=check_in.answered_at,
        answers=cast(Mapping[str, AnswerValue], check_in.answers),
        excluded={question: frozenset(values) for question, values in check_in.excluded.items()},
        planned=check_in.kind == "planned",
    )


__all__ = [
    "LoadedPlan",
    "compiled",
    "load_active_plans",
    "load_plan",
    "protocol_of",
]
