"""Whether and when a push that was not accepted is tried again (PROMISES P5): back-off with full jitter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

FIRST_DELAY_S = 5.0
LONGEST_DELAY_S = 900.0
LONGEST_RETRY_AFTER_S = 3600.0  # a provider's Retry-After is believed up to here

FailureKind = Literal["retry_later", "rejected", "gone", "misconfigured", "unknown"]


@dataclass(frozen=True, slots=True)
class Failure:
    """What the provider said. `after_s`: its Retry-After in seconds, where it gave one."""

    kind: FailureKind
    after_s: float | None = None


@dataclass(frozen=True, slots=True)
class RetryAt:
    at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`gone` retires the one address; `rejected` ends this message; `expired`: no time is left for another attempt."""

    reason: Literal["rejected", "gone", "expired"]


def decide_retry(
    attempt: int, failure: Failure, now: datetime, expires_at: datetime, jitter: float
) -> RetryAt | GiveUp:
    """What becomes of a message after its failed attempt number `attempt` (the first is 1).

    `jitter` is a random number 0 to 1. The wait is jitter x the doubled delay, on top of a Retry-After, both capped. A
    wrong key of ours (`misconfigured`) retires nothing: the message waits like any other until it expires. `expires_at`
    is outside the message's life (half-open). Raises ValueError for an attempt below 1 or a jitter outside 0..1.
    """
    if attempt < 1:
        raise ValueError(f"attempt is {attempt}, the first is 1")
    if not 0 <= jitter <= 1:
        raise ValueError(f"jitter is {jitter}, not within 0..1")
    if failure.kind == "gone" or failure.kind == "rejected":
        return GiveUp(failure.kind)
    backoff = jitter * longest_delay_s(attempt)
    asked = min(max(failure.after_s or 0.0, 0.0), LONGEST_RETRY_AFTER_S)
    at = now + timedelta(seconds=asked + backoff)
    return RetryAt(at) if at < expires_at else GiveUp("expired")


def longest_delay_s(attempt: int) -> float:
    """The longest wait in seconds after a failed attempt: doubled each time, capped."""
    doublings = min(attempt - 1, 30)  # far past the cap, short of an overflow
    return min(FIRST_DELAY_S * float(2**doublings), LONGEST_DELAY_S)
