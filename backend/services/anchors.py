"""The dates that a plan's windows hang on, as check-ins reach them and people set them. Used by the services beside
it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import StaffScope
from backend.errors import Conflict, InputFault, InvalidInput
from backend.ids import new_id
from backend.models import AnchorObservation
from backend.services import plan_facts, plan_records, planning
from backend.services.plan_facts import LoadedPlan
from backend.services.plan_records import PlanRecord
from schedules import (
    AnchorName,
    CheckInFacts,
    ObservedAnchor,
    Timeline,
    check_anchor_dates,
    observe_anchors,
    plan_date,
)

SETTABLE: tuple[AnchorName, ...] = ("scabs_off", "skin_closed")


def observe(session: Session, plan: LoadedPlan, now: datetime) -> Timeline | None:
    """Writes anchors that the stored check-ins reach; a reached anchor stays until a person corrects it (rule 29).
    Gives the plan's timeline as it was before; None where nothing was reached."""
    record = plan_records.read_record(session, plan)
    return keep_reached(session, plan, find_reached(plan, record, plan_facts.check_in_facts(session, plan)), now)


def keep_reached(
    session: Session, plan: LoadedPlan, reached: Mapping[AnchorName, ObservedAnchor], now: datetime
) -> Timeline | None:
    """Writes anchors that check-ins reached. Gives the plan's timeline as it was before; None where there are none."""
    if not reached:
        return None
    before = planning.timeline_of(session, plan, now)
    for anchor, seen in reached.items():
        session.add(
            AnchorObservation(
                clinic_id=plan.row.clinic_id,
                id=new_id(now),
                client_id=plan.row.client_id,
                care_plan_id=plan.row.id,
                anchor=anchor,
                on=seen.on,
                source="check_in",
                check_in_id=UUID(seen.check_in_id),
                at=now,
            )
        )
    session.flush()
    return before


def find_reached(
    plan: LoadedPlan, record: PlanRecord, answered: Sequence[CheckInFacts]
) -> Mapping[AnchorName, ObservedAnchor]:
    """Anchors reached and not known yet. For one that a person took back only what was answered since counts."""
    known = record.anchors
    if known.keys() >= {"scabs_off", "skin_closed"}:
        return {}
    found = dict(observe_anchors(plan.protocol, answered, known))
    for anchor, at in record.taken_back_at.items():
        since = [check_in for check_in in answered if check_in.answered_at > at]
        seen_since = observe_anchors(plan.protocol, since, known).get(anchor)
        found.pop(anchor, None)
        if seen_since is not None:
            found[anchor] = seen_since
    if "scabs_off" not in found and "scabs_off" not in known:
        found.pop("skin_closed", None)  # it comes after the scabs
    return {anchor: seen for anchor, seen in found.items() if anchor not in known}


def check_date(session: Session, plan: LoadedPlan, anchor: str, on: date | None, now: datetime) -> None:
    """Whether a person may give an anchor this date, or take it back (`on` None). Raises InvalidInput, Conflict (it is
    not known)."""
    wanted: dict[AnchorName, date] = dict(plan_records.read_record(session, plan).anchors)
    if on is None:
        if anchor not in wanted:
            raise Conflict("this date is not known")
        return
    wanted[cast(AnchorName, anchor)] = on  # one of SETTABLE
    faults = check_anchor_dates(wanted, plan.day_0, plan_date(now, plan.row.zone))
    if faults:
        raise InvalidInput(tuple(InputFault(f"/{fault.path}", fault.problem) for fault in faults))


def put(session: Session, scope: StaffScope, plan: LoadedPlan, anchor: str, on: date | None, now: datetime) -> None:
    """A person's date for an anchor takes the place of what was known; `on` None: nothing does."""
    rows = session.scalars(
        select(AnchorObservation).where(
            AnchorObservation.clinic_id == plan.row.clinic_id,
            AnchorObservation.care_plan_id == plan.row.id,
            AnchorObservation.anchor == anchor,
            AnchorObservation.superseded_at.is_(None),
        )
    )
    for row in rows:
        row.superseded_at = now
    session.flush()
    if on is not None:
        session.add(
            AnchorObservation(
                clinic_id=scope.clinic_id,
                id=new_id(now),
                client_id=plan.row.client_id,
                care_plan_id=plan.row.id,
                anchor=anchor,
                on=on,
                source="practitioner",
                by=scope.practitioner_id,
                at=now,
            )
        )
    session.flush()
