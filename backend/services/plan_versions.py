"""Which signed version a running plan follows: kept as history, and changed with a diff (PROMISES S6).

Facts stay as they are: occurrence keys survive, and what is done stays done.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import StaffScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput
from backend.ids import new_id
from backend.models import CarePlan, CheckIn, ClinicProtocol, Flag, PlanVersion
from backend.services import changes, plan_facts, planning, protocol_versions
from backend.services.loaded_plans import describe_signed
from backend.services.plan_facts import LoadedPlan
from schedules import Protocol, TimelineDiff


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """A care step that is told in other words. None: the step is not in that version."""

    step_id: str
    before: tuple[str, str] | None  # title, instruction
    after: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class PlanMove:
    """What moving a plan to another version changes (or would change) for its client."""

    care_plan_id: UUID
    from_version: int
    to_version: int
    timeline: TimelineDiff
    words: tuple[ChangedWords, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """One span of a plan's history; `until_at` None: the plan follows it now."""

    method: str
    version: int
    from_at: datetime
    until_at: datetime | None


def note(session: Session, plan: CarePlan, now: datetime) -> None:
    """Writes down that from now on the plan follows the version that its row names; what it followed before ends."""
    follows = select(PlanVersion).where(
        PlanVersion.clinic_id == plan.clinic_id,
        PlanVersion.care_plan_id == plan.id,
        PlanVersion.until_at.is_(None),
    )
    for before in session.scalars(follows):
        before.until_at = now
    session.flush()  # a plan follows one version at a time
    session.add(
        PlanVersion(
            clinic_id=plan.clinic_id,
            id=new_id(now),
            client_id=plan.client_id,
            care_plan_id=plan.id,
            clinic_protocol_id=plan.clinic_protocol_id,
            from_at=now,
        )
    )
    session.flush()


def list_followed(scope: StaffScope, care_plan_id: UUID) -> tuple[Followed, ...]:
    """The versions that a plan has followed, oldest first. Raises NotFound."""
    with transaction(scope, write=False) as session:
        plan_facts.load_plan(session, scope.clinic_id, care_plan_id)
        rows = session.execute(
            select(PlanVersion, ClinicProtocol.method, ClinicProtocol.version)
            .join(
                ClinicProtocol,
                (ClinicProtocol.clinic_id == PlanVersion.clinic_id)
                & (ClinicProtocol.id == PlanVersion.clinic_protocol_id),
            )
            .where(PlanVersion.clinic_id == scope.clinic_id, PlanVersion.care_plan_id == care_plan_id)
            .order_by(PlanVersion.from_at, PlanVersion.id)
        )
        return tuple(Followed(method, version, row.from_at, row.until_at) for row, method, version in rows)


def move(scope: StaffScope, care_plan_id: UUID, version: int, *, now: datetime, rehearse: bool = False) -> PlanMove:
    """Moves a running plan to another signed version of its method, tells its client, and answers what changed.

    With `rehearse` nothing stays: it answers what would change. Raises NotFound (plan, version), Conflict (ended,
    followed already, refused by this program), InvalidInput (it does not fit what the plan holds).
    """
    with transaction(scope, rehearse=rehearse) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, care_plan_id, lock=True)
        target = protocol_versions.get_version(session, scope.clinic_id, plan.row.method, version)
        _check_moves(plan, target)
        there = replace(plan, signed=describe_signed(target))
        _check_fits(session, there)
        before = planning.timeline_of(session, plan, now)
        plan.row.clinic_protocol_id = target.id
        session.flush()
        note(session, plan.row, now)
        words = _changed_words(plan.protocol, there.protocol)
        details = {
            "from_version": plan.signed.version,
            "to_version": target.version,
            "words": [one.step_id for one in words],
        }
        diff = changes.keep(session, scope, there, before, "care_plan.move", details, now, tell=bool(words) or None)
        return PlanMove(care_plan_id, plan.signed.version, target.version, diff.timeline or TimelineDiff(), words)


def _check_moves(plan: LoadedPlan, target: ClinicProtocol) -> None:
    if plan.row.ended_at is not None:
        raise Conflict("this plan has ended")
    if target.id == plan.signed.id:
        raise Conflict(f"the plan follows version {target.version} already")
    faults = protocol_versions.read_faults(target)
    if faults:
        raise Conflict(f"version {target.version} can no longer be used: " + "; ".join(map(str, faults)))


def _check_fits(session: Session, plan: LoadedPlan) -> None:
    """What the plan holds must have its place in the other version: its care style, its warnings, its answers."""
    row, protocol = plan.row, plan.protocol
    faults = []
    if row.care_style not in protocol.method.allowed_care_styles:
        faults.append(f"it does not allow the care style {row.care_style}")
    own = (Flag.clinic_id == row.clinic_id, Flag.care_plan_id == row.id)
    raised = set(session.scalars(select(Flag.rule_id).where(*own)))
    faults += [
        f"it lacks the rule {rule} of a warning in this plan" for rule in sorted(raised - set(protocol.red_flags))
    ]
    answers = session.scalars(
        select(CheckIn.answers).where(CheckIn.clinic_id == row.clinic_id, CheckIn.care_plan_id == row.id)
    )
    answered = {question for one in answers for question in one}
    lost = sorted(answered - set(protocol.shared.questions))
    faults += [f"it lacks the question {question}, which was answered" for question in lost]
    if faults:
        raise InvalidInput(tuple(InputFault("/version", fault) for fault in faults))


def _changed_words(before: Protocol, after: Protocol) -> tuple[ChangedWords, ...]:
    old, new = (
        {step.id: (step.title, step.instruction) for step in protocol.care_steps.values()}
        for protocol in (before, after)
    )
    steps = dict.fromkeys((*old, *new))
    return tuple(ChangedWords(step, old.get(step), new.get(step)) for step in steps if old.get(step) != new.get(step))
