"""How far a phone's clock is believed."""

from datetime import datetime, timedelta

CLAIM_AHEAD = timedelta(minutes=5)  # a phone's clock may be this much fast before its time is cut back
CLOCK_OFF = timedelta(minutes=30)  # a queue that was slow to send is no wrong clock; a wrong zone is off by more


def bounded(claimed: datetime, earliest: datetime, now: datetime, age: timedelta | None = None) -> datetime:
    """The phone's time, not before `earliest` and not ahead of the server.

    `age`: how long ago it was by the phone's monotonic clock, which nobody sets; None where the phone does not know.
    Where the two are more than CLOCK_OFF apart the phone's clock was wrong, and the age counts.
    """
    by_age = claimed if age is None else now - age
    told = claimed if abs(by_age - claimed) <= CLOCK_OFF else by_age
    return max(earliest, now if told > now + CLAIM_AHEAD else min(told, now))
