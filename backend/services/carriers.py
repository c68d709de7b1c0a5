"""Carriers while a client is planned anew. Values in, values out.

Some stay as they are: what may have left cannot be called back, and what was merged after an outage
(`services/catch_up.py`) is not taken apart.

What such a carrier carries counts as gone with it while it is wanted at all: it is neither sent alone nor in another
push, which would have another collapse id (PROMISES P3, T3). What is done, paused or silenced leaves it; a carrier that
has nothing left is withdrawn like any other row.

The others are named after the first that they carry. When that is done, the rest is due under another name, still as
one push. A row that may have left alone is hung on no carrier: it would come again under another collapse id.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schedules import PlannedReminder

CAUGHT_UP = "catch_up:"  # leads the dedupe keys of carriers that no plan knows
ON_ITS_WAY = "on its way when the plan changed"  # leads the trail of what stays for that reason


@dataclass(frozen=True, slots=True)
class PendingRow:
    """A row that is still to be sent, as far as planning looks at it."""

    id: UUID
    care_plan_id: UUID
    dedupe_key: str
    occurrence_key: str | None
    send_at: datetime
    expires_at: datetime
    carrier_id: UUID | None
    attempts: int
    by_mail: bool
    lease_token: UUID | None
    trail: str | None
    resend_of: UUID | None

    def may_have_left(self, now: datetime) -> bool:
        """Whether a worker has it in hand and its time has come, has had it when it died, or tried it before. One that
        was claimed ahead is looked at again before it goes."""
        return self.attempts > 0 or (self.lease_token is not None and self.send_at <= now)


def renamed_carriers(
    due: Iterable[PlannedReminder], pending: Mapping[str, PendingRow], now: datetime
) -> frozenset[str]:
    """Keys of carriers for what is `due`, pending and still to go with others, at least two of them each."""
    hung = Counter(
        each.carrier_key for each in due if each.carrier_key and not pending[each.dedupe_key].may_have_left(now)
    )
    return frozenset(key for key, count in hung.items() if count > 1)


def keep_carriers(
    pending: Mapping[str, PendingRow], desired: Mapping[str, PlannedReminder], now: datetime
) -> dict[str, PlannedReminder]:
    """`desired`, both by dedupe key, with what hangs on a carrier that stays left there, and that carrier wanted.

    Such a carrier is not sent before the first of what it still carries: where it has not left after all, new quiet
    hours hold it. A carrier not yet stored, of which nothing is left, is not wanted.
    """
    staying = {row.id: row for row in pending.values() if row.dedupe_key.startswith(CAUGHT_UP) or _left(row, now)}
    kept = dict(desired)
    carried: dict[UUID, list[PlannedReminder]] = {}
    for key, row in pending.items():
        carrier = staying.get(row.carrier_id) if row.carrier_id else None
        wanted = desired.get(key)
        if carrier is not None and wanted is not None and wanted.carrier_key != carrier.dedupe_key:
            carried.setdefault(carrier.id, []).append(wanted)
            kept[key] = _hung(row, wanted, carrier)
        elif row.id in staying and wanted is not None and wanted.carrier_key is not None:
            kept[key] = wanted._replace(outcome="send", carrier_key=None, send_at=row.send_at, by_mail=row.by_mail)
    if not carried:
        return kept
    for carrier_id, members in carried.items():
        carrier = staying[carrier_id]
        kept.setdefault(carrier.dedupe_key, _standing_in(carrier, members))
    named = {each.carrier_key for each in kept.values()}
    return {key: each for key, each in kept.items() if each.kind != "merged" or key in pending or key in named}


def _left(row: PendingRow, now: datetime) -> bool:
    return row.carrier_id is None and row.may_have_left(now)


def _hung(row: PendingRow, wanted: PlannedReminder, carrier: PendingRow) -> PlannedReminder:
    return wanted._replace(
        outcome="merged",
        carrier_key=carrier.dedupe_key,
        send_at=row.send_at,
        by_mail=row.by_mail,
        reason=_note(carrier, wanted.reason),
    )


def _standing_in(carrier: PendingRow, members: list[PlannedReminder]) -> PlannedReminder:
    send_at = max(carrier.send_at, min(each.send_at for each in members))
    return PlannedReminder(
        dedupe_key=carrier.dedupe_key,
        kind="merged",
        occurrence=None,
        occurrences=tuple(dict.fromkeys(key for each in members for key in each.occurrences)),
        send_at=send_at,
        expires_at=carrier.expires_at,
        local=members[0].local,
        reason=_note(carrier, carrier.trail or ""),
        ref=members[0].ref,
        by_mail=carrier.by_mail or any(each.by_mail for each in members),
    )


def _note(carrier: PendingRow, reason: str) -> str:
    if carrier.dedupe_key.startswith(CAUGHT_UP) or reason.startswith(ON_ITS_WAY):
        return reason
    return f"{ON_ITS_WAY}; {reason}"
