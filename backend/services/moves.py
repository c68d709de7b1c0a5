"""When a pending reminder stood elsewhere: a line a move in the row itself, newest first, so that no move costs a
statement of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime

MOST_CHARACTERS = 2000  # some 25 moves; what is older falls off the end
_AT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Move:
    """At `at` the reminder was moved away from `was_at`, for a neutral reason."""

    at: datetime
    was_at: datetime
    why: str


def write_move(at: datetime, was_at: datetime, why: str) -> str:
    """One line, to be put in front of the others."""
    return f"{at.astimezone(UTC):{_AT}} {was_at.astimezone(UTC):{_AT}} {' '.join(why.split())}\n"


def read_moves(text: str | None) -> tuple[Move, ...]:
    """All moves that are still there, oldest first; a last line that was cut off is left out."""
    whole = (text or "").rpartition("\n")[0]
    moves = []
    for line in whole.splitlines():
        at, was_at, why = line.split(" ", 2)
        moves.append(Move(_instant(at), _instant(was_at), why))
    return tuple(reversed(moves))


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _AT).replace(tzinfo=UTC)
