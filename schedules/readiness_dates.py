"""The dates of readiness: earliest, suggested, the end of a health factor (protocols/README.md, rules 41 to 45, 51)."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from schedules.facts import HealthFactor, ReadinessFacts
from schedules.protocol import Protocol, ReadinessRule, SkinTypeRow
from schedules.protocol_terms import AnchorName, ModifierAction
from schedules.shared_protocol import Modifier, ModifierEffect

HOLDING_ACTIONS: frozenset[ModifierAction] = frozenset({"hold", "doctor_letter", "refer_doctor"})  # rule 51


@dataclass(frozen=True, slots=True)
class ReadinessDates:
    """`min_days_on` and `after_gap_on` are the two dates of rule 45; together they turn on `earliest_on`.

    `needed_days` is max(the clinic's or the base minimum, the skin type's minimum), without `add_days`.
    """

    skin_row: SkinTypeRow
    needed_days: int
    add_days: int
    min_days_on: date
    after_gap_on: date
    earliest_on: date
    suggested_on: date


def plan_dates(
    protocol: Protocol, facts: ReadinessFacts, anchors: Mapping[AnchorName, date], today: date
) -> ReadinessDates:
    """The dates of rules 41 to 45. While `scabs_off` is unknown, today stands in for it: a lower bound (rule 42)."""
    rule = protocol.readiness
    row = row_of_skin_type(rule, facts.skin_type)
    base = rule.base_min_days if facts.clinic_min_days is None else facts.clinic_min_days
    needed = max(base, row.min_days)
    add = largest_add_days(protocol, facts.factors)
    day_zero = facts.treatment_ended_on
    min_days_on = day_zero + timedelta(days=needed + add)
    after_gap_on = gap_ends_on(rule, anchors.get("scabs_off", today), add)
    earliest = max(min_days_on, after_gap_on)
    recommended = max(rule.recommended_days, row.recommended_days, recommended_for_number(rule, facts.treatment_number))
    return ReadinessDates(
        skin_row=row,
        needed_days=needed,
        add_days=add,
        min_days_on=min_days_on,
        after_gap_on=after_gap_on,
        earliest_on=earliest,
        suggested_on=max(earliest, day_zero + timedelta(days=recommended)),
    )


def gap_ends_on(rule: ReadinessRule, anchor_on: date, add_days: int) -> date:
    """The date on which enough days have passed since an anchor (rule 45)."""
    return anchor_on + timedelta(days=rule.min_days_after_scabs_off + add_days)


def row_of_skin_type(rule: ReadinessRule, skin_type: str | None) -> SkinTypeRow:
    """The row of a Fitzpatrick type; an unknown type counts as the row with the longest days (rule 43)."""
    known = next((row for row in rule.fitzpatrick if row.type == skin_type), None)
    return known or max(rule.fitzpatrick, key=lambda row: (row.min_days, row.recommended_days))


def recommended_for_number(rule: ReadinessRule, treatment_number: int) -> int:
    """Recommended days by how many treatments the area has had; past the last row, the last row counts (rule 44)."""
    rows = sorted(rule.by_treatment_number, key=lambda row: row.from_number)
    begun = [row.recommended_days for row in rows if row.from_number <= treatment_number]
    return begun[-1] if begun else 0


def largest_add_days(protocol: Protocol, factors: Iterable[HealthFactor]) -> int:
    """The largest single `add_days` of the factors, never the sum (rule 41). Clearing a hold does not take it away."""
    effects = (effect_of(protocol, factor) for factor in factors)
    return max((effect.add_days for effect in effects if effect is not None), default=0)


def modifier_of(protocol: Protocol, factor: HealthFactor) -> Modifier:
    """The modifier behind a client's health factor. Raises ValueError for an id that the protocol does not know."""
    modifier = protocol.shared.modifiers.get(factor.modifier_id)
    if modifier is None:
        known = ", ".join(sorted(protocol.shared.modifiers))
        raise ValueError(f"unknown health factor {factor.modifier_id!r}; known are: {known}")
    return modifier


def effect_of(protocol: Protocol, factor: HealthFactor) -> ModifierEffect | None:
    """What a factor does for this protocol's method; None: nothing."""
    return modifier_of(protocol, factor).effects.get(protocol.id)


def holds_until(effect: ModifierEffect, last_applied_on: date | None) -> date | None:
    """The first free date of a hold that ends by itself (rule 51); None: only a person ends it."""
    if last_applied_on is None:
        return None
    ends = []
    if effect.hold_days is not None:
        ends.append(last_applied_on + timedelta(days=effect.hold_days))
    if effect.hold_months is not None:
        ends.append(add_months(last_applied_on, effect.hold_months))
    return max(ends, default=None)


def add_months(on: date, months: int) -> date:
    """The same number of the later month, or its last day (rule 51)."""
    index = on.year * 12 + on.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))
