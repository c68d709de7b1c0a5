"""Ends what is past its window, and what its carrier left behind (PROMISES P2, P6). Runs every few seconds."""

from datetime import datetime

from backend import prepared
from backend.db import dialect_name, work
from backend.models.reminders import RED_LANE, REST_LANE
from backend.services import delivery_sql as sql

LIMIT = 2000
_CARRIED = tuple(sql.typed(statement) for statement in (sql.LEFT_BEHIND, sql.FREE_CARRIED, sql.EXPIRE_CARRIED))


def expire(*, now: datetime) -> int:
    """End every due row whose window has closed; gives how many.

    A row under a running lease is left alone: its send may be recorded any moment, and that is the truth then. Rows
    that hang on a settled carrier end with it; those of a withdrawn one are freed to go alone. Mostly there is nothing
    to do: that is seen by one look that keeps no writer waiting.
    """
    with work(write=False) as connection:
        if not prepared.read(connection, sql.ANYTHING_TO_END, {"now": now}):
            return 0
    ended = 0
    for lane in (RED_LANE, REST_LANE):
        while True:
            with work() as connection:
                given = {"lane": lane, "now": now, "until": now}
                done = len(prepared.read(connection, sql.expire(dialect_name(), LIMIT), given))
            ended += done
            if done < LIMIT:
                break
    with work() as connection:
        return ended + sum(prepared.write(connection, statement, [{"now": now}]) for statement in _CARRIED)
