"""How healing runs beside what is usual, and when what is not yet allowed is again."""

from marshmallow import fields

from backend.web.fields import AnswerSchema, Choice, Day, Id, Instant, Text, Value
from mobile_api.schemas.plan import OptionSchema, UsualRowSchema, ViewSchema
from schedules import TOPICS


class PointSchema(AnswerSchema):
    day = fields.Integer()
    value = Value()
    place = Choice("usual", "more", "ahead", "unknown")


class SignSchema(AnswerSchema):
    """One sign: its answers by day, each day's last one, and the plan's usual range by day."""

    question = Text()
    name = Text()
    type = Choice("number", "scale", "choice")
    min = fields.Integer(allow_none=True)
    max = fields.Integer(allow_none=True)
    options = fields.List(fields.Nested(OptionSchema))
    usual = fields.List(fields.Nested(UsualRowSchema))
    points = fields.List(fields.Nested(PointSchema))


class HealingPhotoSchema(AnswerSchema):
    id = Id()
    view = Text()
    day = fields.Integer()
    taken_at = Instant()
    before = fields.Boolean(metadata={"description": "taken before the treatment"})


class ComingSchema(AnswerSchema):
    from_day = fields.Integer()
    name = Text()
    what_is_usual = Text(most=2000)


class LaterSchema(AnswerSchema):
    """A step that holds after the waiting; `until_on` null: not known yet."""

    text = Text(most=2000)
    until_on = Day(allow_none=True)


class AllowedAgainSchema(AnswerSchema):
    """`on`: the first whole day on which the plan no longer says "not yet". Null: it waits for `after`."""

    topic = Choice(*TOPICS)
    is_now = fields.Boolean()
    on = Day(allow_none=True)
    after = Choice("scabs_off", "skin_closed", "next_treatment", allow_none=True)
    after_days = fields.Integer()
    about_on = Day(allow_none=True)
    meanwhile = fields.List(Text(most=2000))
    then = fields.List(fields.Nested(LaterSchema))


class HealingAreaSchema(AnswerSchema):
    care_plan_id = Id()
    method_name = Text()
    area_name = Text(metadata={"description": "the clinic's name for the treated area, else its site"})
    day = fields.Integer()
    sentence = Text(most=1000, metadata={"description": "where the newest answers stand; empty without any"})
    signs = fields.List(fields.Nested(SignSchema))
    missed = fields.List(fields.Integer(), metadata={"description": "days without their check-in"})
    unanswered = fields.List(fields.Integer(), metadata={"description": "days asked about, no sign answered"})
    views = fields.List(fields.Nested(ViewSchema))
    photos = fields.List(fields.Nested(HealingPhotoSchema))
    coming = fields.Nested(ComingSchema, allow_none=True)
    held = fields.Boolean(metadata={"description": "a warning is open: nothing is said of what is allowed again"})
    allowed_again = fields.List(fields.Nested(AllowedAgainSchema))


class HealingSchema(AnswerSchema):
    now = Instant()
    date = Day()
    areas = fields.List(fields.Nested(HealingAreaSchema))
