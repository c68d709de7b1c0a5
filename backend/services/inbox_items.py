"""What may wait for the practitioner, one row each: check-ins nobody has looked at, open warnings, clients who fell
silent, messages without an answer. Reads only; `services/inbox.py` puts them in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.models import AssessmentRow, CarePlan, CheckIn, Client, Flag, Review
from backend.services import flags, messages, plan_facts, reach, silence
from backend.services.plan_facts import LoadedPlan
from schedules import Protocol, Reach, app_date

GROUP_OF_LEVEL = {"now": "act_now", "today": "act_now", "watch": "look_today", "on_track": "on_track"}


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
class ClientHead:
    """A client who never had a plan."""

    client_id: UUID
    client_name: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One row. `kind`: check_in, flag (open, nothing left to look at), silence or message. `findings` and
    `more_than_usual` as they were kept; `rules`: titles of open flags; `missed`: scheduled check-ins missed in a row;
    `stopped`: so many that reminders stopped; `reach`: of a silent client's phone; `one_tap`: a word that all is fine,
    no question answered; `seen_by`: who acknowledged; `words`, `messages`: the newest message without an answer, and
    how many there are."""

    kind: str
    id: UUID
    head: PlanHead | ClientHead
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
    words: str = ""
    messages: int = 0


def list_items(session: Session, clinic_id: UUID, now: datetime) -> list[InboxItem]:
    """All rows of a clinic, in no order; none is called overdue yet."""
    plans = _Plans(session, clinic_id, now)
    return [
        *_check_in_items(session, plans),
        *_flag_items(session, plans),
        *_silence_items(session, plans, now),
        *_message_items(session, plans),
    ]


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
        head=build_head(plan, check_in.day),
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
            head=_head_today(plans, plan),
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
                head=_head_today(plans, plan),
                group="look_today",
                level="watch",
                waiting_since=quiet.since,
                overdue=False,
                missed=quiet.missed,
                stopped=quiet.stopped_at is not None,
                reach=reach.read_reach(session, plans.clinic_id, plan.client.id),
            )


def _message_items(session: Session, plans: _Plans) -> Iterator[InboxItem]:
    """One row a client, waiting since the oldest message without an answer: "look today" (DESIGN 4.2)."""
    for waiting in messages.list_waiting(session, plans.clinic_id):
        newest = plan_facts.find_newest_plan(session, plans.clinic_id, waiting.client_id)
        client = session.get_one(Client, (plans.clinic_id, waiting.client_id))
        yield InboxItem(
            kind="message",
            id=waiting.newest_id,
            head=_head_today(plans, plans[newest]) if newest else ClientHead(client.id, client.name),
            group="look_today",
            level="watch",
            waiting_since=waiting.since,
            overdue=False,
            words=waiting.words,
            messages=waiting.count,
        )


def _first_seen(session: Session, opened: Sequence[Flag]) -> str | None:
    return next((flags.describe(session, flag).acknowledged_by for flag in opened if flag.acknowledged_at), None)


def build_head(plan: LoadedPlan, day: int) -> PlanHead:
    """Whose plan it is, and how far along on that day."""
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


def _head_today(plans: _Plans, plan: LoadedPlan) -> PlanHead:
    return build_head(plan, plans.today(plan))
