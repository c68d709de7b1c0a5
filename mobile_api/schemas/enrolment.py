"""Coming in by an invitation."""

from marshmallow import fields, validate

from backend.services.consents import CONSENTS
from backend.web.fields import AnswerSchema, Choice, Id, Instant, StrictSchema, Text, YesNo
from mobile_api.schemas.me import MeSchema

LANGUAGES = ("en",)


class DeviceSchema(StrictSchema):
    name = Text(required=True, least=1, most=100)
    platform = Choice("web", "ios", "android", required=True)
    zone = Text(required=True, least=1, most=64)
    language = Text(required=True, least=2, most=35)


class ConsentGivenSchema(StrictSchema):
    kind = Choice(*CONSENTS, required=True)
    given = YesNo(required=True)
    text_version = Text(required=True, least=1, most=50)


class EnrolmentSchema(StrictSchema):
    code = Text(required=True, least=1, most=64)
    device = fields.Nested(DeviceSchema, required=True)
    consents = fields.List(fields.Nested(ConsentGivenSchema), required=True, validate=validate.Length(max=10))


class DeclineSchema(StrictSchema):
    code = Text(required=True, least=1, most=64)


class InviteSchema(AnswerSchema):
    client_name = Text()
    practitioner_name = Text()
    practitioner_short = Text()
    studio = Text()
    valid_until = Instant()
    language = Text()


class ClientSchema(AnswerSchema):
    id = Id()
    name = Text()


class EnrolledSchema(AnswerSchema):
    client = fields.Nested(ClientSchema)
    token = Text()
    now = Instant()
    me = fields.Nested(MeSchema)


class TokenSchema(AnswerSchema):
    """`token` is null for a browser: its cookie holds it, out of reach of scripts."""

    token = Text(allow_none=True)
