"""Shapes that several features answer with."""

from marshmallow import fields

from backend.web.fields import AnswerSchema, Choice, Id, Instant, Text

LEVELS = ("on_track", "watch", "today", "now")
STATES = ("upcoming", "open", "started", "done", "missed", "declined", "not_applicable", "superseded")


class SeenSchema(AnswerSchema):
    by = Text()
    at = Instant()


class GotHelpSchema(AnswerSchema):
    who = Text()
    at = Instant()


class FlagToldSchema(AnswerSchema):
    """A warning as the client sees it."""

    id = Id()
    level = Choice(*LEVELS)
    title = Text()
    tell_client = Text(most=2000)
    raised_at = Instant()
    seen = fields.Nested(SeenSchema, allow_none=True)
    got_help = fields.Nested(GotHelpSchema, allow_none=True)
    nobody_seen = fields.Boolean()


class NumbersSchema(AnswerSchema):
    """Numbers to call in one country."""

    country = Text()
    emergency = Text()
    advice = Text(allow_none=True)
    advice_name = Text(allow_none=True)
