"""A photo of the skin."""

from backend.web.fields import AgeInQuery, AnswerSchema, Choice, Day, Id, Instant, StrictSchema, Text, Whole


class PhotoQuerySchema(StrictSchema):
    care_plan_id = Id(required=True)
    view = Text(required=True, least=1, most=50)
    occurrence = Text(least=1, most=100)
    taken_at = Instant(required=True)
    age = AgeInQuery()


class PhotoStoredSchema(AnswerSchema):
    id = Id()
    view = Text()
    taken_on = Day()
    width = Whole()
    height = Whole()
    bytes = Whole()


class SizeSchema(StrictSchema):
    size = Choice("full", "thumb", load_default="full")
