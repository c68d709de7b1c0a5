"""Who needs the practitioner first: what nobody has looked at, warnings that are open, clients who fell silent.

Order: level, then how overdue against the clinic's reply promise, then longest waiting (DESIGN 4.2). Reads only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.db import StaffScope, transaction
from backend.errors import NotFound
from backend.models import AssessmentRow, CarePlan, CheckIn, Clinic, Flag, Review
from backend.services import check_in_results, flags, plan_facts, reach, sign_tables, silence
from backend.services.check_in_results import CheckInResult
from backend.services.flags import FlagSeen
from backend.services.plan_facts import LoadedPlan
from backend.services.sign_tables import SignTable
from schedules import Protocol, Reach, app_date

GROUPS = ("act_now", "look_today", "on_track")
GROUP_OF_LEVEL = {"now": "act_now", "today": "act_now", "watch": "look_today", "on_track": "on_track"}
RANK_OF_LEVEL = {"now": 0, "today": 1, "watch": 2, "on_track": 3}


@dataclass(frozen=True, slots=True)
class PlanHead:
    """Whose plan it is and how far along."""

    care_plan_id: UUID
    client_id: UUID
    client_name: str
    protocol: Protocol
    treatment_number: int
    site: str
    label: str
    skin_type: str | None
    day: int


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One row. `kind`: check_in, flag (open, nothing left to look at) or silence. `findings` and `more_than_usual` as
    they were kept; `rules`: titles of open flags; `missed`: scheduled check-ins missed in a row; `stopped`: so many
    that reminders stopped; `reach`: of a silent client's phone; `one_tap`: a word that all is fine, no question
    answered; `seen_by`: who acknowledged."""

    kind: str
    id: UUID
    head: PlanHead
    group: str
    level: str
    waiting_since: datetime
    overdue: bool
    findings: tuple[dict[str, object], ...] = ()
    more_than_usual: tuple[dict[str, object], ...] = ()
    rules: tuple[str, ...] = ()
    missed: int = 0
    stopped: bool = False
    reach: Reach | None = None
    has_note: bool = False
    one_tap: bool = False
    photo_id: UUID | None = None
    seen_by: str | None = None


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
        plans = _Plans(session, scope.clinic_id, now)
        items = [*_check_in_items(session, plans), *_flag_items(session, plans), *_silence_items(session, plans, now)]
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
            head=_head(plan, stored.day),
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
            _head(plan, plan.day_of(app_date(now, plan.client.zone))),
            tuple(flags.describe(session, one) for one in shown),
        )


class _Plans:
    """Loaded plans by id, each read once; `with_unread` are those with a check-in nobody has looked at."""

    def __init__(self, session: Session, clinic_id: UUID, now: datetime) -> None:
        self.session, self.clinic_id, self.now = session, clinic_id, now
        self.with_unread: set[UUID] = set()
        self._loaded: dict[UUID, LoadedPlan] = {}

    def __getitem__(self, care_plan_id: UUID) -> LoadedPlan:
        if care_plan_id not in self._loaded:
            self._loaded[care_plan_id] = plan_facts.load_plan(self.session, self.clinic_id, care_plan_id)
        return self._loaded[care_plan_id]

    def active(self) -> Iterator[LoadedPlan]:
        ids = self.session.scalars(
            select(CarePlan.id).where(CarePlan.clinic_id == self.clinic_id, CarePlan.ended_at.is_(None))
        ).all()
        return (self[one] for one in ids)

    def today(self, plan: LoadedPlan) -> int:
        return plan.day_of(app_date(self.now, plan.client.zone))


def _check_in_items(session: Session, plans: _Plans) -> Iterator[InboxItem]:
    """Check-ins without a review; one that was corrected stands behind its correction."""
    correction = aliased(CheckIn)
    rows = session.execute(
        select(CheckIn, AssessmentRow)
        .join(
            AssessmentRow,
            (AssessmentRow.clinic_id == CheckIn.clinic_id)
            & (AssessmentRow.client_id == CheckIn.client_id)
            & (AssessmentRow.id == CheckIn.id),
        )
        .where(
            CheckIn.clinic_id == plans.clinic_id,
            ~select(Review.id)
            .where(
                Review.clinic_id == CheckIn.clinic_id,
                Review.client_id == CheckIn.client_id,
                Review.check_in_id == CheckIn.id,
            )
            .exists(),
            ~select(correction.id)
            .where(
                correction.clinic_id == CheckIn.clinic_id,
                correction.client_id == CheckIn.client_id,
                correction.amends == CheckIn.id,
            )
            .exists(),
        )
    ).all()
    for check_in, judged in rows:
        plan = plans[check_in.care_plan_id]
        plans.with_unread.add(plan.row.id)
        yield _check_in_item(session, plan, check_in, judged)


def _check_in_item(session: Session, plan: LoadedPlan, check_in: CheckIn, judged: AssessmentRow) -> InboxItem:
    seen = None
    if judged.level in ("today", "now"):
        rules = {finding["rule_id"] for finding in judged.findings}
        seen = _first_seen(session, [flag for flag in flags.open_flags(session, plan) if flag.rule_id in rules])
    return InboxItem(
        kind="check_in",
        id=check_in.id,
        head=_head(plan, check_in.day),
        group=GROUP_OF_LEVEL[judged.level],
        level=judged.level,
        waiting_since=check_in.received_at,
        overdue=False,
        findings=tuple(judged.findings),
        more_than_usual=tuple(judged.more_than_usual),
        has_note=bool(check_in.note),
        one_tap=check_in.partial and not (check_in.answers or check_in.excluded),
        photo_id=UUID(check_in.photo_ids[0]) if check_in.photo_ids else None,
        seen_by=seen,
    )


def _flag_items(session: Session, plans: _Plans) -> Iterator[InboxItem]:
    """Plans with open flags and no check-in left to look at: one row each. A seen one waits to be closed."""
    with_open = session.scalars(
        select(Flag.care_plan_id).where(Flag.clinic_id == plans.clinic_id, Flag.closed_at.is_(None)).distinct()
    ).all()
    for care_plan_id in with_open:
        if care_plan_id in plans.with_unread:
            continue
        plan = plans[care_plan_id]
        opened = flags.open_flags(session, plan)
        fresh = [flag for flag in opened if flag.acknowledged_at is None]
        worst = fresh[0] if fresh else opened[0]
        yield InboxItem(
            kind="flag",
            id=worst.id,
            head=_head(plan, plans.today(plan)),
            group=GROUP_OF_LEVEL[worst.level] if fresh else "look_today",
            level=worst.level if fresh else "watch",
            waiting_since=worst.raised_at,
            overdue=False,
            rules=tuple(plan.protocol.red_flags[flag.rule_id].title for flag in opened),
            seen_by=None if fresh else _first_seen(session, opened),
        )


def _silence_items(session: Session, plans: _Plans, now: datetime) -> Iterator[InboxItem]:
    """Two scheduled check-ins missed in a row is "look today" (DESIGN 4.2)."""
    told: set[UUID] = set()
    for plan in plans.active():
        if plan.row.client_id in told:
            continue
        told.add(plan.row.client_id)
        quiet = silence.find_silence(session, plan, now)
        if quiet.missed >= silence.MISSED_IN_A_ROW and quiet.since is not None:
            yield InboxItem(
                kind="silence",
                id=plan.row.id,
                head=_head(plan, plans.today(plan)),
                group="look_today",
                level="watch",
                waiting_since=quiet.since,
                overdue=False,
                missed=quiet.missed,
                stopped=quiet.stopped_at is not None,
                reach=reach.read_reach(session, plans.clinic_id, plan.client.id),
            )


def _first_seen(session: Session, opened: Sequence[Flag]) -> str | None:
    return next((flags.describe(session, flag).acknowledged_by for flag in opened if flag.acknowledged_at), None)


def _head(plan: LoadedPlan, day: int) -> PlanHead:
    return PlanHead(
        care_plan_id=plan.row.id,
        client_id=plan.client.id,
        client_name=plan.client.name,
        protocol=plan.protocol,
        treatment_number=plan.treatment.number,
        site=plan.site,
        label=plan.area_label,
        skin_type=plan.client.skin_type,
        day=day,
    )


def _urgency(item: InboxItem) -> tuple[int, int, datetime, str]:
    """The promise is the clinic's, so the longest waiting is also the most overdue."""
    return GROUPS.index(item.group), RANK_OF_LEVEL[item.level], item.waiting_since, str(item.id)
