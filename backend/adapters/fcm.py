"""Firebase Cloud Messaging, HTTP v1: firebase-admin gives credential and validated message, we post it ourselves.

Its own senders retry inside, hold a batch for one 429 and make a thread per message (FIELD_NOTES section 9).
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from backend.adapters.clock import SystemClock
from backend.adapters.fcm_access import AccessRefused, AccessUnknown, FcmAccess
from backend.adapters.push_http import Answer, Destination, PushHttp, retry_after_seconds
from backend.adapters.push_queue import PushQueue
from backend.adapters.push_quota import FCM_PER_MINUTE, Quota
from backend.errors import SettingsError
from backend.ports import AddressKind, Clock, PushMessage, PushResult, PushTarget

FCM_URL = "https://fcm.googleapis.com"
SIZE_LIMIT = 4096
WIDTH = 100
OUR_FAULT_CODES = frozenset({"SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR", "APNS_AUTH_ERROR"})
CODE_SHAPE = re.compile(r"[A-Z][A-Z_]{1,40}")
_MARK, _MARKED = "fallow-value-{}", re.compile(rb"fallow-value-(\d)")
NEEDED_KEYS = ("project_id", "client_email", "private_key", "token_uri")


class FcmPusher:
    """Pusher for `fcm_fid` and `fcm_token`. `clock` is real time (expiries), never the product's.

    `credentials`: the service account, as a path to its file or as a mapping. `base_url` and `token_url` are the test
    hooks FALLOW_FCM_URL and FALLOW_FCM_TOKEN_URL. `public_url` makes links absolute where a channel needs that.
    Raises SettingsError when the service account cannot be used.
    """

    kinds: frozenset[AddressKind] = frozenset({"fcm_fid", "fcm_token"})

    def __init__(
        self,
        credentials: Path | Mapping[str, Any],
        http: PushHttp,
        *,
        public_url: str,
        base_url: str = FCM_URL,
        token_url: str = "",
        quota_per_minute: int = FCM_PER_MINUTE,
        clock: Clock | None = None,
    ) -> None:
        import firebase_admin.messaging  # noqa: F401  here: a second of import would hold up the loop at the first send

        account = read_service_account(credentials)
        if token_url:
            account["token_uri"] = token_url
        self._http = http
        self._public_url = public_url.rstrip("/")
        self._url = f"{base_url.rstrip('/')}/v1/projects/{account['project_id']}/messages:send"
        self._queue = PushQueue(self._send_one, lambda _: self._url, width=WIDTH, patience_s=http.limits.patience_s)
        self._quota = Quota(quota_per_minute)
        self._aimed: dict[bool, tuple[str, Destination]] = {}  # by lane, with its token
        self._clock = clock or SystemClock()
        try:
            self._access = FcmAccess(account, clock=self._clock, exchange_limit_s=http.limits.total_s)
        except ValueError:
            raise SettingsError(("FALLOW_FCM_CREDENTIALS: its private_key cannot be read",)) from None

    def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        return self._queue.send(batch)

    async def close(self) -> None:
        await self._http.close()
        self._aimed.clear()

    async def _send_one(self, message: PushMessage) -> PushResult:
        try:
            body = build_body(message, self._public_url, self._clock)
        except ValueError:
            return PushResult("rejected", detail="message does not validate")
        if len(body) > SIZE_LIMIT:
            return PushResult("rejected", detail=f"{len(body)} bytes, limit {SIZE_LIMIT}")
        wait_s = self._take_quota(message)
        if wait_s is None:
            return PushResult("retry_later", detail="not tried: quota", tried=False)
        if wait_s:
            await asyncio.sleep(wait_s)
        try:
            token = self._access.valid_token() or await self._access.token()
            answer = await self._post(token, body, message.red)
            if answer.status == 401 and error_code(answer.body) not in OUR_FAULT_CODES:
                renewed = await self._access.token_after_401(token)
                if renewed != token:
                    answer = await self._post(renewed, body, message.red)
        except AccessRefused as fault:
            return PushResult("misconfigured", detail=f"no access token: {fault}")
        except AccessUnknown as fault:
            return PushResult("retry_later", detail=f"no access token: {fault}")
        if answer.retry_after is None:
            return decide_result(answer, None)
        after = retry_after_seconds(answer.retry_after, self._clock.now(), self._http.limits.retry_after_cap_s)
        return decide_result(answer, after)

    def _take_quota(self, message: PushMessage) -> float | None:
        """Seconds to wait; None: its turn would come too late. A red flag takes its place and waits for none."""
        if message.red:
            self._quota.spend()
            return 0.0
        return self._quota.take(self._http.limits.patience_s)

    def _post(self, token: str, body: bytes, red: bool) -> Awaitable[Answer]:
        aimed = self._aimed.get(red)
        if aimed is None or aimed[0] != token:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            aimed = self._aimed[red] = token, self._http.aim(self._url, headers, width=WIDTH, red=red)
        return self._http.post_to(aimed[1], body)


def read_service_account(credentials: Path | Mapping[str, Any]) -> dict[str, Any]:
    """Read a service account and name every fault of its shape at once."""
    if isinstance(credentials, Path):
        try:
            found = json.loads(credentials.read_bytes())
        except (OSError, ValueError) as fault:
            raise SettingsError((f"FALLOW_FCM_CREDENTIALS cannot be read: {type(fault).__name__}",)) from None
    else:
        found = credentials
    if not isinstance(found, Mapping) or found.get("type") != "service_account":
        raise SettingsError(("FALLOW_FCM_CREDENTIALS is not the JSON of a service account",))
    missing = [key for key in NEEDED_KEYS if not isinstance(found.get(key), str) or not found[key]]
    if missing:
        raise SettingsError(tuple(f"FALLOW_FCM_CREDENTIALS lacks {key}" for key in missing))
    return dict(found)


def build_body(message: PushMessage, public_url: str, clock: Clock) -> bytes:
    """Build the request body: neutral words and {v, id, t}, nothing else. ValueError when firebase-admin refuses it.

    What messages share is built and validated by firebase-admin once, then each puts its own ids and times in: to
    validate each whole took more of the sender's time than the request itself. A test holds the two equal.
    """
    target = message.target
    if not target.token:
        raise ValueError("no registration token")
    link = public_url + message.path
    linked = link.startswith("https://")
    form, choose = _build_form(message.title, message.body, message.urgent, linked, target.kind, message.text_number)
    expires = int(clock.now().timestamp()) + message.ttl_s
    texts = orjson.dumps((message.reminder_id, message.collapse_id, link, target.token))
    # A quote within a string has a backslash before it, so none of them holds what stands between two.
    pieces = form.copy()
    pieces[1::2] = choose((*texts[2:-2].split(b'","'), b"%d" % message.ttl_s, b"%d" % expires))
    return b"".join(pieces)


@lru_cache(maxsize=256)
def _build_form(
    title: str, body: str, urgent: bool, linked: bool, kind: AddressKind, text_number: int
) -> tuple[list[bytes], Callable[[tuple[bytes, ...]], tuple[bytes, ...]]]:
    """The validated message of one text for any address: its JSON, every other piece a place, and what fills them.

    0 the reminder's id, 1 the collapse id, 2 the link, 3 the address, 4 seconds to live, 5 when it expires.
    """
    link = f"https://{_MARK.format(2)}" if linked else ""
    target = PushTarget(UUID(int=0), kind, token=_MARK.format(3))
    sample = PushMessage(0, UUID(int=0), text_number, title, body, link, _MARK.format(1), 1, urgent, target)
    frame: dict[str, Any] = orjson.loads(str(build_message(sample, "", SystemClock())))
    frame["data"]["id"] = _MARK.format(0)
    frame["android"]["ttl"] = _MARK.format(4) + "s"
    frame["webpush"]["headers"]["TTL"] = _MARK.format(4)
    frame["apns"]["headers"]["apns-expiration"] = _MARK.format(5)
    if linked:
        frame["webpush"]["fcm_options"]["link"] = _MARK.format(2)
    pieces = _MARKED.split(orjson.dumps({"message": frame}))
    return pieces, itemgetter(*map(int, pieces[1::2]))


def build_message(message: PushMessage, public_url: str, clock: Clock) -> Any:
    """Build firebase-admin's own message. Its text is validated JSON, or a ValueError."""
    from firebase_admin import messaging

    ttl = str(message.ttl_s)
    expires = int(clock.now().timestamp()) + message.ttl_s
    collapse = message.collapse_id
    link = public_url + message.path
    built = messaging.Message(
        notification=messaging.Notification(title=message.title, body=message.body),
        data={"v": "1", "id": str(message.reminder_id), "t": str(message.text_number)},
        android=messaging.AndroidConfig(
            collapse_key=collapse,
            priority="high" if message.urgent else "normal",
            ttl=timedelta(seconds=message.ttl_s),
            notification=messaging.AndroidNotification(tag=collapse),
        ),
        apns=messaging.APNSConfig(
            headers={
                "apns-collapse-id": collapse,
                "apns-priority": "10" if message.urgent else "5",
                "apns-expiration": str(expires),
            }
        ),
        webpush=messaging.WebpushConfig(
            headers={"TTL": ttl, "Topic": collapse, "Urgency": "high" if message.urgent else "normal"},
            notification=messaging.WebpushNotification(tag=collapse),
            # FCM takes only https links; without one a tap is the service worker's to resolve.
            fcm_options=messaging.WebpushFCMOptions(link=link) if link.startswith("https://") else None,
        ),
    )
    if message.target.kind == "fcm_fid":
        built.fid = message.target.token
    else:
        built.token = message.target.token  # as an argument it warns on every message
    return built


def error_code(body: bytes) -> str:
    """Give `error.details[].errorCode` of FCM's answer, which alone says what happened; "" when there is none."""
    try:
        details = orjson.loads(body)["error"]["details"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    for detail in details if isinstance(details, list) else []:
        code = detail.get("errorCode") if isinstance(detail, dict) else None
        if isinstance(code, str) and CODE_SHAPE.fullmatch(code):
            return code
    return ""


def decide_result(answer: Answer, after: float | None) -> PushResult:
    """Map FCM's answer to one of the five results (FIELD_NOTES section 9, table)."""
    if answer.status == 200:
        name = _message_name(answer.body)
        if name:
            return PushResult("accepted", detail="200", provider_id=name)
        return PushResult("retry_later", detail="200 without a name")
    code = error_code(answer.body)
    detail = f"{answer.status} {code}".rstrip()
    if answer.status == 404 and code == "UNREGISTERED":
        return PushResult("gone", detail=detail)
    if answer.status in (401, 403, 404) or code in OUR_FAULT_CODES:
        return PushResult("misconfigured", detail=detail)  # a bare 404: no such project or address of ours
    if answer.status in (408, 429) or answer.status >= 500:
        return PushResult("retry_later", retry_after_s=after, detail=detail)
    if answer.status < 400:
        return PushResult("retry_later", detail=f"{answer.status}, not followed")
    return PushResult("rejected", detail=detail)


def _message_name(body: bytes) -> str:
    try:
        name = orjson.loads(body)["name"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
    return name.rsplit("/", 1)[-1][:100] if isinstance(name, str) else ""
