"""A clinic's overlay over a method file: changes by id, and a red-flag list that can only become stricter (S4)."""

import copy
import re
from collections.abc import Mapping

from schedules.condition_parsing import domain
from schedules.protocol import (
    AnswerCondition,
    AnswerValue,
    ExpectedRow,
    Overlay,
    Protocol,
    Question,
    RedFlag,
    Trigger,
)
from schedules.reading import Faults
from schedules.shared_parsing import URGENCIES

STEP_PATTERN = re.compile(r"([A-Za-z][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")
PATH_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*|\[[0-9]{1,4}\])+")
SHIPPED_ONLY = ("method", "source_list", "readiness.clinic_may_set_min_between")
Place = tuple[dict[str, object] | list[object], str | int]


def apply_overlay(document: Mapping[str, object], overlay: Overlay, faults: Faults) -> Mapping[str, object]:
    """A copy of the document with the changes applied in their order; what cannot be applied is a fault."""
    changed: dict[str, object] = copy.deepcopy(dict(document))
    for change in overlay.changes:
        place = _place(changed, change.path)
        if place is None:
            faults.add(change.path, "the shipped protocol has no such value")
        elif _is_shipped_only(change.path):
            faults.add(change.path, "a clinic cannot change this")
        elif _has_ids(place[0][place[1]]):  # type: ignore[index]
            faults.add(change.path, "name one value inside it: items cannot be replaced, added or left out")
        else:
            holder, key = place
            holder[key] = copy.deepcopy(change.value)  # type: ignore[index]
    return changed


def _is_shipped_only(path: str) -> bool:
    return path.endswith(".id") or any(path == start or path.startswith(start + ".") for start in SHIPPED_ONLY)


def _place(document: dict[str, object], path: str) -> Place | None:
    """The mapping or list that holds the value at the path, and its key there. Items are found by their id."""
    if not PATH_PATTERN.fullmatch(path):
        return None
    holder: object = None
    key: str | int = ""
    value: object = document
    for name, number in STEP_PATTERN.findall(path):
        found = _step(value, name, number)
        if found is None:
            return None
        holder, key = found
        value = holder[key]  # type: ignore[index]
    return (holder, key)  # type: ignore[return-value]


def _has_ids(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and "id" in item for item in items)


def _step(value: object, name: str, number: str) -> Place | None:
    if isinstance(value, dict):
        return (value, name) if name in value else None
    if not isinstance(value, list):
        return None
    if number:
        return (value, int(number)) if int(number) < len(value) else None
    places = (place for place, item in enumerate(value) if isinstance(item, dict) and item.get("id") == name)
    place = next(places, None)
    return None if place is None else (value, place)


# --- what S4 and the ranges refuse --------------------------------------------------------------------------------


def refuse_loosened(shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    """Faults for minimum days outside the clinic's range and for every urgent flag that has become less strict."""
    _check_minimum_days(shipped, changed, faults)
    for flag in shipped.red_flags.values():
        if flag.urgency in ("emergency", "same_day"):
            _check_flag(flag, changed, shipped, faults)
    _check_urgent_questions(shipped, changed, faults)


def _check_minimum_days(shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    low, high = shipped.readiness.clinic_may_set_min_between
    problem = f"a clinic may set {low} to {high} days"
    days = changed.readiness.base_min_days
    if days != shipped.readiness.base_min_days and not low <= days <= high:
        faults.add_cross("readiness.base_min_days", f"{problem}, not {days}")
    rows = zip(shipped.readiness.fitzpatrick, changed.readiness.fitzpatrick, strict=False)
    for number, (before, after) in enumerate(rows):
        if before.min_days != after.min_days and not low <= after.min_days <= high:
            faults.add_cross(f"readiness.fitzpatrick[{number}].min_days", f"{problem}, not {after.min_days}")


def _check_flag(flag: RedFlag, changed: Protocol, shipped: Protocol, faults: Faults) -> None:
    """A flag of level now or today may be made stricter, never looser."""
    path = f"red_flags.{flag.id}"
    new = changed.red_flags[flag.id]  # ids and whole items are out of an overlay's reach
    refusals = {
        "urgency": URGENCIES.index(new.urgency) > URGENCIES.index(flag.urgency),
        "from_day": new.from_day > flag.from_day,
        "to_day": new.to_day < flag.to_day,
        "sites": not set(flag.sites) <= set(new.sites),
        "trigger": not _covers(flag.trigger, new.trigger, changed.shared.questions),
    }
    for key, refused in refusals.items():
        if refused:
            problem = f"a clinic may make a flag of urgency {flag.urgency} stricter, never looser"
            faults.add_cross(f"{path}.{key}", problem)
    for condition in flag.trigger.conditions:
        if condition.op == "above_expected":
            _check_range(condition.question, shipped, changed, faults)


def _covers(old: Trigger, new: Trigger, questions: Mapping[str, Question]) -> bool:
    """Whether the new trigger fires whenever the old one does."""
    cases = [old.conditions] if old.mode == "all" else [(condition,) for condition in old.conditions]
    for case in cases:
        met = [any(_implies(known, wanted, questions) for known in case) for wanted in new.conditions]
        if not (any(met) if new.mode == "any" else all(met)):
            return False
    return True


def _implies(old: AnswerCondition, new: AnswerCondition, questions: Mapping[str, Question]) -> bool:
    """Whether the new condition is met whenever the old one is."""
    if old.question != new.question or (new.from_day or 0) > (old.from_day or 0):
        return False
    if new.answers_in_a_row > old.answers_in_a_row:
        return False
    if old.op in ("rise_by", "above_expected"):
        same_kind = (old.op, old.compare_days) == (new.op, new.compare_days)
        return same_kind and isinstance(new.value, int) and isinstance(old.value, int) and new.value <= old.value
    if new.op in ("rise_by", "above_expected"):
        return False
    answers = domain(questions[old.question])
    return all(_fits(answer, new) for answer in answers if _fits(answer, old))


def _fits(answer: AnswerValue, condition: AnswerCondition) -> bool:
    value = condition.value
    if isinstance(value, tuple):
        return answer in value
    if condition.op == "==":
        return answer == value
    if condition.op == "!=":
        return answer != value
    if not isinstance(answer, int) or not isinstance(value, int):
        return False
    return answer >= value if condition.op == ">=" else answer <= value


def _check_range(question: str, shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    """A range that an urgent flag measures against must not be widened."""
    after = {day: row.high for row in changed.signs[question].expected for day in _days(row)}
    for row in shipped.signs[question].expected:
        wider = any(_is_wider(row.high, after.get(day)) for day in _days(row))
        if wider:
            problem = "an urgent flag measures against it: a clinic cannot widen it"
            faults.add_cross(f"signs.{question}.expected", problem)


def _days(row: ExpectedRow) -> range:
    return range(row.from_day, row.to_day + 1)


def _is_wider(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)


def _check_urgent_questions(shipped: Protocol, changed: Protocol, faults: Faults) -> None:
    """A flag is also switched off where nobody asks: each planned day keeps the questions of the urgent flags."""
    urgent = {
        condition.question
        for flag in shipped.red_flags.values()
        if flag.urgency in ("emergency", "same_day")
        for condition in flag.trigger.conditions
    }
    after = _asked(changed)
    for number, check_in in enumerate(shipped.check_ins):
        lost = (_asked(shipped)[check_in.day] & urgent) - after.get(check_in.day, set())
        if lost:
            problem = f"day {check_in.day} would no longer ask {', '.join(sorted(lost))}, which urgent flags need"
            faults.add_cross(f"check_ins[{number}]", problem)


def _asked(protocol: Protocol) -> dict[int, set[str]]:
    sets = protocol.shared.question_sets
    return {
        check_in.day: {question for name in check_in.sets if name in sets for question in sets[name].questions}
        for check_in in protocol.check_ins
    }
