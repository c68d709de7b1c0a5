"""Clients who fall silent: scheduled check-ins missed in a row, and from when on reminders stop (DESIGN section 7).

The ladder of silence: the gentle reminders of each check-in; after two missed in a row one tap is enough
(`one_tap` in place of `check_in_due`); after three it goes by mail too; after three and at least five days reminders
stop, one message says how to start again (`paused`), and the practitioner sees it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from schedules.reminder_facts import MissedRow, ScheduledCheckIn

ONE_TAP_AFTER = 2
BY_MAIL_AFTER = 3
STOP_AFTER = 3
STOP_NOT_BEFORE = timedelta(days=5)


def count_missed(check_ins: Iterable[ScheduledCheckIn], heard_at: datetime | None, now: datetime) -> MissedRow:
    """The check-ins missed in a row up to `now`, over all plans of a client.

    An answered check-in ends a row, and so does another word of the client at `heard_at` (a problem report, reminders
    started again): what closed by then was not met with silence, and none is older than that word. Open ones do not
    count yet.
    """
    row: list[ScheduledCheckIn] = []
    for check_in in sorted(check_ins, key=lambda each: (each.closes_at, each.due_at)):
        if check_in.answered:
            row.clear()
        elif check_in.closes_at <= now and (heard_at is None or check_in.closes_at > heard_at):
            row.append(check_in)
    if not row:
        return MissedRow()
    found = MissedRow(
        missed=len(row),
        since=max([min(check_in.due_at for check_in in row), *([heard_at] if heard_at else [])]),
        closed_at=row[-1].closes_at,
        third_closed_at=row[STOP_AFTER - 1].closes_at if len(row) >= STOP_AFTER else None,
    )
    at = stops_at(found)
    return found if at is None or at > now else replace(found, stopped_at=at)


def stops_at(row: MissedRow) -> datetime | None:
    """When reminders stop, or stopped, if the client stays silent; None while fewer than three were missed."""
    if row.missed < STOP_AFTER or row.since is None or row.third_closed_at is None:
        return None
    return max(row.third_closed_at, row.since + STOP_NOT_BEFORE)
