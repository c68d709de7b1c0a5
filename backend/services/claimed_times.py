"""How far a phone's clock is believed."""

from datetime import datetime, timedelta

CLAIM_AHEAD = timedelta(minutes=5)  # a phone's clock may be this much fast before its time is cut back


def bounded(claimed: datetime, earliest: datetime, now: datetime) -> datetime:
    """The phone's time, not before `earliest` and not ahead of the server."""
    return max(earliest, now if claimed > now + CLAIM_AHEAD else min(claimed, now))
