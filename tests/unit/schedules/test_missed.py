"""Clients who fall silent (DESIGN section 7): one tap after two missed, mail after three, a stop after five days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.facts import (
    DueWindow,
    FlagSpan,
    Occurrence,
    PlanFacts,
    Timeline,
)
from schedules.missed import count_missed, stops_at
from schedules.reminder_facts import (
    Horizon,
    MissedRow,
    PlannedReminder,
    ReminderFacts,
    ReminderPreferences,
    ScheduledCheckIn,
)
from schedules.reminders import plan_reminders

ENDED_AT = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)


def due(day: int, answered: bool = False) -> ScheduledCheckIn:
    return ScheduledCheckIn(at(day), at(day + 1, 4), answered)


def daily(*days: int, answered: Sequence[int] = ()) -> list[ScheduledCheckIn]:
    return [due(day, day in answered) for day in days]


def test_nothing_missed_is_an_empty_row() -> None:
    assert count_missed([], None, at(9)) == MissedRow()
    assert count_missed(daily(1, 2, answered=(1, 2)), None, at(9)) == MissedRow()


def test_an_open_check_in_is_not_missed_yet_and_is_so_when_it_closes() -> None:
    assert count_missed(daily(1), None, at(2, 3)).missed == 0
    assert count_missed(daily(1), None, at(2, 4)) == MissedRow(1, at(1), at(2, 4))


def test_an_answer_ends_the_row_and_the_next_miss_begins_a_new_one() -> None:
    row = count_missed(daily(1, 2, 3, 4, answered=(3,)), None, at(9))
    assert (row.missed, row.since, row.closed_at) == (1, at(4), at(5, 4))


def test_what_closed_before_the_client_was_heard_does_not_count() -> None:
    assert count_missed(daily(1, 2, 3), at(3, 4), at(9)).missed == 1
    assert count_missed(daily(1, 2, 3), at(4, 4), at(9)) == MissedRow()


def test_reminders_stop_after_three_in_a_row_and_five_days() -> None:
    every_day = daily(1, 2, 3, 4, 5, 6)
    assert count_missed(every_day, None, at(4, 4)).stopped_at is None  # three missed, three days
    assert count_missed(every_day, None, at(6, 7)).stopped_at is None
    assert count_missed(every_day, None, at(6, 8)).stopped_at == at(6, 8)  # five days after the first was due
    once_a_week = daily(28, 35, 42)
    assert count_missed(once_a_week, None, at(36, 4)).stopped_at is None  # two missed
    assert count_missed(once_a_week, None, at(43, 4)).stopped_at == at(43, 4)


def test_the_five_days_do_not_begin_before_the_clients_last_word() -> None:
    every_day = daily(1, 2, 3, 4, 5, 6)
    said_late_on_day_1 = at(1, 21)  # when the check-in of that day was due and still open
    assert count_missed(every_day, said_late_on_day_1, at(6, 20)).stopped_at is None
    assert count_missed(every_day, said_late_on_day_1, at(6, 21)).stopped_at == at(6, 21)
    assert count_missed(every_day, said_late_on_day_1, at(6, 21)).missed == 5


def test_when_reminders_will_stop_is_known_after_three() -> None:
    assert stops_at(count_missed(daily(1, 2), None, at(4, 4))) is None
    assert stops_at(count_missed(daily(1, 2, 3), None, at(4, 4))) == at(6, 8)


@given(st.lists(st.booleans(), max_size=12), st.integers(0, 14))
def test_the_row_is_the_unanswered_end_of_what_has_closed(answers: list[bool], day: int) -> None:
    row = count_missed([due(number, said) for number, said in enumerate(answers)], None, at(day, 4))
    closed = answers[:day]
    if any(answers[day:]):  # answered while still open
        assert row.missed == 0
        return
    expected = 0
    while expected < len(closed) and not closed[len(closed) - 1 - expected]:
        expected += 1
    assert row.missed == expected
    assert (row.stopped_at is not None) == (
        expected >= 3 and row.since is not None and at(day, 4) - row.since >= timedelta(days=5)
    )


# --- what is sent -------------------------------------------------------------------------------------------------


def check_in(day: int, **other: object) -> Occurrence:
    window = DueWindow(at(day, 4), at(day), at(day + 1, 4))
    shown = Occurrence(f"check_in@d{day}", "check_in", "Check-in", day, 1, window, at(day).replace(tzinfo=None))
    return shown._replace(**other)


def plan(*occurrences: Occurrence, row: MissedRow, **other: object) -> tuple[PlannedReminder, ...]:
    facts = ReminderFacts(
        PlanFacts(ENDED_AT, "Europe/London", date(2026, 1, 5), "scalp"),
        follow_up_h={"same_day": (6, 24)},
        sent=frozenset({("first_day", "first_day@d0")}),
        missed_row=row,
    )
    rows = plan_reminders(
        Timeline(occurrences), ReminderPreferences(), replace(facts, **other), Horizon(ENDED_AT, at(99))
    )
    return tuple(each for each in rows if each.outcome == "send")


def missed(number: int, closed: int, stopped_at: datetime | None = None) -> MissedRow:
    """So many missed in a row, the last of them closed early on day `closed`."""
    return MissedRow(number, at(closed - number), at(closed, 4), at(closed, 4) if number >= 3 else None, stopped_at)


def kinds(rows: tuple[PlannedReminder, ...]) -> list[tuple[str, str, bool]]:
    return [(row.kind, row.occurrence or "", row.by_mail) for row in rows]


@pytest.mark.parametrize(
    ("number", "kind", "by_mail"), [(1, "check_in_due", False), (2, "one_tap", False), (3, "one_tap", True)]
)
def test_one_tap_is_enough_after_two_missed_and_goes_by_mail_after_three(number: int, kind: str, by_mail: bool) -> None:
    rows = kinds(plan(check_in(20), row=missed(number, 20)))
    assert rows == [(kind, "check_in@d20", by_mail)]


def test_a_check_in_with_one_tap_has_its_second_reminder_too() -> None:
    assert [kind for kind, _, _ in kinds(plan(check_in(7), row=missed(2, 7)))] == ["one_tap", "check_in_open"]


def test_an_optional_check_in_and_one_due_before_the_silence_stay_as_they_are() -> None:
    assert [kind for kind, _, _ in kinds(plan(check_in(20, optional=True), row=missed(2, 20)))] == ["check_in_due"]
    assert [kind for kind, _, _ in kinds(plan(check_in(18), row=missed(2, 20)))] == ["check_in_due"]


def test_one_occurrence_is_never_asked_about_in_both_ways() -> None:
    for sent_before in ("check_in_due", "one_tap"):
        for row in (MissedRow(), missed(2, 20)):
            sent = frozenset({("first_day", "first_day@d0"), (sent_before, "check_in@d20")})
            assert kinds(plan(check_in(20), row=row, sent=sent)) == []


def test_when_reminders_stop_one_message_says_so_by_push_and_mail_and_nothing_follows() -> None:
    stopped = missed(3, 20, at(20, 9))
    step = Occurrence(
        "wash@d20#1", "care_step", "Wash", 20, 1, DueWindow(at(20, 12), at(20, 14), at(20, 18)),
        at(20, 14).replace(tzinfo=None), "wash", "clean",
    )  # fmt: skip
    rows = plan(check_in(20), step, check_in(21), row=stopped)
    assert kinds(rows) == [("one_tap", "check_in@d20", True), ("paused", "paused@20260125T090000Z", True)]
    assert (rows[1].send_at, rows[1].expires_at) == (at(20, 9), at(21, 9))
    again = frozenset({("first_day", "first_day@d0"), ("paused", "paused@20260125T090000Z")})
    assert [kind for kind, _, _ in kinds(plan(check_in(21), row=stopped, sent=again))] == []


def test_follow_ups_of_a_flag_and_the_appointment_outlive_the_silence() -> None:
    facts = PlanFacts(
        ENDED_AT,
        "Europe/London",
        date(2026, 1, 5),
        "scalp",
        flags=(FlagSpan("spreading", "same_day", at(20, 10)),),
        anchors={"next_treatment": date(2026, 1, 30)},
    )
    rows = plan(check_in(21), row=missed(3, 20, at(20, 9)), plan=facts)
    assert [row.kind for row in rows] == ["paused", "help_followup", "help_followup", "appointment"]
