"""What becomes of one claimed reminder once all its addresses have answered. Values in, values out."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from backend.languages import Language
from backend.ports import Channel, PushResult, PushTarget
from schedules import Failure, GiveUp, RetryAt, decide_retry

DETAIL_LIMIT = 200  # the column's
PROVIDER_BUSY, CHANNEL_STOPPED = "provider busy", "channel stopped"


class Address(NamedTuple):
    """A push address as it was when the reminder was claimed; `hash` tells whether it has changed since. `language`:
    what its holder reads."""

    target: PushTarget
    hash: str
    language: Language = "en"


class Claim(NamedTuple):
    """A reminder that this worker may send until its lease ends. `attempts`: tries that were made before; `by_mail`: a
    client's goes by mail too; `reason`: why it had to wait; `unread`: messages, counted where a browser shows the
    number. The columns of the claim's statement come first."""

    clinic_id: UUID
    id: UUID
    recipient_kind: str
    recipient_id: UUID
    kind: str
    collapse_id: str
    send_at: datetime
    expires_at: datetime
    attempts: int
    by_mail: bool
    reason: str | None
    token: UUID
    addresses: tuple[Address, ...]
    unread: int = 0

    @property
    def badge(self) -> int:
        """How much is new for a client: the unread messages, and what this push is about; 0 for a practitioner."""
        if self.recipient_kind != "client":
            return 0
        return max(1, self.unread) if self.kind == "message" else self.unread + 1

    @property
    def key(self) -> tuple[UUID, UUID]:
        return self.clinic_id, self.id

    @property
    def waited(self) -> bool:
        """Whether its channel was stopped before it was ever tried."""
        return self.attempts == 0 and self.reason == CHANNEL_STOPPED


class Try(NamedTuple):
    """One answer of one provider; `address` None: a mail."""

    channel: Channel
    result: PushResult
    address: Address | None = None


class Settlement(NamedTuple):
    """What to record: the new state (`planned`: again at `send_at`), why, and every try that was made."""

    claim: Claim
    state: str
    reason: str | None
    send_at: datetime | None
    tries: tuple[Try, ...]


def resolve_settlement(
    claim: Claim, tries: tuple[Try, ...], *, held: bool, now: datetime, jitter: float, held_s: float = 0.0
) -> Settlement:
    """Accepted by any address is sent; else wait while any may still take it; else say why none can.

    `held`: at least one address was not tried because its channel is stopped, for `held_s` seconds from now. `jitter`:
    random, 0 to 1.
    """
    outcomes = [entry.result.outcome for entry in tries]
    if "accepted" in outcomes:
        return Settlement(claim, "sent", None, None, tries)
    if held or "retry_later" in outcomes or "misconfigured" in outcomes:
        return _wait(claim, tries, held_s, now, jitter)
    if "rejected" in outcomes:
        return Settlement(claim, "failed", "rejected", None, tries)
    return Settlement(claim, "unreachable", "address gone" if tries else "no address", None, tries)


def _wait(claim: Claim, tries: tuple[Try, ...], held_s: float, now: datetime, jitter: float) -> Settlement:
    asked = [held_s, *(entry.result.retry_after_s for entry in tries if entry.result.retry_after_s is not None)]
    busy = any(entry.result.outcome == "retry_later" for entry in tries)
    failure = Failure("retry_later" if busy else "misconfigured", max(asked))
    decision: RetryAt | GiveUp = decide_retry(claim.attempts + 1, failure, now, claim.expires_at, jitter)
    if isinstance(decision, RetryAt):
        return Settlement(claim, "planned", PROVIDER_BUSY if busy else CHANNEL_STOPPED, decision.at, tries)
    return Settlement(claim, "expired", "no time for another try", None, tries)
