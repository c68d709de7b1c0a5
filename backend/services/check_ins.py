"""A check-in comes in: judged, flagged, answered, planned anew, all in one transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.db import ClientScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound
from backend.models import AssessmentRow, CheckIn, HealthFactorRow
from backend.services import (
    anchors,
    audit,
    changes,
    check_in_results,
    flags,
    plan_facts,
    planning,
    readiness,
)
from backend.services.answers import answer_faults
from backend.services.check_in_results import CheckInResult
from backend.services.claimed_times import bounded
from backend.services.plan_facts import LoadedPlan
from backend.services.plan_records import PlanRecord
from schedules import (
    AnswerValue,
    Assessment,
    CheckInFacts,
    Site,
    app_date,
    assess,
)

_STORED = select(CheckIn).where(
    CheckIn.clinic_id == bindparam("clinic_id"),
    CheckIn.client_id == bindparam("client_id"),
    CheckIn.id == bindparam("id"),
)
_MODIFIERS = (
    select(HealthFactorRow.modifier_id)
    .where(HealthFactorRow.clinic_id == bindparam("clinic_id"), HealthFactorRow.client_id == bindparam("client_id"))
    .order_by(HealthFactorRow.modifier_id)
    .distinct()
)


@dataclass(frozen=True, slots=True)
class CheckInDraft:
    """What a phone sends. `kind`: planned, report or follow_up; `occurrence`: `check_in@d6` for planned ones, else
    None."""

    id: UUID
    care_plan_id: UUID
    kind: str
    occurrence: str | None
    answered_at: datetime
    answers: Mapping[str, AnswerValue]
    excluded: Mapping[str, tuple[AnswerValue, ...]]
    note: str | None = None
    amends: UUID | None = None
    partial: bool = False
    photos: tuple[UUID, ...] = ()
    age: timedelta | None = None


def submit(scope: ClientScope, draft: CheckInDraft, *, now: datetime) -> CheckInResult:
    """Stores and judges a check-in. Idempotent by id: the same again gives the same answer, other content is a
    Conflict.

    Raises NotFound (plan, occurrence, amended check-in), InvalidInput (every fault of the answers).
    """
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, draft.care_plan_id, scope.client_id, lock=True)
        key = {"clinic_id": scope.clinic_id, "client_id": scope.client_id, "id": draft.id}
        stored = session.scalar(_STORED, key)
        if stored is not None:
            if stored.body_hash != _hash(draft):
                raise Conflict("another check-in has this id")
            return replace(check_in_results.describe(session, plan, stored), repeated=True)
        check_in = _store(session, scope, plan, draft, now)
        judged = _answer(session, scope, plan, check_in, now)
        return check_in_results.describe(session, plan, check_in, judged)


def _answer(session: Session, scope: ClientScope, plan: LoadedPlan, check_in: CheckIn, now: datetime) -> AssessmentRow:
    """Judges a check-in that was just stored: what the client is told, the flags, the anchors, the plan anew.

    What is stored of the client's plans is read once; planning reads it again only where this changed more of it than
    this answer.
    """
    answered = plan_facts.check_in_facts(session, plan)
    records = planning.read_company(session, plan)
    record = records[plan.row.id]
    assessment = _judge(session, record, check_in, answered)
    kept = check_in_results.keep(session, plan, check_in, assessment, now)
    raised = flags.raise_flags(session, plan, assessment.findings, raised_by="check_in", source_id=check_in.id, now=now)
    audit.record(
        session,
        scope,
        act="check_in.submit",
        subject_kind="check_in",
        subject_id=check_in.id,
        client_id=scope.client_id,
        details={"level": kept.level},
        now=now,
    )
    before = anchors.keep_reached(session, plan, anchors.find_reached(plan, record, answered), now)
    changes.touch(plan, now)
    revoked = record.ready_at is not None and readiness.revoke_if_shaken(session, plan, now)
    reason = "flag" if raised else "superseded"
    if before is not None:
        changes.keep(session, scope, plan, before, "anchor.observe", {}, now, reason=reason)
    else:
        as_read = not raised and not revoked and kept.level != "watch"
        planning.replan(session, plan, now, reason, records if as_read else None)
    return kept


def get_check_in(scope: ClientScope, check_in_id: UUID) -> CheckInResult:
    """One check-in of this client, as it was answered. NotFound where there is none."""
    with transaction(scope, write=False) as session:
        stored = session.get(CheckIn, (scope.clinic_id, scope.client_id, check_in_id))
        if stored is None:
            raise NotFound("no such check-in")
        return check_in_results.describe(
            session, plan_facts.load_plan(session, scope.clinic_id, stored.care_plan_id), stored
        )


def list_check_ins(scope: ClientScope, *, limit: int = 20, before: datetime | None = None) -> tuple[CheckInResult, ...]:
    """The client's check-ins, newest first."""
    with transaction(scope, write=False) as session:
        query = select(CheckIn).where(CheckIn.clinic_id == scope.clinic_id, CheckIn.client_id == scope.client_id)
        if before is not None:
            query = query.where(CheckIn.answered_at < before)
        rows = session.scalars(query.order_by(CheckIn.answered_at.desc(), CheckIn.id.desc()).limit(limit)).all()
        plans = {row.care_plan_id: plan_facts.load_plan(session, scope.clinic_id, row.care_plan_id) for row in rows}
        return tuple(check_in_results.describe(session, plans[row.care_plan_id], row) for row in rows)


def _hash(draft: CheckInDraft) -> str:
    content = {
        "plan": str(draft.care_plan_id), "kind": draft.kind, "occurrence": draft.occurrence,
        "at": draft.answered_at.isoformat(), "answers": dict(draft.answers),
        "excluded": {question: list(values) for question, values in draft.excluded.items()},
        "note": draft.note, "amends": str(draft.amends), "partial": draft.partial,
        "photos": [str(photo) for photo in draft.photos],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _store(session: Session, scope: ClientScope, plan: LoadedPlan, draft: CheckInDraft, now: datetime) -> CheckIn:
    faults = answer_faults(plan.protocol, draft.answers, draft.excluded)
    if draft.kind == "planned" and draft.occurrence is None:
        faults = (*faults, InputFault("/occurrence", "a planned check-in names its occurrence"))
    if draft.kind != "planned" and draft.occurrence is not None:
        faults = (*faults, InputFault("/occurrence", "only a planned check-in answers an occurrence"))
    if faults:
        raise InvalidInput(faults)
    if draft.amends is not None:
        amended = session.get(CheckIn, (scope.clinic_id, scope.client_id, draft.amends))
        if amended is None or amended.care_plan_id != plan.row.id:
            raise NotFound("no such check-in to correct")
    at = bounded(draft.answered_at, plan.ended_at, now, draft.age)
    day = _day(plan, draft, at)
    if day > plan.day_of(app_date(now, plan.row.zone)) + 1:  # one day: the client may live ahead of the plan's zone
        raise InvalidInput((InputFault("/occurrence", "this check-in is not open yet"),))
    check_in = CheckIn(
        clinic_id=scope.clinic_id,
        client_id=scope.client_id,
        id=draft.id,
        care_plan_id=plan.row.id,
        kind=draft.kind,
        occurrence_key=draft.occurrence,
        day=day,
        on=plan.day_0 + timedelta(days=day),
        answers=dict(draft.answers),
        excluded={question: list(values) for question, values in draft.excluded.items()},
        note=draft.note,
        partial=draft.partial,
        amends=draft.amends,
        photo_ids=[str(photo) for photo in draft.photos],
        body_hash=_hash(draft),
        claimed_at=draft.answered_at,
        answered_at=at,
        received_at=now,
    )
    session.add(check_in)
    session.flush()
    return check_in


def _day(plan: LoadedPlan, draft: CheckInDraft, at: datetime) -> int:
    """Protocols rule 23."""
    if draft.occurrence is not None:
        days = {f"check_in@d{planned.day}": planned.day for planned in plan.protocol.check_ins}
        days |= {f"check_again@d{day}": day for day in range(181)}
        if draft.occurrence not in days:
            raise NotFound("no such check-in in the plan")
        return days[draft.occurrence]
    return plan.day_of(app_date(at, plan.row.zone))


def _judge(session: Session, record: PlanRecord, check_in: CheckIn, answered: Sequence[CheckInFacts]) -> Assessment:
    plan, facts = record.plan, plan_facts.to_facts(check_in)
    earlier = [one for one in answered if _is_before(one, facts, check_in)]
    site: Site = plan.site  # type: ignore[assignment]
    return assess(
        plan.protocol,
        facts,
        check_in.day,
        earlier,
        site=site,
        modifiers=frozenset(modifiers_of(session, plan)),
        open_rules=record.open_rules,
    )


def modifiers_of(session: Session, plan: LoadedPlan) -> tuple[str, ...]:
    """Ids of the client's health factors, cleared or not: clearing lets a treatment happen, it does not change the
    body."""
    return tuple(session.scalars(_MODIFIERS, {"clinic_id": plan.row.clinic_id, "client_id": plan.row.client_id}))


def _is_before(one: CheckInFacts, facts: CheckInFacts, check_in: CheckIn) -> bool:
    return one.id not in (facts.id, str(check_in.amends)) and one.answered_at <= facts.answered_at
