"""The whole plan as the phone keeps it for days without a connection."""

from marshmallow import fields

from backend.web.fields import AnswerSchema, Choice, ClockTime, Day, Id, Instant, Text, Value, Whole
from mobile_api.schemas.readiness import LoweredMinimumSchema
from mobile_api.schemas.shared import LEVELS
from mobile_api.schemas.timeline import OccurrenceSchema, PhaseSchema

ONE_VALUE = {"type": ["integer", "string"]}


def values() -> fields.List:
    """Answers, or null."""
    return fields.List(Value(), allow_none=True)


class OptionSchema(AnswerSchema):
    value = Value()
    label = Text()


class QuestionSchema(AnswerSchema):
    id = Text()
    text = Text(most=500)
    help = Text(most=1000, allow_none=True)
    type = Choice("number", "scale", "choice")
    min = fields.Integer(allow_none=True)
    max = fields.Integer(allow_none=True)
    options = fields.List(fields.Nested(OptionSchema))


class WarningSignSchema(AnswerSchema):
    question = Text()
    value = Value()
    label = Text()
    level = Choice(*LEVELS)


class PagesSchema(AnswerSchema):
    asked = fields.List(Text())
    signs = fields.List(fields.Nested(WarningSignSchema))


class PhotoWantedSchema(AnswerSchema):
    views = fields.List(Text())
    optional = fields.Boolean()


class PlanCheckInSchema(AnswerSchema):
    key = Text()
    day = fields.Integer()
    due_at = Instant()
    opens_at = Instant()
    closes_at = Instant()
    deep = fields.Boolean()
    pages = fields.Nested(PagesSchema)
    photo = fields.Nested(PhotoWantedSchema, allow_none=True)


class UsualRowSchema(AnswerSchema):
    from_day = fields.Integer()
    to_day = fields.Integer()
    low = fields.Integer(allow_none=True)
    high = fields.Integer(allow_none=True)
    allowed = values()


class ConditionSchema(AnswerSchema):
    """A condition over an answer, or an event; `value` is a list for `in`."""

    question = Text(metadata={"x-optional": True})
    op = Choice("==", "!=", "in", ">=", "<=", "rise_by", "above_expected", metadata={"x-optional": True})
    value = fields.Raw(metadata={"x-optional": True, "oneOf": [ONE_VALUE, {"type": "array", "items": ONE_VALUE}]})
    from_day = fields.Integer(allow_none=True, metadata={"x-optional": True})
    compare_days = fields.Integer(allow_none=True, metadata={"x-optional": True})
    answers_in_a_row = fields.Integer(metadata={"x-optional": True})
    event = Text(metadata={"x-optional": True})


class TriggerSchema(AnswerSchema):
    any = fields.List(fields.Nested(ConditionSchema), metadata={"x-optional": True})
    all = fields.List(fields.Nested(ConditionSchema), metadata={"x-optional": True})


class HelpRuleSchema(AnswerSchema):
    id = Text()
    title = Text()
    tell_client = Text(most=2000)
    trigger = fields.Nested(TriggerSchema)
    from_day = fields.Integer()
    to_day = fields.Integer()
    urgency = Choice("emergency", "same_day", "practitioner_review")
    sites = fields.List(Text())


class FollowUpSchema(AnswerSchema):
    id = Text()
    when = fields.Nested(TriggerSchema)
    ask = fields.List(Text())
    sites = fields.List(Text())


class PhaseSpanSchema(PhaseSchema):
    from_day = fields.Integer()
    to_day = fields.Integer()


class MethodSchema(AnswerSchema):
    id = Text()
    name = Text()
    one_line = Text(most=500, metadata={"description": "what the method does, for somebody who does not know it"})


class StepDoneSchema(AnswerSchema):
    title = Text()
    what_happens = Text(most=2000)


class TreatmentSchema(AnswerSchema):
    """The treatment that the plan follows: its number in its course, and what was recorded as done, in that order."""

    number = Whole(least=1)
    steps = fields.List(fields.Nested(StepDoneSchema))


class StartedSchema(AnswerSchema):
    ended_at = Instant()
    zone = Text()


class ViewSchema(AnswerSchema):
    id = Text()
    label = Text()


class PhotoProtocolSchema(AnswerSchema):
    how = fields.List(Text(most=500))
    views = fields.List(fields.Nested(ViewSchema))
    retake_if = fields.List(Text(most=500))


class MinutesSchema(AnswerSchema):
    min = fields.Integer()
    default = fields.Integer()
    max = fields.Integer()


class StepSchema(AnswerSchema):
    """`times`: of a day, the client's own where they chose some; none for rules and what is done as needed. `reminds`:
    a reminder comes at each of them."""

    id = Text()
    title = Text()
    instruction = Text(most=2000)
    kind = Text()
    duration_min = fields.Nested(MinutesSchema, allow_none=True)
    times = fields.List(ClockTime())
    reminds = fields.Boolean()


class ReportSchema(AnswerSchema):
    questions = fields.List(Text())
    signs = fields.List(fields.Nested(WarningSignSchema))


class EarlierSchema(AnswerSchema):
    id = Id()
    day = fields.Integer()
    answered_at = Instant()
    answers = fields.Dict(keys=Text(), values=Value())
    planned = fields.Boolean()


class CarePlanSchema(AnswerSchema):
    care_plan_id = Id()
    method = fields.Nested(MethodSchema)
    treatment = fields.Nested(TreatmentSchema)
    content_version = Text()
    overlay_version = fields.Integer()
    site = Text()
    started = fields.Nested(StartedSchema)
    day0 = Day()
    anchors = fields.Dict(keys=Text(), values=Day())
    phases = fields.List(fields.Nested(PhaseSpanSchema))
    questions = fields.Dict(keys=Text(), values=fields.Nested(QuestionSchema))
    question_sets = fields.Dict(keys=Text(), values=fields.List(Text()))
    check_ins = fields.List(fields.Nested(PlanCheckInSchema))
    signs = fields.Dict(keys=Text(), values=fields.List(fields.Nested(UsualRowSchema)))
    rules = fields.List(fields.Nested(HelpRuleSchema))
    follow_ups = fields.List(fields.Nested(FollowUpSchema))
    texts = fields.Dict(keys=Text(), values=fields.Dict(keys=Text(), values=Text()))
    photo_protocol = fields.Nested(PhotoProtocolSchema)
    steps = fields.List(fields.Nested(StepSchema))
    occurrences = fields.List(fields.Nested(OccurrenceSchema))
    report = fields.Nested(ReportSchema)
    earlier = fields.List(fields.Nested(EarlierSchema))
    modifiers = fields.List(Text())
    open_rules = fields.List(Text())
    lowered_minimum = fields.Nested(LoweredMinimumSchema, allow_none=True)


class PlanSchema(AnswerSchema):
    now = Instant()
    plan_version = Text()
    plans = fields.List(fields.Nested(CarePlanSchema))
