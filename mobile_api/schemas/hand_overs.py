"""A session handed on to the app on the Home Screen."""

from typing import ClassVar

from marshmallow import fields

from backend.web.fields import AnswerSchema, Instant, StrictSchema, Text


class HandOverSchema(AnswerSchema):
    """`code`: 8 characters in two groups, such as `ABCD-EFGH`; it works once."""

    code = Text()
    expires_at = Instant()


class RedeemSchema(StrictSchema):
    """`code` as it was found or typed: case, spaces and dashes do not matter."""

    code = Text(required=True, least=1, most=64)
    device_name = Text(required=True, least=1, most=100)


class ManifestSchema(AnswerSchema):
    """A web app manifest; `start_url` carries the open code behind its #, where no server ever sees it."""

    start_url = Text()

    class Meta:
        include: ClassVar = {
            name: fields.Raw(metadata={"x-optional": True})
            for name in (
                "id", "name", "short_name", "scope", "display", "lang", "dir", "background_color", "theme_color",
                "icons",
            )
        }  # fmt: skip
