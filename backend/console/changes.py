"""What a change does to a plan, in a practitioner's words: shown before it is made, and in the history after."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backend.services.planning import PlanDiff
from schedules import MovedStep, Occurrence, Stretch

FALL_AWAY = "no longer asked"
COME = "asked as well"


def step_words(step: MovedStep, now: datetime) -> str:
    """`from 19 Mar, was 23 Mar; until 2 Apr, was 6 Apr`. Days on the client's clock; times where the day stays."""
    before, after, today = step.before, step.after, now.date()
    if before is None and after is None:
        return ""
    if before is None and after is not None:
        return f"new, {_span(after, today)}"
    if before is not None and after is None:
        return f"nothing more is due, was {_span(before, today)}"
    assert before is not None
    assert after is not None
    parts = [
        f"{name} {new}, was {old}"
        for name, old, new in (
            ("from", *_both(before.first, after.first, today)),
            ("until", *_both(before.last, after.last, today)),
        )
        if old != new
    ]
    if before.forecast and not after.forecast:
        parts.append("no longer a forecast" if parts else f"{_span(after, today)}, no longer a forecast")
    elif after.forecast:
        parts.append("a forecast")
    return "; ".join(parts)


def check_in_words(diff: PlanDiff) -> tuple[str, ...]:
    """`Check-ins of day 7, 10 and 14: no longer asked`; empty where none is touched."""
    if diff.timeline is None:
        return ()
    moves = ((diff.timeline.new, COME), (diff.timeline.withdrawn, FALL_AWAY))
    return tuple(line for occurrences, what in moves for line in _dated_lines(occurrences, what))


def reminder_words(diff: PlanDiff) -> str:
    """`2 new, 5 moved, 3 withdrawn`; empty where no reminder changes."""
    counts = ((len(diff.new), "new"), (len(diff.moved), "moved"), (len(diff.withdrawn), "withdrawn"))
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def is_still(diff: PlanDiff) -> bool:
    """Whether nothing at all would move."""
    return (diff.timeline is None or diff.timeline.is_empty) and not (diff.new or diff.moved or diff.withdrawn)


def history_words(details: Mapping[str, Any]) -> str:
    """` (3 steps moved)` of an act that kept its diff; empty for others."""
    steps = len(details.get("diff", {}).get("steps", ()))
    return f" ({steps} step{'s' if steps > 1 else ''} moved)" if steps else ""


def day_month(on: date, today: date) -> str:
    """`19 Mar`; with the year where it is another one."""
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b %Y}"


def list_words(words: Sequence[str]) -> str:
    """`7, 10 and 14`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1] if words else "")))


def _span(stretch: Stretch, today: date) -> str:
    about = "about " if stretch.forecast else ""
    first, last = (day_month(at.date(), today) for at in (stretch.first, stretch.last))
    return f"{about}{first}" if first == last else f"{about}{first} to {last}"


def _both(old: datetime, new: datetime, today: date) -> tuple[str, str]:
    """Two days; with the time where it is one day."""
    days = day_month(old.date(), today), day_month(new.date(), today)
    if days[0] != days[1] or old == new:
        return days
    return f"{days[0]}, {old.hour}:{old.minute:02}", f"{days[1]}, {new.hour}:{new.minute:02}"


def _dated_lines(occurrences: Sequence[Occurrence], what: str) -> Iterator[str]:
    for kind, one, many in (("check_in", "Check-in", "Check-ins"), ("photo", "Photos", "Photos")):
        days = sorted({each.day for each in occurrences if each.kind == kind})
        if days:
            yield f"{one if len(days) == 1 else many} of day {list_words([str(day) for day in days])}: {what}"
