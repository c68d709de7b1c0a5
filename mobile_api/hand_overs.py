"""A session handed on to the app on the client's own Home Screen (DESIGN section 8)."""

from typing import Any

import orjson
from flask import Response

from backend.services import hand_overs
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api import pwa
from mobile_api.api import Blueprint, answer
from mobile_api.enrolment import answer_signed_in
from mobile_api.schemas.enrolment import EnrolledSchema
from mobile_api.schemas.hand_overs import HandOverSchema, ManifestSchema, RedeemSchema

views = Blueprint("hand-overs", __name__, description="From the browser to the Home Screen")


@views.route("/hand-overs", methods=["POST"])
@auth.client
@views.response(201, HandOverSchema)
def make() -> Response:
    """A fresh code that signs in one more app of this client, once and for 30 minutes; the earlier one ends."""
    made = hand_overs.make(auth.client_scope(), auth.signed_in().device_id, secret=_secret(), now=context.now())
    return answer({"code": made.code, "expires_at": show_instant(made.expires_at)}, 201)


@views.route("/hand-overs/manifest")
@auth.client
@views.response(200, ManifestSchema, content_type=pwa.MANIFEST_TYPE)
def get_manifest() -> Response:
    """The app's manifest for this browser: the app that it installs starts with the open code, if there is one."""
    manifest = orjson.loads((pwa.DIST / pwa.MANIFEST).read_bytes())
    made = hand_overs.get_open(auth.client_scope(), auth.signed_in().device_id, secret=_secret(), now=context.now())
    if made:
        manifest["start_url"] += f"#h={made.code}"
    return Response(orjson.dumps(manifest), content_type=pwa.MANIFEST_TYPE)


@views.route("/hand-overs/redeem", methods=["POST"])
@auth.public
@views.arguments(RedeemSchema)
@views.response(201, EnrolledSchema)
def redeem(body: dict[str, Any]) -> Response:
    """Sign in with a code, once. 404 for an unknown, a spent and an expired one alike."""
    who, token = hand_overs.redeem(
        body["code"], body["device_name"], origin=context.caller(), secret=_secret(), now=context.now()
    )
    return answer_signed_in(who, token)


def _secret() -> bytes:
    return context.settings().secret_key.encode()
