"""Practitioners come in by password; how clients do stands in `invites`."""

import secrets
from datetime import datetime

from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from backend.db import DoorScope, StaffScope, transaction
from backend.errors import NotSignedIn
from backend.models import Practitioner
from backend.services import audit, guesses, sessions
from backend.services.clinics import HASHER
from backend.services.sessions import SignedIn

NO_SUCH_HASH = HASHER.hash(secrets.token_urlsafe(16))  # an unknown name costs the same time as a wrong password


def sign_in(email: str, password: str, *, origin: str, name: str, now: datetime) -> tuple[SignedIn, str]:
    """A practitioner signs in; gives who it is and a fresh token. Unknown name and wrong password answer alike.

    Tries are counted by e-mail and `origin` (the caller's address), so a stranger's guessing does not lock out the
    true user.
    Raises NotSignedIn, TooMany.
    """
    email = email.strip().lower()
    key = sessions.hash_of(f"sign-in:{email}:{origin}")
    guesses.check(key, now)
    member = _member(email)
    if not _verify(member.password_hash if member else NO_SUCH_HASH, password) or member is None or not member.active:
        guesses.count(key, now)
        raise NotSignedIn("the e-mail address or the password is wrong")
    scope = StaffScope(member.clinic_id, member.id)
    with transaction(scope) as session:
        who, token = sessions.open_session(session, scope, name=name, platform="web", now=now, role=member.role)
        audit.record(
            session, scope, act="practitioner.sign_in", subject_kind="device", subject_id=who.device_id, now=now
        )
        return who, token


def _member(email: str) -> Practitioner | None:
    with transaction(DoorScope(email), write=False) as session:
        return session.scalar(select(Practitioner).where(Practitioner.email == email))


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
