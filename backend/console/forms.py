"""What the console's forms may hold, checked by marshmallow; all faults at once, each at its field."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, cast

from flask import request
from marshmallow import ValidationError, fields

from backend.errors import InputFault, InvalidInput
from backend.web import problems
from backend.web.fields import Choice, ClockTime, Day, Id, StrictSchema, Text, WholeInQuery
from schedules import resolve_local

LONG = 2000


class Words(Text):
    """Free words, without the blanks around them."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        stripped = value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
        return super()._deserialize(stripped, attr, data, **more)


class SignInForm(StrictSchema):
    email = Words(least=3, most=254, required=True)
    password = Text(least=1, most=1000, required=True)
    next = Text(most=300)


class ReplyForm(StrictSchema):
    words = Words(most=LONG, load_default=None)


class MessageForm(StrictSchema):
    """`up_to`: the newest message of the client that stood on the page."""

    words = Words(least=1, most=LONG, required=True)
    up_to = Id(load_default=None)


class SetAsideForm(StrictSchema):
    up_to = Id(required=True)


class ReasonForm(StrictSchema):
    reason = Words(least=1, most=LONG, required=True)


class OptionalReasonForm(StrictSchema):
    reason = Words(most=LONG, load_default=None)


class NoteForm(StrictSchema):
    note = Words(most=LONG, load_default=None)


class ClearFactorForm(StrictSchema):
    note = Words(least=1, most=LONG, required=True)


class SignConditionForm(NoteForm):
    condition_id = Text(least=1, required=True)


class ClientForm(StrictSchema):
    name = Words(least=1, most=60, required=True)
    zone = Text(most=60, load_default=None)


class InviteForm(StrictSchema):
    client_id = Id(required=True)


class AnchorForm(StrictSchema):
    """Without a date the anchor's date is taken back."""

    anchor = Text(least=1, required=True)
    on = Day(load_default=None)


class AppointmentForm(StrictSchema):
    """An empty date takes the appointment back."""

    on = Day(load_default=None)
    at = ClockTime(load_default=None)


class PauseForm(ReasonForm):
    """Without a date the pause lasts until somebody goes on with the plan."""

    until_on = Day(load_default=None)


class EmptyForm(StrictSchema):
    """A button alone."""


class StartPlanForm(StrictSchema):
    care_style = Text(load_default=None)
    all_the_same = Choice("yes", load_default=None)


class SecondForm(StrictSchema):
    practitioner_id = Id(load_default=None)


class EmergencyForm(StrictSchema):
    emergency = Words(least=2, most=30, required=True)
    advice = Words(most=30, load_default=None)
    advice_name = Words(most=60, load_default=None)


class TreatmentForm(StrictSchema):
    """The fixed part of the start of a treatment; health factors are read by name (`read_factors`)."""

    method = Text(least=1, most=40, required=True)
    site = Text(least=1, most=20, required=True)
    label = Words(most=60, load_default="")
    skin_type = Text(most=5, load_default=None)


def read(schema: type[StrictSchema], *, apart: tuple[str, ...] = ()) -> dict[str, Any]:
    """The sent form, checked. Empty fields count as not sent; names that begin with one of `apart` are left out.

    Raises InvalidInput with a fault for each field.
    """
    sent = {name: value for name, value in request.form.items() if value != "" and not name.startswith(apart)}
    try:
        return dict(schema().load(sent))
    except ValidationError as error:
        raise InvalidInput(problems.list_faults({"json": cast(dict[str, Any], error.messages)})) from None


def read_day(name: str) -> date | None:
    """One date among fields whose names depend on what is asked."""
    return _one(Day(), name)


def read_number(name: str, least: int, most: int) -> int | None:
    """One whole number among fields whose names depend on what is asked."""
    return _one(WholeInQuery(least=least, most=most), name)


def read_instant(on: date | None, at: time | None, zone: str) -> datetime | None:
    """A local date and time as an instant; both or none."""
    if on is None and at is None:
        return None
    if on is None or at is None:
        raise InvalidInput((InputFault("/at" if at is None else "/on", "a date and a time of day"),))
    return resolve_local(on, at, zone)


def _one(kind: fields.Field, name: str) -> Any:
    value = request.form.get(name, "")
    if value == "":
        return None
    try:
        return kind.deserialize(value)
    except ValidationError as error:
        raise InvalidInput((InputFault(f"/{name}", "; ".join(str(message) for message in error.messages)),)) from None
