"""The sentence about how healing runs (DESIGN 3.9). It compares with the plan's usual range and says nothing else."""

from backend.services.healing import AreaHealing
from mobile_api.words import familiar, sign_name
from schedules import Standing

NEWEST_DAYS = 1  # answers of today or yesterday say how it is, older ones how it was


def build_sentence(area: AreaHealing) -> str:
    """Where the newest answers stand, and who knows of it; empty without any answer."""
    standing = area.standing
    if standing is None:
        return ""
    told = f" {familiar(area.practitioner_name)} has been told."
    if standing.more:
        return _more(area, standing) + (told if area.has_warning else " We look again at your next check-in.")
    if area.has_warning:
        return "A warning is still open." + told
    place = "a little ahead of usual" if standing.ahead else "in the usual range"
    if not _is_newest(area, standing):
        return f"On day {standing.day} you were {place}."
    if standing.ahead:
        return f"A little ahead of usual for day {standing.day} after {_after(area)}."
    return f"You are in the usual range for day {standing.day} after {_after(area)}."


def _more(area: AreaHealing, standing: Standing) -> str:
    """A level that is higher than usual by its name; several signs, or one that has no more and less, as a list."""
    names = [sign_name(area.protocol, question) for question in standing.more]
    (sign, *others) = (one for one in area.series if one.question.id in standing.more)
    row = sign.sign.row_on(standing.day)
    if not others and row is not None and row.high is not None:
        verb = "is" if _is_newest(area, standing) else "was"
        return f"{names[0]} {verb} higher than usual for day {standing.day}."
    return f"Outside the usual range for day {standing.day}: {', '.join(name.lower() for name in names)}."


def _is_newest(area: AreaHealing, standing: Standing) -> bool:
    return area.day - standing.day <= NEWEST_DAYS


def _after(area: AreaHealing) -> str:
    """`saline removal`; a name in capitals stays as it is."""
    first, space, rest = area.protocol.method.name.partition(" ")
    return f"{first if first.isupper() else first.lower()}{space}{rest}"
