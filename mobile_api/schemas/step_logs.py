"""One tap on a care step."""

from marshmallow import fields

from backend.services.step_logs import STEP_EVENTS
from backend.web.fields import Age, AnswerSchema, Choice, Id, Instant, StrictSchema, Text
from mobile_api.schemas.shared import STATES, FlagToldSchema


class StepLogSchema(StrictSchema):
    id = Id(required=True)
    care_plan_id = Id(required=True)
    occurrence = Text(required=True, least=1, most=100)
    event = Choice(*STEP_EVENTS, required=True)
    at = Instant(required=True)
    ends_at = Instant(allow_none=True)
    age = Age(allow_none=True)


class StepLoggedSchema(AnswerSchema):
    id = Id()
    occurrence = Text()
    state = Choice(*STATES)
    flag = fields.Nested(FlagToldSchema, allow_none=True)
