"""Web Push (RFC 8030): encrypts, signs and posts to the push service of each browser."""

from collections.abc import AsyncIterator, Sequence

import orjson

from backend.adapters.clock import SystemClock
from backend.adapters.push_addresses import check_endpoint
from backend.adapters.push_http import Answer, PushHttp, origin_of, retry_after_seconds
from backend.adapters.push_queue import PushQueue
from backend.adapters.vapid import VapidKey
from backend.adapters.webpush_encryption import encrypt
from backend.ports import AddressKind, Clock, PushMessage, PushResult

WIDTH = 10
DECLARATIVE = 8030  # the number of the Push API's declarative form, as Safari reads it without a service worker


class WebPushPusher:
    """Pusher for `web_push`. `clock` is real time (token lifetimes), never the product's.

    `public_url` makes the link of the declarative form absolute. `allow_loopback`: FALLOW_PUSH_ALLOW_LOOPBACK.
    """

    kinds: frozenset[AddressKind] = frozenset({"web_push"})

    def __init__(
        self,
        vapid: VapidKey,
        http: PushHttp,
        *,
        public_url: str,
        allow_loopback: bool = False,
        clock: Clock | None = None,
    ) -> None:
        self._vapid = vapid
        self._http = http
        self._queue = PushQueue(self._send_one, _origin_or_none, width=WIDTH, patience_s=http.limits.patience_s)
        self._public_url = public_url.rstrip("/")
        self._allow_loopback = allow_loopback
        self._clock = clock or SystemClock()

    def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        return self._queue.send(batch)

    async def close(self) -> None:
        await self._http.close()

    async def _send_one(self, message: PushMessage) -> PushResult:
        target = message.target
        if check_endpoint(target.endpoint, allow_loopback=self._allow_loopback):
            return PushResult("rejected", detail="endpoint not allowed")
        try:
            body = encrypt(build_payload(message, self._public_url), target.p256dh, target.auth)
        except ValueError:
            return PushResult("rejected", detail="keys or size do not fit")
        headers = {
            "Authorization": self._vapid.authorization(origin_of(target.endpoint), self._clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(message.ttl_s),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": message.collapse_id,
        }
        answer = await self._http.post(target.endpoint, headers, body, width=WIDTH, red=message.red)
        after = retry_after_seconds(answer.retry_after, self._clock.now(), self._http.limits.retry_after_cap_s)
        return decide_result(answer, after)


def _origin_or_none(message: PushMessage) -> str:
    try:
        return origin_of(message.target.endpoint)
    except ValueError:  # rejected by itself in its turn
        return ""


def build_payload(message: PushMessage, public_url: str) -> bytes:
    """Build the JSON of a push: the declarative form with neutral words, and {v, id, t} for our service worker."""
    badge = {"app_badge": message.badge} if message.badge else {}  # in both places where it has been specified
    return orjson.dumps(
        {
            "web_push": DECLARATIVE,
            "notification": {
                "title": message.title,
                "body": message.body,
                "navigate": public_url + message.path,
                "tag": message.collapse_id,
                **badge,
            },
            **badge,
            "v": 1,
            "id": str(message.reminder_id),
            "t": message.text_number,
        }
    )


def decide_result(answer: Answer, after: float | None) -> PushResult:
    """Map a push service's answer to one of the five results (FIELD_NOTES section 10)."""
    status, detail = answer.status, str(answer.status)
    if 200 <= status < 300:
        return PushResult("accepted", detail=detail)
    if status in (404, 410):
        return PushResult("gone", detail=detail)
    if status in (401, 403):
        return PushResult("misconfigured", detail=detail)
    if status in (408, 429) or status >= 500:
        return PushResult("retry_later", retry_after_s=after, detail=detail)
    if status < 400:
        return PushResult("retry_later", detail=f"{status}, not followed")
    return PushResult("rejected", detail=detail)
