"""Readiness for the next treatment: computed on each read from facts; only people's decisions are stored."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import Practitioner, ReadinessSignOff
from backend.services import audit, health_factors, news, plan_facts, planning, readiness_facts
from backend.services.health_factors import FactorView
from backend.services.plan_facts import LoadedPlan
from schedules import LoweredMinimum, Protocol, Readiness, app_date, plan_date

_CARER = select(Practitioner.name).where(
    Practitioner.clinic_id == bindparam("clinic_id"), Practitioner.id == bindparam("id")
)


@dataclass(frozen=True, slots=True)
class ReadinessView:
    """Readiness of one plan's area with the people's decisions beside it."""

    care_plan_id: UUID
    method: str
    readiness: Readiness
    signed_by: str | None
    signed_at: datetime | None
    hold_reason: str | None
    revoked_reason: str | None
    factors: tuple[FactorView, ...]
    day: int
    practitioner_name: str
    protocol: Protocol
    lowered: LoweredMinimum | None


def get_readiness(scope: ClientScope, *, now: datetime) -> tuple[ReadinessView, ...]:
    """Of each area the client's readiness as of today."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        return tuple(view(session, plan, now) for plan in plans)


def get_plan_readiness(scope: StaffScope, care_plan_id: UUID, *, now: datetime) -> ReadinessView:
    with transaction(scope, write=False) as session:
        return view(session, plan_facts.load_plan(session, scope.clinic_id, care_plan_id), now)


def sign_off(scope: StaffScope, care_plan_id: UUID, *, note: str | None = None, now: datetime) -> ReadinessView:
    """The practitioner's yes to the next treatment, kept with the facts it was made on. Conflict unless
    `ready_to_ask`."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        readiness = readiness_facts.evaluate(session, plan, now)
        if readiness.status == "signed_off":
            return view(session, plan, now)
        if readiness.status != "ready_to_ask":
            missing = [reason.id for reason in readiness.reasons if reason.blocking and not reason.met]
            raise Conflict("not ready to be signed off", status=readiness.status, missing=missing)
        _decide(session, scope, plan, "sign_off", now, note=note, facts=_evidence(readiness))
        _changed(session, plan, now)
        news.send(session, plan, "ready", f"ready:{now.isoformat()}", now, "readiness signed off")
        audit.record_of_plan(session, scope, plan.row, "readiness.sign_off", now)
        return view(session, plan, now)


def sign_condition(
    scope: StaffScope, care_plan_id: UUID, condition_id: str, *, note: str | None = None, now: datetime
) -> ReadinessView:
    """The practitioner has seen this one condition and says yes to it (rule 48)."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        conditions = {c.id: c for c in plan.protocol.readiness.conditions if c.check.type == "answer_or_signoff"}
        if condition_id not in conditions:
            raise InvalidInput((InputFault("/condition_id", f"one of {', '.join(conditions)}"),))
        _decide(session, scope, plan, "condition", now, condition_id=condition_id, note=note)
        audit.record_of_plan(session, scope, plan.row, "readiness.sign_condition", now, {"condition": condition_id})
        return view(session, plan, now)


def note_seen_in_person(
    scope: StaffScope, care_plan_id: UUID, *, note: str | None = None, now: datetime
) -> ReadinessView:
    """The practitioner saw the skin in person: stands in for the photos of the window (rule 49)."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        _decide(session, scope, plan, "seen_in_person", now, note=note)
        audit.record_of_plan(session, scope, plan.row, "readiness.seen_in_person", now)
        return view(session, plan, now)


def hold(scope: StaffScope, care_plan_id: UUID, reason: str, *, now: datetime) -> ReadinessView:
    """Puts readiness on hold with a reason that the client reads."""
    if not reason.strip():
        raise InvalidInput((InputFault("/reason", "say why, the client reads it"),))
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        _decide(session, scope, plan, "hold", now, note=reason.strip())
        if _revoke(session, plan, "put on hold", now, scope.practitioner_id):
            _changed(session, plan, now)  # who waits again is asked again (rule 24)
        audit.record_of_plan(session, scope, plan.row, "readiness.hold", now)
        return view(session, plan, now)


def release(scope: StaffScope, care_plan_id: UUID, *, now: datetime) -> ReadinessView:
    """Ends a hold."""
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        for row in readiness_facts.decisions(session, plan, "hold"):
            row.revoked_at, row.revoked_by, row.revoke_reason = now, scope.practitioner_id, "released"
        audit.record_of_plan(session, scope, plan.row, "readiness.release", now)
        session.flush()
        return view(session, plan, now)


def revoke(scope: StaffScope, care_plan_id: UUID, reason: str, *, now: datetime) -> ReadinessView:
    """Takes a sign-off back with a reason."""
    if not reason.strip():
        raise InvalidInput((InputFault("/reason", "say why, the client reads it"),))
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        if not _revoke(session, plan, reason.strip(), now, scope.practitioner_id):
            raise Conflict("nothing is signed off")
        _changed(session, plan, now)
        audit.record_of_plan(session, scope, plan.row, "readiness.revoke", now)
        return view(session, plan, now)


def revoke_if_shaken(session: Session, plan: LoadedPlan, now: datetime) -> bool:
    """Revokes a sign-off that new evidence contradicts (rule 52): a flag raised after it, or an answer after it that
    makes a blocking condition fail. What merely ages, such as photos, takes no yes back."""
    session.flush()
    if readiness_facts.get_sign_off(session, plan) is None:
        return False
    reasons = readiness_facts.evaluate(session, plan, now).reasons
    if not any(reason.evidence.get("revoked") for reason in reasons):
        return False
    return _revoke(session, plan, "new evidence", now, None)


def view(session: Session, plan: LoadedPlan, now: datetime) -> ReadinessView:
    """Readiness with its decisions, for the services that show it."""
    found = readiness_facts.read(session, plan, now)
    signed, revoked = found.decisions.sign_off, found.decisions.last_revoked
    holds = found.decisions.standing("hold")
    carer = session.scalar(_CARER, {"clinic_id": plan.row.clinic_id, "id": plan.client.practitioner_id})
    return ReadinessView(
        care_plan_id=plan.row.id,
        method=plan.row.method,
        readiness=found.readiness,
        signed_by=signed.by_name if signed else None,
        signed_at=signed.at if signed else None,
        hold_reason=holds[-1].note if holds else None,
        revoked_reason=revoked.revoke_reason if revoked and signed is None else None,
        factors=health_factors.describe(found.factors),
        day=plan.day_of(app_date(now, plan.row.zone)),
        practitioner_name=carer or "",
        protocol=plan.protocol,
        lowered=plan.signed.lowered,
    )


def _decide(
    session: Session,
    scope: StaffScope,
    plan: LoadedPlan,
    kind: str,
    now: datetime,
    *,
    condition_id: str | None = None,
    note: str | None = None,
    facts: dict[str, object] | None = None,
) -> None:
    by = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
    if by is None:
        raise NotFound("no such practitioner")
    session.add(
        ReadinessSignOff(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            client_id=plan.row.client_id,
            care_plan_id=plan.row.id,
            kind=kind,
            condition_id=condition_id,
            on=plan_date(now, plan.row.zone),
            by=by.id,
            by_name=by.name,
            at=now,
            note=note,
            facts=facts or {},
        )
    )
    session.flush()


def _revoke(session: Session, plan: LoadedPlan, reason: str, now: datetime, by: UUID | None) -> bool:
    signed = readiness_facts.decisions(session, plan, "sign_off")
    for row in signed:
        row.revoked_at, row.revoked_by, row.revoke_reason = now, by, reason
    session.flush()
    return bool(signed)


def _changed(session: Session, plan: LoadedPlan, now: datetime) -> None:
    plan.row.facts_version += 1
    plan.row.facts_changed_at = now
    session.flush()
    planning.replan(session, plan, now, "readiness decided")


def _evidence(readiness: Readiness) -> dict[str, object]:
    """The facts a sign-off was made on, as plain values."""

    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value

    return {
        "earliest_on": readiness.earliest_on.isoformat(),
        "conditions": [
            {key: plain(value) for key, value in asdict(reason).items() if key not in ("evidence", "text")}
            | {"evidence": {key: str(value) for key, value in reason.evidence.items()}}
            for reason in readiness.reasons
        ],
    }
