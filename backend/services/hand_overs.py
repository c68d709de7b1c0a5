"""A client's session handed on to the app on their own Home Screen: a code of 8 characters, once, for 30 minutes.

An iPhone gives an app on the Home Screen a store of its own, so that it is signed in nowhere (DESIGN section 8). The
browser in which the client is signed in asks for a code and puts it where the new app finds it. A device has one open
code at most; redeeming takes the row away, so that a spent code is an unknown one.

The code is an HMAC of its row's id under the server's secret, and what is stored is an HMAC of the code: it can be told
again to the device that asked for it, and nobody reads it out of the database.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from backend.db import ClientScope, DoorScope, transaction
from backend.errors import NotFound
from backend.ids import new_id
from backend.models import DeviceSession, HandOver
from backend.services import audit, guesses, sessions
from backend.services.invites import ALPHABET
from backend.services.sessions import SignedIn

LIFE = timedelta(minutes=30)
CODE_LENGTH = 8  # 39 bits, for half an hour, and guesses are counted


@dataclass(frozen=True, slots=True)
class HandOverMade:
    """`code` as it is read out: two groups of four."""

    code: str
    expires_at: datetime


def make(scope: ClientScope, device_id: UUID, *, secret: bytes, now: datetime) -> HandOverMade:
    """A fresh code for this device's client; the device's earlier one ends. NotFound for a device that is gone."""
    with transaction(scope) as session:
        device = session.get(DeviceSession, (scope.clinic_id, device_id), with_for_update=True)
        if device is None or device.holder_id != scope.client_id or device.ended_at is not None:
            raise NotFound("no such device")
        session.execute(delete(HandOver).where(HandOver.clinic_id == scope.clinic_id, HandOver.device_id == device_id))
        row = HandOver(
            clinic_id=scope.clinic_id,
            id=new_id(now),
            client_id=scope.client_id,
            device_id=device_id,
            code_hash="",
            expires_at=now + LIFE,
        )
        row.code_hash = _hash(secret, _code_of(secret, row.id))
        session.add(row)
        session.flush()
        return _describe(secret, row)


def get_open(scope: ClientScope, device_id: UUID, *, secret: bytes, now: datetime) -> HandOverMade | None:
    """The code that this device asked for, while it works."""
    with transaction(scope, write=False) as session:
        row = session.scalar(
            select(HandOver).where(
                HandOver.clinic_id == scope.clinic_id,
                HandOver.client_id == scope.client_id,
                HandOver.device_id == device_id,
                HandOver.expires_at > now,
            )
        )
        return _describe(secret, row) if row else None


def redeem(code: str, name: str, *, origin: str, secret: bytes, now: datetime) -> tuple[SignedIn, str]:
    """Signs another device in as the client whose code this is, once; gives who it is and a fresh token.

    Unknown, spent and expired codes answer alike: NotFound. So do those of a device that has signed out. Wrong tries
    are counted by `origin`, as at every door (TooMany).
    """
    guess_key = sessions.hash_of(f"hand-over:{origin}")
    guesses.check(guess_key, now)
    key = _hash(secret, "".join(c for c in code.upper() if c in ALPHABET))
    with transaction(DoorScope(key), write=False) as session:
        row = session.scalar(select(HandOver).where(HandOver.code_hash == key))
    signed_in = _sign_in(row, key, name, now) if row else None
    if signed_in is None:
        guesses.count(guess_key, now)
        raise NotFound("no such code")
    return signed_in


def _sign_in(row: HandOver, key: str, name: str, now: datetime) -> tuple[SignedIn, str] | None:
    """None where another device was quicker, the time is over, or the device that asked has signed out."""
    scope = ClientScope(row.clinic_id, row.client_id)
    with transaction(scope) as session:
        taken = session.execute(
            delete(HandOver)
            .where(HandOver.clinic_id == row.clinic_id, HandOver.code_hash == key, HandOver.expires_at > now)
            .returning(HandOver.device_id)
        ).all()
        asked = session.get(DeviceSession, (row.clinic_id, row.device_id))
        if len(taken) != 1 or asked is None or asked.ended_at is not None:
            return None
        who, token = sessions.open_session(session, scope, name=name, platform=asked.platform, now=now)
        audit.record(
            session,
            scope,
            act="hand_over.redeem",
            subject_kind="device",
            subject_id=who.device_id,
            client_id=row.client_id,
            now=now,
        )
        return who, token


def _describe(secret: bytes, row: HandOver) -> HandOverMade:
    code = _code_of(secret, row.id)
    return HandOverMade(f"{code[:4]}-{code[4:]}", row.expires_at)


def _code_of(secret: bytes, row_id: UUID) -> str:
    drawn = int.from_bytes(hmac.new(secret, b"hand-over:" + row_id.bytes, hashlib.sha256).digest())
    letters = []
    for _ in range(CODE_LENGTH):
        drawn, place = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def _hash(secret: bytes, code: str) -> str:
    return hmac.new(secret, b"hand-over-code:" + code.encode(), hashlib.sha256).hexdigest()
