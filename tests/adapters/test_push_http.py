"""The HTTP client under both channels: TLS, how many at once, what closing waits for, what an answer may cost."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import web

from backend.adapters.push_http import HttpLimits, NoAnswer, PushHttp, origin_of, retry_after_seconds
from backend.adapters.push_queue import PushQueue
from backend.ports import PushMessage, PushResult, PushTarget
from tests.doubles.authority import make_authority
from tests.doubles.http2_server import Http2Double
from tests.doubles.loopback_server import HANG, LoopbackServer, Reply, Script

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


class Counting(LoopbackServer):
    """Answers each POST after a while and counts how many were under way at once."""

    def __init__(self, wait_s: float = 0.0, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.wait_s = wait_s
        self.script = Script()
        self.now = self.most = self.total = 0

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/", self._post)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        self.now += 1
        self.total += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(self.wait_s)
        self.now -= 1
        return await self.give(request, self.script.next_for("*") or Reply(200, b"fine"))


def test_no_more_than_the_width_are_under_way_at_one_origin() -> None:
    with Counting(wait_s=0.02) as one, Counting(wait_s=0.02) as two:

        async def run() -> None:
            http = PushHttp()
            await asyncio.gather(
                *(http.post(f"{server.url}/", {}, b"x", width=5) for server in (one, two) for _ in range(30))
            )
            await http.close()

        asyncio.run(run())
    assert (one.total, two.total) == (30, 30)
    assert (one.most, two.most) == (5, 5)


def test_many_messages_share_one_connection_over_http_2_and_red_ones_have_their_own(tmp_path: Path) -> None:
    pem, context = make_authority(tmp_path)
    with Http2Double(context) as server:

        async def run() -> set[int]:
            http = PushHttp(ca_pem=pem)
            await http.post(f"{server.url}/first", {}, b"x", width=20)
            posts = [http.post(f"{server.url}/rest", {}, b"x", width=20) for _ in range(40)]
            posts += [http.post(f"{server.url}/red", {}, b"x", width=20, red=True)]
            answers = await asyncio.gather(*posts)
            await http.close()
            return {answer.status for answer in answers}

        assert asyncio.run(run()) == {200}
    assert server.refused == 0
    assert {(seen.path, seen.connection) for seen in server.seen} == {("/first", 1), ("/rest", 1), ("/red", 2)}
    assert len({(seen.connection, seen.stream) for seen in server.seen}) == len(server.seen) == 42


def test_a_red_message_waits_for_no_place_that_others_hold() -> None:
    with Counting() as server:
        server.script.say("*", *[HANG] * 5)

        async def run() -> int:
            http = PushHttp(HttpLimits(total_s=5))
            silent = [asyncio.create_task(http.post(f"{server.url}/", {}, b"x", width=5)) for _ in range(30)]
            while server.total < 5:
                await asyncio.sleep(0.005)
            async with asyncio.timeout(2):
                status = (await http.post(f"{server.url}/", {}, b"x", width=5, red=True)).status
            assert server.total == 6
            for each in silent:
                each.cancel()
            await asyncio.gather(*silent, return_exceptions=True)
            await http.close()
            return status

        assert asyncio.run(run()) == 200


def test_close_waits_for_what_is_under_way() -> None:
    with Counting(wait_s=0.2) as server:

        async def run() -> list[int]:
            http = PushHttp()
            posts = [asyncio.create_task(http.post(f"{server.url}/", {}, b"x", width=10)) for _ in range(5)]
            while server.now < 5:
                await asyncio.sleep(0.005)
            await http.close()
            return [post.result().status for post in posts]

        assert asyncio.run(run()) == [200] * 5


def test_tls_is_checked_and_one_more_authority_can_be_trusted(tmp_path: Path) -> None:
    pem, context = make_authority(tmp_path)
    with Counting(tls=context) as server:

        async def run(ca_pem: bytes | None) -> int:
            http = PushHttp(ca_pem=ca_pem)
            try:
                return (await http.post(f"{server.url}/", {}, b"x", width=1)).status
            finally:
                await http.close()

        assert asyncio.run(run(pem)) == 200
        with pytest.raises(NoAnswer, match=r"^ConnectError$"):
            asyncio.run(run(None))
    assert server.total == 1


def test_of_a_giant_answer_no_more_than_the_cap_is_kept() -> None:
    with Counting() as server:
        server.script.say("*", Reply(500, b"x" * 3_000_000, {"Retry-After": "7"}))

        async def run() -> tuple[int, int, str | None]:
            http = PushHttp(HttpLimits(body_cap=8192))
            answer = await http.post(f"{server.url}/", {}, b"x", width=1)
            await http.close()
            return answer.status, len(answer.body), answer.retry_after

        assert asyncio.run(run()) == (500, 8192, "7")


def test_a_fault_of_our_own_in_one_message_is_unknown_and_ends_no_batch() -> None:
    target = PushTarget(UUID(int=1), "fcm_fid")
    batch = [PushMessage(ref, UUID(int=2), 1, "Fallow", "x", "/o/1", "c", 60, False, target) for ref in range(3)]

    async def send_one(message: PushMessage) -> PushResult:
        if message.ref == 1:
            raise LookupError("with an address inside")
        return PushResult("accepted")

    async def run() -> dict[int, PushResult]:
        answers = PushQueue(send_one, lambda _: "one origin", width=1, patience_s=5).send(batch)
        async with asyncio.timeout(5):
            return dict([answer async for answer in answers])

    found = asyncio.run(run())
    assert found[1] == PushResult("retry_later", detail="LookupError")
    assert (found[0].outcome, found[2].outcome) == ("accepted", "accepted")


def test_a_batch_that_comes_just_as_the_last_server_of_the_queue_leaves_is_served() -> None:
    """What is answered without a wait (a quota that is used up, a message that does not validate) ends in one turn of
    the loop; the next batch may come within that turn."""
    target = PushTarget(UUID(int=1), "fcm_fid")
    one = PushMessage(0, UUID(int=2), 1, "Fallow", "x", "/o/1", "c", 60, False, target)

    async def send_one(_: PushMessage) -> PushResult:
        return PushResult("rejected")

    async def run(queue: PushQueue, turns: int, size: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)  # one turn of the loop, no time
        return len([answer async for answer in queue.send([one] * size)])

    async def run_both() -> list[int]:
        queue = PushQueue(send_one, lambda _: "one origin", width=2, patience_s=5)
        async with asyncio.timeout(5):
            return await asyncio.gather(run(queue, 0, 2), run(queue, 1, 1))

    assert asyncio.run(run_both()) == [2, 1]


def test_a_compressed_answer_is_not_unpacked() -> None:
    with Counting() as server:
        server.script.say("*", Reply(200, b"\x1f\x8b not gzip at all", {"Content-Encoding": "gzip"}))

        async def run() -> bytes:
            http = PushHttp()
            answer = await http.post(f"{server.url}/", {}, b"x", width=1)
            await http.close()
            return answer.body

        assert asyncio.run(run()) == b"\x1f\x8b not gzip at all"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Push.Example/a?b", "https://push.example"),
        ("https://push.example:443/a", "https://push.example"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080"),
    ],
)
def test_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        (" 30 ", 30),
        ("²", None),
        ("Sun, 22 Nov 2026 08:01:30 GMT", 90),
        ("Sun, 22 Nov 2026 08:01:30 -0000", 90),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0),
        ("Sun, 22 Nov 2026 25:00:00 GMT", None),
        ("999999", 600),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW, 600) == seconds
