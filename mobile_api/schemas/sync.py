"""What a phone kept while it was offline."""

from marshmallow import fields, validate

from backend.web.fields import AnswerSchema, Choice, Id, StrictSchema
from mobile_api.schemas.check_ins import GotHelpGivenSchema

TYPES = ("step_log", "check_in", "receipt", "got_help", "message", "messages_seen", "correction_read")
MOST_EVENTS = 100


class EventSchema(StrictSchema):
    """`body` is that of the event's own POST; each is checked by itself, so that one fault spoils no other."""

    type = Choice(*TYPES, required=True)
    body = fields.Raw(required=True, metadata={"type": "object"})


class SyncSchema(StrictSchema):
    events = fields.List(fields.Nested(EventSchema), required=True, validate=validate.Length(max=MOST_EVENTS))


class SyncedSchema(AnswerSchema):
    id = Id(allow_none=True)
    status = fields.Integer()
    body = fields.Raw(metadata={"x-optional": True, "type": ["object", "null"]})
    problem = fields.Raw(metadata={"x-optional": True, "type": "object"})


class SyncAnswerSchema(AnswerSchema):
    results = fields.List(fields.Nested(SyncedSchema))


class FlagHelpedSchema(GotHelpGivenSchema):
    """`got_help` in a batch: its POST names the flag in the path."""

    flag_id = Id(required=True)
