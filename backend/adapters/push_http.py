"""The one pooled async HTTP client behind both push channels (FIELD_NOTES sections 8 and 21: pyreqwest's traps).

HTTP/2 where TLS agrees on it, HTTP/1.1 otherwise. No redirect is followed, nothing is unpacked, an answer is read up to
a cap, and the whole request has a wall-clock limit. The client belongs to the event loop it is first used on.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError
from pyreqwest.http import Url
from pyreqwest.request import RequestBody, StreamRequest

from backend.adapters.time_limit import TimeLimit

BODY_CAP = 8192
RETRY_AFTER_CAP_S = 3600.0


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Seconds and counts. `patience_s`: how long one batch may wait to be *started*; what has not is answered
    retry_later untried, so that a silent host ends a batch within patience plus `total_s`, whatever its size."""

    connect_s: float = 5.0
    total_s: float = 15.0
    patience_s: float = 15.0
    body_cap: int = BODY_CAP
    retry_after_cap_s: float = RETRY_AFTER_CAP_S


class Answer(NamedTuple):
    """What a server said: status, the first Retry-After if any, at most `body_cap` bytes of its body."""

    status: int
    retry_after: str | None
    body: bytes


class NoAnswer(Exception):
    """The request got no answer; whether it was received is not known. The message is a type name, never an address."""


class Destination(NamedTuple):
    """Where many messages go, and with which headers: its places at that origin, and a request without a body."""

    slots: asyncio.Semaphore
    form: StreamRequest


class PushHttp:
    """Posts; shared by both channels and both lanes. `ca_pem` trusts one more authority, for doubles over TLS."""

    def __init__(self, limits: HttpLimits | None = None, ca_pem: bytes | None = None) -> None:
        self.limits = limits or HttpLimits()
        self._ca_pem = ca_pem
        self._clients: dict[bool, Client] = {}
        self._slots: dict[tuple[str, int, bool], asyncio.Semaphore] = {}
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        # pyreqwest's own limits come first; this one also holds where its timer does not run.
        self._limit = TimeLimit(self.limits.total_s + 1.0)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, *, width: int, red: bool = False) -> Answer:
        """Send one POST, once. Raises NoAnswer for every transport fault, time-outs included.

        At most `width` requests of a channel to one origin are under way, over all batches: beyond a server's stream
        limit they would queue inside the client while their time runs (FIELD_NOTES 21). Red ones have as many places
        of their own, on connections of their own.
        """
        try:
            destination = self.aim(url, headers, width=width, red=red)
        except (PyreqwestError, ValueError) as fault:
            raise NoAnswer(type(fault).__name__) from None
        return await self.post_to(destination, body)

    def aim(self, url: str, headers: Mapping[str, str], *, width: int, red: bool = False) -> Destination:
        """Prepare what many posts share, for `post_to`; good until this client is closed."""
        place = (origin_of(url), width, red)
        slots = self._slots.get(place) or self._slots.setdefault(place, asyncio.Semaphore(width))
        return Destination(slots, self._open_client(red).post(Url(url)).headers(headers).build_streamed())

    async def post_to(self, destination: Destination, body: bytes) -> Answer:
        """As `post`, to where many messages go with the same headers."""
        slots, form = destination
        await slots.acquire()
        if not self._under_way:
            self._idle.clear()
        self._under_way += 1
        try:
            request = StreamRequest.from_request_and_body(form, RequestBody.from_bytes(body))
            with self._limit:
                return await self._read(request)
        except (PyreqwestError, OSError, ValueError, RuntimeError) as fault:
            raise NoAnswer(type(fault).__name__) from None
        finally:
            slots.release()
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def get(self, url: str) -> Answer:
        """Send one GET, once, within the same limits. Raises NoAnswer for every transport fault."""
        try:
            with self._limit:
                return await self._read(self._open_client(red=False).get(url).build_streamed())
        except (PyreqwestError, OSError, ValueError, RuntimeError) as fault:
            raise NoAnswer(type(fault).__name__) from None

    async def close(self) -> None:
        """Wait for what is under way (bounded by the total limit), then end all connections."""
        await self._idle.wait()
        while self._clients:
            _, client = self._clients.popitem()
            await client.close()

    def _open_client(self, red: bool) -> Client:
        client = self._clients.get(red)
        if client is None:
            client = self._clients[red] = self._build_client()
        return client

    async def _read(self, request: StreamRequest) -> Answer:
        async with request as response:
            text = await response.body_reader.read(self.limits.body_cap)  # waits until it has as much, or all
            return Answer(response.status, response.get_header("retry-after"), b"" if text is None else bytes(text))

    def _build_client(self) -> Client:
        builder = (
            ClientBuilder()
            .http2(True)
            .follow_redirects(False)
            .referer(False)
            .gzip(False)
            .brotli(False)
            .zstd(False)
            .deflate(False)
            .connect_timeout(timedelta(seconds=self.limits.connect_s))
            .timeout(timedelta(seconds=self.limits.total_s))
            .user_agent("Fallow")
        )
        if self._ca_pem is not None:
            builder = builder.add_root_certificate_pem(self._ca_pem)
        return builder.build()


@lru_cache(maxsize=4096)
def origin_of(url: str) -> str:
    """Give scheme, host and port (unless it is the usual one) of a URL, as a VAPID audience names it. ValueError."""
    parts = urlsplit(url)
    usual = parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme))
    return f"{parts.scheme}://{parts.hostname}" + ("" if usual else f":{parts.port}")


def retry_after_seconds(value: str | None, now: datetime, cap_s: float) -> float | None:
    """Read a Retry-After header, seconds or HTTP date, as seconds from now between 0 and the cap; None without."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), cap_s)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if at.tzinfo is None:  # an HTTP date is always UTC (RFC 9110 5.6.7); "-0000" reads as naive
        at = at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), cap_s)
