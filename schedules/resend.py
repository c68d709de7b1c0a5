"""Which pushes are sent again once when no device has confirmed them, and after how long (DESIGN section 7).

Of the high-value kinds a correction has its second sending a day later with the first one, and the ladder of a red flag
calls the client's practitioner twice by itself (PROMISES S2); what is left stands here.
"""

from datetime import datetime, time, timedelta

from schedules.instants import wall_time

# A mask that has rung unheard must be rinsed off soon; the second person is alone with the alarm 30 minutes away.
RESEND_AFTER = {
    "mask_done": timedelta(minutes=3),
    "act_now": timedelta(minutes=5),
    "help_followup": timedelta(minutes=30),
}
REPEATED_BY_LADDER = (1, 2)  # the practitioner's first call, and its repeat


def resend_after(kind: str, rung: int | None = None) -> timedelta | None:
    """How long after its sending an unconfirmed push is sent again; None: it is not. `rung`: of the ladder, 1 to 4."""
    return None if rung in REPEATED_BY_LADDER else RESEND_AFTER.get(kind)


def may_resend(
    kind: str, now: datetime, zone: str, quiet: tuple[time, time] | None, *, help_may_break_quiet: bool
) -> bool:
    """Whether a client's push may be sent again at this moment, by the quiet hours of the zone the client is in."""
    breaks_through = kind == "mask_done" or (kind == "help_followup" and help_may_break_quiet)
    if breaks_through or quiet is None or quiet[0] == quiet[1]:
        return True
    begins, ends = quiet
    shown = wall_time(now, zone).time()
    return not (begins <= shown < ends if begins < ends else shown >= begins or shown < ends)
