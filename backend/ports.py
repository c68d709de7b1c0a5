"""CONTRACT. What the shell needs from outside, as protocols; `wiring.py` chooses the adapters. Frozen bundle
`Ports`."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

Channel = Literal["fcm", "web_push", "mail", "log"]
AddressKind = Literal["fcm_fid", "fcm_token", "web_push"]
Outcome = Literal["accepted", "gone", "retry_later", "rejected", "misconfigured"]


class Clock(Protocol):
    """The product's only clock. `now` is aware UTC. What is due goes by it; leases and time-outs never do."""

    def now(self) -> datetime: ...

    @property
    def rate(self) -> float:
        """Product seconds per real second; 1 except under the test hook."""
        ...


class PushTarget(NamedTuple):
    """One address. web_push: `endpoint`, `p256dh`, `auth` (base64url). FCM: `token` (a token or a FID by `kind`)."""

    id: UUID
    kind: AddressKind
    endpoint: str = ""
    p256dh: str = ""
    auth: str = ""
    token: str = ""


class PushMessage(NamedTuple):
    """One reminder to one address. `ref` comes back with the result. The payload is {v, id, t} and neutral words only.

    `ttl_s`: seconds until it expires; `urgent`: it must not wait for the phone to wake; `collapse_id`: <= 32 base64url
    characters, the same at every try. `red`: it has connections and places of its own, which nothing else fills.
    `badge`: the number on the app's icon; 0: leave it as it is.
    """

    ref: int
    reminder_id: UUID
    text_number: int
    title: str
    body: str
    path: str  # `/o/<id>`; absolute with the public URL only where a channel needs it
    collapse_id: str
    ttl_s: int
    urgent: bool
    target: PushTarget
    red: bool = False
    badge: int = 0


class PushResult(NamedTuple):
    """The only five answers a Pusher may give. `retry_after_s` only with retry_later. `detail`: short, without
    addresses. `tried` False: the provider was not asked (retry_later for want of a place or of quota)."""

    outcome: Outcome
    retry_after_s: float | None = None
    detail: str = ""
    provider_id: str = ""
    tried: bool = True


class Pusher(Protocol):
    """Sends a batch and yields (ref, result) as they come. No retry inside, never raises for one message.

    Bound to the event loop of the worker; `close` ends its connections (drain first).
    """

    kinds: frozenset[AddressKind]

    def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SealedPhoto:
    """A photo at rest: authenticated cipher text, the id of the key it was sealed with, and its nonce."""

    key_id: str
    nonce: bytes
    data: bytes


def build_photo_aad(clinic_id: UUID, client_id: UUID, photo_id: UUID, part: str = "full") -> bytes:
    """Build what a photo is bound to: 48 bytes of ids and the name of its part ("full", "thumb")."""
    return clinic_id.bytes + client_id.bytes + photo_id.bytes + part.encode()


class PhotoSeal(Protocol):
    """Seals a photo to what `build_photo_aad` gives; `open` refuses one changed bit, another binding, another key."""

    def seal(self, plain: bytes, aad: bytes) -> SealedPhoto: ...

    def open(self, sealed: SealedPhoto, aad: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """Bare pixels as WebP, upright and in sRGB: `full` at most 1,600 pixels long, `thumb` at most 20 kB."""

    full: bytes
    thumb: bytes
    width: int
    height: int


class PhotoCleaner(Protocol):
    """Turns what was sent into a clean photo. Raises TooLarge, UnsupportedMedia, InvalidInput, TooMany (try later)."""

    def clean(self, body: bytes) -> CleanPhoto: ...


class PhotoStore(Protocol):
    """Keeps sealed photos by path. `put` is durable when it returns; `get` raises KeyError for an unknown path."""

    def put(self, path: str, data: bytes) -> None: ...

    def get(self, path: str) -> bytes: ...

    def delete(self, path: str) -> None: ...


class Mailer(Protocol):
    """Sends one mail with neutral words. Raises MailError when the server refuses or cannot be reached."""

    def send(self, to: str, subject: str, body: str) -> None: ...


class OutsideSwitch(Protocol):
    """The dead-man switch outside, which alarms when it is not called any more. `call` gives None where it was heard,
    else the kind of the fault, without the address; it blocks for seconds at most and never raises."""

    def call(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Ports:
    clock: Clock
    photos: PhotoStore
    mailer: Mailer
    photo_seal: PhotoSeal
    photo_cleaner: PhotoCleaner
