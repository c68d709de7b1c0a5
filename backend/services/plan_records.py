"""What is stored of a client's care plans and bears on their timelines, read once and by one statement for all plans
together. Reads only; used by the services beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from backend.services import fact_sql, step_times
from backend.services.loaded_plans import LoadedPlan
from schedules import (
    AnchorName,
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
class Tap:
    """A step log as the rules see it."""

    occurrence_key: str
    event: str
    at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class PlanRecord:
    """What is stored of one plan, as far as its timeline and its reminders depend on it.

    `anchors`: the dates that count now (the newest of each that was not superseded, and the booked next treatment).
    `anchored_at`: when each became known first; until then nothing that starts with it was due (rules 9 and 20).
    `taken_back_at`: those that a person took back and nothing has reached since, with the moment of it. `ready_at`: the
    yes that counts; `not_ready_yet` check-ins end with it (rule 24). `answered`: planned check-ins that were answered,
    and photo check-ins with a photo. `taps` in the order in which they were made, `watch_results` of answering.
    `last_answer_at`: of the client, on whatever plan.
    """

    plan: LoadedPlan
    anchors: Mapping[AnchorName, date]
    anchored_at: Mapping[AnchorName, datetime]
    taken_back_at: Mapping[AnchorName, datetime]
    flags: tuple[FlagSpan, ...]
    pauses: tuple[PauseSpan, ...]
    zones: tuple[ZoneChange, ...]
    ready_at: datetime | None
    answered: frozenset[str]
    watch_results: tuple[WatchResult, ...]
    taps: tuple[Tap, ...]
    last_answer_at: datetime | None

    def facts(self, now: datetime) -> PlanFacts:
        """The facts as the timeline wants them."""
        row, client = self.plan.row, self.plan.client
        return PlanFacts(
            treatment_ended_at=self.plan.ended_at,
            plan_zone=row.zone,
            today=plan_date(now, row.zone),
            site=cast(Site, self.plan.site),
            care_style=row.care_style,  # type: ignore[arg-type]
            anchors=self.anchors,
            confirmed_steps=self.plan.signed.confirmed_steps,
            turned_on_steps=self.plan.signed.turned_on_steps,
            flags=self.flags,
            pauses=self.pauses,
            zones=self.zones,
            not_ready_until=self.ready_at,
            ended_at=row.ended_at,
            check_in_at=client.check_in_at,
            step_times=step_times.get_times(self.plan),
        )

    @cached_property
    def settled(self) -> frozenset[str]:
        """Occurrences whose last word is done, declined or stopped, and what was answered: nothing is sent for
        them."""
        last = {tap.occurrence_key: tap.event for tap in self.taps}
        return self.answered.union(key for key, event in last.items() if event in DONE_EVENTS)

    @property
    def open_rules(self) -> frozenset[str]:
        """The rules whose flags are open on this plan itself."""
        return frozenset(flag.rule_id for flag in self.flags if flag.closed_at is None and not flag.elsewhere)


Records = Mapping[UUID, PlanRecord]  # by plan id


def read_records(session: Session, plans: Sequence[LoadedPlan]) -> dict[UUID, PlanRecord]:
    """The records of some plans of one client, by plan id, in the order of the plans."""
    if not plans:
        return {}
    session.flush()
    row = plans[0].row
    ids = [plan.row.id for plan in plans]
    found: dict[tuple[str, UUID | None], list[Any]] = {}
    for fact in fact_sql.read(session, fact_sql.FACTS, clinic_id=row.clinic_id, client_id=row.client_id, plan_ids=ids):
        found.setdefault((fact.what, fact.plan_id), []).append(fact)
    flags = [(plan_id, fact) for (what, plan_id), facts in found.items() if what == "flag" for fact in facts]
    flags.sort(key=lambda pair: pair[1].at)
    zones = tuple(ZoneChange(fact.at, fact.name) for fact in found.get(("zone", None), ()))
    (last_answer,) = found["last answer", None]
    return {plan.row.id: _record(plan, found, tuple(_flags_for(plan, flags)), zones, last_answer.at) for plan in plans}


def read_record(session: Session, plan: LoadedPlan) -> PlanRecord:
    """The record of one plan."""
    return read_records(session, (plan,))[plan.row.id]


def read_facts(session: Session, plan: LoadedPlan, now: datetime) -> PlanFacts:
    """The facts of one plan as the timeline wants them (schedules.facts.PlanFacts)."""
    return read_record(session, plan).facts(now)


def _record(
    plan: LoadedPlan,
    found: Mapping[tuple[str, UUID | None], Sequence[Any]],
    flags: tuple[FlagSpan, ...],
    zones: tuple[ZoneChange, ...],
    last_answer_at: datetime | None,
) -> PlanRecord:
    def of(what: str) -> Sequence[Any]:
        return found.get((what, plan.row.id), ())

    observed = of("anchor")
    return PlanRecord(
        plan=plan,
        anchors=_current_anchors(plan, observed),
        anchored_at=_first_known(observed),
        taken_back_at=_taken_back(observed),
        flags=flags,
        pauses=tuple(PauseSpan(fact.at, fact.until) for fact in of("pause")),
        zones=zones,
        ready_at=max((fact.at for fact in of("yes")), default=None),
        answered=frozenset(fact.name for what in ("answered", "photographed") for fact in of(what)),
        watch_results=tuple(WatchResult(fact.day, fact.at) for fact in of("watch")),
        taps=tuple(Tap(fact.name, fact.word, fact.at, fact.until) for fact in of("tap")),
        last_answer_at=last_answer_at,
    )


def _flags_for(plan: LoadedPlan, flags: Iterable[tuple[UUID | None, Any]]) -> Iterable[FlagSpan]:
    """Of a plan its own flags, open or closed, and the emergencies of the client's other plans (rule 39)."""
    for plan_id, fact in flags:
        elsewhere = plan_id != plan.row.id
        if not elsewhere or fact.word == "emergency":
            yield FlagSpan(fact.name, fact.word, fact.at, fact.until, elsewhere)


def _current_anchors(plan: LoadedPlan, observed: Iterable[Any]) -> Mapping[AnchorName, date]:
    found: dict[AnchorName, date] = {each.name: each.on for each in observed if each.until is None}
    if "skin_closed" in found:
        found.setdefault("scabs_off", found["skin_closed"])  # protocols rule 6
    if plan.next_at is not None:
        found["next_treatment"] = plan_date(plan.next_at, plan.row.zone)
    return found


def _first_known(observed: Iterable[Any]) -> Mapping[AnchorName, datetime]:
    first: dict[AnchorName, datetime] = {}
    for each in observed:
        first.setdefault(each.name, each.at)
    if "skin_closed" in first:  # it tells scabs_off too (rule 6)
        first["scabs_off"] = min(first["skin_closed"], first.get("scabs_off", first["skin_closed"]))
    return first


def _taken_back(observed: Sequence[Any]) -> Mapping[AnchorName, datetime]:
    standing = {each.name for each in observed if each.until is None}
    return {each.name: each.until for each in observed if each.until is not None and each.name not in standing}


def step_events(taps: Sequence[Tap]) -> tuple[StepEvent, ...]:
    return tuple(StepEvent(tap.occurrence_key, tap.event, tap.at) for tap in taps)  # type: ignore[arg-type]
