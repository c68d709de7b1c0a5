"""Is it time to ask for the next treatment?"""

from marshmallow import fields

from backend.web.fields import AnswerSchema, Choice, Day, Id, Instant, Text


class ItemSchema(AnswerSchema):
    id = Text()
    text = Text(most=500)
    met = fields.Boolean()
    blocking = fields.Boolean()
    evidence_text = Text(most=1000)
    earliest_on = Day(allow_none=True)


class GroupSchema(AnswerSchema):
    group = Choice("time", "scabs", "skin", "colour", "health", "photos", "yes")
    title = Text()
    met = fields.Integer()
    of = fields.Integer()
    items = fields.List(fields.Nested(ItemSchema))


class SignedSchema(AnswerSchema):
    by = Text()
    at = Instant()


class MovedSchema(AnswerSchema):
    before = Day(data_key="from")
    to = Day()
    why = Text(most=500)


class LoweredMinimumSchema(AnswerSchema):
    """The clinic waits for fewer days than the plan as shipped: who decided it, by first name, and why.

    `earliest_on` counts it already; a skin type may still ask for more days.
    """

    days = fields.Integer()
    shipped_days = fields.Integer()
    by = Text()
    reason = Text(most=2000, metadata={"description": "the clinic's words, plain text"})


class ReadyAreaSchema(AnswerSchema):
    care_plan_id = Id()
    status = Choice("not_yet", "ready_to_ask", "signed_off", "on_hold")
    earliest_on = Day()
    suggested_on = Day()
    hold_reason = Text(allow_none=True, most=10000)
    groups = fields.List(fields.Nested(GroupSchema))
    signed = fields.Nested(SignedSchema, allow_none=True)
    moved = fields.Nested(MovedSchema, allow_none=True)
    why_wait = Text(most=500)
    lowered_minimum = fields.Nested(LoweredMinimumSchema, allow_none=True)


class ReadinessSchema(AnswerSchema):
    areas = fields.List(fields.Nested(ReadyAreaSchema))
