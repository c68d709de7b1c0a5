"""What the phone shows and keeps: today, the whole plan for offline, a span of the timeline. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import ClientScope, transaction
from backend.models import Reminder, Review
from backend.services import check_ins, flags, plan_facts, plan_records, silence
from backend.services.flags import FlagSeen
from backend.services.plan_facts import LoadedPlan
from backend.services.plan_records import DONE_EVENTS, PlanRecord, Tap, step_events
from schedules import (
    AnchorName,
    CareStep,
    CheckInFacts,
    DayWindow,
    MissedRow,
    Occurrence,
    PauseSpan,
    Phase,
    PlanFacts,
    Protocol,
    app_date,
    build_timeline,
    plan_date,
    state_of,
)

DOT_DAYS = 14
LAST_DAY = 180
EARLIER_CHECK_INS = 14


@dataclass(frozen=True, slots=True)
class Item:
    """An occurrence with its state now; `step` for care steps; the last start and timer end of it."""

    occurrence: Occurrence
    state: str
    step: CareStep | None
    started_at: datetime | None
    ends_at: datetime | None
    settled_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class WholePlan:
    """One plan with everything the phone needs offline. `version` changes when any of it does."""

    care_plan_id: UUID
    version: str
    protocol: Protocol
    signed_version: int
    site: str
    zone: str
    day_0: date
    today: date
    ended_at: datetime
    treatment_number: int
    anchors: Mapping[AnchorName, date]
    items: tuple[Item, ...]
    earlier: tuple[CheckInFacts, ...]
    open_rules: tuple[str, ...]
    modifiers: tuple[str, ...]


def get_today(scope: ClientScope, *, now: datetime) -> Today:
    """What is due now, next and not yet, in the client's zone; the day turns at 04:00 (rule 57)."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        records = plan_records.read_records(session, plans)
        areas = tuple(_area(session, record, now) for record in records.values())
        zone = plans[0].client.zone if plans else "UTC"
        missed_row = silence.find_missed_row(records, now) if plans else MissedRow()
        return Today(app_date(now, zone), zone, areas, missed_row)


def get_plans(scope: ClientScope, *, now: datetime) -> tuple[WholePlan, ...]:
    """Every active plan, all days, for offline."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        return tuple(_whole(session, plan, now) for plan in plans)


def get_plan_versions(scope: ClientScope, *, now: datetime) -> tuple[str, ...]:
    """What `get_plans` would answer, as versions: equal as long as nothing in it has changed."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        return tuple(_version(session, plan, now) for plan in plans)


def get_timeline(scope: ClientScope, first: date, last: date, *, now: datetime) -> tuple[tuple[UUID, Item], ...]:
    """Occurrences whose day lies in [first, last], of all active plans: (plan id, item)."""
    with transaction(scope, write=False) as session:
        plans = plan_facts.load_active_plans(session, scope.clinic_id, scope.client_id)
        windows = {plan.row.id: DayWindow(plan.day_of(first), plan.day_of(last)) for plan in plans}
        items = _items_of_all(session, plans, now, windows)
        found = [(plan_id, item) for plan_id, own in items.items() for item in own]
        return tuple(sorted(found, key=lambda pair: (pair[1].occurrence.window.due_at, pair[1].occurrence.key)))


def items_of(session: Session, plan: LoadedPlan, now: datetime, window: DayWindow | None) -> tuple[Item, ...]:
    """The plan's occurrences of some days with their states; for the services that show them."""
    return _items_of_all(session, (plan,), now, {plan.row.id: window})[plan.row.id]


def _items_of_all(
    session: Session, plans: Sequence[LoadedPlan], now: datetime, windows: Mapping[UUID, DayWindow | None]
) -> dict[UUID, tuple[Item, ...]]:
    """The same for some plans of one client, read together."""
    if not plans:
        return {}
    records = plan_records.read_records(session, plans)
    return {plan_id: _items(record, windows[plan_id], now) for plan_id, record in records.items()}


def _items(record: PlanRecord, window: DayWindow | None, now: datetime) -> tuple[Item, ...]:
    plan = record.plan
    timeline = build_timeline(plan.protocol, record.facts(now), plan.client.zone, window)
    by_key: dict[str, list[Tap]] = {}
    for log in record.taps:
        by_key.setdefault(log.occurrence_key, []).append(log)
    items = []
    for occurrence in timeline.occurrences:
        logs = by_key.get(occurrence.key, [])
        starts = [log for log in logs if log.event in ("started", "resumed")]
        step = plan.protocol.care_steps.get(occurrence.step_id or "")
        changed_at = record.anchored_at.get(step.window.start.anchor) if step else None
        items.append(
            Item(
                occurrence=occurrence,
                state=state_of(occurrence, step_events(logs), record.answered, now, changed_at),
                step=step,
                started_at=starts[0].at if starts else None,
                ends_at=starts[-1].ends_at if starts else None,
                settled_at=logs[-1].at if logs and logs[-1].event in DONE_EVENTS else None,
            )
        )
    return tuple(items)


def _area(session: Session, record: PlanRecord, now: datetime) -> AreaToday:
    plan = record.plan
    day = plan.day_of(app_date(now, plan.client.zone))
    items = _items(record, DayWindow(day - 1, day + 1), now)
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


def phase_on(protocol: Protocol, day: int) -> Phase | None:
    """The named part of healing that a day lies in; the last one after its end."""
    found = next((phase for phase in protocol.phases if phase.from_day <= day <= phase.to_day), None)
    return found or (protocol.phases[-1] if day > protocol.phases[-1].to_day else None)


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
    review = session.scalar(
        select(Review)
        .where(
            Review.clinic_id == plan.row.clinic_id,
            Review.client_id == plan.row.client_id,
            Review.words.is_not(None),
            Review.at >= plan.row.started_at,
        )
        .order_by(Review.at.desc())
        .limit(1)
    )
    return LastWord(review.by_name, review.words, review.at) if review and review.words else None


def _version(session: Session, plan: LoadedPlan, now: datetime) -> str:
    """The day counts: forecasts move on with it (rule 9). So do health factors: rules read them."""
    today = plan_date(now, plan.row.zone)
    factors = "+".join(check_ins.modifiers_of(session, plan))
    return f"{plan.row.id.hex}.{plan.row.facts_version}.{today.isoformat()}.{plan.client.zone}.{factors}"


def _whole(session: Session, plan: LoadedPlan, now: datetime) -> WholePlan:
    record = plan_records.read_record(session, plan)
    facts, items = record.facts(now), _items(record, None, now)
    answered = plan_facts.check_in_facts(session, plan)
    return WholePlan(
        care_plan_id=plan.row.id,
        version=_version(session, plan, now),
        protocol=plan.protocol,
        signed_version=plan.signed.version,
        site=plan.site,
        zone=plan.row.zone,
        day_0=plan.day_0,
        today=facts.today,
        ended_at=plan.ended_at,
        treatment_number=plan.treatment.number,
        anchors=facts.anchors,
        items=items,
        earlier=answered[-EARLIER_CHECK_INS:],
        open_rules=tuple(flag.rule_id for flag in flags.open_flags(session, plan)),
        modifiers=check_ins.modifiers_of(session, plan),
    )
