"""The access token of FCM: cached, renewed early in a thread, one exchange at a time (FIELD_NOTES section 9).

`get_access_token()` of firebase-admin does a blocking exchange at every call, with 120 s to wait for the server; hence
the cache, and the same credential refreshed with a limit of our own. Times are real time.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
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
        from google.auth.transport.requests import Request

        self._credential = credentials.Certificate(dict(service_account)).get_credential()
        self._request = partial(Request(), timeout=exchange_limit_s)
        self._clock = clock or SystemClock()
        self._limit_s = exchange_limit_s
        self._token = ""
        self._expires_at = datetime.min.replace(tzinfo=UTC)
        self._flight: asyncio.Task[str] | None = None
        self._failure: tuple[Exception, float] | None = None
        self._renewed_after_401: float | None = None

    async def token(self) -> str:
        """Give a valid token, fetching one where needed. Raises AccessRefused or AccessUnknown."""
        return self.valid_token() or await self._fetch()

    def valid_token(self) -> str:
        """Give the token at hand; "" where one must be fetched."""
        valid = self._token and self._clock.now() < self._expires_at - RENEW_EARLY
        return self._token if valid else ""

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
            raise type(self._failure[0])(str(self._failure[0]))
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
                await _in_own_thread(partial(self._credential.refresh, self._request))
        except TransportError as fault:
            raise AccessUnknown(type(fault).__name__) from None
        except GoogleAuthError as fault:
            raise (AccessUnknown if fault.retryable else AccessRefused)(type(fault).__name__) from None
        except (OSError, RuntimeError) as fault:
            raise AccessUnknown(type(fault).__name__) from None
        self._token, self._failure = str(self._credential.token), None
        self._expires_at = self._credential.expiry.replace(tzinfo=UTC)  # google-auth's expiry is naive UTC
        return self._token


async def _in_own_thread(call: Callable[[], None]) -> None:
    """Run a blocking call in a daemon thread: unlike a pool's, it holds up no shutdown when its server is silent."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(fault: BaseException | None) -> None:
        if done.cancelled():
            return
        if fault is None:
            done.set_result(None)
        else:
            done.set_exception(fault)

    def run() -> None:
        fault: BaseException | None = None
        try:
            call()
        except Exception as caught:
            fault = caught
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, fault)

    threading.Thread(target=run, name="fcm-access", daemon=True).start()
    await done
