"""When a push is tried again (PROMISES P5)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.retry import (
    LONGEST_DELAY_S,
    LONGEST_RETRY_AFTER_S,
    Failure,
    FailureKind,
    GiveUp,
    RetryAt,
    decide_retry,
    longest_delay_s,
)

NOW = datetime(2026, 1, 8, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


def wait_of(attempt: int, failure: Failure, jitter: float) -> float:
    decision = decide_retry(attempt, failure, NOW, TOMORROW, jitter)
    assert isinstance(decision, RetryAt)
    return (decision.at - NOW).total_seconds()


@pytest.mark.parametrize("kind", ["gone", "rejected"])
def test_p5_what_can_never_be_accepted_is_given_up(kind: FailureKind) -> None:
    decision = decide_retry(1, Failure(kind), NOW, TOMORROW, 0.5)
    assert isinstance(decision, GiveUp)
    assert decision.reason == kind


@pytest.mark.parametrize("kind", ["retry_later", "misconfigured", "unknown"])
def test_p5_the_rest_waits_and_is_tried_again(kind: FailureKind) -> None:
    assert wait_of(1, Failure(kind), 1.0) == 5.0


@pytest.mark.parametrize(("attempt", "longest"), [(1, 5), (2, 10), (3, 20), (8, 640), (9, 900), (1000, 900)])
def test_the_longest_wait_doubles_up_to_the_cap(attempt: int, longest: int) -> None:
    assert longest_delay_s(attempt) == longest


def test_full_jitter_spreads_from_none_to_the_whole_wait() -> None:
    assert [wait_of(3, Failure("retry_later"), jitter) for jitter in (0.0, 0.25, 1.0)] == [0.0, 5.0, 20.0]


@pytest.mark.parametrize(
    ("after_s", "wait"), [(60.0, 70.0), (86_400.0, LONGEST_RETRY_AFTER_S + 10.0), (-5.0, 10.0), (None, 10.0)]
)
def test_p5_retry_after_is_kept_and_capped(after_s: float | None, wait: float) -> None:
    assert wait_of(2, Failure("retry_later", after_s), 1.0) == wait


def test_a_message_that_would_come_too_late_expires() -> None:
    expires_at = NOW + timedelta(seconds=20)
    assert decide_retry(3, Failure("unknown"), NOW, expires_at, 1.0) == GiveUp("expired")
    assert decide_retry(3, Failure("unknown"), NOW, expires_at, 0.99) == RetryAt(NOW + timedelta(seconds=19.8))


@pytest.mark.parametrize(("attempt", "jitter"), [(0, 0.5), (1, -0.1), (1, 1.1)])
def test_bad_numbers_are_refused(attempt: int, jitter: float) -> None:
    with pytest.raises(ValueError, match="is"):
        decide_retry(attempt, Failure("unknown"), NOW, TOMORROW, jitter)


@given(st.integers(1, 10_000), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_a_retry_is_never_in_the_past_nor_beyond_the_caps(attempt: int, jitter: float, after_s: float | None) -> None:
    assert 0 <= wait_of(attempt, Failure("retry_later", after_s), jitter) <= LONGEST_RETRY_AFTER_S + LONGEST_DELAY_S
