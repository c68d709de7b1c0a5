"""Signing a plan: its owner reads it, assumptions first, answers every value the clinic must confirm, and puts a name
to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound, OwnerNeeded
from backend.models import Clinic, ClinicProtocol, Practitioner
from backend.services.protocol_versions import (
    MIN_DAYS,
    Edition,
    as_input,
    build_changes,
    compile_changes,
    find_lowered,
    newest_version,
    read_change,
    store_version,
)
from schedules import (
    CareStep,
    LoweredMinimum,
    OverlayChange,
    Protocol,
    ProtocolError,
    get_protocol,
    latest_protocol,
    list_versions,
)
from schedules import list_methods as shipped_list_methods

ASKED_VALUES = (".duration_min.default", ".frequency.every_n_days")  # of a step that must be confirmed
MOST_REASON = 500


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
    """A signed version. `author`: who made the clinic's changes in it; `reviewer`: who else looked at them; `lowered`:
    where clients may come back after fewer days than shipped."""

    method: str
    version: int
    content_version: str
    signed_by: str
    signed_at: datetime
    confirmed_steps: tuple[str, ...]
    turned_on_steps: tuple[str, ...]
    author: str | None = None
    reviewer: str | None = None
    lowered: LoweredMinimum | None = None


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
    clinic_min_reason: str | None = None,
    now: datetime,
) -> SignedPlan:
    """The owner signs a version. Every step that must be confirmed needs an answer, yes or no; all faults are named at
    once. What the clinic changed beside those values before, it keeps. Fewer days than the shipped ones need a reason,
    which the clinic's clients read.

    Raises OwnerNeeded, NotFound (method, version), InvalidInput.
    """
    with transaction(scope) as session:
        owner = lock_for_owner(session, scope)
        kept = _kept_changes(session, scope.clinic_id, _shipped(method, content_version))
        protocol = _compile(method, content_version, kept)
        reason = (clinic_min_reason or "").strip() or None
        faults = (*answer_faults(protocol, answers), *_min_days_faults(protocol, clinic_min_days, reason))
        if faults:
            raise InvalidInput(faults)
        days = () if clinic_min_days is None else ((MIN_DAYS, clinic_min_days),)
        own = (*build_changes(answered_values(answers), owner, None, now), *build_changes(days, owner, reason, now))
        edition = Edition(method, content_version, (*kept, *own), *chosen_steps(answers), owner)
        return describe(store_version(session, scope, owner, edition, now))


def lock_for_owner(session: Session, scope: StaffScope) -> Practitioner:
    """The owner, who alone signs; the clinic's versions are made one at a time. Raises OwnerNeeded."""
    owner = session.get(Practitioner, (scope.clinic_id, scope.practitioner_id))
    if owner is None or owner.role != "owner":
        raise OwnerNeeded("only the clinic's owner signs a plan")
    session.execute(select(Clinic.id).where(Clinic.id == scope.clinic_id).with_for_update())
    return owner


def _status(session: Session, clinic_id: UUID, method: str) -> MethodStatus:
    row = newest_version(session, clinic_id, method)
    protocol = latest_protocol(method)
    return MethodStatus(protocol, must_confirm(protocol), describe(row) if row else None)


def must_confirm(protocol: Protocol) -> tuple[CareStep, ...]:
    """The steps whose values the clinic has to answer before anything of them is sent (rule 18)."""
    return tuple(step for step in protocol.care_steps.values() if step.clinic_must_confirm)


def _shipped(method: str, content_version: str) -> Protocol:
    if method not in shipped_list_methods() or content_version not in list_versions(method):
        raise NotFound("no such plan version")
    return get_protocol(method, content_version)


def _compile(method: str, content_version: str, changes: Sequence[OverlayChange]) -> Protocol:
    try:
        return compile_changes(method, content_version, changes)
    except ProtocolError as error:
        raise InvalidInput(as_input(error.faults)) from None


def _kept_changes(session: Session, clinic_id: UUID, shipped: Protocol) -> tuple[OverlayChange, ...]:
    """The changes of the newest version that signing anew does not ask about."""
    row = newest_version(session, clinic_id, shipped.id)
    asked = {MIN_DAYS, *(f"care_steps.{step.id}{value}" for step in must_confirm(shipped) for value in ASKED_VALUES)}
    return tuple(read_change(stored) for stored in row.overlay if stored["path"] not in asked) if row else ()


def answered_values(answers: Sequence[StepAnswer]) -> list[tuple[str, object]]:
    """Path and value of what the answers change."""
    values: list[tuple[str, object]] = []
    for answer in answers:
        at = f"care_steps.{answer.step_id}"
        if answer.minutes is not None:
            values.append((f"{at}{ASKED_VALUES[0]}", answer.minutes))
        if answer.every_n_days is not None:
            values.append((f"{at}{ASKED_VALUES[1]}", answer.every_n_days))
    return values


def chosen_steps(answers: Sequence[StepAnswer]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the steps that are confirmed, and of those that are turned on."""
    return (
        tuple(sorted(answer.step_id for answer in answers if answer.confirmed)),
        tuple(sorted(answer.step_id for answer in answers if answer.turned_on)),
    )


def is_reason(text: str) -> bool:
    """Whether a reason can be shown: some words in one line."""
    return bool(text.strip()) and len(text) <= MOST_REASON and text.isprintable()


def answer_faults(protocol: Protocol, answers: Sequence[StepAnswer]) -> tuple[InputFault, ...]:
    """Every fault of the answers to what must be confirmed."""
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
    return tuple(faults)


def _min_days_faults(protocol: Protocol, days: int | None, reason: str | None) -> Iterator[InputFault]:
    """Every fault of the clinic's own minimum between treatments; `protocol` has the shipped one."""
    shipped, (low, high) = protocol.readiness.base_min_days, protocol.readiness.clinic_may_set_min_between
    if days is not None and not low <= days <= high:
        yield InputFault("/clinic_min_days", f"from {low} to {high} days")
    if days is None and reason is not None:
        yield InputFault("/clinic_min_days", "how many days the reason is for, or leave the reason empty")
    if reason is not None and not is_reason(reason):
        yield InputFault("/clinic_min_reason", f"from 1 to {MOST_REASON} characters in one line")
    if reason is None and days is not None and days < shipped:
        yield InputFault("/clinic_min_reason", f"say why it is below the shipped {shipped} days; your clients read it")


def describe(row: ClinicProtocol) -> SignedPlan:
    return SignedPlan(
        method=row.method,
        version=row.version,
        content_version=row.content_version,
        signed_by=row.signed_by_name,
        signed_at=row.signed_at,
        confirmed_steps=tuple(row.confirmed_steps),
        turned_on_steps=tuple(row.turned_on_steps),
        author=row.author_name,
        reviewer=row.reviewed_by_name,
        lowered=find_lowered(row),
    )
