"""Today, and spans of the timeline."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from backend.web.fields import AnswerSchema, Choice, Day, Id, Instant, StrictSchema, Text, Whole
from mobile_api.schemas.shared import STATES, FlagToldSchema

LONGEST_DAYS = 400


class PhaseSchema(AnswerSchema):
    name = Text()
    what_is_usual = Text(most=2000)


class DotSchema(AnswerSchema):
    day = fields.Integer()
    state = Choice("done", "open", "missed", "today", "upcoming")


class TimerSchema(AnswerSchema):
    minutes_default = fields.Integer()
    minutes_min = fields.Integer()
    minutes_max = fields.Integer()


class StepItemSchema(AnswerSchema):
    key = Text()
    step_id = Text()
    title = Text()
    instruction = Text(most=2000)
    kind = Text()
    due_at = Instant()
    local = Text()
    opens_at = Instant()
    closes_at = Instant()
    state = Choice(*STATES)
    timer = fields.Nested(TimerSchema, allow_none=True)
    started_at = Instant(allow_none=True)
    ends_at = Instant(allow_none=True)
    done_at = Instant(allow_none=True)


class RuleSchema(AnswerSchema):
    """A step that is a rule for a while, not a task."""

    id = Text()
    title = Text()
    instruction = Text(most=2000)
    until_text = Text(allow_none=True)


class WaitingSchema(AnswerSchema):
    id = Text()
    title = Text()


class LastWordSchema(AnswerSchema):
    sender = Text(data_key="from")
    text = Text(most=10000)
    at = Instant()


class AreaSchema(AnswerSchema):
    care_plan_id = Id()
    method_name = Text()
    label = Text()
    site = Text()
    area_name = Text(metadata={"description": "the clinic's name for the treated area, else its site"})
    paused = fields.Boolean()
    paused_until = Instant(allow_none=True, metadata={"description": "null: not paused, or until somebody goes on"})
    day = fields.Integer()
    phase = fields.Nested(PhaseSchema)
    dots = fields.List(fields.Nested(DotSchema))
    steps = fields.List(fields.Nested(StepItemSchema))
    avoid = fields.List(fields.Nested(RuleSchema))
    as_needed = fields.List(fields.Nested(RuleSchema))
    not_yet = fields.List(fields.Nested(RuleSchema))
    last_word = fields.Nested(LastWordSchema, allow_none=True)
    waiting = fields.List(fields.Nested(WaitingSchema))
    finished = fields.Boolean()
    flag = fields.Nested(FlagToldSchema, allow_none=True)


class BannerSchema(AnswerSchema):
    kind = Choice("flag", "nobody_seen", "worker")


class CheckInDueSchema(AnswerSchema):
    care_plan_id = Id()
    key = Text()
    day = fields.Integer()
    opens_at = Instant()
    due_at = Instant()
    closes_at = Instant()
    state = Choice(*STATES)
    deep = fields.Boolean()


class SilenceSchema(AnswerSchema):
    """Check-ins missed in a row, over all areas; `stopped`: reminders stay silent until the client says so."""

    missed = Whole(least=0)
    stopped = fields.Boolean()


class TodaySchema(AnswerSchema):
    now = Instant()
    date = Day()
    areas = fields.List(fields.Nested(AreaSchema))
    banner = fields.Nested(BannerSchema, allow_none=True)
    next_check_in = fields.Nested(CheckInDueSchema, allow_none=True)
    silence = fields.Nested(SilenceSchema)
    asks = fields.List(fields.Nested(WaitingSchema))


class OccurrenceSchema(AnswerSchema):
    key = Text()
    care_plan_id = Id()
    kind = Choice("care_step", "check_in", "photo")
    title = Text()
    day = fields.Integer()
    opens_at = Instant()
    due_at = Instant()
    closes_at = Instant()
    local = Text()
    state = Choice(*STATES)
    provisional = fields.Boolean()
    withheld = fields.Boolean()


class SpanSchema(StrictSchema):
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")

    @validates_schema
    def check_order(self, data: dict[str, Any], **_more: object) -> None:
        if not 0 <= (data["last"] - data["first"]).days <= LONGEST_DAYS:
            raise ValidationError(f"from `from` to at most {LONGEST_DAYS} days later", "to")


class TimelineSchema(AnswerSchema):
    occurrences = fields.List(fields.Nested(OccurrenceSchema))
