"""A real HTTP server on loopback in a thread of its own, and the scripted answers that every provider double shares."""

import asyncio
import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Reply:
    """One scripted answer. `act`: "answer" as said, "hang" (say nothing), "drip" (headers, then nothing), "trickle"
    (headers, then a byte each 0.2 s without end), "drop" the connection."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    act: str = "answer"


HANG = Reply(act="hang")
DRIP = Reply(act="drip")
TRICKLE = Reply(act="trickle")
TRICKLE_S = 0.2
DROP = Reply(act="drop")


def redirect_to(url: str) -> Reply:
    return Reply(307, headers={"Location": url})


class LoopbackServer:
    """Runs an aiohttp application on 127.0.0.1 from `with` to its end. `url` names it.

    `latency_s`: how long it waits before each answer of a provider, scripted or good.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.latency_s = 0.0
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._closing: asyncio.Event
        self._port = 0
        self.elsewhere: list[str] = []
        """Paths that only a followed redirect would have asked for."""

    def add_routes(self, app: web.Application) -> None:
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10), "the double did not start"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(10)
        self._loop.close()

    async def give(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        """Answer as the script says."""
        if self.latency_s:
            await asyncio.sleep(self.latency_s)
        if reply.act == "drop":
            assert request.transport is not None
            request.transport.abort()
        if reply.act in ("hang", "drop"):
            await self._closing.wait()
        if reply.act in ("drip", "trickle"):
            stream = web.StreamResponse(status=200)
            await stream.prepare(request)
            await (self._closing.wait() if reply.act == "drip" else self._trickle(stream))
            return stream
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)

    async def _trickle(self, stream: web.StreamResponse) -> None:
        while not self._closing.is_set():
            try:
                await stream.write(b" ")
            except ConnectionError:  # the caller has had enough
                return
            await asyncio.sleep(TRICKLE_S)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        self._closing = asyncio.Event()
        app = web.Application()
        self.add_routes(app)
        app.router.add_route("*", "/elsewhere", self._note_elsewhere)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self._port = runner.addresses[0][1]
        self._ready.set()
        await self._closing.wait()
        await runner.cleanup()

    async def _note_elsewhere(self, request: web.Request) -> web.Response:
        self.elsewhere.append(request.path)
        return web.Response(status=200)


class Script:
    """Answers per key: the next of its queue, else the standing one, else the double's own good answer (None)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, deque[Reply]] = {}
        self._always: dict[str, Reply] = {}

    def say(self, key: str, *replies: Reply) -> None:
        """Give these answers for the key, one a request, in order."""
        with self._lock:
            self._next.setdefault(key, deque()).extend(replies)

    def always(self, key: str, reply: Reply) -> None:
        with self._lock:
            self._always[key] = reply

    def next_for(self, key: str) -> Reply | None:
        with self._lock:
            queue = self._next.get(key)
            return queue.popleft() if queue else self._always.get(key)
