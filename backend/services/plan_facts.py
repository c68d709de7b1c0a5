"""Reads what is stored of a client's care plans and gives it to the core as facts. Reads only; used by the services
beside it. What several plans of one client need is read for all of them at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.ids import new_id
from backend.models import (
    CheckIn,
    Client,
    ZoneMove,
)
from backend.services import fact_sql
from backend.services.loaded_plans import LoadedPlan, compiled, load_active_plans, load_plan, protocol_of
from schedules import (
    AnchorName,
    AnswerValue,
    CheckInFacts,
    FlagSpan,
    PauseSpan,
    PlanFacts,
    Site,
    StepEvent,
    WatchResult,
    ZoneChange,
    plan_date,
)

DONE_EVENTS = frozenset({"done", "declined", "stopped_burning"})


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """What is stored of one plan and bears on its timeline, read once.

    `anchored_at`: when each anchor became known first. Until then nothing that starts with it was due (rules 9 and 20).
    """

    plan: LoadedPlan
    anchors: Mapping[AnchorName, date]
    anchored_at: Mapping[AnchorName, datetime]
    flags: tuple[FlagSpan, ...]
    pauses: tuple[PauseSpan, ...]
    zones: tuple[ZoneChange, ...]
    ready_at: datetime | None

    def facts(self, now: datetime) -> PlanFacts:
        """The facts as the timeline wants them."""
        row, client = self.plan.row, self.plan.client
        return PlanFacts(
            treatment_ended_at=self.plan.ended_at,
            plan_zone=row.zone,
            today=plan_date(now, row.zone),
            site=cast(Site, self.plan.area.site),
            care_style=row.care_style,  # type: ignore[arg-type]
            anchors=self.anchors,
            confirmed_steps=frozenset(self.plan.signed.confirmed_steps),
            turned_on_steps=frozenset(self.plan.signed.turned_on_steps),
            flags=self.flags,
            pauses=self.pauses,
            zones=self.zones,
            not_ready_until=self.ready_at,
            ended_at=row.ended_at,
            check_in_at=client.check_in_at,
            step_times=_step_times(client.step_times.get(row.method, {})),
        )


def read_records(session: Session, plans: Sequence[LoadedPlan]) -> dict[UUID, PlanRecord]:
    """The records of some plans of one client, by plan id."""
    if not plans:
        return {}
    clinic_id, client_id = plans[0].row.clinic_id, plans[0].row.client_id
    ids = [plan.row.id for plan in plans]
    observed = _observations(session, clinic_id, ids)
    flags = _client_flags(session, clinic_id, client_id, ids)
    pauses = _pauses(session, clinic_id, ids)
    zones = _zones(session, clinic_id, client_id)
    ready = _ready_at(session, clinic_id, ids)
    return {
        plan.row.id: PlanRecord(
            plan=plan,
            anchors=_current_anchors(plan, observed.get(plan.row.id, ())),
            anchored_at=_first_known(observed.get(plan.row.id, ())),
            flags=flags[plan.row.id],
            pauses=tuple(pauses.get(plan.row.id, ())),
            zones=zones,
            ready_at=ready.get(plan.row.id),
        )
        for plan in plans
    }


def read_record(session: Session, plan: LoadedPlan) -> PlanRecord:
    """The record of one plan."""
    return read_records(session, (plan,))[plan.row.id]


def plan_facts(session: Session, plan: LoadedPlan, now: datetime) -> PlanFacts:
    """The facts of one plan as the timeline wants them (schedules.facts.PlanFacts)."""
    return read_record(session, plan).facts(now)


# --- anchors ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Observed:
    anchor: AnchorName
    on: date
    at: datetime
    superseded_at: datetime | None


def anchors(session: Session, plan: LoadedPlan) -> Mapping[AnchorName, date]:
    """The dates that count now: the newest observation of each anchor that was not superseded, and the booked next
    treatment."""
    observed = _observations(session, plan.row.clinic_id, [plan.row.id])
    return _current_anchors(plan, observed.get(plan.row.id, ()))


def taken_back_at(session: Session, plan: LoadedPlan) -> Mapping[AnchorName, datetime]:
    """The anchors that a person took back and nothing has reached since, with the moment of it."""
    observed = _observations(session, plan.row.clinic_id, [plan.row.id]).get(plan.row.id, ())
    standing = {each.anchor for each in observed if each.superseded_at is None}
    return {each.anchor: each.superseded_at for each in observed if each.superseded_at and each.anchor not in standing}


def _observations(session: Session, clinic_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[_Observed]]:
    found: dict[UUID, list[_Observed]] = {}
    for plan_id, anchor, on, at, superseded_at in fact_sql.read(
        session, fact_sql.OBSERVATIONS, clinic_id=clinic_id, plan_ids=ids
    ):
        found.setdefault(plan_id, []).append(_Observed(anchor, on, at, superseded_at))
    return found


def _current_anchors(plan: LoadedPlan, observed: Iterable[_Observed]) -> Mapping[AnchorName, date]:
    found = {each.anchor: each.on for each in observed if each.superseded_at is None}
    if "skin_closed" in found:
        found.setdefault("scabs_off", found["skin_closed"])  # protocols rule 6
    if plan.next_at is not None:
        found["next_treatment"] = plan_date(plan.next_at, plan.row.zone)
    return found


def _first_known(observed: Iterable[_Observed]) -> Mapping[AnchorName, datetime]:
    first: dict[AnchorName, datetime] = {}
    for each in observed:
        first.setdefault(each.anchor, each.at)
    if "skin_closed" in first:  # it tells scabs_off too (rule 6)
        first["scabs_off"] = min(first["skin_closed"], first.get("scabs_off", first["skin_closed"]))
    return first


# --- flags, pauses, zones, the yes --------------------------------------------------------------------------------


def area_flag_spans(session: Session, plan: LoadedPlan) -> tuple[FlagSpan, ...]:
    """Every flag of the plan's area, also of the plans before it: one stays open until a person closes it."""
    row = plan.row
    return tuple(span for _, area_id, span in _spans(session, row.clinic_id, row.client_id) if area_id == row.area_id)


def _client_flags(
    session: Session, clinic_id: UUID, client_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, tuple[FlagSpan, ...]]:
    """Of each plan its own flags, open or closed, and the emergencies of the client's other plans (rule 39)."""
    spans = _spans(session, clinic_id, client_id)
    return {
        plan_id: tuple(
            span if of == plan_id else replace(span, elsewhere=True)
            for of, _, span in spans
            if of == plan_id or span.urgency == "emergency"
        )
        for plan_id in ids
    }


def _spans(session: Session, clinic_id: UUID, client_id: UUID) -> list[tuple[UUID, UUID, FlagSpan]]:
    """(plan id, area id, flag) of a client's flags, oldest first."""
    rows = fact_sql.read(session, fact_sql.FLAGS, clinic_id=clinic_id, client_id=client_id)
    return [
        (of, area_id, FlagSpan(rule_id, urgency, raised_at, closed_at))
        for of, rule_id, urgency, raised_at, closed_at, area_id in rows
    ]


def _pauses(session: Session, clinic_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[PauseSpan]]:
    found: dict[UUID, list[PauseSpan]] = {}
    rows = fact_sql.read(session, fact_sql.PAUSES, clinic_id=clinic_id, plan_ids=ids)
    for plan_id, from_at, until_at in rows:
        found.setdefault(plan_id, []).append(PauseSpan(from_at, until_at))
    return found


def _zones(session: Session, clinic_id: UUID, client_id: UUID) -> tuple[ZoneChange, ...]:
    moves = fact_sql.read(session, fact_sql.ZONES, clinic_id=clinic_id, client_id=client_id)
    return tuple(ZoneChange(from_at, zone) for from_at, zone in moves)


def _ready_at(session: Session, clinic_id: UUID, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Rule 24: `not_ready_yet` check-ins end at the sign-off."""
    rows = fact_sql.read(session, fact_sql.SIGNED_OFF, clinic_id=clinic_id, plan_ids=ids)
    return dict(iter(rows))


def add_zone_move(session: Session, client: Client, zone: str, now: datetime) -> None:
    """Keeps where the phone was before and where it is from now on. The first move also writes down the zone it
    left."""
    known = session.scalar(
        select(ZoneMove.id).where(ZoneMove.clinic_id == client.clinic_id, ZoneMove.client_id == client.id).limit(1)
    )
    moves = [(now, zone)] if known else [(client.created_at, client.zone), (now, zone)]
    for at, name in moves:
        session.add(ZoneMove(clinic_id=client.clinic_id, id=new_id(now), client_id=client.id, from_at=at, zone=name))
    client.zone = zone
    session.flush()


# --- check-ins and taps -------------------------------------------------------------------------------------------


def check_in_facts(session: Session, plan: LoadedPlan) -> tuple[CheckInFacts, ...]:
    """The plan's check-ins in the order of answering; of a check-in and its corrections only the newest (rule 30)."""
    row = plan.row
    rows = fact_sql.read(session, fact_sql.CHECK_INS, clinic_id=row.clinic_id, plan_ids=[row.id])
    amended = {each.amends for each in rows if each.amends is not None}
    return tuple(to_facts(each) for each in rows if each.id not in amended)


def to_facts(check_in: CheckIn | Any) -> CheckInFacts:
    """One stored check-in as the rules see it."""
    return CheckInFacts(
        id=str(check_in.id),
        day=check_in.day,
        on=check_in.on,
        answered_at=check_in.answered_at,
        answers=cast(Mapping[str, AnswerValue], check_in.answers),
        excluded={question: frozenset(values) for question, values in check_in.excluded.items()},
        planned=check_in.kind == "planned",
    )


def answered_keys(session: Session, plan: LoadedPlan) -> frozenset[str]:
    """Keys of planned check-ins that were answered, and of photo check-ins with a photo."""
    return list_answered(session, (plan,))[plan.row.id]


def list_answered(session: Session, plans: Sequence[LoadedPlan]) -> dict[UUID, frozenset[str]]:
    """The same for some plans of one client, by plan id."""
    found: dict[UUID, set[str]] = {plan.row.id: set() for plan in plans}
    of_plans = {"clinic_id": plans[0].row.clinic_id, "plan_ids": list(found)}
    for statement in (fact_sql.ANSWERED, fact_sql.PHOTOGRAPHED):
        for plan_id, key in fact_sql.read(session, statement, **of_plans):
            found[plan_id].add(key)
    return {plan_id: frozenset(keys) for plan_id, keys in found.items()}


def last_answer_at(session: Session, client: Client) -> datetime | None:
    """When the client last sent a check-in of any kind."""
    (row,) = fact_sql.read(session, fact_sql.LAST_ANSWER, clinic_id=client.clinic_id, client_id=client.id)
    answered_at: datetime | None = row[0]
    return answered_at


@dataclass(frozen=True, slots=True)
class Tap:
    """A step log as the rules see it."""

    occurrence_key: str
    event: str
    at: datetime
    ends_at: datetime | None


def list_taps(session: Session, plans: Sequence[LoadedPlan]) -> dict[UUID, tuple[Tap, ...]]:
    """All taps of some plans of one client, by plan id, in the order in which they were made."""
    found: dict[UUID, list[Tap]] = {plan.row.id: [] for plan in plans}
    rows = fact_sql.read(session, fact_sql.TAPS, clinic_id=plans[0].row.clinic_id, plan_ids=list(found))
    for plan_id, key, event, at, ends_at in rows:
        found[plan_id].append(Tap(key, event, at, ends_at))
    return {plan_id: tuple(taps) for plan_id, taps in found.items()}


def step_logs(session: Session, plan: LoadedPlan) -> tuple[Tap, ...]:
    """All taps of the plan in the order in which they were made."""
    return list_taps(session, (plan,))[plan.row.id]


def step_events(taps: Sequence[Tap]) -> tuple[StepEvent, ...]:
    return tuple(StepEvent(tap.occurrence_key, tap.event, tap.at) for tap in taps)  # type: ignore[arg-type]


def settled_keys(taps: Sequence[Tap]) -> frozenset[str]:
    """Occurrences whose last word is done, declined or stopped: nothing is sent for them."""
    last = {tap.occurrence_key: tap.event for tap in taps}
    return frozenset(key for key, event in last.items() if event in DONE_EVENTS)


def list_watch_results(session: Session, plans: Sequence[LoadedPlan]) -> dict[UUID, tuple[WatchResult, ...]]:
    """Check-ins whose level was watch, of some plans of one client, by plan id, in the order of answering."""
    found: dict[UUID, tuple[WatchResult, ...]] = {}
    ids = [plan.row.id for plan in plans]
    rows = fact_sql.read(session, fact_sql.WATCH_RESULTS, clinic_id=plans[0].row.clinic_id, plan_ids=ids)
    for plan_id, day, at in rows:
        found[plan_id] = (*found.get(plan_id, ()), WatchResult(day, at))
    return found


def _step_times(stored: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[time, ...]]:
    return {step: tuple(time.fromisoformat(text) for text in times) for step, times in stored.items()}


__all__ = [
    "LoadedPlan",
    "compiled",
    "load_active_plans",
    "load_plan",
    "protocol_of",
]
