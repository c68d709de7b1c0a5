"""FCM: the access token and its exchange, the mapping of answers, what is refused before it is sent."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from backend.adapters.clock import SystemClock
from backend.adapters.fcm import FcmPusher, build_body, build_message, decide_result, error_code
from backend.adapters.push_http import Answer, HttpLimits, PushHttp
from backend.errors import SettingsError
from backend.ports import PushMessage, PushResult, PushTarget
from tests.doubles.fcm import FcmDouble, fcm_error
from tests.doubles.loopback_server import HANG, Reply


class HandClock:
    """A clock that the test moves."""

    rate = 1.0

    def __init__(self) -> None:
        self.at = SystemClock().now()

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def fcm() -> Iterator[FcmDouble]:
    with FcmDouble() as double:
        yield double


def pusher_for(fcm: FcmDouble, *, total_s: float = 2.0, **over: Any) -> FcmPusher:
    account = over.pop("account", fcm.service_account())
    return FcmPusher(
        account, PushHttp(HttpLimits(total_s=total_s)), public_url="https://fallow.example", base_url=fcm.url, **over
    )


def messages(count: int, **over: Any) -> list[PushMessage]:
    fields: dict[str, Any] = {"body": "A reminder you set", "ttl_s": 60, **over}
    return [
        PushMessage(
            ref=ref,
            reminder_id=uuid4(),
            text_number=1,
            title="Fallow",
            path="/o/1",
            collapse_id=uuid4().hex,
            urgent=False,
            target=PushTarget(uuid4(), "fcm_fid", token=over.get("token", f"fid-{ref}")),
            **{name: value for name, value in fields.items() if name != "token"},
        )
        for ref in range(count)
    ]


async def outcomes(pusher: FcmPusher, batch: list[PushMessage]) -> list[PushResult]:
    found = dict([answer async for answer in pusher.send(batch)])
    return [found[message.ref] for message in batch]


def send(pusher: FcmPusher, batch: list[PushMessage]) -> list[PushResult]:
    async def run() -> list[PushResult]:
        results = await outcomes(pusher, batch)
        await pusher.close()
        return results

    return asyncio.run(run())


def test_one_signed_exchange_serves_a_whole_batch(fcm: FcmDouble) -> None:
    results = send(pusher_for(fcm), messages(300))

    assert {result.outcome for result in results} == {"accepted"}
    assert len({result.provider_id for result in results}) == 300
    assert fcm.exchanges == 1
    assert len(fcm.seen) == 300


def test_the_token_is_kept_and_renewed_minutes_before_it_expires(fcm: FcmDouble) -> None:
    clock = HandClock()
    pusher = pusher_for(fcm, clock=clock)

    async def run() -> list[int]:
        counts = []
        for later in (timedelta(0), timedelta(minutes=54), timedelta(minutes=2)):
            clock.at += later
            await outcomes(pusher, messages(1))
            counts.append(fcm.exchanges)
        await pusher.close()
        return counts

    assert asyncio.run(run()) == [1, 1, 2]


def test_a_token_revoked_early_is_renewed_once_and_the_batch_goes_through(fcm: FcmDouble) -> None:
    pusher = pusher_for(fcm)

    async def run() -> list[PushResult]:
        await outcomes(pusher, messages(1))
        fcm.revoke_tokens()
        results = await outcomes(pusher, messages(50))
        await pusher.close()
        return results

    assert {result.outcome for result in asyncio.run(run())} == {"accepted"}
    assert fcm.exchanges == 2


def test_a_provider_that_refuses_every_token_is_misconfigured_and_not_hammered(fcm: FcmDouble) -> None:
    fcm.script.always("*", fcm_error(401, "UNAUTHENTICATED"))

    results = send(pusher_for(fcm), messages(300))

    assert {result.outcome for result in results} == {"misconfigured"}
    assert fcm.exchanges == 2, "the first, and one more after a 401"
    assert len(fcm.seen) <= 400, "one message each, and once more only for those sent under the first token"


def test_a_wrong_key_of_ours_stops_the_channel_and_sends_nothing(fcm: FcmDouble) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    results = send(pusher_for(fcm, account={**fcm.service_account(), "private_key": pem}), messages(300))

    assert {result.outcome for result in results} == {"misconfigured"}
    assert fcm.seen == []
    assert fcm.exchanges == 1


@pytest.mark.parametrize("trouble", [HANG, Reply(503, b"{}")])
def test_a_token_server_in_trouble_is_asked_again_later(fcm: FcmDouble, trouble: Reply) -> None:
    fcm.token_script.always("*", trouble)

    async def run() -> tuple[list[PushResult], float]:
        pusher = pusher_for(fcm, total_s=0.4)
        start = asyncio.get_running_loop().time()
        results = await outcomes(pusher, messages(200))
        took = asyncio.get_running_loop().time() - start
        await pusher.close()
        return results, took

    results, took = asyncio.run(run())

    assert {result.outcome for result in results} == {"retry_later"}
    assert took < 2
    assert fcm.seen == []


def test_a_failed_fetch_is_tried_again_after_a_while_not_for_ever_refused(fcm: FcmDouble, monkeypatch: Any) -> None:
    monkeypatch.setattr("backend.adapters.fcm_access.FAILURE_KEPT_S", 0.0)
    fcm.token_script.say("*", Reply(400, b'{"error": "invalid_grant"}'))
    pusher = pusher_for(fcm)

    async def run() -> list[str]:
        found: list[str] = [(await outcomes(pusher, messages(1)))[0].outcome for _ in range(2)]
        await pusher.close()
        return found

    assert asyncio.run(run()) == ["misconfigured", "accepted"]


def test_a_message_above_4096_bytes_or_without_address_is_rejected_unsent(fcm: FcmDouble) -> None:
    good, large = messages(1), messages(1, body="x" * 4000)
    nowhere = messages(1, token="")

    assert send(pusher_for(fcm), good)[0].outcome == "accepted"
    assert fcm.seen[0].size < 1100
    results = send(pusher_for(fcm), large) + send(pusher_for(fcm), nowhere)

    assert [result.outcome for result in results] == ["rejected", "rejected"]
    assert len(fcm.seen) == 1


@pytest.mark.parametrize("public_url", ["https://fallow.example", "http://127.0.0.1:8000"])
@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("kind", ["fcm_fid", "fcm_token"])
def test_each_body_says_what_firebase_admin_would_say(kind: Any, urgent: bool, public_url: str) -> None:
    clock = HandClock()
    for message in messages(3, body="Time for today’s check-in", token='an "address"'):
        target = message.target._replace(kind=kind)
        asked = message._replace(target=target, urgent=urgent, text_number=3 + message.ref, ttl_s=60 + message.ref)

        assert json.loads(build_body(asked, public_url, clock)) == {
            "message": json.loads(str(build_message(asked, public_url, clock)))
        }


def test_another_project_or_address_of_the_api_is_our_fault_not_the_phones(fcm: FcmDouble) -> None:
    account = {**fcm.service_account(), "project_id": "someone-else"}
    assert send(pusher_for(fcm, account=account), messages(1))[0].outcome == "misconfigured"


TABLE = [
    (fcm_error(404, "NOT_FOUND", "UNREGISTERED"), "gone"),
    (fcm_error(404, "NOT_FOUND"), "misconfigured"),
    (fcm_error(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), "rejected"),
    (fcm_error(400, "INVALID_ARGUMENT", "UNREGISTERED"), "rejected"),
    (fcm_error(413, "TOO_LARGE"), "rejected"),
    (fcm_error(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), "misconfigured"),
    (fcm_error(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), "misconfigured"),
    (fcm_error(403, "PERMISSION_DENIED"), "misconfigured"),
    (fcm_error(400, "INVALID_ARGUMENT", "APNS_AUTH_ERROR"), "misconfigured"),
    (fcm_error(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), "retry_later"),
    (fcm_error(500, "INTERNAL", "INTERNAL"), "retry_later"),
    (fcm_error(503, "UNAVAILABLE", "UNAVAILABLE"), "retry_later"),
    (Reply(504, b"<html>"), "retry_later"),
    (Reply(404, b"<html>UNREGISTERED"), "misconfigured"),
    (Reply(200, b"[]"), "retry_later"),
    (Reply(200, b'{"name": 3}'), "retry_later"),
    (Reply(302, b""), "retry_later"),
]


@pytest.mark.parametrize(("reply", "outcome"), TABLE)
def test_every_answer_of_the_table(reply: Reply, outcome: str) -> None:
    assert decide_result(Answer(reply.status, None, reply.body), None).outcome == outcome


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"error":[]}', b'{"error":{"details":{}}}', b"\xff",
                                  b'{"error":{"details":[{"errorCode":"http://x/SECRET"}]}}'])  # fmt: skip
def test_junk_is_no_code(body: bytes) -> None:
    assert error_code(body) == ""


def test_a_broken_service_account_is_refused_at_start_with_every_fault(tmp_path: Path) -> None:
    def build(credentials: Any) -> FcmPusher:
        return FcmPusher(credentials, PushHttp(), public_url="https://fallow.example")

    with pytest.raises(SettingsError) as found:
        build({"type": "service_account", "project_id": "p"})
    assert [fault.rsplit(" ", 1)[1] for fault in found.value.faults] == ["client_email", "private_key", "token_uri"]
    with pytest.raises(SettingsError, match="cannot be read"):
        build(tmp_path / "absent.json")
    with pytest.raises(SettingsError, match="not the JSON"):
        build({"type": "authorized_user"})
    with pytest.raises(SettingsError, match="private_key cannot be read"):
        build({"type": "service_account", "project_id": "p", "client_email": "e", "private_key": "k", "token_uri": "u"})


def test_expiry_is_read_as_utc(fcm: FcmDouble) -> None:
    pusher = pusher_for(fcm)
    send(pusher, messages(1))
    left = pusher._access._expires_at - datetime.now(UTC)  # noqa: TID251
    assert timedelta(minutes=58) < left < timedelta(minutes=61)
