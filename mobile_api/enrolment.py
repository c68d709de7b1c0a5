"""Coming in by an invitation, and the phone's session from then on."""

from typing import Any

from flask import Response

from backend.services import clients, invites, sessions
from backend.services.consents import ConsentGiven
from backend.services.invites import Device
from backend.services.sessions import SignedIn
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api.api import Blueprint, answer
from mobile_api.me import build_me
from mobile_api.schemas.enrolment import DeclineSchema, EnrolledSchema, EnrolmentSchema, InviteSchema, TokenSchema
from mobile_api.words import familiar

views = Blueprint("enrolment", __name__, description="Invitations and sessions")


@views.route("/invites/<string:code>")
@auth.public
@views.response(200, InviteSchema)
def get_invite(code: str) -> Response:
    """What an invitation says; never redeems it. 404 unknown, 410 used or expired."""
    shown = invites.show(code, origin=context.caller(), now=context.now())
    return answer(
        {
            "client_name": shown.client_name,
            "practitioner_name": shown.practitioner_name,
            "practitioner_short": familiar(shown.practitioner_name),
            "studio": shown.studio,
            "valid_until": show_instant(shown.valid_until),
            "language": shown.language,
        }
    )


@views.route("/enrolments", methods=["POST"])
@auth.public
@views.arguments(EnrolmentSchema)
@views.response(201, EnrolledSchema)
def enrol(body: dict[str, Any]) -> Response:
    """Redeem an invitation, once. The token is for native apps; a browser gets its cookie."""
    consents = [ConsentGiven(**consent) for consent in body["consents"]]
    who, token = invites.redeem(
        body["code"], Device(**body["device"]), consents, origin=context.caller(), now=context.now()
    )
    return answer_signed_in(who, token)


@views.route("/enrolments/decline", methods=["POST"])
@auth.public
@views.arguments(DeclineSchema)
@views.response(204)
def decline(body: dict[str, Any]) -> Response:
    """ "This is not me": revokes the invitation and tells the studio."""
    invites.decline(body["code"], origin=context.caller(), now=context.now())
    return Response(status=204)


@views.route("/session/refresh", methods=["POST"])
@auth.client
@views.response(200, TokenSchema)
def refresh() -> Response:
    """Exchange the session's token for its successor. A browser gets it as its cookie alone."""
    secret = context.settings().secret_key.encode()
    _, token = sessions.refresh(auth.shown_token(), "client", secret=secret, now=context.now())
    if not auth.came_by_cookie():
        return answer({"token": token})
    response = answer({"token": None})
    auth.set_client_cookie(response, token)
    return response


@views.route("/session", methods=["DELETE"])
@auth.client
@views.response(204)
def sign_out() -> Response:
    """Sign this phone out and retire its push address."""
    sessions.sign_out(auth.signed_in(), now=context.now())
    response = Response(status=204)
    auth.clear_client_cookie(response)
    return response


def answer_signed_in(who: SignedIn, token: str) -> Response:
    """Who came in, and the session. The token is for native apps; a browser gets its cookie."""
    me = clients.get_me(who.client_scope)
    document = {
        "client": {"id": str(me.id), "name": me.name},
        "token": token,
        "now": show_instant(context.now()),
        "me": build_me(me, who.device_id, context.now()),
    }
    response = answer(document, 201)
    auth.set_client_cookie(response, token)
    return response
