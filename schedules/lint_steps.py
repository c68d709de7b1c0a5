"""Lint of single care steps: sources, windows, timers, reminders, names of other steps, masks that were changed."""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from schedules.lint_findings import LintFinding, error, warning
from schedules.protocol import CareStep, Protocol


def lint_steps(protocol: Protocol, others: Iterable[Protocol]) -> Iterator[LintFinding]:
    """What is wrong with each step by itself. `others`: the other methods', whose steps `contradicts` may name."""
    known = {name for one in (protocol, *others) for step in one.care_steps for name in (step, f"{one.id}.{step}")}
    for step in protocol.care_steps.values():
        yield from _step_findings(step, protocol)
        for name in step.contradicts:
            if name not in known:
                problem = f"no care step '{name}' in any method"
                remedy = "name a step by its id, or by method.id, or take the name out"
                yield error(f"care_steps.{step.id}.contradicts", problem, remedy)


def _step_findings(step: CareStep, protocol: Protocol) -> Iterator[LintFinding]:
    path = f"care_steps.{step.id}"
    if not step.sources:
        yield error(f"{path}.sources", "an instruction needs a source", "name at least one id of source_list")
    if _is_empty(step, protocol):
        problem = "ends before it starts: it is never due"
        yield error(f"{path}.window", problem, "move `until` behind `from`, or turn the step off (default_on: false)")
    if step.kind == "mask" and step.duration_min is None:
        yield error(f"{path}.duration_min", "a mask needs its minutes", "give min, default and max minutes")
    if step.frequency.type in ("continuous", "as_needed") and step.remind == "each_time":
        problem = f"'{step.frequency.type}' is one entry: there is no each time"
        yield error(f"{path}.remind", problem, "set remind to window_start or none")
    if list(step.frequency.suggested_times) != sorted(step.frequency.suggested_times):
        yield error(f"{path}.frequency.suggested_times", "must rise through the day", "sort the times, earliest first")


def _is_empty(step: CareStep, protocol: Protocol) -> bool:
    """Whether the window ends before it starts, an unknown anchor taken at the earliest usual day."""
    start, end = step.window.start, step.window.end
    if start.anchor == end.anchor:
        return end.offset_h <= start.offset_h
    earliest = protocol.milestones.get(start.anchor)
    if earliest is None or end.anchor != "treatment_end":
        return False
    return end.offset_h <= earliest.typical_days[0] * 24 + start.offset_h


def lint_masks(protocol: Protocol, confirmed: Collection[str], shipped: Protocol | None) -> Iterator[LintFinding]:
    """Masks that the clinic has not confirmed: changed ones are an error, those as shipped are withheld until then
    (rule 18)."""
    for step in protocol.care_steps.values():
        if step.kind != "mask" or step.id in confirmed:
            continue
        before = step if shipped is None else shipped.care_steps[step.id]
        for key, changed in _mask_changes(before, step).items():
            if changed:
                problem = "was changed and the clinic has not confirmed this mask"
                remedy = f"confirm the step '{step.id}' with its new values, or set the shipped ones back"
                yield error(f"care_steps.{step.id}.{key}", problem, remedy)
        if step.clinic_must_confirm and not any(_mask_changes(before, step).values()):
            problem = "waits for the clinic: until it is confirmed, nothing is due and nothing is sent"
            yield warning(f"care_steps.{step.id}", problem, f"confirm the step '{step.id}', or turn it off")


def _mask_changes(before: CareStep, after: CareStep) -> dict[str, bool]:
    """What of minutes, spacing and days is not as before. The time of day is the client's own to move."""
    return {
        "duration_min": before.duration_min != after.duration_min,
        "frequency": _spacing(before) != _spacing(after),
        "window": before.window != after.window,
    }


def _spacing(step: CareStep) -> tuple[object, ...]:
    """The kind of frequency, its days apart and the minutes between the times of one day."""
    frequency = step.frequency
    minutes = [at.hour * 60 + at.minute for at in frequency.suggested_times]
    gaps = tuple(later - earlier for earlier, later in pairwise(minutes))
    return frequency.type, frequency.every_n_days, frequency.times, gaps
