"""One tap on a care step: kept once, and its consequences in the same transaction."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from backend.db import ClientScope, transaction
from backend.errors import Conflict, InputFault, InvalidInput, NotFound
from backend.models import StepLog
from backend.services import fact_sql, flags, plan_facts, planning, readiness
from backend.services.claimed_times import bounded
from backend.services.flags import FlagSeen
from backend.services.plan_facts import LoadedPlan
from schedules import CheckInFacts, DayWindow, Finding, Occurrence, app_date, assess

STEP_EVENTS = ("started", "paused", "resumed", "done", "undone", "declined", "stopped_burning")
STEP_KEY = re.compile(r"(?P<step>[a-z][a-z0-9_]*)@d(?P<day>[0-9]{1,3})#[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class StepDraft:
    """One tap as a phone sends it. `age`: as in `claimed_times.bounded`; another try has another one."""

    id: UUID
    care_plan_id: UUID
    occurrence: str
    event: str
    at: datetime
    ends_at: datetime | None = None
    age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class StepResult:
    """`flag`: raised by this tap ("it burns"), with the words the client reads at once."""

    id: UUID
    occurrence: str
    event: str
    flag: FlagSeen | None
    tell_client: str | None
    repeated: bool = False


def log_step(scope: ClientScope, draft: StepDraft, *, now: datetime) -> StepResult:
    """Keeps one tap. Idempotent by id; other content under the same id is a Conflict.

    `done` and its like withdraw the step's own reminder; `started` with `ends_at` plans the timer's push;
    `stopped_burning` raises its flag in the same transaction, which stops the masks.
    """
    if draft.event not in STEP_EVENTS:
        raise InvalidInput((InputFault("/event", f"one of {', '.join(STEP_EVENTS)}"),))
    with transaction(scope) as session:
        plan = plan_facts.load_plan(session, scope.clinic_id, draft.care_plan_id, scope.client_id, lock=True)
        given = {"clinic_id": scope.clinic_id, "client_id": scope.client_id, "tap_id": draft.id}
        stored = fact_sql.read(session, fact_sql.TAP_OF_ID, **given)
        if stored:
            return _repeated(session, plan, stored[0], draft)
        log = _keep(session, plan, draft, now)
        findings = _burn_findings(plan, log) if log.event == "stopped_burning" else ()
        if findings:
            open_rules = {flag.rule_id for flag in flags.open_flags(session, plan)}
            findings = tuple(finding for finding in findings if finding.rule_id not in open_rules)
            flags.raise_flags(session, plan, findings, raised_by="step_log", source_id=log.id, now=now)
            plan.row.facts_changed_at = now
            session.flush()
            readiness.revoke_if_shaken(session, plan, now)
        if findings:
            planning.replan(session, plan, now, "flag")
        elif planning.bears_on_reminders(session, plan, log):
            planning.replan_day(session, plan, _day_of(draft), now, "superseded")
        return _step_result(session, plan, draft, now)


def _keep(session: Session, plan: LoadedPlan, draft: StepDraft, now: datetime) -> StepLog:
    """Writes a tap, and that what the phone keeps of the plan is no longer the newest. By plain statements: it is what
    is done most, and the session's own way costs three times as much."""
    occurrence = _occurrence(session, plan, draft, now)
    at = bounded(draft.at, plan.ended_at, now, draft.age)
    values = {
        "clinic_id": plan.row.clinic_id,
        "client_id": plan.row.client_id,
        "id": draft.id,
        "care_plan_id": plan.row.id,
        "occurrence_key": draft.occurrence,
        "event": draft.event,
        "claimed_at": draft.at,
        "at": at,
        "ends_at": _timer_end(plan, occurrence, draft, at),
        "received_at": now,
    }
    fact_sql.write(session, fact_sql.KEEP_TAP, values)
    version = plan.row.facts_version + 1
    of_plan = {"of_clinic": plan.row.clinic_id, "of_id": plan.row.id, "to_version": version}
    fact_sql.write(session, fact_sql.COUNT_CHANGE, of_plan)
    set_committed_value(plan.row, "facts_version", version)
    return StepLog(**values)


def _occurrence(session: Session, plan: LoadedPlan, draft: StepDraft, now: datetime) -> Occurrence | None:
    """The occurrence whose timer a tap starts; None for any other tap.

    A key of the plan that is not due now is kept all the same: the phone was offline.
    """
    key = STEP_KEY.fullmatch(draft.occurrence)
    step = plan.protocol.care_steps.get(key["step"]) if key else None
    if key is None or step is None:
        raise NotFound("no such step in the plan")
    if step.clinic_must_confirm and step.id not in plan.signed.confirmed_steps:
        raise Conflict("this step waits for the clinic")
    if draft.ends_at is None:
        return None
    day = _day_of(draft)
    timeline = planning.timeline_of(session, plan, now, DayWindow(day, day))
    return next((one for one in timeline.occurrences if one.key == draft.occurrence), None)


def _day_of(draft: StepDraft) -> int:
    key = STEP_KEY.fullmatch(draft.occurrence)
    assert key is not None  # another key is in no plan
    return int(key["day"])


def _timer_end(plan: LoadedPlan, occurrence: Occurrence | None, draft: StepDraft, at: datetime) -> datetime | None:
    """A timer's end is kept for started and resumed only, and bounded by the step's longest time.

    It is so long after `at`, the bounded start, as the phone said: a clock that is wrong must not make the skin wait.
    """
    if draft.event not in ("started", "resumed") or draft.ends_at is None:
        return None
    step = plan.protocol.care_steps[draft.occurrence.partition("@d")[0]]
    if occurrence is None or step.duration_min is None:
        raise InvalidInput((InputFault("/ends_at", "this step has no timer"),))
    if not draft.at < draft.ends_at <= draft.at + timedelta(minutes=step.duration_min.max):
        raise InvalidInput((InputFault("/ends_at", f"at most {step.duration_min.max} minutes after the start"),))
    return at + (draft.ends_at - draft.at)


def _burn_findings(plan: LoadedPlan, log: StepLog) -> tuple[Finding, ...]:
    """ "It burns" is the answer yes to the question that the mask's own set asks; the plan's rules say what it
    means."""
    questions = plan.protocol.shared.question_sets.get("mask_done")
    if questions is None:
        return ()
    day = plan.day_of(app_date(log.at, plan.row.zone))
    facts = CheckInFacts(
        id=str(log.id),
        day=day,
        on=plan.day_0 + timedelta(days=day),
        answered_at=log.at,
        answers=dict.fromkeys(questions.questions, "yes"),
        planned=False,
    )
    site = plan.site
    return assess(plan.protocol, facts, day, (), site=site).findings  # type: ignore[arg-type]


def _repeated(session: Session, plan: LoadedPlan, stored: Any, draft: StepDraft) -> StepResult:
    same = (stored.care_plan_id, stored.occurrence_key, stored.event, stored.claimed_at)
    if same != (draft.care_plan_id, draft.occurrence, draft.event, draft.at):
        raise Conflict("another tap has this id")
    return replace(_step_result(session, plan, draft, stored.received_at), repeated=True)


def _step_result(session: Session, plan: LoadedPlan, draft: StepDraft, received_at: datetime) -> StepResult:
    flag = None
    if draft.event == "stopped_burning":
        since = received_at - timedelta(days=1)
        flag = next((flag for flag in flags.open_flags(session, plan) if flag.raised_at >= since), None)
    words = plan.protocol.red_flags[flag.rule_id].tell_client if flag else None
    return StepResult(draft.id, draft.occurrence, draft.event, flags.describe(session, flag) if flag else None, words)
