"""Which push channels are held up in this process: a provider refuses our key, or is down (PROMISES P5)."""

import logging
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from backend.ports import AddressKind, Channel, PushResult, PushTarget

CHANNEL_OF: dict[AddressKind, Channel] = {"fcm_fid": "fcm", "fcm_token": "fcm", "web_push": "web_push"}
PROBE_AFTER_S = 60.0
log = logging.getLogger("fallow.worker")


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """When a provider counts as down: so many different addresses in a row failed, and none was reached in between.
    Then one message may try it after `first_pause_s`, each time twice as late, at most `longest_pause_s`."""

    addresses: int = 10
    first_pause_s: float = 5.0
    longest_pause_s: float = 300.0


class Breaker:
    """The circuit breaker of one provider's host: closed, open, half open (one probe). It ends with the first proper
    answer of any kind. Times are the loop's.

    It counts addresses, not answers: one phone that never answers, or a push that is throttled again and again, says
    nothing about the others.
    """

    def __init__(self, limits: BreakerLimits) -> None:
        self._limits = limits
        self._failed: set[UUID] = set()
        self._pause_s = limits.first_pause_s
        self._next_probe: float | None = None
        self._probe_is_out = False
        self.opened_at: float | None = None

    def wait_s(self, at: float) -> float:
        """Seconds until a message may be sent; 0 of an open one is the right to one probe."""
        if self._next_probe is None:
            return 0.0
        if at < self._next_probe:
            return self._next_probe - at
        self._next_probe, self._probe_is_out = at + self._pause_s, True
        return 0.0

    @property
    def is_open(self) -> bool:
        return self._next_probe is not None

    def note_failed(self, address: UUID, at: float) -> bool:
        """The provider said 429 or 5xx, or nothing; True where that opened the breaker."""
        if self._probe_is_out:
            self._pause_s = min(self._pause_s * 2, self._limits.longest_pause_s)
            self._next_probe, self._probe_is_out = at + self._pause_s, False
        if self._next_probe is not None:  # what was in the air when it opened says nothing new
            return False
        self._failed.add(address)
        if len(self._failed) < self._limits.addresses:
            return False
        self._next_probe = at + self._pause_s
        self.opened_at = at
        return True


class Channels:
    """A channel stops at the first `misconfigured`. Once a minute one message may try it; accepted, it goes on.

    So a key that was set right needs no restart, and one subscription made under another key does not silence a clinic
    for good. Beside that each provider's host has a breaker. Times are the event loop's; used on that loop alone, by
    both lanes together: what the red lane sends is never held up, and tells the rest that a provider is back.
    """

    def __init__(self, probe_after_s: float = PROBE_AFTER_S, breaker: BreakerLimits | None = None) -> None:
        self._probe_after_s = probe_after_s
        self._limits = breaker or BreakerLimits()
        self._stopped: dict[Channel, float] = {}
        self._breakers: dict[tuple[Channel, str], Breaker] = {}
        self._told: set[tuple[UUID, Channel]] = set()

    @property
    def stopped(self) -> tuple[str, ...]:
        """Channels whose provider refuses our key."""
        return tuple(sorted(self._stopped))

    def down_s(self, at: float) -> dict[str, float]:
        """Channels of which a provider does not take messages, with the seconds since the first of them stopped. May
        be asked from another thread."""
        opened: dict[str, float] = {}
        for (channel, _), breaker in list(self._breakers.items()):
            if breaker.opened_at is not None:
                opened[channel] = max(opened.get(channel, 0.0), at - breaker.opened_at)
        return opened

    def wait_s(self, target: PushTarget, at: float) -> float:
        """Seconds until a message may go to an address; 0: now, which may be the right to one probe."""
        if not self._stopped and not self._breakers:
            return 0.0
        channel = CHANNEL_OF[target.kind]
        next_probe = self._stopped.get(channel)
        if next_probe is not None and at < next_probe:
            return next_probe - at
        breaker = self._breakers.get((channel, _host(target)))
        wait_s = breaker.wait_s(at) if breaker is not None else 0.0
        if next_probe is not None and not wait_s:
            self._stopped[channel] = at + self._probe_after_s
        return wait_s

    def note(self, target: PushTarget, result: PushResult, at: float) -> None:
        """Take in an answer."""
        if result.outcome == "accepted" and not self._stopped and not self._breakers:
            return
        channel = CHANNEL_OF[target.kind]
        if result.outcome == "misconfigured":
            if channel not in self._stopped:
                log.error("push channel %s is stopped: the provider refuses our key; nothing is retired", channel)
            self._stopped[channel] = at + self._probe_after_s
        elif result.outcome == "accepted" and self._stopped.pop(channel, None) is not None:
            log.warning("push channel %s accepts again", channel)
        if result.outcome == "retry_later" and not result.tried:
            return
        self._note_host(channel, target, result.outcome == "retry_later", at)

    def may_tell(self, clinic_id: UUID, channel: Channel) -> bool:
        """Whether a clinic's owners are still to be told that a channel is stopped: once a process."""
        if channel not in self._stopped or (clinic_id, channel) in self._told:
            return False
        self._told.add((clinic_id, channel))
        return True

    def _note_host(self, channel: Channel, target: PushTarget, failed: bool, at: float) -> None:
        key = (channel, _host(target))
        breaker = self._breakers.get(key)
        if breaker is None:
            if not failed:
                return
            breaker = self._breakers[key] = Breaker(self._limits)
        if not failed:
            del self._breakers[key]
            if breaker.is_open:
                log.warning("push channel %s: %s answers again", *key)
        elif breaker.note_failed(target.id, at):
            log.error("push channel %s: %s does not take messages; they wait", *key)


def _host(target: PushTarget) -> str:
    """What has a breaker of its own: the whole channel for Firebase, each push service for Web Push."""
    if target.kind != "web_push":
        return "the provider"
    try:
        return urlsplit(target.endpoint).netloc
    except ValueError:
        return ""
