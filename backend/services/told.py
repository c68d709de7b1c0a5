"""What was told to whom: a signed version's words, and the plans that showed them. Reads only; used by the services
beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from backend.errors import NotFound
from backend.models import (
    AnchorObservation,
    CarePlan,
    Client,
    ClinicProtocol,
    PlanVersion,
    TreatedArea,
    TreatmentSession,
)
from backend.models.base import Tenant
from backend.services import plan_facts
from schedules import (
    AnchorName,
    CareStep,
    CareStyle,
    PlanFacts,
    Protocol,
    Site,
    build_timeline,
    complete_anchors,
    plan_date,
)

LAST_MOMENT = timedelta(microseconds=1)  # spans are half-open: the end itself is not told any more


@dataclass(frozen=True, slots=True)
class Told:
    """One plan that showed it, with its client: from which to which date (in the plan's zone)."""

    client_id: UUID
    client_name: str
    care_plan_id: UUID
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a care step said in a signed version. `sources`: titles and addresses. `set_by_clinic`: paths."""

    method: str
    version: int
    content_version: str
    step_id: str
    title: str
    instruction: str
    sources: tuple[tuple[str, str | None], ...]
    signed_by: str
    signed_at: datetime
    author: str | None
    reviewer: str | None
    set_by_clinic: tuple[str, ...]


@dataclass(slots=True)
class _Followed:
    """A span in which a plan followed the version, with all that its windows hang on."""

    client: tuple[UUID, str]
    care_plan_id: UUID
    treatment_ended_at: datetime
    zone: str
    site: str
    care_style: str
    from_at: datetime
    until_at: datetime
    next_at: datetime | None
    observed: list[AnchorObservation] = field(default_factory=list)


def describe_step(signed: ClinicProtocol, step_id: str) -> StepWords:
    """A step's words in a version. Raises NotFound."""
    protocol = plan_facts.compiled(signed)
    step = _step(protocol, signed, step_id)
    start = f"care_steps.{step_id}."
    return StepWords(
        method=signed.method,
        version=signed.version,
        content_version=signed.content_version,
        step_id=step_id,
        title=step.title,
        instruction=step.instruction,
        sources=tuple((protocol.source_list[name].title, protocol.source_list[name].url) for name in step.sources),
        signed_by=signed.signed_by_name,
        signed_at=signed.signed_at,
        author=signed.author_name,
        reviewer=signed.reviewed_by_name,
        set_by_clinic=tuple(change["path"] for change in signed.overlay if change["path"].startswith(start)),
    )


def find_told(session: Session, signed: ClinicProtocol, step_id: str | None, now: datetime) -> tuple[Told, ...]:
    """The plans that showed a version, or one step of it, up to now: in one query, however many they are.

    A step counts where its window had begun while the plan followed the version: not a forecast, nor what waited for
    the clinic. In doubt it counts: pauses and warnings are not looked at, and an anchor that was corrected counts with
    its earliest date too, since the step was shown until then.
    """
    step = None if step_id is None else _step(plan_facts.compiled(signed), signed, step_id)
    found: dict[UUID, Told] = {}
    for span in _followed(session, signed, now):
        days = (span.from_at, span.until_at) if step is None else _shown(span, signed, step, now)
        if days is not None and days[0] < days[1]:
            first, last = (plan_date(at, span.zone) for at in (days[0], days[1] - LAST_MOMENT))
            known = found.get(span.care_plan_id)
            found[span.care_plan_id] = Told(
                *span.client,
                span.care_plan_id,
                min(first, known.first_on) if known else first,
                max(last, known.last_on) if known else last,
            )
    return tuple(sorted(found.values(), key=lambda one: (one.client_name, one.client_id, one.care_plan_id)))


def _step(protocol: Protocol, signed: ClinicProtocol, step_id: str) -> CareStep:
    if step_id not in protocol.care_steps:
        steps = ", ".join(protocol.care_steps)
        raise NotFound(f"version {signed.version} of {signed.method} has no step '{step_id}'; its steps are {steps}")
    return protocol.care_steps[step_id]


def _followed(session: Session, signed: ClinicProtocol, now: datetime) -> Sequence[_Followed]:
    found: dict[UUID, _Followed] = {}
    for version, plan, name, ended_at, site, follows_at, anchor in session.execute(_select_followed(signed, now)):
        span = found.setdefault(
            version.id,
            _Followed(
                client=(plan.client_id, name),
                care_plan_id=plan.id,
                treatment_ended_at=ended_at,
                zone=plan.zone,
                site=site,
                care_style=plan.care_style,
                from_at=version.from_at,
                until_at=min(at for at in (version.until_at, plan.ended_at, now) if at is not None),
                next_at=follows_at,
            ),
        )
        if anchor is not None and anchor.at < span.until_at:
            span.observed.append(anchor)
    return tuple(found.values())


def _select_followed(signed: ClinicProtocol, now: datetime) -> Select[Any]:
    """Each span in which a plan followed the version, once for each anchor that was ever observed of the plan."""
    return (
        select(PlanVersion, CarePlan, Client.name, TreatmentSession.ended_at, TreatedArea.site, _select_next_at())
        .add_columns(AnchorObservation)
        .join(CarePlan, _same(CarePlan, PlanVersion.care_plan_id))
        .join(Client, _same(Client, CarePlan.client_id))
        .join(TreatmentSession, _same(TreatmentSession, CarePlan.treatment_id))
        .join(TreatedArea, _same(TreatedArea, CarePlan.area_id))
        .outerjoin(
            AnchorObservation,
            and_(
                AnchorObservation.clinic_id == PlanVersion.clinic_id,
                AnchorObservation.care_plan_id == PlanVersion.care_plan_id,
            ),
        )
        .where(
            PlanVersion.clinic_id == signed.clinic_id,
            PlanVersion.clinic_protocol_id == signed.id,
            PlanVersion.from_at <= now,
        )
        .order_by(PlanVersion.from_at, PlanVersion.id, AnchorObservation.at, AnchorObservation.id)
    )


def _select_next_at() -> ScalarSelect[datetime]:
    """When the area's next treatment is, booked or done."""
    after = aliased(TreatmentSession)
    return (
        select(func.min(func.coalesce(after.started_at, after.planned_at)))
        .where(
            after.clinic_id == CarePlan.clinic_id,
            after.area_id == CarePlan.area_id,
            after.id != CarePlan.treatment_id,
            func.coalesce(after.started_at, after.planned_at) > TreatmentSession.ended_at,
        )
        .scalar_subquery()
    )


def _same(right: type[Tenant], column: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    return and_(right.clinic_id == PlanVersion.clinic_id, right.id == column)


def _shown(span: _Followed, signed: ClinicProtocol, step: CareStep, now: datetime) -> tuple[datetime, datetime] | None:
    """The first and the last moment at which the step was shown, within the span."""
    alone = replace(
        plan_facts.compiled(signed), care_steps={step.id: step}, check_ins=(), photo_check_ins=(), red_flags={}
    )
    windows = [
        one.window
        for anchors in _anchor_sets(span)
        for one in build_timeline(alone, _facts(span, signed, anchors, now), span.zone).occurrences
        if not one.withheld  # a forecast begins tomorrow at the earliest (protocols rule 9)
        if one.window.opens_at < span.until_at and span.from_at < one.window.closes_at
    ]
    if not windows:
        return None
    first = max(span.from_at, min(window.opens_at for window in windows))
    return first, min(span.until_at, max(window.closes_at for window in windows))


def _anchor_sets(span: _Followed) -> Iterator[Mapping[AnchorName, date]]:
    """The anchors as they count now, and as they were known first."""
    next_on: dict[AnchorName, date] = {}
    if span.next_at is not None:
        next_on["next_treatment"] = plan_date(span.next_at, span.zone)
    now: dict[AnchorName, date] = {}
    first: dict[AnchorName, date] = {}
    for one in span.observed:
        anchor = cast(AnchorName, one.anchor)
        first[anchor] = min(one.on, first.get(anchor, one.on))
        if one.superseded_at is None:
            now[anchor] = one.on
    yield {**complete_anchors(now), **next_on}
    if first != now:
        yield {**complete_anchors(first), **next_on}


def _facts(span: _Followed, signed: ClinicProtocol, anchors: Mapping[AnchorName, date], now: datetime) -> PlanFacts:
    return PlanFacts(
        treatment_ended_at=span.treatment_ended_at,
        plan_zone=span.zone,
        today=plan_date(min(now, span.until_at), span.zone),
        site=cast(Site, span.site),
        care_style=cast(CareStyle, span.care_style),
        anchors=anchors,
        confirmed_steps=frozenset(signed.confirmed_steps),
        turned_on_steps=frozenset(signed.turned_on_steps),
    )
