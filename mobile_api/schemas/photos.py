"""A photo of the skin, or of what a message is about."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from backend.web.fields import AgeInQuery, AnswerSchema, Choice, Day, Id, Instant, StrictSchema, Text, Whole


class PhotoQuerySchema(StrictSchema):
    """Either one of the plan's views, or the message that the photo belongs to; they may come in any order."""

    care_plan_id = Id(required=True)
    view = Text(least=1, most=50)
    message = Id()
    occurrence = Text(least=1, most=100)
    taken_at = Instant(required=True)
    age = AgeInQuery()

    @validates_schema
    def check_one_of_both(self, data: Mapping[str, Any], **_more: object) -> None:
        if ("view" in data) == ("message" in data):
            raise ValidationError("either view or message", "view")
        if "message" in data and "occurrence" in data:
            raise ValidationError("a photo of a message has none", "occurrence")


class PhotoStoredSchema(AnswerSchema):
    id = Id()
    view = Text()
    taken_on = Day()
    width = Whole()
    height = Whole()
    bytes = Whole()


class SizeSchema(StrictSchema):
    size = Choice("full", "thumb", load_default="full")
