"""What the phone shows first: what is due now, next and not yet. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, transaction
from backend.models import Message, Reminder
from backend.services import flags, plan_facts, plan_records, silence
from backend.services.flags import FlagSeen
from backend.services.plan_facts import LoadedPlan
from backend.services.plan_records import PlanRecord
from backend.services.timelines import Item, list_items, phase_on
from schedules import (
    AnchorName,
    DayWindow,
    MissedRow,
    PauseSpan,
    Phase,
    PlanFacts,
    Protocol,
    app_date,
    build_timeline,
)

DOT_DAYS = 14


@dataclass(frozen=True, slots=True)
class LastWord:
    by: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckAgain:
    """A day that is asked about a second time after a watch result: an occurrence of its own (DESIGN section 7)."""

    key: str
    day: int
    state: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class AreaToday:
    """One plan as the phone's Today shows it."""

    care_plan_id: UUID
    protocol: Protocol
    treatment_number: int
    site: str
    area_label: str
    day: int
    phase: Phase | None
    anchors: Mapping[AnchorName, date]
    items: tuple[Item, ...]
    dots: tuple[tuple[int, str], ...]  # (day, done | missed | today | upcoming)
    flag: FlagSeen | None
    check_again: CheckAgain | None
    last_word: LastWord | None
    pause: PauseSpan | None


@dataclass(frozen=True, slots=True)
class Today:
    """`missed_row`: the client's silence, over all areas."""

    on: date
    zone: str
    areas: tuple[AreaToday, ...]
    missed_row: MissedRow


def get_today(scope: ClientScope, *, now: datetime) -> Today:
    """What is due now, next and not yet, in the client's zone; the day turns at 04:00 (rule 57)."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        records = plan_records.read_records(session, plans)
        areas = tuple(_area(session, record, now) for record in records.values())
        zone = plans[0].client.zone if plans else "UTC"
        missed_row = silence.find_missed_row(records, now) if plans else MissedRow()
        return Today(app_date(now, zone), zone, areas, missed_row)


def _area(session: Session, record: PlanRecord, now: datetime) -> AreaToday:
    plan = record.plan
    day = plan.day_of(app_date(now, plan.client.zone))
    items = list_items(record, DayWindow(day - 1, day + 1), now)
    open_now = flags.open_flags(session, plan)
    facts = record.facts(now)
    return AreaToday(
        care_plan_id=plan.row.id,
        protocol=plan.protocol,
        treatment_number=plan.treatment.number,
        site=plan.site,
        area_label=plan.area_label,
        day=day,
        phase=phase_on(plan.protocol, day),
        anchors=record.anchors,
        items=tuple(item for item in items if _belongs(item, plan, day, now)),
        dots=_dots(session, plan, facts, day),
        flag=flags.describe(session, open_now[0], now) if open_now else None,
        check_again=_check_again(session, record, now),
        last_word=_last_word(session, plan),
        pause=_pause_at(facts.pauses, now),
    )


def _pause_at(pauses: Sequence[PauseSpan], now: datetime) -> PauseSpan | None:
    """The pause that the plan is in; the one that ends last."""
    running = [each for each in pauses if each.from_at <= now and (each.until_at is None or now < each.until_at)]
    return max(running, key=lambda each: each.until_at or datetime.max.replace(tzinfo=UTC), default=None)


def _belongs(item: Item, plan: LoadedPlan, day: int, now: datetime) -> bool:
    """Of today by the 4 am rule, or open now, or a rule that holds today or tomorrow."""
    window = item.occurrence.window
    if item.occurrence.entry != "slot":
        return window.opens_at <= now + timedelta(days=1) and now < window.closes_at
    due_on = app_date(window.due_at, plan.client.zone)
    return plan.day_of(due_on) == day or window.opens_at <= now < window.closes_at


def _dots(session: Session, plan: LoadedPlan, facts: PlanFacts, day: int) -> tuple[tuple[int, str], ...]:
    """The row of days: filled = checked in, hollow = asked and no check-in; all days from 0 to the later of day 13 and
    today. A pause asks nothing."""
    checked = {one.day for one in plan_facts.check_in_facts(session, plan)}
    asked = build_timeline(plan.protocol, facts, plan.client.zone, DayWindow(0, max(day, 0)), kinds=silence.CHECK_INS)
    planned = {one.day for one in asked.occurrences}

    def state(n: int) -> str:
        if n in checked:
            return "done"
        if n == day:
            return "today"
        return "upcoming" if n > day or n not in planned else "missed"

    return tuple((n, state(n)) for n in range(max(DOT_DAYS, day + 1)))


def _check_again(session: Session, record: PlanRecord, now: datetime) -> CheckAgain | None:
    """The second look that is next: open from its push to the following 04:00, until it is answered."""
    rows = session.execute(
        select(Reminder.occurrence_key, Reminder.send_at, Reminder.expires_at)
        .where(
            Reminder.clinic_id == record.plan.row.clinic_id,
            Reminder.care_plan_id == record.plan.row.id,
            Reminder.kind == "check_again",
            Reminder.occurrence_key.like("check_again@d%"),
            Reminder.state != "withdrawn",
            Reminder.expires_at > now,
        )
        .order_by(Reminder.send_at)
    )
    for key, opens_at, closes_at in rows:
        if key is not None and key not in record.answered:
            state = "open" if opens_at <= now else "upcoming"
            return CheckAgain(key, int(key.removeprefix("check_again@d")), state, opens_at, closes_at)
    return None


def _last_word(session: Session, plan: LoadedPlan) -> LastWord | None:
    """The newest message of the clinic since the plan started."""
    message = session.scalar(
        select(Message)
        .where(
            Message.clinic_id == plan.row.clinic_id,
            Message.client_id == plan.row.client_id,
            Message.by.is_not(None),
            Message.at >= plan.row.started_at,
        )
        .order_by(Message.at.desc())
        .limit(1)
    )
    return LastWord(message.by_name or "", message.words, message.at) if message else None
