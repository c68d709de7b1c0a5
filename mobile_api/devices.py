"""Where this phone gets its pushes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from backend.errors import InputFault, InvalidInput
from backend.services import devices
from backend.services.devices import NewPushAddress
from backend.web import auth, context
from mobile_api.api import Blueprint
from mobile_api.schemas.devices import PushSchema

views = Blueprint("devices", __name__, description="Push addresses")

POINTERS: Mapping[str, Mapping[str, str]] = {
    "web_push": {"/p256dh": "/keys/p256dh", "/auth": "/keys/auth"},
    "fcm_fid": {"/token": "/fid"},
    "fcm_token": {},
}


@views.route("/devices/<uuid:device_id>/push", methods=["PUT"])
@auth.client
@views.arguments(PushSchema)
@views.response(204)
def register(body: dict[str, Any], device_id: UUID) -> Response:
    """Send this phone's pushes there from now on."""
    keys = body.get("keys", {})
    given = NewPushAddress(
        kind=body["kind"],
        endpoint=body.get("endpoint", ""),
        p256dh=keys.get("p256dh", ""),
        auth=keys.get("auth", ""),
        token=body.get("token") or body.get("fid", ""),
    )
    try:
        devices.register_push_address(
            auth.client_scope(), device_id, given, check=context.push().check, now=context.now()
        )
    except InvalidInput as error:
        names = POINTERS[given.kind]
        faults = tuple(InputFault(names.get(fault.pointer, fault.pointer), fault.problem) for fault in error.faults)
        raise InvalidInput(faults) from None
    return Response(status=204)


@views.route("/devices/<uuid:device_id>/push", methods=["DELETE"])
@auth.client
@views.response(204)
def retire(device_id: UUID) -> Response:
    """No more pushes to this phone."""
    devices.retire_push_address(auth.client_scope(), device_id, now=context.now())
    return Response(status=204)
