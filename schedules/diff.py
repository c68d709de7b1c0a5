"""What a change does to a plan: two timelines of one plan compared (PROMISES T5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from schedules.due import is_before_change
from schedules.facts import Occurrence, Timeline


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
    coming: dict[str, list[Occurrence]] = {}
    for one in timeline.occurrences:
        if one.step_id is not None and not one.withheld and one.window.closes_at > now and one.key not in settled:
            coming.setdefault(one.step_id, []).append(one)
    return {step_id: _stretch_of(occurrences) for step_id, occurrences in coming.items()}


def _stretch_of(occurrences: Sequence[Occurrence]) -> Stretch:
    return Stretch(
        first=min(one.local for one in occurrences),
        last=max(
            one.local if one.entry == "slot" else one.local + (one.window.closes_at - one.window.opens_at)
            for one in occurrences
        ),
        forecast=all(one.provisional for one in occurrences),
    )
