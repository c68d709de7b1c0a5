"""The sentence about how healing runs (DESIGN 3.9). It compares with the plan's usual range and says nothing else."""

from backend.services.healing import AreaHealing
from mobile_api.wording import Wording
from mobile_api.words import familiar, sign_name
from schedules import Standing

NEWEST_DAYS = 1  # answers of today or yesterday say how it is, older ones how it was


def build_sentence(say: Wording, area: AreaHealing) -> str:
    """Where the newest answers stand, and who knows of it; empty without any answer."""
    standing = area.standing
    if standing is None:
        return ""
    told = say.told.format(name=familiar(area.practitioner_name))
    if standing.more:
        return f"{_more(say, area, standing)} {told if area.has_warning else say.again_next_time}"
    if area.has_warning:
        return f"{say.warning_open} {told}"
    if not _is_newest(area, standing):
        return (say.was_ahead if standing.ahead else say.was_in_range).format(day=standing.day)
    return (say.is_ahead if standing.ahead else say.is_in_range).format(day=standing.day, method=_method(area))


def _more(say: Wording, area: AreaHealing, standing: Standing) -> str:
    """A level that is higher than usual by its name; several signs, or one that has no more and less, as a list."""
    names = [sign_name(say, area.protocol, question) for question in standing.more]
    (sign, *others) = (one for one in area.series if one.question.id in standing.more)
    row = sign.sign.row_on(standing.day)
    if not others and row is not None and row.high is not None:
        form = say.more_now if _is_newest(area, standing) else say.more_then
        return form.format(sign=names[0], day=standing.day)
    return say.outside.format(day=standing.day, signs=", ".join(name.lower() for name in names))


def _is_newest(area: AreaHealing, standing: Standing) -> bool:
    return area.day - standing.day <= NEWEST_DAYS


def _method(area: AreaHealing) -> str:
    """`saline removal`; a name in capitals stays as it is."""
    first, space, rest = area.protocol.method.name.partition(" ")
    return f"{first if first.isupper() else first.lower()}{space}{rest}"
