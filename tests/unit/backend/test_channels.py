"""PROMISES P5: when a provider counts as down, who may try it, and what never stops the others."""

from uuid import UUID, uuid4

import pytest

from backend.ports import Outcome, PushResult, PushTarget
from backend.workers.channels import BreakerLimits, Channels

DOWN = PushResult("retry_later", detail="503")
LIMITS = BreakerLimits(addresses=3, first_pause_s=5.0, longest_pause_s=20.0)


def phone() -> PushTarget:
    return PushTarget(uuid4(), "fcm_fid", token="x")


def browser(host: str = "updates.push.services.mozilla.com") -> PushTarget:
    return PushTarget(uuid4(), "web_push", endpoint=f"https://{host}/{uuid4().hex}")


def fail(channels: Channels, count: int, at: float = 0.0, **host: str) -> None:
    for _ in range(count):
        channels.note(browser(**host), DOWN, at)


def test_a_provider_that_fails_several_addresses_in_a_row_is_left_alone_for_a_while() -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 2)
    assert channels.wait_s(browser(), 1.0) == 0
    fail(channels, 1)
    assert channels.wait_s(browser(), 1.0) == 4.0
    assert channels.stopped == ()  # nothing is wrong with our key


def test_one_address_that_never_answers_says_nothing_about_the_others() -> None:
    channels = Channels(breaker=LIMITS)
    silent = browser()
    for _ in range(50):
        channels.note(silent, PushResult("retry_later", detail="ReadTimeoutError"), 0.0)
    assert channels.wait_s(browser(), 0.1) == 0


@pytest.mark.parametrize("outcome", ["accepted", "gone", "rejected", "misconfigured"])
def test_any_proper_answer_in_between_starts_the_count_anew(outcome: Outcome) -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 2)
    channels.note(browser(), PushResult(outcome), 0.0)
    fail(channels, 2)
    held = Channels(breaker=LIMITS)
    fail(held, 4)
    assert held.wait_s(browser(), 0.1) > 0
    assert channels.wait_s(browser(), 100.0) == 0


def test_what_was_never_tried_counts_for_nothing() -> None:
    channels = Channels(breaker=LIMITS)
    for _ in range(9):
        channels.note(browser(), PushResult("retry_later", tried=False), 0.0)
    assert channels.wait_s(browser(), 0.1) == 0


def test_one_probe_at_a_time_each_later_than_the_one_before() -> None:
    channels, pauses, at = Channels(breaker=LIMITS), [], 0.0
    fail(channels, 3)
    for _ in range(4):
        wait_s = channels.wait_s(browser(), at)
        pauses.append(wait_s)
        at += wait_s
        assert channels.wait_s(browser(), at) == 0  # the probe
        assert channels.wait_s(browser(), at) > 0  # and nobody beside it
        channels.note(browser(), DOWN, at)
    assert pauses == [5.0, 10.0, 20.0, 20.0]


def test_what_was_in_the_air_when_it_opened_makes_the_pause_no_longer() -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 200)
    assert channels.wait_s(browser(), 0.0) == 5.0


def test_a_probe_that_is_answered_lets_all_others_through() -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 3)
    assert channels.wait_s(browser(), 5.0) == 0
    channels.note(browser(), PushResult("gone"), 5.1)
    assert [channels.wait_s(browser(), 5.2) for _ in range(3)] == [0, 0, 0]


def test_a_probe_that_gets_lost_is_followed_by_another() -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 3)
    assert channels.wait_s(browser(), 5.0) == 0
    assert channels.wait_s(browser(), 10.0) == 0


def test_each_push_service_and_firebase_have_a_breaker_of_their_own() -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 3, host="web.push.apple.com")
    assert channels.wait_s(browser("web.push.apple.com"), 0.0) > 0
    assert channels.wait_s(browser(), 0.0) == channels.wait_s(phone(), 0.0) == 0
    for _ in range(3):
        channels.note(phone(), DOWN, 0.0)
    assert channels.wait_s(phone(), 0.0) > 0


def test_what_is_down_is_named_by_its_channel_with_the_seconds_since_the_first_provider_failed() -> None:
    channels = Channels(breaker=LIMITS)
    fail(channels, 2, at=10.0)
    assert channels.down_s(11.0) == {}
    fail(channels, 1, at=12.0)
    fail(channels, 3, at=30.0, host="web.push.apple.com")
    assert channels.down_s(40.0) == {"web_push": 28.0}
    channels.note(browser(), PushResult("accepted"), 41.0)
    assert channels.down_s(42.0) == {"web_push": 12.0}
    channels.note(browser("web.push.apple.com"), PushResult("gone"), 43.0)
    assert channels.down_s(44.0) == {}


def test_a_refused_key_stops_the_whole_channel_and_is_tried_once_a_minute() -> None:
    channels = Channels(breaker=LIMITS)
    channels.note(phone(), PushResult("misconfigured"), 0.0)
    assert channels.stopped == ("fcm",)
    assert (channels.wait_s(phone(), 10.0), channels.wait_s(browser(), 10.0)) == (50.0, 0)
    assert channels.wait_s(phone(), 60.0) == 0
    assert channels.wait_s(phone(), 60.0) == 60.0
    channels.note(phone(), PushResult("accepted"), 61.0)
    assert (channels.stopped, channels.wait_s(phone(), 61.0)) == ((), 0)


def test_owners_are_told_once_and_only_of_a_key_that_is_refused() -> None:
    channels, clinic = Channels(breaker=LIMITS), UUID(int=1)
    fail(channels, 3)
    assert not channels.may_tell(clinic, "web_push")
    channels.note(browser(), PushResult("misconfigured"), 0.0)
    assert [channels.may_tell(clinic, "web_push") for _ in range(2)] == [True, False]
    assert not channels.may_tell(clinic, "fcm")
