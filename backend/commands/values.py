"""Values given on the command line: each reader takes a text and raises ValueError with what would be right."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import TypeVar
from uuid import UUID

from backend.commands import WrongUsage

Value = TypeVar("Value")
FIRST_YEAR, LAST_YEAR = 1970, 2200
MOST_DAYS = 3650
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
DAYS = re.compile(r"(\d{1,4})-(\d{1,4})", re.ASCII)
QUIET = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)", re.ASCII)


class Values:
    """Reads values one after the other and keeps every fault, so that all are named at once."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def need(self, option: str, text: str | None, reader: Callable[[str], Value]) -> Value | None:
        """The value of an option that must be given; None after a fault."""
        if text is None:
            self.faults.append(f"{option} is missing")
        return self.read(option, text, reader)

    def read(self, option: str, text: str | None, reader: Callable[[str], Value]) -> Value | None:
        """The value of an option; None if it is not given, or after a fault."""
        if text is None:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self.faults.append(f"{option} {shorten(text)}: {error}")
            return None

    def read_all(self, option: str, texts: Sequence[str], reader: Callable[[str], Value]) -> tuple[Value, ...]:
        """The values of an option that may be given several times."""
        found = (self.read(option, text, reader) for text in texts)
        return tuple(value for value in found if value is not None)

    def raise_any(self) -> None:
        """Raise WrongUsage with all faults, if there are any."""
        if self.faults:
            raise WrongUsage(self.faults)


def shorten(text: str) -> str:
    """A given text as it can be shown in one line."""
    return repr(text if len(text) <= 60 else f"{text[:60]}...")


def choose_from(choices: Iterable[str]) -> Callable[[str], str]:
    """A reader of one of some words."""
    known = tuple(choices)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return text

    return read


def read_instant(text: str) -> datetime:
    """An instant with `Z` or an offset, as in 2026-03-26T15:20:00Z."""
    if not INSTANT.fullmatch(text):
        raise ValueError("must be an instant with its offset, as 2026-03-26T15:20:00Z or 2026-03-26T15:20:00+01:00")
    return _check_year(_exists(datetime.fromisoformat, text))


def read_date(text: str) -> date:
    """A date as in 2026-03-26."""
    if not DATE.fullmatch(text):
        raise ValueError("must be a date, as 2026-03-26")
    return _check_year(_exists(date.fromisoformat, text))


def read_days(text: str) -> tuple[int, int]:
    """Plan days `A-B`, both ends included."""
    match = DAYS.fullmatch(text)
    first, last = (int(match[1]), int(match[2])) if match else (1, 0)
    if not first <= last <= MOST_DAYS:
        raise ValueError(f"must be two day numbers, the first not after the second, up to {MOST_DAYS}, as 0-14")
    return first, last


def read_quiet(text: str) -> tuple[time, time]:
    """Quiet hours as in 22:00-07:30."""
    match = QUIET.fullmatch(text)
    if match is None:
        raise ValueError("must be two times of day, as 22:00-07:30")
    begins, ends = _exists(time.fromisoformat, match[1]), _exists(time.fromisoformat, match[2])
    if begins == ends:
        raise ValueError("must begin and end at different times, as 22:00-07:30")
    return begins, ends


def read_count(text: str) -> int:
    """A whole number from 1 to 99."""
    if not re.fullmatch(r"[1-9]\d?", text, re.ASCII):
        raise ValueError("must be a whole number from 1 to 99")
    return int(text)


def read_id(text: str) -> UUID:
    """The id of a clinic, a client or a reminder."""
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(f"must be an id, as {UUID(int=0)}") from None


def read_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers within bounds."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _exists(parse: Callable[[str], Value], text: str) -> Value:
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"does not exist: {error}") from None


Dated = TypeVar("Dated", date, datetime)


def _check_year(value: Dated) -> Dated:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return value
