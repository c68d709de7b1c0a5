"""The thread between a client and the clinic."""

from typing import Any

from flask import Response

from backend.services import messages
from backend.services.messages import MessageDraft
from backend.services.threads import ChangeLine, MessageLine
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.messages import LineSchema, MessageSchema, MessagesSeenSchema, ThreadSchema
from mobile_api.words import familiar

views = Blueprint("messages", __name__, description="Messages between client and clinic")


@views.route("/messages")
@auth.client
@views.response(200, ThreadSchema)
def get_messages() -> Response:
    """Messages and changes of plans, oldest first. Reading them here marks nothing as seen."""
    thread = messages.get_thread(auth.client_scope())
    return answer(
        {
            "reply_promise_h": thread.reply_promise_h,
            "unread": thread.unread,
            "items": [
                build_message(line) if isinstance(line, MessageLine) else _build_change(line) for line in thread.lines
            ],
        }
    )


@views.route("/messages", methods=["POST"])
@auth.client
@views.arguments(MessageSchema)
@views.response(201, LineSchema)
@views.alt_response(200, schema=LineSchema, description="The same again", success=True)
def send_message(body: dict[str, Any]) -> Response:
    """Keep one message. The same again is answered the same; other content under its id is a conflict."""
    status, document = keep(body)
    return answer(document, status)


@views.route("/messages/seen", methods=["POST"])
@auth.client
@views.arguments(MessagesSeenSchema)
@views.response(204)
def note_seen(body: dict[str, Any]) -> Response:
    """The clinic's messages up to this one are seen; saying it twice changes nothing."""
    record_seen(body)
    return Response(status=204)


def keep(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """One message through the service: status and document."""
    line, repeated = messages.send(auth.client_scope(), MessageDraft(**body), now=context.now())
    return (200 if repeated else 201), build_message(line)


def record_seen(body: dict[str, Any]) -> None:
    """One mark through the service."""
    messages.note_seen(auth.client_scope(), body["up_to"], now=context.now())


def build_message(line: MessageLine) -> dict[str, Any]:
    answered = {"id": str(line.check_in_id), "day": line.check_in_day} if line.check_in_id is not None else None
    return {
        "kind": "message",
        "id": str(line.id),
        "by": familiar(line.by) if line.by is not None else None,
        "at": show_instant(line.at),
        "words": line.words,
        "received_at": show_instant(line.received_at),
        "seen_at": show_instant(line.seen_at) if line.seen_at else None,
        "check_in": answered,
        "photos": [str(photo) for photo in line.photo_ids],
    }


def _build_change(line: ChangeLine) -> dict[str, Any]:
    return {
        "kind": "plan_changed",
        "id": str(line.id),
        "by": familiar(line.by) if line.by is not None else None,
        "at": show_instant(line.at),
        "what": line.what,
        "care_plan_id": str(line.care_plan_id),
        "steps": list(line.steps),
    }
