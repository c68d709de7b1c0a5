"""The access token of FCM: cached, renewed early in a thread, one exchange at a time (FIELD_NOTES section 9).

`get_access_token()` of firebase-admin does a blocking exchange at every call, hence the cache. Times are real time.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.adapters.clock import SystemClock
from backend.ports import Clock

RENEW_EARLY = timedelta(minutes=5)
EXCHANGE_LIMIT_S = 15.0
FAILURE_KEPT_S = 5.0
RENEWAL_GAP_S = 60.0


class AccessRefused(Exception):
    """The provider refuses our key: nothing can be sent until a person looks at it."""


class AccessUnknown(Exception):
    """The token could not be fetched just now. The message is a type name."""


class FcmAccess:
    """Gives the bearer token of one service account; bound to one loop. ValueError for an unreadable key."""

    def __init__(
        self,
        service_account: Mapping[str, Any],
        *,
        clock: Clock | None = None,
        exchange_limit_s: float = EXCHANGE_LIMIT_S,
    ) -> None:
        from firebase_admin import credentials  # 1 s and 18 MB: paid by the process that sends, not by all

        self._credential = credentials.Certificate(dict(service_account))
        self._clock = clock or SystemClock()
        self._limit_s = exchange_limit_s
        self._token = ""
        self._expires_at = datetime.min.replace(tzinfo=UTC)
        self._flight: asyncio.Task[str] | None = None
        self._failure: tuple[Exception, float] | None = None
        self._renewed_after_401: float | None = None

    async def token(self) -> str:
        """Give a valid token, fetching one where needed. Raises AccessRefused or AccessUnknown."""
        if self._token and self._clock.now() < self._expires_at - RENEW_EARLY:
            return self._token
        return await self._fetch()

    async def token_after_401(self, refused: str) -> str:
        """Give another token after the provider refused this one; the same again when it was renewed just now.

        So a refusal of every token costs one exchange a minute, not one a message.
        """
        now = asyncio.get_running_loop().time()
        if self._token == refused:
            if self._renewed_after_401 is not None and now - self._renewed_after_401 < RENEWAL_GAP_S:
                return self._token
            self._renewed_after_401 = now
            self._token = ""
        return await self.token()

    async def _fetch(self) -> str:
        loop = asyncio.get_running_loop()
        if self._failure is not None and loop.time() < self._failure[1]:
            raise self._failure[0]
        if self._flight is None:
            self._flight = asyncio.create_task(self._exchange())
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[str]) -> None:
        self._flight = None
        fault = None if flight.cancelled() else flight.exception()
        if isinstance(fault, AccessRefused | AccessUnknown):
            self._failure = (fault, flight.get_loop().time() + FAILURE_KEPT_S)

    async def _exchange(self) -> str:
        from google.auth.exceptions import GoogleAuthError, TransportError

        try:
            async with asyncio.timeout(self._limit_s):
                info = await asyncio.to_thread(self._credential.get_access_token)
        except TransportError as fault:
            raise AccessUnknown(type(fault).__name__) from None
        except GoogleAuthError as fault:
            raise (AccessUnknown if fault.retryable else AccessRefused)(type(fault).__name__) from None
        except (OSError, RuntimeError) as fault:
            raise AccessUnknown(type(fault).__name__) from None
        self._token, self._failure = info.access_token, None
        self._expires_at = info.expiry.replace(tzinfo=UTC)  # firebase-admin's expiry is naive UTC
        return self._token
