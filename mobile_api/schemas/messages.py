"""The thread between a client and the clinic."""

from marshmallow import fields

from backend.services.messages import MOST_CHARACTERS
from backend.services.threads import CHANGES
from backend.web.fields import Age, AnswerSchema, Choice, Id, Instant, StrictSchema, Text, Whole, YesNo

KINDS = ("message", "plan_changed")


class MessageSchema(StrictSchema):
    """`at`: when it was written, by the phone's clock. `with_photo`: a photo of it follows; only then it may have no
    words."""

    id = Id(required=True)
    words = Text(required=True, most=MOST_CHARACTERS)
    at = Instant(required=True)
    age = Age(allow_none=True)
    with_photo = YesNo()


class MessagesSeenSchema(StrictSchema):
    """The clinic's messages up to this one have been on the client's screen."""

    up_to = Id(required=True)


class AnsweredSchema(AnswerSchema):
    id = Id()
    day = Whole()


class LineSchema(AnswerSchema):
    """A message, or a change of a plan. `by`: first name of who wrote or changed it, null for the client. `check_in`:
    the one that a message answers. `photos`: of a message, those that have come in. `what` and `steps` (ids): of a
    change."""

    kind = Choice(*KINDS)
    id = Id()
    by = Text(allow_none=True)
    at = Instant()
    words = Text(metadata={"x-optional": True}, most=MOST_CHARACTERS)
    received_at = Instant(metadata={"x-optional": True})
    seen_at = Instant(allow_none=True, metadata={"x-optional": True})
    check_in = fields.Nested(AnsweredSchema, allow_none=True, metadata={"x-optional": True})
    photos = fields.List(Id(), metadata={"x-optional": True})
    what = Choice(*CHANGES.values(), metadata={"x-optional": True})
    care_plan_id = Id(metadata={"x-optional": True})
    steps = fields.List(Text(), metadata={"x-optional": True})


class ThreadSchema(AnswerSchema):
    """Oldest first; the newest 200 messages. `unread`: the clinic's that the client has not seen."""

    reply_promise_h = Whole(least=0)
    unread = Whole(least=0)
    items = fields.List(fields.Nested(LineSchema))
