"""Marshmallow fields that take exactly what they say (FIELD_NOTES 15): no coercion, no NUL, no naive time."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
YEARS = range(1900, 2201)
MOST = 2**53 - 1  # what JSON's numbers carry without loss
OF_AGE: Mapping[str, Any] = {"least": 0, "most": 999_999_999, "data_key": "age_ms"}


class StrictSchema(Schema):
    """Unknown keys are faults. In `out=True` classes every field is always there."""

    class Meta:
        unknown = RAISE


class AnswerSchema(StrictSchema):
    """The shape of an answer: every field is always there, null where it may be, unless its metadata says optional."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field) -> None:
        del field_name
        field_obj.required = not field_obj.metadata.get("x-optional", False)


class Text(fields.String):
    """A string of at most `most` characters without NUL."""

    def __init__(self, *, least: int = 0, most: int = 200, **more: Any) -> None:
        more["metadata"] = {"minLength": least, "maxLength": most, **more.get("metadata", {})}
        super().__init__(**more)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **more))
        if "\0" in text:
            raise ValidationError("must not hold NUL")
        if not self.least <= len(text) <= self.most:
            raise ValidationError(f"from {self.least} to {self.most} characters")
        return text


class Choice(Text):
    """One of a few words."""

    def __init__(self, *choices: str, **more: Any) -> None:
        self.choices = choices
        allowed = [*choices, None] if more.get("allow_none") else list(choices)
        super().__init__(**{**more, "metadata": {**more.get("metadata", {}), "enum": allowed}})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        if value not in self.choices:
            raise ValidationError(f"one of {', '.join(self.choices)}")
        return str(value)


class Whole(fields.Integer):
    """A whole number in a range; 4.0 is one in JSON, "4" and true are not."""

    def __init__(self, *, least: int = -MOST, most: int = MOST, **more: Any) -> None:
        super().__init__(**{**more, "metadata": {**more.get("metadata", {}), "minimum": least, "maximum": most}})
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> int:
        number = value.is_integer() if isinstance(value, float) else isinstance(value, int)
        if not number or isinstance(value, bool) or not self.least <= value <= self.most:
            raise ValidationError(f"a whole number from {self.least} to {self.most}")
        return int(value)


class WholeInQuery(Whole):
    """A whole number in a query, where all is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> int:
        plain = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10
        return super()._deserialize(int(value) if plain else None, attr, data, **more)


class Age(Whole):
    """How long ago something was by a clock that nobody sets: whole milliseconds, up to 11 days, as a timedelta."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**OF_AGE, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return timedelta(milliseconds=super()._deserialize(value, attr, data, **more))


class AgeInQuery(WholeInQuery):
    """An age in a query, where all is text."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**OF_AGE, **more})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        return timedelta(milliseconds=super()._deserialize(value, attr, data, **more))


class YesNo(fields.Boolean):
    """true or false and nothing like them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("true or false")
        return value


class Instant(fields.AwareDateTime):
    """An instant with its offset from UTC, given in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> datetime:
        if isinstance(value, str) and INSTANT.fullmatch(value) and value.isascii():
            try:
                at = datetime.fromisoformat(value)
                if at.year in YEARS:
                    return at.astimezone(UTC)
            except ValueError:
                pass
        raise ValidationError("an instant with its offset, such as 2026-11-22T08:00:00Z")


class Day(fields.Date):
    """A calendar date."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> date:
        if isinstance(value, str) and DAY.fullmatch(value) and value.isascii():
            try:
                on = date.fromisoformat(value)
                if on.year in YEARS:
                    return on
            except ValueError:
                pass
        raise ValidationError("a date such as 2026-11-22")


class ClockTime(fields.String):
    """A time of day on the client's clock, HH:MM."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "metadata": {**more.get("metadata", {}), "pattern": f"^{CLOCK_TIME.pattern}$"}})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        if not isinstance(value, str) or not CLOCK_TIME.fullmatch(value) or not value.isascii():
            raise ValidationError("a time of day such as 07:30")
        return time.fromisoformat(value)


class Id(fields.UUID):
    """A UUID in its canonical text, lower case with dashes."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> UUID:
        try:
            number = UUID(value) if isinstance(value, str) else None
        except ValueError:
            number = None
        if number is None or str(number) != value:
            raise ValidationError("an id such as 0193a5b0-7c4e-7cc1-8000-000000000001")
        return number


class Value(fields.Field):
    """An answer: a whole number or a word, as the question's options have it."""

    def __init__(self, **more: Any) -> None:
        shape = {"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 100}]}
        super().__init__(**{**more, "metadata": {**more.get("metadata", {}), **shape}})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> int | str:
        if isinstance(value, str) and len(value) <= 100 and "\0" not in value:
            return value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST:
            return value
        raise ValidationError("a whole number or a word")


def show_instant(at: datetime) -> str:
    """`2026-11-22T08:00:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
