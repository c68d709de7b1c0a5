"""The pusher of a development server without a push channel: writes the neutral words to the log, no address, no id."""

import logging
from collections.abc import AsyncIterator, Sequence

from backend.ports import AddressKind, PushMessage, PushResult

log = logging.getLogger("fallow.push")


class LogPusher:
    """Accepts everything it is given. Refused in production by the settings."""

    def __init__(self, kinds: frozenset[AddressKind] = frozenset({"fcm_fid", "fcm_token", "web_push"})) -> None:
        self.kinds = kinds

    async def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        for message in batch:
            log.info("push, not sent (development): %s: %s", message.title, message.body)
            yield message.ref, PushResult("accepted", detail="log")

    async def close(self) -> None:
        return None
