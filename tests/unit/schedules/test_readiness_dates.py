"""The dates of readiness (protocols/README.md, rules 41 to 45 and 51)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.catalog import latest
from schedules.facts import HealthFactor, ReadinessFacts
from schedules.readiness_dates import (
    ReadinessDates,
    add_months,
    holds_until,
    largest_add_days,
    plan_dates,
    recommended_for_number,
    row_of_skin_type,
)
from schedules.shared_protocol import ModifierEffect

DAY_ZERO = date(2026, 1, 5)


def on(day: int) -> date:
    return DAY_ZERO + timedelta(days=day)


def dates_of(
    method: str = "laser",
    *,
    skin_type: str | None = "II",
    scabs_off: int | None = 10,
    number: int = 1,
    factors: tuple[str, ...] = (),
    clinic_min_days: int | None = None,
    today: int = 20,
) -> ReadinessDates:
    facts = ReadinessFacts(
        treatment_ended_on=DAY_ZERO,
        site="scalp",
        anchors={},
        check_ins=(),
        skin_type=skin_type,
        treatment_number=number,
        factors=tuple(HealthFactor(factor) for factor in factors),
        clinic_min_days=clinic_min_days,
    )
    return plan_dates(latest(method), facts, {} if scabs_off is None else {"scabs_off": on(scabs_off)}, on(today))


@pytest.mark.parametrize(
    ("dates", "earliest"),
    [
        pytest.param(lambda: dates_of(), 42, id="the base"),
        pytest.param(lambda: dates_of(skin_type="IV"), 56, id="the skin type needs longer"),
        pytest.param(lambda: dates_of("saline"), 56, id="saline"),
        pytest.param(lambda: dates_of("undo", skin_type="VI"), 63, id="undo, type VI"),
        pytest.param(lambda: dates_of(scabs_off=21), 42, id="the gap ends on the same day"),
        pytest.param(lambda: dates_of(scabs_off=22), 43, id="the gap ends later"),
        pytest.param(lambda: dates_of("saline", scabs_off=30), 58, id="saline's gap"),
        pytest.param(
            lambda: dates_of(factors=("diabetes", "keloid_history", "smoker")), 56, id="the largest, never the sum"
        ),
        pytest.param(lambda: dates_of(factors=("diabetes",), scabs_off=25), 60, id="added to the gap as well"),
    ],
)
def test_rule_41_the_earliest_date(dates: Callable[[], ReadinessDates], earliest: int) -> None:
    found = dates()
    assert found.earliest_on == on(earliest)
    assert found.earliest_on == max(found.min_days_on, found.after_gap_on)


def test_rule_45_the_largest_days_of_a_factor_are_added_to_both_dates() -> None:
    dates = dates_of(scabs_off=25, factors=("diabetes",))
    assert (dates.needed_days, dates.add_days) == (42, 14)
    assert (dates.min_days_on, dates.after_gap_on) == (on(42 + 14), on(25 + 21 + 14))


def test_rule_42_while_scabs_off_is_unknown_today_stands_in() -> None:
    assert dates_of(scabs_off=None, today=10).earliest_on == on(42)
    assert dates_of(scabs_off=None, today=40).earliest_on == on(61)


@pytest.mark.parametrize("skin_type", [None, "VII"])
def test_rule_43_an_unknown_skin_type_counts_as_the_longest(skin_type: str | None) -> None:
    assert dates_of(skin_type=skin_type).earliest_on == on(70)
    assert dates_of(skin_type=skin_type).suggested_on == on(84)


@pytest.mark.parametrize(("own", "skin_type", "earliest"), [(28, "II", 42), (28, "V", 70), (100, "V", 100)])
def test_rule_43_the_clinics_own_minimum_replaces_the_base_only(own: int, skin_type: str, earliest: int) -> None:
    assert dates_of(skin_type=skin_type, clinic_min_days=own).earliest_on == on(earliest)


def test_rule_43_a_clinic_may_go_below_the_base_where_the_skin_type_allows() -> None:
    protocol = latest("laser")
    rows = tuple(replace(row, min_days=30) for row in protocol.readiness.fitzpatrick)
    lenient = replace(protocol, readiness=replace(protocol.readiness, fitzpatrick=rows))
    facts = ReadinessFacts(DAY_ZERO, "scalp", {}, (), clinic_min_days=28)
    assert plan_dates(lenient, facts, {"scabs_off": on(5)}, on(10)).earliest_on == on(30)


@pytest.mark.parametrize(
    ("dates", "suggested"),
    [
        pytest.param(lambda: dates_of(), 56, id="recommended"),
        pytest.param(lambda: dates_of(skin_type="IV"), 63, id="the skin type's"),
        pytest.param(lambda: dates_of(number=3), 56, id="third treatment"),
        pytest.param(lambda: dates_of(number=4), 70, id="fourth treatment"),
        pytest.param(lambda: dates_of(number=150), 70, id="past the last row"),
        pytest.param(lambda: dates_of(skin_type="VI", number=4), 84, id="the largest of all"),
        pytest.param(lambda: dates_of(scabs_off=50), 71, id="never before the earliest"),
        pytest.param(lambda: dates_of(factors=("diabetes",)), 56, id="no days are added to it"),
    ],
)
def test_rule_44_the_suggested_date(dates: Callable[[], ReadinessDates], suggested: int) -> None:
    assert dates().suggested_on == on(suggested)


def test_rule_44_before_the_first_row_nothing_is_recommended() -> None:
    assert recommended_for_number(latest("laser").readiness, 0) == 0


def test_rule_41_no_factor_adds_nothing_and_another_method_s_effect_does_not_count() -> None:
    protocol = latest("laser")
    assert largest_add_days(protocol, ()) == 0
    diabetes = replace(protocol.shared.modifiers["diabetes"], effects={"undo": ModifierEffect("doctor_letter", 14)})
    shared = replace(protocol.shared, modifiers={"diabetes": diabetes})
    assert largest_add_days(replace(protocol, shared=shared), (HealthFactor("diabetes"),)) == 0


def test_an_unknown_health_factor_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"unknown health factor 'asthma'.*diabetes"):
        largest_add_days(latest("laser"), (HealthFactor("asthma"),))


def test_the_longest_row_is_that_of_the_file() -> None:
    assert row_of_skin_type(latest("laser").readiness, None).min_days == 70


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 15), 6, date(2026, 7, 15)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2025, 11, 30), 13, date(2026, 12, 30)),
        (date(2026, 3, 31), 6, date(2026, 9, 30)),
    ],
)
def test_rule_51_a_month_ends_on_the_same_number_or_the_last_day(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 48))
def test_rule_51_months_never_skip_a_month(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("effect", "last", "until"),
    [
        (ModifierEffect("hold", 0, hold_days=30), on(0), on(30)),
        (ModifierEffect("hold", 0, hold_months=6), date(2026, 1, 5), date(2026, 7, 5)),
        (ModifierEffect("hold", 0, hold_days=30, hold_months=6), date(2026, 1, 5), date(2026, 7, 5)),
        (ModifierEffect("hold", 0, hold_days=30), None, None),
        (ModifierEffect("hold", 0), on(0), None),
    ],
)
def test_rule_51_a_hold_ends_by_itself_where_it_has_an_end(
    effect: ModifierEffect, last: date | None, until: date | None
) -> None:
    assert holds_until(effect, last) == until
