"""What a virtual client would get, asked whole or day by day."""

from datetime import UTC, date, datetime

import pytest

from schedules import (
    DayWindow,
    HealthFactor,
    PlanFacts,
    ReminderPreferences,
    VirtualClient,
    build_preview,
    latest_protocol,
)

SALINE = latest_protocol("saline")
ENDED_AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def client(**known: object) -> VirtualClient:
    plan = PlanFacts(ENDED_AT, "Europe/London", date(2026, 3, 2), "scalp")
    return VirtualClient(plan, ReminderPreferences(), **known)  # type: ignore[arg-type]


def test_days_asked_one_by_one_add_up_to_the_whole() -> None:
    whole = build_preview(SALINE, client())
    last = max(one.day for one in whole.occurrences)
    parts = [build_preview(SALINE, client(), DayWindow(day, day)) for day in range(last + 1)]
    assert sorted(one.key for part in parts for one in part.occurrences) == sorted(o.key for o in whole.occurrences)
    assert [row for part in parts for row in part.reminders] == list(whole.reminders)


def test_a_rule_is_one_entry_on_the_day_it_starts() -> None:
    later = build_preview(SALINE, client(), DayWindow(1, 180))
    assert "clean_hands@d0#1" not in {one.key for one in later.occurrences}


def test_what_the_cap_left_out_is_listed_with_its_reason() -> None:
    preview = build_preview(SALINE, client())
    assert {row.outcome for row in preview.reminders} == {"send"}
    assert {row.outcome for row in preview.left_out} <= {"capped", "quiet"}
    assert all(row.reason for row in preview.left_out)


def test_readiness_is_that_of_a_client_who_has_answered_nothing() -> None:
    preview = build_preview(SALINE, client(skin_type="VI", factors=(HealthFactor("diabetes"),)))
    assert preview.readiness.status == "on_hold"
    assert preview.readiness.earliest_on == date(2026, 5, 18)  # day 63 for skin type VI, 14 days for the factor


def test_an_unknown_factor_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        build_preview(SALINE, client(factors=(HealthFactor("nonsense"),)))
