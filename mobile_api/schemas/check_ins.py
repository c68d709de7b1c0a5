"""A check-in and what the client is told."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.services.flags import HELPERS
from backend.web.fields import (
    Age,
    AnswerSchema,
    Choice,
    Id,
    Instant,
    StrictSchema,
    Text,
    Value,
    WholeInQuery,
    YesNo,
)
from mobile_api.schemas.shared import LEVELS, GotHelpSchema, NumbersSchema, SeenSchema

KINDS = ("planned", "report", "follow_up")


class AnswerGivenSchema(StrictSchema):
    """Either the value that was answered, or the values that "none of these" ruled out."""

    question = Text(required=True, least=1, most=100)
    value = Value()
    excluded = fields.List(Value(), validate=validate.Length(min=1, max=50))

    @validates_schema
    def check_one_of_both(self, data: Mapping[str, Any], **_more: object) -> None:
        if ("value" in data) == ("excluded" in data):
            raise ValidationError("either value or excluded")


class CheckInSchema(StrictSchema):
    id = Id(required=True)
    care_plan_id = Id(required=True)
    occurrence = Text(required=True, allow_none=True, least=1, most=100)
    kind = Choice(*KINDS, required=True)
    answered_at = Instant(required=True)
    age = Age(allow_none=True)
    answers = fields.List(fields.Nested(AnswerGivenSchema), required=True, validate=validate.Length(max=100))
    note = Text(most=2000, allow_none=True)
    amends = Id(allow_none=True)
    is_partial = YesNo(data_key="partial")
    photos = fields.List(Id(), validate=validate.Length(max=20))


class CheckInQuerySchema(StrictSchema):
    limit = WholeInQuery(least=1, most=100)
    before = Instant()


class ReasonSchema(AnswerSchema):
    text = Text(most=1000)
    rule_id = Text(allow_none=True)


class AdviceSchema(AnswerSchema):
    title = Text()
    tell_client = Text(most=2000)
    rule_id = Text()
    urgency = Text()


class ToldSchema(AnswerSchema):
    practitioner = Text()
    looked_at_by = Instant()


class FlagLineSchema(AnswerSchema):
    id = Id()
    level = Choice(*LEVELS)
    rule_id = Text()
    seen = fields.Nested(SeenSchema, allow_none=True)
    got_help = fields.Nested(GotHelpSchema, allow_none=True)


class ResultSchema(AnswerSchema):
    id = Id()
    level = Choice(*LEVELS)
    title = Text()
    reasons = fields.List(fields.Nested(ReasonSchema))
    advice = fields.List(fields.Nested(AdviceSchema))
    do_now = fields.List(Text(most=500))
    told = fields.Nested(ToldSchema)
    emergency = fields.List(fields.Nested(NumbersSchema))
    check_again_at = Instant(allow_none=True)
    disclaimer = Text()
    emergency_line = Text()
    received_at = Instant()
    reviewed = fields.Nested(SeenSchema, allow_none=True)
    flags = fields.List(fields.Nested(FlagLineSchema))


class AnswerKeptSchema(AnswerSchema):
    question = Text()
    value = Value(metadata={"x-optional": True})
    excluded = fields.List(Value(), metadata={"x-optional": True})


class KeptCheckInSchema(ResultSchema):
    """A result with what was answered."""

    care_plan_id = Id()
    occurrence = Text(allow_none=True)
    kind = Choice(*KINDS)
    day = fields.Integer()
    answered_at = Instant()
    answers = fields.List(fields.Nested(AnswerKeptSchema))
    note = Text(allow_none=True, most=2000)
    is_partial = fields.Boolean(data_key="partial")
    photos = fields.List(Id())
    reply = Text(allow_none=True, most=10000)


class CheckInListSchema(AnswerSchema):
    items = fields.List(fields.Nested(KeptCheckInSchema))
    next = Instant(allow_none=True)


class GotHelpGivenSchema(StrictSchema):
    who = Choice(*HELPERS, required=True)
