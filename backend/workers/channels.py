"""Which push channels are stopped in this process, because their provider refuses our key (PROMISES P5)."""

import logging

from backend.ports import AddressKind, Channel, Outcome

CHANNEL_OF: dict[AddressKind, Channel] = {"fcm_fid": "fcm", "fcm_token": "fcm", "web_push": "web_push"}
PROBE_AFTER_S = 60.0
log = logging.getLogger("fallow.worker")


class Channels:
    """A channel stops at the first `misconfigured`. Once a minute one message may try it; accepted, it goes on.

    So a key that was set right needs no restart, and one subscription made under another key does not silence a clinic
    for good. Times are the event loop's; used on that loop alone.
    """

    def __init__(self, probe_after_s: float = PROBE_AFTER_S) -> None:
        self._probe_after_s = probe_after_s
        self._stopped: dict[Channel, float] = {}

    @property
    def stopped(self) -> tuple[str, ...]:
        return tuple(sorted(self._stopped))

    def may_send(self, channel: Channel, at: float) -> bool:
        """Whether a message may go over the channel; for a stopped one, True is the right to one probe."""
        next_probe = self._stopped.get(channel)
        if next_probe is None:
            return True
        if at < next_probe:
            return False
        self._stopped[channel] = at + self._probe_after_s
        return True

    def note(self, channel: Channel, outcome: Outcome, at: float) -> bool:
        """Take in an answer; True when it stopped the channel that was open until now."""
        if outcome == "accepted" and self._stopped.pop(channel, None) is not None:
            log.warning("push channel %s accepts again", channel)
        if outcome != "misconfigured":
            return False
        fresh = channel not in self._stopped
        self._stopped[channel] = at + self._probe_after_s
        if fresh:
            log.error("push channel %s is stopped: the provider refuses our key; nothing is retired", channel)
        return fresh
