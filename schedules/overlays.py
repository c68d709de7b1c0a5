"""A clinic's overlay over a method file: changes by path, made on a copy. What it may not loosen: strictness.py."""

import copy
import re
from collections.abc import Mapping

from schedules.protocol import Overlay
from schedules.reading import Faults, text_problem

STEP_PATTERN = re.compile(r"([A-Za-z][A-Za-z0-9_]*)|\[([0-9]{1,4})\]")
PATH_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*|\[[0-9]{1,4}\])+")
OPTIONAL_KEYS = ("contradicts",)  # a clinic may give a step this key where the shipped one has none
SHIPPED_ONLY = ("method", "source_list", "readiness.clinic_may_set_min_between")
Place = tuple[dict[str, object] | list[object], str | int]


def apply_overlay(document: Mapping[str, object], overlay: Overlay, faults: Faults) -> Mapping[str, object]:
    """A copy of the document with the changes applied in their order; what cannot be applied is a fault."""
    changed: dict[str, object] = copy.deepcopy(dict(document))
    for change in overlay.changes:
        reason_problem = None if change.reason is None else text_problem(change.reason)
        if reason_problem is not None:
            faults.add(change.path, f"its reason {reason_problem}")
        place = _place(changed, change.path)
        if place is None:
            faults.add(change.path, "the shipped protocol has no such value")
        elif _is_shipped_only(change.path):
            faults.add(change.path, "a clinic cannot change this")
        elif _has_ids(_value_at(place)):
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
        value = _value_at(found)
    return (holder, key)  # type: ignore[return-value]


def _value_at(place: Place) -> object:
    holder, key = place
    return holder.get(str(key)) if isinstance(holder, dict) else holder[int(key)]


def _has_ids(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, dict) and "id" in item for item in items)


def _step(value: object, name: str, number: str) -> Place | None:
    if isinstance(value, dict):
        return (value, name) if name in value or (name in OPTIONAL_KEYS and "care_styles" in value) else None
    if not isinstance(value, list):
        return None
    if number:
        return (value, int(number)) if int(number) < len(value) else None
    places = (place for place, item in enumerate(value) if isinstance(item, dict) and item.get("id") == name)
    place = next(places, None)
    return None if place is None else (value, place)
