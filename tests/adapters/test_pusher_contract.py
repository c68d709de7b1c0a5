"""One contract, the same cases for every Pusher and for the scripted one (PROMISES P5; ports.Pusher).

Real pushers talk HTTP to doubles on loopback; "the provider says" is the only thing each harness words for itself.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from email.utils import format_datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID, uuid4

import pytest

from backend.adapters.clock import FrozenClock, SystemClock
from backend.adapters.fcm import FcmPusher
from backend.adapters.push_http import HttpLimits, PushHttp
from backend.adapters.scripted_push import ScriptedPusher
from backend.adapters.vapid import load_or_make_vapid
from backend.adapters.web_push import WebPushPusher
from backend.ports import Pusher, PushMessage, PushResult, PushTarget
from tests.doubles import fcm as fcm_words
from tests.doubles.fcm import FcmDouble
from tests.doubles.loopback_server import DRIP, DROP, HANG, Reply, redirect_to
from tests.doubles.push_service import PushServiceDouble

LIMITS = HttpLimits(connect_s=0.4, total_s=0.5, patience_s=0.5)  # for what stays silent
PATIENT = HttpLimits()  # for what answers, the exchange of keys before it too, however busy the machine is
NOW = SystemClock().now()
PUBLIC_URL = "https://fallow.example"


class Harness(Protocol):
    """A pusher and the words to make its provider answer."""

    pusher: Pusher

    def new_target(self) -> PushTarget: ...
    def says(self, target: PushTarget, case: str, **headers: str) -> None: ...
    def collapse_ids(self, target: PushTarget) -> list[str]: ...


class FcmHarness:
    REPLIES: ClassVar[dict[str, Reply]] = {
        "gone": fcm_words.UNREGISTERED,
        "rejected": fcm_words.INVALID_ARGUMENT,
        "misconfigured": fcm_words.SENDER_ID_MISMATCH,
        "busy": fcm_words.QUOTA_EXCEEDED,
        "broken": fcm_words.UNAVAILABLE,
        "hang": HANG,
        "drip": DRIP,
        "drop": DROP,
        "giant": Reply(200, b"x" * 4_000_000),
    }

    def __init__(self, double: FcmDouble, kind: Any, limits: HttpLimits) -> None:
        self.double = double
        self.kind = kind
        self.pusher: Pusher = FcmPusher(
            double.service_account(),
            PushHttp(limits),
            public_url=PUBLIC_URL,
            base_url=double.url,
            clock=FrozenClock(NOW),
        )

    def new_target(self) -> PushTarget:
        return PushTarget(uuid4(), self.kind, token=f"address-{uuid4().hex}")

    def says(self, target: PushTarget, case: str, **headers: str) -> None:
        if case == "redirect":
            self.double.script.say(target.token, redirect_to(f"{self.double.url}/elsewhere"))
        elif case != "accepted":
            self.double.script.say(target.token, _with(self.REPLIES[case], headers))

    def collapse_ids(self, target: PushTarget) -> list[str]:
        seen = [entry.message for entry in self.double.seen if entry.address == target.token]
        for message in seen:  # every channel behind FCM folds by the same id
            assert message["apns"]["headers"]["apns-collapse-id"] == message["android"]["collapse_key"]
            assert message["webpush"]["headers"]["Topic"] == message["android"]["collapse_key"]
        return [message["android"]["collapse_key"] for message in seen]


class WebPushHarness:
    REPLIES: ClassVar[dict[str, Reply]] = {
        "gone": Reply(410),
        "rejected": Reply(413),
        "misconfigured": Reply(403),
        "busy": Reply(429),
        "broken": Reply(503),
        "hang": HANG,
        "drip": DRIP,
        "drop": DROP,
        "giant": Reply(201, b"x" * 4_000_000),
    }

    def __init__(self, double: PushServiceDouble, key_path: Any, limits: HttpLimits) -> None:
        self.double = double
        self.pusher: Pusher = WebPushPusher(
            load_or_make_vapid(key_path, "mailto:push@fallow.example"),
            PushHttp(limits),
            public_url=PUBLIC_URL,
            allow_loopback=True,
            clock=FrozenClock(NOW),
        )

    def new_target(self) -> PushTarget:
        made = self.double.subscribe()
        return PushTarget(uuid4(), "web_push", endpoint=made.endpoint, p256dh=made.p256dh, auth=made.auth)

    def says(self, target: PushTarget, case: str, **headers: str) -> None:
        if case == "redirect":
            self.double.script.say(_channel(target), redirect_to(f"{self.double.url}/elsewhere"))
        elif case != "accepted":
            self.double.script.say(_channel(target), _with(self.REPLIES[case], headers))

    def collapse_ids(self, target: PushTarget) -> list[str]:
        return [request.topic for request in self.double.requests if request.channel == _channel(target)]


class ScriptedHarness:
    def __init__(self) -> None:
        self.answers: dict[UUID, list[PushResult]] = {}
        self.scripted = ScriptedPusher(self._answer)
        self.pusher: Pusher = self.scripted

    def _answer(self, message: PushMessage, attempt: int) -> PushResult:
        queue = self.answers.get(message.target.id)
        return queue.pop(0) if queue else PushResult("accepted")

    def new_target(self) -> PushTarget:
        return PushTarget(uuid4(), "web_push")

    def says(self, target: PushTarget, case: str, **headers: str) -> None:
        after = float(headers["Retry_After"]) if headers.get("Retry_After", "").isdigit() else None
        retry = PushResult("retry_later", retry_after_s=after)
        table = {"busy": retry, "broken": retry, "accepted": PushResult("accepted")}
        self.answers.setdefault(target.id, []).append(table.get(case) or PushResult(case))  # type: ignore[arg-type]

    def collapse_ids(self, target: PushTarget) -> list[str]:
        return [message.collapse_id for message in self.scripted.sent if message.target == target]


@pytest.fixture(params=["fcm_token", "fcm_fid", "web_push", "scripted"])
def any_pusher(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Harness]:
    with ExitStack() as stack:
        yield _harness(request.param, stack, tmp_path, PATIENT)


@pytest.fixture(params=["fcm_fid", "web_push"])
def patient_pusher(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Any]:
    with ExitStack() as stack:
        yield _harness(request.param, stack, tmp_path, PATIENT)


@pytest.fixture(params=["fcm_fid", "web_push"])
def http_pusher(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Any]:
    with ExitStack() as stack:
        yield _harness(request.param, stack, tmp_path, LIMITS)


def _harness(name: str, stack: ExitStack, tmp_path: Any, limits: HttpLimits) -> Any:
    if name == "scripted":
        return ScriptedHarness()
    if name == "web_push":
        return WebPushHarness(stack.enter_context(PushServiceDouble()), tmp_path / "vapid.pem", limits)
    return FcmHarness(stack.enter_context(FcmDouble()), name, limits)


def _with(reply: Reply, headers: dict[str, str]) -> Reply:
    return replace(reply, headers={**reply.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})


def _channel(target: PushTarget) -> str:
    return target.endpoint.rsplit("/", 1)[1]


def message_to(target: PushTarget, ref: int = 1, **over: Any) -> PushMessage:
    base = PushMessage(
        ref=ref,
        reminder_id=uuid4(),
        text_number=3,
        title="Fallow",
        body="Time for today’s check-in",
        path="/o/0190f2c4",
        collapse_id=uuid4().hex,
        ttl_s=3600,
        urgent=False,
        target=target,
    )
    return base._replace(**over)


def send(pusher: Pusher, *batches: Sequence[PushMessage]) -> dict[int, PushResult]:
    """Send the batches one after the other on one loop, close, and give results by ref (a later one wins)."""

    async def run() -> dict[int, PushResult]:
        results: dict[int, PushResult] = {}
        for batch in batches:
            answered = [answer async for answer in pusher.send(batch)]
            results.update(answered)
            assert sorted(ref for ref, _ in answered) == sorted(message.ref for message in batch), (
                "each message answered exactly once"
            )
        await pusher.close()
        return results

    return asyncio.run(run())


@pytest.mark.parametrize("case", ["accepted", "gone", "rejected", "misconfigured"])
def test_what_the_provider_says_comes_back_as_one_of_the_five_answers(any_pusher: Harness, case: str) -> None:
    target = any_pusher.new_target()
    any_pusher.says(target, case)

    result = send(any_pusher.pusher, [message_to(target)])[1]

    assert result.outcome == case
    assert result.retry_after_s is None


@pytest.mark.parametrize("case", ["busy", "broken"])
def test_an_overloaded_provider_is_asked_again_later(any_pusher: Harness, case: str) -> None:
    target = any_pusher.new_target()
    any_pusher.says(target, case)

    assert send(any_pusher.pusher, [message_to(target)])[1].outcome == "retry_later"
    assert len(any_pusher.collapse_ids(target)) == 1, "no retry inside the sender"


def test_retry_after_in_seconds_is_handed_on(any_pusher: Harness) -> None:
    target = any_pusher.new_target()
    any_pusher.says(target, "busy", Retry_After="120")

    assert send(any_pusher.pusher, [message_to(target)])[1].retry_after_s == 120


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (format_datetime(NOW.replace(microsecond=0), usegmt=True), 0),
        ("Fri, 31 Dec 2999 23:59:59 GMT", 3600),
        ("86400", 3600),
        ("-5", None),
        ("soon", None),
        ("9" * 400, 3600),
    ],
    ids=["date now", "date far away", "a day", "negative", "no number", "no end"],
)
def test_retry_after_as_a_date_or_too_long_is_capped(patient_pusher: Any, header: str, seconds: float | None) -> None:
    target = patient_pusher.new_target()
    patient_pusher.says(target, "busy", Retry_After=header)

    result = send(patient_pusher.pusher, [message_to(target)])[1]

    assert (result.outcome, result.retry_after_s) == ("retry_later", seconds)


def test_one_bad_message_does_not_hold_up_or_change_the_others(any_pusher: Harness) -> None:
    targets = [any_pusher.new_target() for _ in range(5)]
    for target, case in zip(targets, ["gone", "busy", "rejected", "accepted", "broken"], strict=True):
        any_pusher.says(target, case)

    results = send(any_pusher.pusher, [message_to(target, ref) for ref, target in enumerate(targets)])

    assert [results[ref].outcome for ref in range(5)] == ["gone", "retry_later", "rejected", "accepted", "retry_later"]


def test_the_collapse_id_is_the_same_at_every_try(any_pusher: Harness) -> None:
    target = any_pusher.new_target()
    any_pusher.says(target, "broken")
    any_pusher.says(target, "busy")
    message = message_to(target)

    result = send(any_pusher.pusher, [message], [message], [message])[1]

    assert result.outcome == "accepted"
    assert any_pusher.collapse_ids(target) == [message.collapse_id] * 3


@pytest.mark.parametrize("case", ["hang", "drip", "drop"])
def test_silence_and_broken_connections_are_unknown_and_end_within_the_limit(http_pusher: Any, case: str) -> None:
    slow, good = http_pusher.new_target(), http_pusher.new_target()
    http_pusher.says(slow, case)
    arrived: list[int] = []

    async def run() -> tuple[float, PushResult]:
        loop = asyncio.get_running_loop()
        results = {}
        # the first exchange of keys, imports and connections is not what is timed here
        _ = [ref async for ref, _ in http_pusher.pusher.send([message_to(good, 0)])]
        start = loop.time()
        async for ref, result in http_pusher.pusher.send([message_to(slow, 1), message_to(good, 2)]):
            arrived.append(ref)
            results[ref] = result
        took = loop.time() - start
        await http_pusher.pusher.close()
        assert results[2].outcome == "accepted"
        return took, results[1]

    took, result = asyncio.run(run())

    assert result.outcome == "retry_later"
    assert result.detail.isidentifier(), "the type of the fault and nothing else"
    assert took < LIMITS.total_s + 0.5
    assert len(http_pusher.collapse_ids(slow)) == 1
    if case != "drop":
        assert arrived == [2, 1]


def test_a_redirect_is_not_followed(patient_pusher: Any) -> None:
    target = patient_pusher.new_target()
    patient_pusher.says(target, "redirect")

    assert send(patient_pusher.pusher, [message_to(target)])[1].outcome == "retry_later"
    assert patient_pusher.double.elsewhere == []


def test_a_giant_answer_is_read_up_to_its_cap_only(patient_pusher: Any) -> None:
    target = patient_pusher.new_target()
    patient_pusher.says(target, "giant")

    result = send(patient_pusher.pusher, [message_to(target)])[1]

    # a push service's 201 counts by itself; FCM's 200 counts with a name, which 8 KiB of rubbish do not hold
    expected = "accepted" if isinstance(patient_pusher, WebPushHarness) else "retry_later"
    assert result.outcome == expected
    assert len(result.detail) < 100


def test_no_answer_to_a_message_names_its_address(http_pusher: Any) -> None:
    cases = ["gone", "rejected", "misconfigured", "busy", "broken", "drop", "hang", "redirect"]
    targets = [http_pusher.new_target() for _ in cases]
    for target, case in zip(targets, cases, strict=True):
        http_pusher.says(target, case)

    results = send(http_pusher.pusher, [message_to(target, ref) for ref, target in enumerate(targets)])

    for ref, target in enumerate(targets):
        told = results[ref].detail + results[ref].provider_id
        assert (target.token or _channel(target)) not in told
        assert "127.0.0.1" not in told
        assert "http" not in told


def test_a_silent_provider_ends_a_large_batch_within_patience_and_limit(http_pusher: Any) -> None:
    targets = [http_pusher.new_target() for _ in range(250)]
    for target in targets:
        http_pusher.says(target, "hang")

    async def run() -> tuple[float, list[PushResult]]:
        loop = asyncio.get_running_loop()
        _ = [ref async for ref, _ in http_pusher.pusher.send([message_to(http_pusher.new_target())])]
        start = loop.time()
        batch = [message_to(target, ref) for ref, target in enumerate(targets)]
        results = [result async for _, result in http_pusher.pusher.send(batch)]
        took = loop.time() - start
        await http_pusher.pusher.close()
        return took, results

    took, results = asyncio.run(run())

    assert {result.outcome for result in results} == {"retry_later"}
    assert len(results) == 250
    assert took < LIMITS.patience_s + LIMITS.total_s + 1.0
