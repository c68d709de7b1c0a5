"""The pusher of the simulation: answers by a script and keeps what it was given, in order."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

from backend.ports import AddressKind, PushMessage, PushResult

Script = Callable[[PushMessage, int], PushResult]
ACCEPTED = PushResult("accepted", detail="script")


def accept_all(message: PushMessage, attempt: int) -> PushResult:
    """The script of phones that are always there."""
    del message, attempt
    return ACCEPTED


class ScriptedPusher:
    """Asks `script(message, attempt)` for each result; `attempt` counts from 1 per reminder and address.

    A script that raises gives retry_later with the type's name, as the real pushers do. `sent` holds every message,
    whatever the answer: what a provider would have seen.
    """

    def __init__(
        self,
        script: Script = accept_all,
        kinds: frozenset[AddressKind] = frozenset({"fcm_fid", "fcm_token", "web_push"}),
    ) -> None:
        self.kinds = kinds
        self.sent: list[PushMessage] = []
        self._script = script
        self._attempts: Counter[tuple[UUID, UUID]] = Counter()

    async def send(self, batch: Sequence[PushMessage]) -> AsyncIterator[tuple[int, PushResult]]:
        for message in batch:
            tried = (message.reminder_id, message.target.id)
            self._attempts[tried] += 1
            self.sent.append(message)
            try:
                result = self._script(message, self._attempts[tried])
            except Exception as fault:
                result = PushResult("retry_later", detail=type(fault).__name__)
            yield message.ref, result

    async def close(self) -> None:
        return None
