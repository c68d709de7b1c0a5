"""What the clinic has put right about something it told this client."""

from marshmallow import fields

from backend.web.fields import AnswerSchema, Id, Instant, StrictSchema, Text, Whole


class StepToldSchema(AnswerSchema):
    """A care step as the corrected version told it."""

    id = Text()
    title = Text(most=2000)
    instruction = Text(most=2000)


class CorrectionSchema(AnswerSchema):
    """`step` null: it is about the whole plan. `by`: a person's first name, or the clinic's name. `version`: of the
    clinic's plan, which told what is put right."""

    id = Id()
    care_plan_id = Id()
    version = Whole(least=1)
    words = Text(most=2000)
    step = fields.Nested(StepToldSchema, allow_none=True)
    by = Text()
    at = Instant()
    read_at = Instant(allow_none=True)


class CorrectionsSchema(AnswerSchema):
    items = fields.List(fields.Nested(CorrectionSchema))


class ReadSchema(StrictSchema):
    at = Instant(metadata={"description": "when it was read, by the phone's clock; now, where it is not given"})


class CorrectionReadSchema(ReadSchema):
    """`correction_read` in a batch: its POST names the correction in the path."""

    correction_id = Id(required=True)
