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

import orjson
from sqlalchemy import Connection, select

from backend import prepared
from backend.db import StaffScope, dialect_name, transaction, work
from backend.failpoints import hit
from backend.languages import DEFAULT, Language, spoken
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
    statement = sql.claim(dialect_name(), limit)
    with work(plan_once=True) as connection:
        given = {"lane": lane, "now": now, "until": now + ahead, "token": token, "lease_s": lease_s}
        rows = prepared.read(connection, statement, given)
        addresses = _list_addresses(connection, [(row.clinic_id, row.recipient_id) for row in rows]) if rows else []
        unread = _count_unread(connection, rows, addresses)
    if rows:
        hit("delivery.claimed")
    claims = (
        Claim._make((*row, token, tuple(found), unread.get(place, 0)))
        for place, (row, found) in enumerate(zip(rows, addresses, strict=True))
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
    with work(write=renew_s is not None, plan_once=True) as connection:
        if renew_s is None:
            places = {place for (place,) in prepared.read(connection, statements.look, given)}
        else:
            rows = prepared.read(connection, statements.renew, {**given, "lease_s": renew_s})
            renewed = {tuple(row) for row in rows}
            places = {place for place, row in enumerate(claims) if row.key in renewed}
    if len(places) == len(claims):
        return tuple(claims)
    release([row for place, row in enumerate(claims) if place not in places])
    return tuple(row for place, row in enumerate(claims) if place in places)


def release(claims: Sequence[Claim]) -> None:
    """Give back what was claimed and not tried, where the lease is still ours."""
    if not claims:
        return
    given = {**_pairs(row.key for row in claims), "token": claims[0].token}
    with work(plan_once=True) as connection:
        connection.execute(sql.BY_DIALECT[dialect_name()].release, given)


def record(settlements: Sequence[Settlement], *, now: datetime) -> int:
    """Write a slice of results; gives how many rows were still ours. Where the lease was lost only the tries are kept.

    Addresses that are gone retire alone, and only if they have not changed since the claim.
    """
    hit("delivery.sent")
    # One order of locks in all workers; ids are compared as numbers, which is the order of both databases.
    ordered = sorted(settlements, key=lambda each: (each.claim.clinic_id.int, each.claim.id.int))
    with work(plan_once=True) as connection:
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


def list_mail_addresses(clinic_id: UUID, recipient_ids: Iterable[UUID]) -> dict[UUID, tuple[str, Language]]:
    """Where active practitioners and clients of a clinic get mail, and what they read; a client who gave no address
    agreed to none."""
    wanted = set(recipient_ids)
    practitioners = select(Practitioner.id, Practitioner.email).where(
        Practitioner.clinic_id == clinic_id, Practitioner.active.is_(True), Practitioner.id.in_(wanted)
    )
    clients = select(Client.id, Client.email, Client.language).where(
        Client.clinic_id == clinic_id, Client.email.is_not(None), Client.id.in_(wanted)
    )
    with transaction(StaffScope(clinic_id, None), write=False) as session:
        found = {row.id: (row.email, DEFAULT) for row in session.execute(practitioners)}
        return {**found, **{row.id: (row.email or "", spoken(row.language)) for row in session.execute(clients)}}


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


def _list_addresses(connection: Connection, holders: Sequence[Key]) -> list[list[Address]]:
    """The addresses of each holder, in the order of the holders."""
    found: list[list[Address]] = [[] for _ in holders]
    rows = prepared.read(connection, sql.BY_DIALECT[dialect_name()].addresses, _pairs(holders))
    for place, address_id, kind, endpoint, token, p256dh, auth, address_hash, language in rows:
        target = PushTarget(address_id, cast(AddressKind, kind), endpoint, p256dh, auth, token)
        found[place].append(Address(target, address_hash, spoken(language)))
    return found


def _count_unread(
    connection: Connection, rows: Sequence[Any], addresses: Sequence[Sequence[Address]]
) -> dict[int, int]:
    """Unread messages by the place of a row, for clients whose browser shows the number."""
    places = [
        place
        for place, (row, found) in enumerate(zip(rows, addresses, strict=True))
        if row.recipient_kind == "client" and any(each.target.kind == "web_push" for each in found)
    ]
    if not places:
        return {}
    given = _pairs((rows[place].clinic_id, rows[place].recipient_id) for place in places)
    counted = prepared.read(connection, sql.BY_DIALECT[dialect_name()].unread, given)
    return {places[nth]: unread for nth, unread in counted}


def _pairs(keys: Iterable[Key]) -> dict[str, Any]:
    if dialect_name() == "sqlite":
        return {"pairs": json.dumps([(clinic.hex, row.hex) for clinic, row in keys])}
    listed = list(keys)
    return {"clinics": _array(clinic for clinic, _ in listed), "ids": _array(row for _, row in listed)}


def _array(values: Iterable[UUID | datetime | str | int | None]) -> str:
    """An array of PostgreSQL as text: the driver writes a list element by element, at many times the price.

    JSON's list is that but for the brackets. A control character, which no answer should hold, loses its meaning.
    """
    return "{" + orjson.dumps(list(values)).decode()[1:-1] + "}"


def _settle(connection: Connection, settlements: Sequence[Settlement], now: datetime) -> int:
    if dialect_name() == "postgresql":
        (counted,) = prepared.read(connection, sql.RECORD_POSTGRESQL, _columns(settlements, now))
        return int(counted.settled)
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
    claims = [each.claim for each in settlements]
    tries = [(place, tried) for place, each in enumerate(settlements) for tried in each.tries]
    results = [tried.result for _, tried in tries]
    columns: dict[str, Iterable[UUID | datetime | str | int | None]] = {
        "clinics": (claim.clinic_id for claim in claims),
        "ids": (claim.id for claim in claims),
        "tokens": (claim.token for claim in claims),
        "states": (each.state for each in settlements),
        "reasons": (each.reason for each in settlements),
        "send_ats": (each.send_at for each in settlements),
        "tries": (min(len(each.tries), 1) for each in settlements),
        "attempts": (claim.attempts + 1 for claim in claims),
        "t_places": (place for place, _ in tries),
        "t_addresses": (tried.address.target.id if tried.address else None for _, tried in tries),
        "t_channels": (tried.channel for _, tried in tries),
        "t_outcomes": (result.outcome for result in results),
        "t_details": (result.detail[:DETAIL_LIMIT] for result in results),
        "t_providers": (result.provider_id[:DETAIL_LIMIT] for result in results),
    }
    return {"now": now, **{name: _array(values) for name, values in columns.items()}}
