"""This browser's alerts: "1 client needs you now" and no name. The service worker lives under /console/ alone."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, request
from marshmallow import ValidationError, fields

from backend.console import assets, pages
from backend.errors import InvalidInput
from backend.services import devices, reminders
from backend.services.devices import NewPushAddress
from backend.web import auth, context, problems
from backend.web.fields import Choice, Id, StrictSchema, Text

views = Blueprint("push", __name__)
WORKER = "sw.js"


class KeysSchema(StrictSchema):
    p256dh = Text(least=1, most=200, required=True)
    auth = Text(least=1, most=100, required=True)


class PushSchema(StrictSchema):
    kind = Choice("web_push", required=True)
    endpoint = Text(least=1, most=2000, required=True)
    keys = fields.Nested(KeysSchema, required=True)


class ReceiptSchema(StrictSchema):
    reminder_id = Id(required=True)
    event = Choice("shown", "opened", required=True)


@dataclass(frozen=True, slots=True)
class PushState:
    """`on`: this browser gets alerts. `key`: the server's public key; empty: it has no Web Push."""

    on: bool
    key: str


def get_state() -> PushState:
    who = pages.who()
    address = devices.get_push_address(who.staff_scope, who.device_id)
    return PushState(address is not None and address.active, context.push().vapid_public_key)


@views.get("/sw.js")
@auth.public
def show_worker() -> Response:
    return assets.answer(WORKER)


@views.put("/push")
@auth.staff
@auth.accepts("application/json", most_bytes=16 * 1024)
def register() -> Response:
    """Sends this browser's alerts there from now on."""
    try:
        body: dict[str, Any] = dict(PushSchema().load(request.get_json()))
    except ValidationError as error:
        raise InvalidInput(problems.list_faults({"json": cast(dict[str, Any], error.messages)})) from None
    given = NewPushAddress(body["kind"], body["endpoint"], body["keys"]["p256dh"], body["keys"]["auth"])
    who = pages.who()
    devices.register_push_address(who.staff_scope, who.device_id, given, check=context.push().check, now=context.now())
    return Response(status=204)


@views.delete("/push")
@auth.staff
def retire() -> Response:
    """No more alerts to this browser."""
    who = pages.who()
    devices.retire_push_address(who.staff_scope, who.device_id, now=context.now())
    return Response(status=204)


@views.post("/receipts")
@auth.staff
@auth.accepts("application/json", most_bytes=1024)
def confirm() -> Response:
    """This browser has shown an alert, or it was tapped: without that word it is sent again once."""
    try:
        body: dict[str, Any] = dict(ReceiptSchema().load(request.get_json()))
    except ValidationError as error:
        raise InvalidInput(problems.list_faults({"json": cast(dict[str, Any], error.messages)})) from None
    who, now = pages.who(), context.now()
    reminders.record_receipt(who.staff_scope, body["reminder_id"], who.device_id, body["event"], now, now=now)
    return Response(status=204)
