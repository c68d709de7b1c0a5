"""Stands in for names that the core is getting at this moment: delete this file and import them from `schedules`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, time
from typing import Literal

import schedules
from schedules import Occurrence, Protocol, ReadinessCheck, Timeline, Trigger, is_before_change


@dataclass(frozen=True, slots=True)
class LintFinding:
    severity: Literal["error", "warning"]
    path: str
    problem: str
    remedy: str


def lint_protocol(
    protocol: Protocol,
    others: Iterable[Protocol] = (),
    *,
    confirmed: frozenset[str] = frozenset(),
    shipped: Protocol | None = None,
) -> tuple[LintFinding, ...]:
    del confirmed, shipped
    found = schedules.lint_protocol(protocol, others)
    return tuple(LintFinding("error", fault.path, fault.problem, "set another value") for fault in found)


KEY_OF_FIELD = {"start": "from", "end": "until", "what_is_usual": "what_is_normal"}  # where the files' key differs
NOT_IN_THE_FILE = ("shared", "overlay")


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """One value under its path in the protocol file. `before` and `after` are plain: numbers, text, lists, mappings;
    times as 'HH:MM'."""

    path: str
    before: object
    after: object


def describe_overlay(shipped: Protocol, changed: Protocol) -> tuple[ChangedValue, ...]:
    """Every value in which the changed protocol differs from the shipped one, in the order of the file. A change that
    sets the shipped value again is none."""
    return tuple(_differences("", shipped, changed))


def _differences(path: str, before: object, after: object) -> Iterator[ChangedValue]:
    if before == after:
        return
    parts, new_parts = _parts(before), _parts(after)
    if parts is None or new_parts is None or parts.keys() != new_parts.keys():
        yield ChangedValue(path, _plain(before), _plain(after))
        return
    for key, value in parts.items():
        inner = key if not path or key.startswith("[") else f".{key}"
        yield from _differences(path + inner, value, new_parts[key])


def _parts(value: object) -> Mapping[str, object] | None:
    """The values inside a value by the keys of the file; None for one that is shown whole."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Trigger):
        return {value.mode: value.conditions}
    if isinstance(value, ReadinessCheck) and value.type != "all_of" and len(value.answers) == 1:
        return {**_fields(value, "answers"), **_fields(value.answers[0])}
    if is_dataclass(value):
        return _fields(value, *NOT_IN_THE_FILE)
    if isinstance(value, tuple) and value and all(_parts(item) is not None for item in value):
        return {_name_of(item, number): item for number, item in enumerate(value)}
    return None


def _fields(value: object, *left_out: str) -> dict[str, object]:
    assert is_dataclass(value)
    names = (field.name for field in fields(value) if field.name not in left_out)
    return {KEY_OF_FIELD.get(name, name): getattr(value, name) for name in names}


def _name_of(item: object, number: int) -> str:
    name = item.get("id") if isinstance(item, Mapping) else getattr(item, "id", None)
    return name if isinstance(name, str) else f"[{number}]"


def _plain(value: object) -> object:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    parts = _parts(value)
    return value if parts is None else {key: _plain(part) for key, part in parts.items() if part is not None}


@dataclass(frozen=True, slots=True)
class MovedOccurrence:
    """An occurrence that keeps its key and gets another time."""

    key: str
    title: str
    from_local: datetime
    to_local: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when to when a care step is due, on the client's clock; `forecast`: its start hangs on something to come."""

    first: datetime
    last: datetime
    forecast: bool


@dataclass(frozen=True, slots=True)
class MovedStep:
    """A care step whose stretch moves; `before` or `after` None: it was not, or is no longer, part of the plan."""

    step_id: str
    title: str
    before: Stretch | None
    after: Stretch | None


@dataclass(frozen=True, slots=True)
class TimelineDiff:
    """`steps` names every care step that moves; the others are single occurrences, in order of time."""

    steps: tuple[MovedStep, ...] = ()
    moved: tuple[MovedOccurrence, ...] = ()
    new: tuple[Occurrence, ...] = ()
    withdrawn: tuple[Occurrence, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the client would see no difference."""
        return not (self.steps or self.moved or self.new or self.withdrawn)


def diff_timelines(before: Timeline, after: Timeline, settled: frozenset[str], now: datetime) -> TimelineDiff:
    """What is different in `after`. Both hold the same days of one plan.

    What is settled (done, answered, declined) never moves and is never withdrawn; nor is what was over by `now`, and
    what a change creates in the past is not new (protocols rule 20).
    """
    old = {one.key: one for one in before.occurrences}
    kept = {one.key: one for one in after.occurrences}
    pairs = [(old[key], one) for key, one in kept.items() if key in old and key not in settled]
    moved = tuple(
        MovedOccurrence(then.key, to.title, then.local, to.local) for then, to in pairs if _moves(then, to, now)
    )
    new = tuple(one for key, one in kept.items() if key not in old and not is_before_change(one, now))
    withdrawn = tuple(
        one for key, one in old.items() if key not in kept and key not in settled and one.window.closes_at > now
    )
    return TimelineDiff(
        steps=tuple(_moved_steps(before, after, settled, now)),
        moved=moved,
        new=new,
        withdrawn=withdrawn,
        unchanged=len(kept) - len(moved) - len(new),
    )


def _moves(then: Occurrence, after: Occurrence, now: datetime) -> bool:
    return then.window != after.window and max(then.window.closes_at, after.window.closes_at) > now


def _moved_steps(before: Timeline, after: Timeline, settled: frozenset[str], now: datetime) -> Iterable[MovedStep]:
    old, kept = (_stretches(timeline, settled, now) for timeline in (before, after))
    titles = {one.step_id: one.title for one in (*before.occurrences, *after.occurrences)}
    for step_id in dict.fromkeys((*old, *kept)):
        if old.get(step_id) != kept.get(step_id):
            yield MovedStep(step_id, titles[step_id], old.get(step_id), kept.get(step_id))


def _stretches(timeline: Timeline, settled: frozenset[str], now: datetime) -> Mapping[str, Stretch]:
    """Of each step what is still to come: due times for slots, the window for a rule."""
    found: dict[str, Stretch] = {}
    for one in timeline.occurrences:
        if one.step_id is None or one.withheld or one.key in settled or one.window.closes_at <= now:
            continue
        last = one.local if one.entry == "slot" else one.local + (one.window.closes_at - one.window.opens_at)
        known = found.get(one.step_id)
        if known is None:
            found[one.step_id] = Stretch(one.local, last, one.provisional)
        else:
            forecast = known.forecast and one.provisional
            found[one.step_id] = Stretch(min(known.first, one.local), max(known.last, last), forecast)
    return found
