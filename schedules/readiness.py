"""Is the skin ready for the next treatment? (protocols/README.md, rules 41 to 52 and 59.)

The app never says "go": it says "ready to ask", and the practitioner decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from schedules.anchors import complete_anchors
from schedules.conditions import fits
from schedules.facts import (
    CheckInFacts,
    ConditionResult,
    HealthFactor,
    Readiness,
    ReadinessFacts,
    ReadinessStatus,
    SignOff,
)
from schedules.protocol import Protocol, ReadinessCondition
from schedules.protocol_terms import CheckType
from schedules.readiness_checks import Situation, run_check
from schedules.readiness_dates import HOLDING_ACTIONS, effect_of, holds_until, modifier_of, plan_dates

DATE_CHECKS: frozenset[CheckType] = frozenset({"min_days", "days_since_anchor"})
RED_URGENCIES = frozenset({"emergency", "same_day"})
_MOST_CAREFUL_FIRST: tuple[ReadinessStatus, ...] = ("on_hold", "not_yet", "ready_to_ask", "signed_off")


def evaluate_readiness(protocol: Protocol, facts: ReadinessFacts, today: date) -> Readiness:
    """The readiness of one area by one protocol, on the local date `today`.

    `reasons`: the file's conditions in its order, then one per health factor (`factor:ID`), the skin type's test patch
    (`test_patch`), and the practitioner's own hold (`practitioner_hold`). Raises ValueError for an unknown factor.
    """
    anchors = complete_anchors(facts.anchors)
    check_ins = tuple(check_in for check_in in facts.check_ins if check_in.on <= today)
    situation = Situation(
        protocol=protocol,
        facts=facts,
        check_ins=check_ins,
        anchors=anchors,
        dates=plan_dates(protocol, facts, anchors, today),
        today=today,
        signed_off=_sign_off_stands(protocol, facts, check_ins, today),
    )
    reasons = (
        *(_result_of(condition, situation) for condition in protocol.readiness.conditions),
        *(_result_of_factor(protocol, factor, today) for factor in facts.factors),
        *_test_patch(situation),
        *_practitioner_hold(facts),
    )
    status = _decide_status(protocol, facts, reasons)
    return Readiness(status, situation.dates.earliest_on, situation.dates.suggested_on, reasons)


def _result_of(condition: ReadinessCondition, situation: Situation) -> ConditionResult:
    check = run_check(condition, situation)
    return ConditionResult(
        id=condition.id,
        group=condition.group,
        text=condition.text,
        met=check.met,
        blocking=condition.blocking,
        evidence=check.evidence,
        earliest_on=check.earliest_on,
    )


def _result_of_factor(protocol: Protocol, factor: HealthFactor, today: date) -> ConditionResult:
    """Rule 51: a hold lasts until its date or a person's word; what the practitioner decides is only shown."""
    modifier, effect = modifier_of(protocol, factor), effect_of(protocol, factor)
    action = effect.action if effect else "inform"
    until = holds_until(effect, factor.last_applied_on) if effect else None
    holding = action in HOLDING_ACTIONS
    holds = holding and not factor.cleared and (until is None or today < until)
    open_for_practitioner = action in ("practitioner_decides", "test_patch") and not factor.cleared
    return ConditionResult(
        id=f"factor:{modifier.id}",
        group="health",
        text=modifier.label,
        met=not holds and not open_for_practitioner,
        blocking=holding,
        evidence={
            "action": action,
            "add_days": effect.add_days if effect else 0,
            "last_applied_on": factor.last_applied_on,
            "until": until,
            "cleared": factor.cleared,
        },
        earliest_on=until if holds else None,
        holds=holds,
    )


def _test_patch(situation: Situation) -> tuple[ConditionResult, ...]:
    """The test patch of the skin type: shown to the practitioner, never blocking (rule 51)."""
    row = situation.dates.skin_row
    if not row.test_patch:
        return ()
    evidence = {
        "action": "test_patch",
        "skin_type": row.type,
        "skin_type_known": situation.facts.skin_type == row.type,
    }
    text = situation.protocol.shared.modifier_actions["test_patch"]
    return (ConditionResult("test_patch", "health", text, met=False, blocking=False, evidence=evidence),)


def _practitioner_hold(facts: ReadinessFacts) -> tuple[ConditionResult, ...]:
    if facts.hold_reason is None:
        return ()
    return (
        ConditionResult(
            id="practitioner_hold",
            group="yes",
            text="The practitioner wants to see it first.",
            met=False,
            blocking=True,
            evidence={"reason": facts.hold_reason},
            holds=True,
        ),
    )


def _decide_status(protocol: Protocol, facts: ReadinessFacts, reasons: Sequence[ConditionResult]) -> ReadinessStatus:
    """Rule 52."""
    red_flag = any(flag.closed_at is None and flag.urgency in RED_URGENCIES for flag in facts.flags)
    if red_flag or any(reason.holds for reason in reasons):
        return "on_hold"
    yes_ids = {c.id for c in protocol.readiness.conditions if c.check.type == "practitioner_signoff"}
    if any(reason.blocking and not reason.met and reason.id not in yes_ids for reason in reasons):
        return "not_yet"
    signed = all(reason.met for reason in reasons if reason.id in yes_ids)
    return "signed_off" if yes_ids and signed else "ready_to_ask"


def _sign_off_stands(protocol: Protocol, facts: ReadinessFacts, check_ins: Sequence[CheckInFacts], today: date) -> bool:
    """Whether the practitioner's yes was given and not revoked (rule 52).

    Revoked is revoked, also when the flag has been closed or a later answer fits again: the yes was to other facts.
    """
    given = facts.sign_off
    if given is None or given.on > today:
        return False
    if any(flag.raised_at > given.at for flag in facts.flags):
        return False
    later = [check_in for check_in in check_ins if check_in.answered_at > given.at]
    return not any(
        _makes_fail(condition, check_in, facts, given)
        for condition in protocol.readiness.conditions
        if condition.blocking
        for check_in in later
    )


def _makes_fail(condition: ReadinessCondition, check_in: CheckInFacts, facts: ReadinessFacts, given: SignOff) -> bool:
    """Whether a later check-in's answer makes a blocking condition fail.

    Any answer that does not fit does, whatever the row or window. A condition the practitioner had signed off by
    itself, on or after the answer's day and no later than the whole, did not fail by it (rule 48).
    """
    if condition.check.type == "answer_or_signoff":
        signed_on = facts.condition_signoffs.get(condition.id)
        if signed_on is not None and check_in.on <= signed_on <= given.on:
            return False
    return any(
        asked.question in check_in.answers and not fits(check_in.answers[asked.question], asked.op, asked.value)
        for asked in condition.check.answers
    )


def combine_readiness(parts: Sequence[Readiness]) -> Readiness:
    """The readiness of an area treated with several methods: the later dates and the most careful status (rule 59).

    Of conditions with one id the one that is not met counts, then the one with the later date. Raises ValueError where
    there is nothing to combine.
    """
    if not parts:
        raise ValueError("readiness of an area needs at least one treatment")
    reasons: dict[str, ConditionResult] = {}
    for reason in (reason for part in parts for reason in part.reasons):
        known = reasons.get(reason.id)
        if known is None or _weight(reason) > _weight(known):
            reasons[reason.id] = reason
    return Readiness(
        status=min((part.status for part in parts), key=_MOST_CAREFUL_FIRST.index),
        earliest_on=max(part.earliest_on for part in parts),
        suggested_on=max(part.suggested_on for part in parts),
        reasons=tuple(reasons.values()),
    )


@dataclass(frozen=True, slots=True)
class EarlierTreatment:
    """The latest treatment of an area by another method than the present one's."""

    protocol: Protocol
    treatment_ended_on: date
    treatment_number: int
    clinic_min_days: int | None = None


def evaluate_area(
    protocol: Protocol, facts: ReadinessFacts, earlier: Sequence[EarlierTreatment], today: date
) -> Readiness:
    """The readiness of an area over every treatment of it (rule 59).

    Each other method gives its dates from its own latest treatment, on the same skin: the same anchors and health
    factors. Its questions were asked of another treatment and ask nothing here.
    """
    parts = [evaluate_readiness(protocol, facts, today)]
    for treatment in earlier:
        of_it = replace(
            facts,
            treatment_ended_on=treatment.treatment_ended_on,
            treatment_number=treatment.treatment_number,
            clinic_min_days=treatment.clinic_min_days,
        )
        parts.append(_dates_alone(treatment.protocol, evaluate_readiness(treatment.protocol, of_it, today)))
    return combine_readiness(parts)


def _dates_alone(protocol: Protocol, readiness: Readiness) -> Readiness:
    """What the calendar says of it: nothing but its date conditions can hold the area back."""
    dated = {each.id for each in protocol.readiness.conditions if each.check.type in DATE_CHECKS}
    reasons = tuple(reason for reason in readiness.reasons if reason.id in dated)
    waits = any(reason.blocking and not reason.met for reason in reasons)
    return replace(readiness, status="not_yet" if waits else _MOST_CAREFUL_FIRST[-1], reasons=reasons)


def _weight(reason: ConditionResult) -> tuple[bool, bool, bool, date]:
    """Which of two results with one id an area must show: what holds, what blocks, what is unmet, what comes later."""
    open_ = not reason.met
    return reason.holds, open_ and reason.blocking, open_, reason.earliest_on or date.min
