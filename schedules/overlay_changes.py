"""What a clinic's overlay made of a shipped protocol, value by value, so that clients can be shown what their clinic
set (protocols/README.md, "Changing values")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import time

from schedules.protocol import Protocol, ReadinessCheck
from schedules.shared_protocol import Trigger

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
