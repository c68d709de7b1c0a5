"""The HTTP client that Fallow did not choose, behind the same seam: aiohttp (FIELD_NOTES 8 and DECISIONS)."""

import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp

from backend.adapters.push_http import Answer, HttpLimits, NoAnswer, PushHttp

CONNECTIONS = 100


class AiohttpHttp(PushHttp):
    """HTTP/1.1 over at most 100 connections, with the same limits as the product's client."""

    def __init__(self, ca_pem: bytes) -> None:
        super().__init__(HttpLimits(), ca_pem)
        self._ca = ca_pem.decode()
        self._session: aiohttp.ClientSession | None = None

    def aim(self, url: str, headers: Mapping[str, str], *, width: int, red: bool = False) -> Any:
        return url, headers

    async def post_to(self, destination: Any, body: bytes) -> Answer:
        url, headers = destination
        try:
            async with self._opened().post(url, data=body, headers=headers, allow_redirects=False) as response:
                said = await response.content.read(self.limits.body_cap)
                return Answer(response.status, response.headers.get("Retry-After"), said)
        except (aiohttp.ClientError, TimeoutError) as fault:
            raise NoAnswer(type(fault).__name__) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            trusted = aiohttp.TCPConnector(limit=CONNECTIONS, ssl=ssl.create_default_context(cadata=self._ca))
            limits = aiohttp.ClientTimeout(total=self.limits.total_s, connect=self.limits.connect_s)
            self._session = aiohttp.ClientSession(connector=trusted, timeout=limits, auto_decompress=False)
        return self._session
