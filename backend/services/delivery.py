"""Claim, last look, record: the short transactions around a send (PROMISES P3-P5, T3; ARCHITECTURE 3).

No transaction is open while a provider is asked. A crash between send and record costs one double under the same
collapse id and loses nothing: the lease ends by database time, and the row is claimed again.

What a carrier carries ends with it, in the carrier's transaction, each row by its own window: past its window it is
`expired`; else `merged` where the carrier was sent, and the carrier's own state where it could not be (the carried rows
go to the same recipient at the same time, so they would meet the same fate). A carrier that was withdrawn frees what it
carried. A row that a re-plan hangs on a carrier at the very moment it is recorded is settled by `services/expiry.py`.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Connection, select

from backend import prepared
from backend.db import StaffScope, dialect_name, transaction, work
from backend.failpoints import hit
from backend.models import Client, Practitioner
from backend.ports import AddressKind, PushTarget
from backend.services import delivery_sql as sql
from backend.services.delivery_results import DETAIL_LIMIT, Address, Claim, Settlement

_RETIRE = sql.typed(sql.RETIRE)
_OF_ONE_CARRIER = sql.typed(sql.OF_ONE_CARRIER)
Key = tuple[UUID, UUID]


def claim(lane: int, *, limit: int, lease_s: int, now: datetime, ahead: timedelta = timedelta()) -> tuple[Claim, ...]:
    """Take up to `limit` due reminders of a lane for `lease_s` real seconds, oldest first, with their addresses; with
    `ahead` also what falls due until then, which must not be sent before it does."""
    token = uuid4()
    statements = sql.BY_DIALECT[dialect_name()]
    with work() as connection:
        given = {"lane": lane, "now": now, "until": now + ahead, "token": token, "limit": limit, "lease_s": lease_s}
        rows = prepared.read(connection, statements.claim, given)
        addresses = _list_addresses(connection, {(row.clinic_id, row.recipient_id) for row in rows}) if rows else {}
    if rows:
        hit("delivery.claimed")
    claims = (
        Claim(token=token, addresses=addresses.get((row.clinic_id, row.recipient_id), ()), **row._asdict())
        for row in rows
    )
    return tuple(sorted(claims, key=lambda row: row.send_at))


def look_again(claims: Sequence[Claim], *, now: datetime, renew_s: int | None = None) -> tuple[Claim, ...]:
    """Those that are still to be sent, right before they are: planned, due, ours (PROMISES T3).

    `renew_s`: start their lease anew for so many seconds. What is planned no longer for now is given back.
    """
    if not claims:
        return ()
    statements = sql.BY_DIALECT[dialect_name()]
    given: dict[str, Any] = {**_pairs(row.key for row in claims), "token": claims[0].token, "now": now}
    with work(write=renew_s is not None) as connection:
        if renew_s is None:
            rows = prepared.read(connection, statements.look, given)
        else:
            rows = prepared.read(connection, statements.renew, {**given, "lease_s": renew_s})
    wanted = {(row.clinic_id, row.id) for row in rows}
    release([row for row in claims if row.key not in wanted])
    return tuple(row for row in claims if row.key in wanted)


def release(claims: Sequence[Claim]) -> None:
    """Give back what was claimed and not tried, where the lease is still ours."""
    if not claims:
        return
    given = {**_pairs(row.key for row in claims), "token": claims[0].token}
    with work() as connection:
        connection.execute(sql.BY_DIALECT[dialect_name()].release, given)


def record(settlements: Sequence[Settlement], *, now: datetime) -> int:
    """Write a slice of results; gives how many rows were still ours. Where the lease was lost only the tries are kept.

    Addresses that are gone retire alone, and only if they have not changed since the claim.
    """
    hit("delivery.sent")
    ordered = sorted(settlements, key=lambda each: each.claim.key)  # one order of locks in all workers
    with work() as connection:
        settled = _settle(connection, ordered, now)
        carriers = [
            {"clinic_id": each.claim.clinic_id, "id": each.claim.id, "now": now}
            for each in ordered
            if each.claim.kind == "merged" and each.state != "planned"
        ]
        if carriers:  # a statement of its own: it sees rows that a re-plan hung on while the first one waited
            prepared.write(connection, _OF_ONE_CARRIER, carriers)
        gone = [
            {"clinic_id": each.claim.clinic_id, "id": tried.address.target.id, "hash": tried.address.hash, "now": now}
            for each in ordered
            for tried in each.tries
            if tried.address is not None and tried.result.outcome == "gone"
        ]
        if gone:
            prepared.write(connection, _RETIRE, gone)
    hit("delivery.recorded")
    return settled


def list_mail_addresses(clinic_id: UUID, recipient_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where active practitioners and clients of a clinic get mail; a client who gave no address agreed to none."""
    wanted = set(recipient_ids)
    practitioners = select(Practitioner.id, Practitioner.email).where(
        Practitioner.clinic_id == clinic_id, Practitioner.active.is_(True), Practitioner.id.in_(wanted)
    )
    clients = select(Client.id, Client.email).where(
        Client.clinic_id == clinic_id, Client.email.is_not(None), Client.id.in_(wanted)
    )
    with transaction(StaffScope(clinic_id, None), write=False) as session:
        return {row.id: row.email or "" for query in (practitioners, clients) for row in session.execute(query)}


def list_owner_mails(clinic_id: UUID) -> list[str]:
    """Where the owners of a clinic get mail."""
    with transaction(StaffScope(clinic_id, None), write=False) as session:
        return list(
            session.scalars(
                select(Practitioner.email).where(
                    Practitioner.clinic_id == clinic_id,
                    Practitioner.active.is_(True),
                    Practitioner.role == "owner",
                )
            )
        )


def _list_addresses(connection: Connection, holders: set[Key]) -> dict[Key, tuple[Address, ...]]:
    found: dict[Key, tuple[Address, ...]] = {}
    for row in prepared.read(connection, sql.BY_DIALECT[dialect_name()].addresses, _pairs(holders)):
        target = PushTarget(row.id, cast(AddressKind, row.kind), row.endpoint, row.p256dh, row.auth, row.token)
        key = (row.clinic_id, row.holder_id)
        found[key] = (*found.get(key, ()), Address(target, row.address_hash))
    return found


def _pairs(keys: Iterable[Key]) -> dict[str, Any]:
    if dialect_name() == "sqlite":
        return {"pairs": json.dumps([(clinic.hex, row.hex) for clinic, row in keys])}
    listed = list(keys)
    return {"clinics": _array(clinic for clinic, _ in listed), "ids": _array(row for _, row in listed)}


def _array(ids: Iterable[UUID | None]) -> str:
    """A uuid[] of PostgreSQL as text: the driver writes a list element by element, at several times the price."""
    return "{" + ",".join("NULL" if each is None else each.hex for each in ids) + "}"


def _settle(connection: Connection, settlements: Sequence[Settlement], now: datetime) -> int:
    if dialect_name() == "postgresql":
        return int(connection.execute(sql.RECORD_POSTGRESQL, _columns(settlements, now)).scalar_one())
    rows = [
        {
            "clinic_id": each.claim.clinic_id,
            "id": each.claim.id,
            "token": each.claim.token,
            "state": each.state,
            "reason": each.reason,
            "send_at": each.send_at,
            "tries": min(len(each.tries), 1),
            "settled_at": None if each.state == "planned" else now,
        }
        for each in settlements
    ]
    settled = prepared.write(connection, sql.SETTLE_SQLITE, rows)
    tries = _tries(settlements)
    if tries:
        prepared.write(connection, sql.ATTEMPT_SQLITE, [{**entry, "at": now} for entry in tries])
    return settled


def _tries(settlements: Sequence[Settlement]) -> list[dict[str, Any]]:
    return [
        {
            "clinic_id": each.claim.clinic_id,
            "reminder_id": each.claim.id,
            "address_id": tried.address.target.id if tried.address else None,
            "channel": tried.channel,
            "attempt": each.claim.attempts + 1,
            "outcome": tried.result.outcome,
            "detail": tried.result.detail[:DETAIL_LIMIT],
            "provider_id": tried.result.provider_id[:DETAIL_LIMIT],
            "lease_token": each.claim.token,
        }
        for each in settlements
        for tried in each.tries
    ]


def _columns(settlements: Sequence[Settlement], now: datetime) -> dict[str, Any]:
    """The same as arrays, one a column, for one statement on PostgreSQL."""
    tries = _tries(settlements)
    names = {
        "t_channels": "channel",
        "t_attempts": "attempt",
        "t_outcomes": "outcome",
        "t_details": "detail",
        "t_providers": "provider_id",
    }
    ids = {"t_clinics": "clinic_id", "t_ids": "reminder_id", "t_addresses": "address_id", "t_tokens": "lease_token"}
    return {
        "clinics": _array(each.claim.clinic_id for each in settlements),
        "ids": _array(each.claim.id for each in settlements),
        "tokens": _array(each.claim.token for each in settlements),
        "states": [each.state for each in settlements],
        "reasons": [each.reason for each in settlements],
        "send_ats": [each.send_at for each in settlements],
        "tries": [min(len(each.tries), 1) for each in settlements],
        "now": now,
        **{column: [entry[name] for entry in tries] for column, name in names.items()},
        **{column: _array(entry[name] for entry in tries) for column, name in ids.items()},
    }
