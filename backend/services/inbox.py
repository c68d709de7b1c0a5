"""Who needs the practitioner first: check-ins nobody has looked at, warnings that are open, clients who wrote or fell
silent.

Order: level, then how overdue against the clinic's reply promise, then longest waiting (DESIGN 4.2). Reads only.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from backend.db import StaffScope, transaction
from backend.errors import NotFound
from backend.models import AssessmentRow, CheckIn, Clinic, Flag
from backend.services import check_in_results, flags, inbox_items, plan_facts, sign_tables
from backend.services.check_in_results import CheckInResult
from backend.services.flags import FlagSeen
from backend.services.inbox_items import ClientHead, InboxItem, PlanHead, build_head
from backend.services.sign_tables import SignTable
from schedules import app_date

GROUPS = ("act_now", "look_today", "on_track")
RANK_OF_LEVEL = {"now": 0, "today": 1, "watch": 2, "on_track": 3}


@dataclass(frozen=True, slots=True)
class Inbox:
    items: tuple[InboxItem, ...]
    reply_promise_h: int

    def of_group(self, group: str) -> tuple[InboxItem, ...]:
        return tuple(item for item in self.items if item.group == group)


@dataclass(frozen=True, slots=True)
class OpenCheckIn:
    """A check-in as the practitioner looks at it: beside the one before, with what the client was told."""

    head: PlanHead
    result: CheckInResult
    table: SignTable
    flags: tuple[FlagSeen, ...]
    late_at: datetime


@dataclass(frozen=True, slots=True)
class OpenWarning:
    """The open flags of one plan, for a warning with no check-in left to look at."""

    head: PlanHead
    flags: tuple[FlagSeen, ...]


def list_inbox(scope: StaffScope, *, now: datetime) -> Inbox:
    """Everything that waits for somebody of the clinic, most urgent first."""
    with transaction(scope, write=False) as session:
        promise = session.get_one(Clinic, scope.clinic_id).reply_promise_h
        items = inbox_items.list_items(session, scope.clinic_id, now)
        late = timedelta(hours=promise)
        dated = [replace(item, overdue=now - item.waiting_since > late) for item in items]
        return Inbox(tuple(sorted(dated, key=_urgency)), promise)


def get_open_check_in(scope: StaffScope, client_id: UUID, check_in_id: UUID) -> OpenCheckIn:
    """One check-in with the one before it. NotFound for an unknown or foreign one."""
    with transaction(scope, write=False) as session:
        stored = session.get(CheckIn, (scope.clinic_id, client_id, check_in_id))
        if stored is None:
            raise NotFound("no such check-in")
        plan = plan_facts.load_plan(session, scope.clinic_id, stored.care_plan_id)
        judged = session.get_one(AssessmentRow, (scope.clinic_id, client_id, check_in_id))
        before = [
            pair
            for pair in sign_tables.load_judged(session, plan)
            if pair[0].day < stored.day and pair[0].answered_at <= stored.answered_at
        ]
        promise = session.get_one(Clinic, scope.clinic_id).reply_promise_h
        return OpenCheckIn(
            head=build_head(plan, stored.day),
            result=check_in_results.describe(session, plan, stored),
            table=sign_tables.build_table(plan.protocol, [*before[-1:], (stored, judged)]),
            flags=tuple(flags.describe(session, flag) for flag in flags.open_flags(session, plan)),
            late_at=stored.received_at + timedelta(hours=promise),
        )


def get_open_warning(scope: StaffScope, flag_id: UUID, *, now: datetime) -> OpenWarning:
    """The open warnings of the plan that a flag belongs to. NotFound for an unknown or foreign one."""
    with transaction(scope, write=False) as session:
        flag = session.get(Flag, (scope.clinic_id, flag_id))
        if flag is None:
            raise NotFound("no such warning")
        plan = plan_facts.load_plan(session, scope.clinic_id, flag.care_plan_id)
        shown = [flag, *(other for other in flags.open_flags(session, plan) if other.id != flag.id)]
        return OpenWarning(
            build_head(plan, plan.day_of(app_date(now, plan.client.zone))),
            tuple(flags.describe(session, one) for one in shown),
        )


def _urgency(item: InboxItem) -> tuple[int, int, datetime, str]:
    """The promise is the clinic's, so the longest waiting is also the most overdue."""
    return GROUPS.index(item.group), RANK_OF_LEVEL[item.level], item.waiting_since, str(item.id)


__all__ = [
    "GROUPS",
    "ClientHead",
    "Inbox",
    "InboxItem",
    "OpenCheckIn",
    "OpenWarning",
    "PlanHead",
    "get_open_check_in",
    "get_open_warning",
    "list_inbox",
]
