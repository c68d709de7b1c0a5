"""Throttled guessing at doors: wrong tries are counted by key, and too many of them wait (PROMISES K5)."""

from datetime import datetime, timedelta

from sqlalchemy import case, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.db import DoorScope, transaction
from backend.errors import TooMany
from backend.models import Guess

GUESS_WINDOW = timedelta(minutes=15)
MOST_GUESSES = 10


def check(key: str, now: datetime) -> None:
    """Raises TooMany while a key has used up its tries."""
    with transaction(DoorScope(), write=False) as session:
        row = session.get(Guess, key)
        if row is not None and row.count >= MOST_GUESSES and now < row.window_starts_at + GUESS_WINDOW:
            left = row.window_starts_at + GUESS_WINDOW - now
            raise TooMany(int(left.total_seconds()) + 1)


def count(key: str, now: datetime) -> None:
    """One more wrong try. Counts in the database, so that guesses made at once are all counted."""
    with transaction(DoorScope()) as session:
        if not _add_guess(session, key, now):
            try:
                with session.begin_nested():
                    session.add(Guess(key=key, window_starts_at=now, count=1))
            except IntegrityError:  # another one at the same moment was the first
                _add_guess(session, key, now)


def _add_guess(session: Session, key: str, now: datetime) -> bool:
    past = Guess.window_starts_at <= now - GUESS_WINDOW
    counted = session.execute(
        update(Guess)
        .where(Guess.key == key)
        .values(
            count=case((past, 1), else_=Guess.count + 1),
            window_starts_at=case((past, now), else_=Guess.window_starts_at),
        )
        .returning(Guess.key)
        .execution_options(synchronize_session=False)
    )
    return len(counted.all()) == 1
