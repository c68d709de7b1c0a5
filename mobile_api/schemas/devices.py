"""Where a phone gets its pushes."""

from marshmallow import ValidationError, fields, validates_schema

from backend.web.fields import Choice, StrictSchema, Text


class KeysSchema(StrictSchema):
    p256dh = Text(required=True, least=1, most=200)
    auth = Text(required=True, least=1, most=100)


class PushSchema(StrictSchema):
    """web_push: endpoint and keys; fcm_token: token; fcm_fid: fid."""

    kind = Choice("web_push", "fcm_token", "fcm_fid", required=True)
    endpoint = Text(least=1, most=2000)
    keys = fields.Nested(KeysSchema)
    token = Text(least=1, most=4096)
    fid = Text(least=1, most=200)

    @validates_schema
    def check_kind(self, data: dict[str, object], **_more: object) -> None:
        wanted = {"web_push": {"endpoint", "keys"}, "fcm_token": {"token"}, "fcm_fid": {"fid"}}[str(data["kind"])]
        given = set(data) - {"kind"}
        faults = {name: ["required"] for name in wanted - given}
        faults |= {name: [f"does not belong to {data['kind']}"] for name in given - wanted}
        if faults:
            raise ValidationError(faults)
