"""Signing a plan: its owner reads it, assumptions first, answers every value the clinic must confirm, and puts a name
to it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotAllowed, NotFound
from backend.ids import new_id
from backend.models import Clinic, ClinicProtocol, Practitioner
from backend.services import audit
from schedules import (
    CareStep,
    Overlay,
    OverlayChange,
    Protocol,
    ProtocolError,
    get_protocol,
    latest_protocol,
    list_versions,
    parse_protocol,
    parse_shared,
    shipped_documents,
)
from schedules import list_methods as shipped_list_methods


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """The owner's answer to one step that the clinic must confirm. Minutes and gap replace the file's where given."""

    step_id: str
    confirmed: bool
    minutes: int | None = None
    every_n_days: int | None = None
    turned_on: bool = False


@dataclass(frozen=True, slots=True)
class SignedPlan:
    method: str
    version: int
    content_version: str
    signed_by: str
    signed_at: datetime
    confirmed_steps: tuple[str, ...]
    turned_on_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MethodStatus:
    """A method with what the clinic signed of it; `signed` None: no plan of it can be started."""

    protocol: Protocol
    must_confirm: tuple[CareStep, ...]
    signed: SignedPlan | None


def list_methods(scope: StaffScope) -> tuple[MethodStatus, ...]:
    """Every shipped method in its newest version, with the clinic's newest signature."""
    with transaction(scope, write=False) as session:
        return tuple(_status(session, scope.clinic_id, method) for method in shipped_list_methods())


def get_method(scope: StaffScope, method: str) -> MethodStatus:
    if method not in shipped_list_methods():
        raise NotFound("no such method")
    with transaction(scope, write=False) as session:
        return _status(session, scope.clinic_id, method)


def sign(
    scope: StaffScope,
    method: str,
    content_version: str,
    answers: Sequence[StepAnswer],
    *,
    clinic_min_days: int | None = None,
    now: datetime,
) -> SignedPlan:
    """The owner signs a version. Every step that must be confirmed needs an answer, yes or no; all faults are named at
    once.

    Raises NotAllowed (not the owner), NotFound (method, version), InvalidInput.
    """
    with transaction(scope) as session:
        owner = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
        if owner is None or owner.role != "owner":
            raise NotAllowed("only the clinic's owner signs a plan")
        session.execute(
            select(Clinic.id).where(Clinic.id == scope.clinic_id).with_for_update()
        )  # one version at a time
        protocol = _shipped(method, content_version)
        version = _next_version(session, scope.clinic_id, method)
        changes = _changes(protocol, answers, clinic_min_days, owner.name, now)
        row = ClinicProtocol(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            method=method,
            version=version,
            content_version=content_version,
            overlay=[asdict(change) for change in changes],
            confirmed_steps=sorted(answer.step_id for answer in answers if answer.confirmed),
            turned_on_steps=sorted(answer.step_id for answer in answers if answer.turned_on),
            clinic_min_days=clinic_min_days,
            document=_documents(method, content_version, version, changes),
            signed_by=owner.id,
            signed_by_name=owner.name,
            signed_at=now,
        )
        session.add(row)
        session.flush()
        audit.record(
            session,
            scope,
            act="protocol.sign",
            subject_kind="clinic_protocol",
            subject_id=row.id,
            details={"method": method, "content_version": content_version, "version": version},
            now=now,
        )
        return _signed(row)


def _status(session: Session, clinic_id: UUID, method: str) -> MethodStatus:
    row = session.scalar(
        select(ClinicProtocol)
        .where(ClinicProtocol.clinic_id == clinic_id, ClinicProtocol.method == method)
        .order_by(ClinicProtocol.version.desc())
        .limit(1)
    )
    protocol = latest_protocol(method)
    return MethodStatus(protocol, must_confirm(protocol), _signed(row) if row else None)


def must_confirm(protocol: Protocol) -> tuple[CareStep, ...]:
    """The steps whose values the clinic has to answer before anything of them is sent (rule 18)."""
    return tuple(step for step in protocol.care_steps.values() if step.clinic_must_confirm)


def _shipped(method: str, content_version: str) -> Protocol:
    if method not in shipped_list_methods() or content_version not in list_versions(method):
        raise NotFound("no such plan version")
    return get_protocol(method, content_version)


def _next_version(session: Session, clinic_id: UUID, method: str) -> int:
    query = select(func.max(ClinicProtocol.version)).where(
        ClinicProtocol.clinic_id == clinic_id, ClinicProtocol.method == method
    )
    return 1 + (session.scalar(query) or 0)


def _changes(
    protocol: Protocol, answers: Sequence[StepAnswer], clinic_min_days: int | None, by: str, now: datetime
) -> tuple[OverlayChange, ...]:
    """The overlay that the answers make; every fault of the answers at once."""
    faults = _answer_faults(protocol, answers, clinic_min_days)
    if faults:
        raise InvalidInput(faults)
    changes = []
    for answer in answers:
        at = f"care_steps.{answer.step_id}"
        if answer.minutes is not None:
            changes.append(OverlayChange(f"{at}.duration_min.default", answer.minutes, by, now.isoformat()))
        if answer.every_n_days is not None:
            changes.append(OverlayChange(f"{at}.frequency.every_n_days", answer.every_n_days, by, now.isoformat()))
    if clinic_min_days is not None:
        changes.append(OverlayChange("readiness.base_min_days", clinic_min_days, by, now.isoformat()))
    return tuple(changes)


def _answer_faults(
    protocol: Protocol, answers: Sequence[StepAnswer], clinic_min_days: int | None
) -> tuple[InputFault, ...]:
    asked = {step.id: step for step in must_confirm(protocol)}
    given = {answer.step_id: answer for answer in answers}
    faults = [InputFault(f"/steps/{step}", "answer yes or no") for step in asked if step not in given]
    for step_id, answer in given.items():
        step = asked.get(step_id)
        if step is None:
            faults.append(InputFault(f"/steps/{step_id}", "this step needs no confirmation"))
            continue
        span = step.duration_min
        if answer.minutes is not None and (span is None or not span.min <= answer.minutes <= span.max):
            allowed = f"from {span.min} to {span.max} minutes" if span else "no minutes here"
            faults.append(InputFault(f"/steps/{step_id}/minutes", allowed))
        if answer.every_n_days is not None and not (step.frequency.every_n_days and 1 <= answer.every_n_days <= 30):
            faults.append(InputFault(f"/steps/{step_id}/every_n_days", "from 1 to 30 days, for steps every some days"))
    low, high = protocol.readiness.clinic_may_set_min_between
    if clinic_min_days is not None and not low <= clinic_min_days <= high:
        faults.append(InputFault("/clinic_min_days", f"from {low} to {high} days"))
    return tuple(faults)


def _documents(
    method: str, content_version: str, version: int, changes: tuple[OverlayChange, ...]
) -> dict[str, object]:
    """The documents as they are signed; compiled once here, so that a plan can be pinned to them for good."""
    document, shared = shipped_documents(method, content_version)
    try:
        parse_protocol(document, parse_shared(shared), Overlay(version, changes) if changes else None)
    except ProtocolError as error:
        faults = tuple(InputFault(f"/{fault.path}", fault.problem) for fault in error.faults)
        raise InvalidInput(faults) from None
    return {"method": document, "shared": shared}


def _signed(row: ClinicProtocol) -> SignedPlan:
    return SignedPlan(
        method=row.method,
        version=row.version,
        content_version=row.content_version,
        signed_by=row.signed_by_name,
        signed_at=row.signed_at,
        confirmed_steps=tuple(row.confirmed_steps),
        turned_on_steps=tuple(row.turned_on_steps),
    )
