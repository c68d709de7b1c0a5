"""What the clinic has put right about something it told this client."""

from marshmallow import fields

from backend.web.fields import AnswerSchema, Id, Instant, Text


class StepToldSchema(AnswerSchema):
    id = Text()
    title = Text(most=2000)


class CorrectionSchema(AnswerSchema):
    """`step` null: it is about the whole plan. `by`: a person's first name, or the clinic's name."""

    id = Id()
    care_plan_id = Id()
    words = Text(most=2000)
    step = fields.Nested(StepToldSchema, allow_none=True)
    by = Text()
    at = Instant()
    read_at = Instant(allow_none=True)


class CorrectionsSchema(AnswerSchema):
    items = fields.List(fields.Nested(CorrectionSchema))
