"""The client's own settings."""

from marshmallow import fields, validate

from backend.services.consents import CONSENTS
from backend.web.fields import AnswerSchema, Choice, ClockTime, Id, Instant, StrictSchema, Text, YesNo
from mobile_api.schemas.shared import NumbersSchema


class QuietSchema(StrictSchema):
    start = ClockTime(required=True, data_key="from")
    until = ClockTime(required=True)


class ConsentChangeSchema(StrictSchema):
    kind = Choice(*CONSENTS, required=True)
    given = YesNo(required=True)
    text_version = Text(required=True, least=1, most=50)


class StepTimesSchema(StrictSchema):
    """The client's own times for a step: as many as the plan has, each later than the one before."""

    care_plan_id = Id(required=True)
    step = Text(required=True, least=1, most=100)
    times = fields.List(ClockTime(), required=True, validate=validate.Length(max=24))


class MeChangeSchema(StrictSchema):
    zone = Text(least=1, most=64)
    language = Text(least=2, most=35)
    quiet = fields.Nested(QuietSchema, allow_none=True)
    check_in_at = ClockTime()
    discreet = YesNo()
    help_may_break_quiet = YesNo()
    cover_photos = YesNo()
    consents = fields.List(fields.Nested(ConsentChangeSchema), validate=validate.Length(max=10))
    step_times = fields.List(fields.Nested(StepTimesSchema), validate=validate.Length(max=50))
    resume_reminders = YesNo(
        validate=validate.Equal(True), metadata={"description": "start reminders again that stopped after a silence"}
    )


class PersonSchema(AnswerSchema):
    name = Text()
    initials = Text()


class StudioSchema(AnswerSchema):
    name = Text()
    phone = Text(allow_none=True)
    country = Text()


class ConsentSchema(AnswerSchema):
    kind = Choice(*CONSENTS)
    given = fields.Boolean()
    text_version = Text()
    at = Instant()


class FirebaseSchema(AnswerSchema):
    """A Firebase web app's configuration, by Firebase's own names; `vapidKey`: of its web push certificate."""

    apiKey = Text(most=1000)  # noqa: N815
    appId = Text(most=1000)  # noqa: N815
    messagingSenderId = Text(most=1000)  # noqa: N815
    projectId = Text(most=1000)  # noqa: N815
    vapidKey = Text(most=1000)  # noqa: N815


class PushKeySchema(AnswerSchema):
    """`firebase`: where it is there a browser registers with Firebase; null: by Web Push."""

    vapid_public_key = Text()
    firebase = fields.Nested(FirebaseSchema, allow_none=True)


class MeSchema(AnswerSchema):
    id = Id()
    name = Text()
    device_id = Id()
    practitioner = fields.Nested(PersonSchema)
    studio = fields.Nested(StudioSchema)
    zone = Text()
    language = Text()
    quiet = fields.Nested(QuietSchema, allow_none=True)
    check_in_at = ClockTime()
    discreet = fields.Boolean()
    help_may_break_quiet = fields.Boolean()
    cover_photos = fields.Boolean()
    consents = fields.List(fields.Nested(ConsentSchema))
    emergency = fields.List(fields.Nested(NumbersSchema))
    push = fields.Nested(PushKeySchema)
    photo_key_note = Text(allow_none=True)
    now = Instant()
    rate = fields.Float(
        metadata={"x-optional": True, "description": "product seconds per real second; development only"}
    )
