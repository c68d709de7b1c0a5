"""No minute sees more messages than the provider takes; a red flag waits for none (PROMISES S1, P5)."""

import asyncio
import importlib
from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar
from uuid import uuid4

from backend.adapters.fcm import FcmPusher
from backend.adapters.push_http import HttpLimits, PushHttp
from backend.adapters.push_quota import FCM_PER_MINUTE, Quota
from backend.ports import PushTarget
from tests.adapters.test_pusher_contract import message_to, send
from tests.doubles.fcm import FcmDouble

R = TypeVar("R")


def on_loop(ask: Callable[[], R]) -> R:
    async def run() -> R:
        return ask()

    return asyncio.run(run())


def test_a_second_s_worth_goes_at_once_and_the_rest_in_even_steps() -> None:
    def ask() -> list[float]:
        quota = Quota(610)  # ten a second
        return [quota.take(60.0) or 0.0 for _ in range(30)]

    waits = on_loop(ask)
    assert waits[:10] == [0.0] * 10
    assert all(0.08 < after - before < 0.12 for before, after in pairwise(waits[10:]))
    assert 1.9 < waits[-1] <= 2.0


def test_a_minute_never_sees_more_than_the_quota() -> None:
    def ask() -> int:
        quota = Quota(600)
        return sum(quota.take(59.0) is not None for _ in range(2000))

    assert 580 < on_loop(ask) <= 600


def test_whoever_would_wait_too_long_takes_no_place() -> None:
    def ask() -> tuple[list[float | None], float | None]:
        quota = Quota(61)  # one a second
        return [quota.take(1.5) for _ in range(4)], quota.take(2.5)

    early, patient = on_loop(ask)
    assert (early[0], early[2:]) == (0.0, [None, None])
    assert patient is not None
    assert 1.9 < patient <= 2.0


def test_firebase_is_asked_within_the_quota_and_a_red_flag_at_once() -> None:
    importlib.import_module("firebase_admin.messaging")  # its second must not eat up the patience
    with FcmDouble() as fcm:
        http = PushHttp(HttpLimits(patience_s=0.2))
        pusher = FcmPusher(
            fcm.service_account(), http, public_url="https://x.example", base_url=fcm.url, quota_per_minute=61
        )
        phones = [PushTarget(uuid4(), "fcm_fid", token=f"phone-{number}") for number in range(4)]
        batch = [message_to(target, ref, red=ref == 3) for ref, target in enumerate(phones)]
        results = send(pusher, batch)
        seen = {each.address for each in fcm.seen}
    outcomes = {ref: (result.outcome, result.tried, result.detail) for ref, result in results.items()}
    assert outcomes[3] == ("accepted", True, "200")
    untried = [ref for ref, each in outcomes.items() if each == ("retry_later", False, "not tried: quota")]
    assert len(untried) == 2
    assert seen == {f"phone-{ref}" for ref in range(4) if ref not in untried}


def test_what_google_gives_a_project_is_the_default() -> None:
    assert FCM_PER_MINUTE == 600_000
