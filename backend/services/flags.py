"""Warnings: raised in the transaction of what raised them, answered by people. A red flag's ladder is rows of the
reminder table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import InputFault, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import Client, Clinic, Flag, Practitioner, Reminder
from backend.models.reminders import RED_LANE
from backend.services import audit, plan_facts, planning, reminder_rows
from backend.services.alarms import RED_LEVELS, is_alarmed
from backend.services.plan_facts import LoadedPlan
from schedules import Finding, LadderPeople, plan_ladder

LADDER_LIFE = timedelta(days=7)  # an unanswered alarm is worth sending for a week
HELPERS = ("advice_line", "doctor", "studio", "no_one")

# built once: who acts on a plan asks these every time
_OPEN = select(Flag).where(
    Flag.clinic_id == bindparam("clinic_id"), Flag.care_plan_id == bindparam("plan_id"), Flag.closed_at.is_(None)
)
_NAME = select(Practitioner.name).where(
    Practitioner.clinic_id == bindparam("clinic_id"), Practitioner.id == bindparam("id")
)


@dataclass(frozen=True, slots=True)
class FlagSeen:
    """A flag as client and practitioner see it. Names and instants are None until it happened."""

    id: UUID
    client_id: UUID
    care_plan_id: UUID
    rule_id: str
    title: str
    tell_client: str
    urgency: str
    level: str
    raised_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    close_reason: str | None
    got_help_who: str | None
    got_help_at: datetime | None
    alarmed: bool


def raise_flags(
    session: Session, plan: LoadedPlan, findings: Sequence[Finding], *, raised_by: str, source_id: UUID, now: datetime
) -> tuple[Flag, ...]:
    """Opens a flag for each finding that is not open already, with its ladder where it is red (PROMISES S1, rule
    35)."""
    raised = tuple(_flag(plan, finding, raised_by, source_id, now) for finding in findings if not finding.already_open)
    if not raised:
        return ()
    session.add_all(raised)
    session.flush()
    for flag in raised:
        audit.record(
            session,
            ClientScope(flag.clinic_id, flag.client_id),
            act="flag.raise",
            subject_kind="flag",
            subject_id=flag.id,
            client_id=flag.client_id,
            details={"level": flag.level},
            now=now,
        )
    red = [flag for flag in raised if flag.level in RED_LEVELS]
    if red:
        people = _people(session, plan)
        for flag in red:
            session.add_all(_ladder(plan, flag, people, now))
    session.flush()
    return raised


def acknowledge(scope: StaffScope, flag_id: UUID, *, now: datetime) -> FlagSeen:
    """ "I have seen it": ends the ladder. A second tap changes nothing and answers who was first."""
    with transaction(scope) as session:
        flag = _own(session, scope, flag_id, lock=True)
        if flag.acknowledged_at is None:
            _acknowledge(session, scope, flag, now)
        return describe(session, flag)


def acknowledge_all(session: Session, scope: StaffScope, flag_ids: Sequence[UUID], now: datetime) -> None:
    """Somebody answered what raised these: their ladders end, in the transaction of the answer."""
    for flag_id in flag_ids:
        flag = _own(session, scope, flag_id, lock=True)
        if flag.acknowledged_at is None and flag.closed_at is None:
            _acknowledge(session, scope, flag, now)
    session.flush()


def close(scope: StaffScope, flag_id: UUID, reason: str, *, now: datetime) -> FlagSeen:
    """ "It is over": frees paused steps and readiness. Closing also counts as having seen it."""
    if not reason.strip():
        raise InvalidInput((InputFault("/reason", "say why it is over"),))
    with transaction(scope) as session:
        plan_id = _own(session, scope, flag_id).care_plan_id
        plan = plan_facts.load_plan(session, scope.clinic_id, plan_id, lock=True)
        flag = _own(session, scope, flag_id, lock=True)  # after its plan, as everywhere
        if flag.closed_at is None:
            if flag.acknowledged_at is None:
                _acknowledge(session, scope, flag, now)
            flag.closed_at, flag.closed_by, flag.close_reason = now, scope.practitioner_id, reason.strip()
            audit.record(
                session,
                scope,
                act="flag.close",
                subject_kind="flag",
                subject_id=flag.id,
                client_id=flag.client_id,
                now=now,
            )
            _changed(plan, now)
            session.flush()
            planning.replan(session, plan, now, "flag closed")
        return describe(session, flag)


def note_got_help(scope: ClientScope, flag_id: UUID, who: str, *, now: datetime) -> FlagSeen:
    """The client's word only: it neither ends the ladder nor closes the flag."""
    if who not in HELPERS:
        raise InvalidInput((InputFault("/who", f"one of {', '.join(HELPERS)}"),))
    with transaction(scope) as session:
        flag = session.get(Flag, (scope.clinic_id, flag_id))
        if flag is None or flag.client_id != scope.client_id:
            raise NotFound("no such warning")
        if flag.got_help_at is None:
            flag.got_help_who, flag.got_help_at = who, now
            audit.record(
                session,
                scope,
                act="flag.got_help",
                subject_kind="flag",
                subject_id=flag.id,
                client_id=flag.client_id,
                now=now,
            )
        return describe(session, flag)


def open_flags(session: Session, plan: LoadedPlan) -> tuple[Flag, ...]:
    """The plan's open flags, most urgent first, then oldest."""
    flags = session.scalars(_OPEN, {"clinic_id": plan.row.clinic_id, "plan_id": plan.row.id}).all()
    order = plan.protocol.shared.urgency_levels
    return tuple(sorted(flags, key=lambda flag: (order[flag.urgency].order, flag.raised_at)))  # type: ignore[index]


def describe(session: Session, flag: Flag, now: datetime | None = None) -> FlagSeen:
    """A flag with its rule's words, the name of who saw it and whether its ladder ended in the alarm.

    With `now`, an alarm whose time has come counts though no worker has sent it: the client must not rely on ours.
    """
    name = None
    if flag.acknowledged_by is not None:
        name = session.scalar(_NAME, {"clinic_id": flag.clinic_id, "id": flag.acknowledged_by})
    rule = plan_facts.protocol_of(session, flag.clinic_id, flag.care_plan_id).red_flags[flag.rule_id]
    return FlagSeen(
        id=flag.id,
        client_id=flag.client_id,
        care_plan_id=flag.care_plan_id,
        rule_id=flag.rule_id,
        title=rule.title,
        tell_client=rule.tell_client,
        urgency=flag.urgency,
        level=flag.level,
        raised_at=flag.raised_at,
        acknowledged_by=name,
        acknowledged_at=flag.acknowledged_at,
        closed_at=flag.closed_at,
        close_reason=flag.close_reason,
        got_help_who=flag.got_help_who,
        got_help_at=flag.got_help_at,
        alarmed=is_alarmed(session, flag, now),
    )


def _own(session: Session, scope: StaffScope, flag_id: UUID, *, lock: bool = False) -> Flag:
    """`lock`: as it is now, and nobody else answers it until the transaction ends."""
    flag = session.get(Flag, (scope.clinic_id, flag_id), with_for_update=lock or None)
    if flag is None:
        raise NotFound("no such warning")
    return flag


def _acknowledge(session: Session, scope: StaffScope, flag: Flag, now: datetime) -> None:
    flag.acknowledged_at, flag.acknowledged_by = now, scope.practitioner_id
    session.execute(
        update(Reminder)
        .where(
            Reminder.clinic_id == scope.clinic_id,
            Reminder.care_plan_id == flag.care_plan_id,  # the index of a plan's rows
            Reminder.flag_id == flag.id,
            Reminder.recipient_kind == "practitioner",
            Reminder.state == "planned",
        )
        .values(state="withdrawn", reason="acknowledged", settled_at=now, lease_token=None, leased_until=None)
    )
    audit.record(
        session,
        scope,
        act="flag.acknowledge",
        subject_kind="flag",
        subject_id=flag.id,
        client_id=flag.client_id,
        now=now,
    )


def _changed(plan: LoadedPlan, now: datetime) -> None:
    plan.row.facts_version += 1
    plan.row.facts_changed_at = now


def _flag(plan: LoadedPlan, finding: Finding, raised_by: str, source_id: UUID, now: datetime) -> Flag:
    return Flag(
        clinic_id=plan.row.clinic_id,
        id=new_id(now),
        client_id=plan.row.client_id,
        care_plan_id=plan.row.id,
        area_id=plan.row.area_id,
        rule_id=finding.rule_id,
        urgency=finding.urgency,
        level=finding.level,
        raised_by=raised_by,
        source_id=source_id,
        raised_at=now,
    )


def _people(session: Session, plan: LoadedPlan) -> LadderPeople:
    clinic_id = plan.row.clinic_id
    second = session.scalar(select(Clinic.second_practitioner_id).where(Clinic.id == clinic_id))
    primary = session.scalar(
        select(Client.practitioner_id).where(Client.clinic_id == clinic_id, Client.id == plan.row.client_id)
    )
    active = session.execute(
        select(Practitioner.id, Practitioner.role).where(
            Practitioner.clinic_id == clinic_id, Practitioner.active.is_(True)
        )
    )
    roles = dict(iter(active))
    return LadderPeople(
        primary=str(primary) if primary in roles else None,
        second=str(second) if second in roles and second != primary else None,
        owners=tuple(str(person) for person, role in roles.items() if role == "owner"),
    )


def _ladder(plan: LoadedPlan, flag: Flag, people: LadderPeople, now: datetime) -> list[Reminder]:
    rows = []
    for rung in plan_ladder(flag.raised_at, people):
        for recipient in rung.recipients:
            key = f"flag:{flag.id.hex}:{rung.number}:{recipient}"
            rows.append(
                Reminder(
                    clinic_id=plan.row.clinic_id,
                    id=new_id(now),
                    client_id=plan.row.client_id,
                    care_plan_id=plan.row.id,
                    flag_id=flag.id,
                    recipient_kind="practitioner",
                    recipient_id=UUID(recipient),
                    kind=rung.kind,
                    lane=RED_LANE,
                    rung=rung.number,
                    dedupe_key=key,
                    collapse_id=reminder_rows.collapse_id(plan.row.id, f"{flag.id.hex}:{rung.kind}:{recipient}"),
                    state="planned",
                    trail=f"rung {rung.number} of the ladder",
                    send_at=rung.at,
                    expires_at=rung.at + LADDER_LIFE,
                    attempts=0,
                    created_at=now,
                )
            )
    return rows
