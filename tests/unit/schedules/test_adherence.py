"""The share done inside the due window."""

from datetime import UTC, datetime, timedelta

import pytest

from schedules.adherence import Outcome, Share, measure_adherence
from schedules.facts import DueWindow, Occurrence, OccurrenceState

OPENS = datetime(2026, 1, 8, 7, tzinfo=UTC)
DUE = OPENS + timedelta(hours=2)
CLOSES = OPENS + timedelta(hours=6)
WASH = Occurrence(
    "wash@d3#1", "care_step", "Wash", 3, 1, DueWindow(OPENS, DUE, CLOSES), datetime(2026, 1, 8, 9), step_id="wash"
)


@pytest.mark.parametrize(
    ("done_at", "compliant"),
    [
        (OPENS, 1),
        (CLOSES - timedelta(seconds=1), 1),
        (CLOSES, 0),
        (OPENS - timedelta(seconds=1), 0),
        (None, 0),
    ],
)
def test_rule_3_done_inside_the_half_open_window_counts(done_at: datetime | None, compliant: int) -> None:
    assert measure_adherence([Outcome(WASH, "done", done_at)])["care_step"] == Share(compliant, 1)


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("missed", 1),
        ("declined", 1),
        ("upcoming", 0),
        ("open", 0),
        ("started", 0),
        ("not_applicable", 0),
        ("superseded", 0),
    ],
)
def test_only_what_came_to_its_end_was_offered(state: OccurrenceState, offered: int) -> None:
    assert measure_adherence([Outcome(WASH, state, DUE)])["care_step"] == Share(0, offered)


@pytest.mark.parametrize(
    "occurrence",
    [
        WASH._replace(entry="rule"),
        WASH._replace(entry="as_needed"),
        WASH._replace(optional=True),
        WASH._replace(withheld=True),
        WASH._replace(provisional=True),
    ],
)
def test_what_asks_for_nothing_at_a_time_is_left_out(occurrence: Occurrence) -> None:
    assert measure_adherence([Outcome(occurrence, "done", DUE)])["care_step"] == Share(0, 0)


def test_each_kind_has_its_own_share() -> None:
    check_in = WASH._replace(key="check_in@d3", kind="check_in", step_id=None)
    shares = measure_adherence([Outcome(WASH, "done", DUE), Outcome(WASH, "missed"), Outcome(check_in, "done", DUE)])
    assert shares == {"care_step": Share(1, 2), "check_in": Share(1, 1), "photo": Share(0, 0)}
    assert [shares[kind].ratio for kind in ("care_step", "check_in", "photo")] == [0.5, 1.0, None]
