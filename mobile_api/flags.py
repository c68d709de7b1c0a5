"""A warning as the client sees it, and the client's word that help was got."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.services import flags
from backend.services.flags import FlagSeen
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.check_ins import GotHelpGivenSchema
from mobile_api.schemas.shared import FlagToldSchema
from mobile_api.words import familiar

views = Blueprint("flags", __name__, description="Warnings")


@views.route("/flags/<uuid:flag_id>/got-help", methods=["POST"])
@auth.client
@views.arguments(GotHelpGivenSchema)
@views.response(200, FlagToldSchema)
def got_help(body: dict[str, Any], flag_id: UUID) -> Response:
    """Note whom the client spoke to. It closes nothing."""
    return answer(note_got_help(flag_id, body["who"]))


def note_got_help(flag_id: UUID, who: str) -> dict[str, Any]:
    return build_flag(flags.note_got_help(auth.client_scope(), flag_id, who, now=context.now()))


def build_flag(flag: FlagSeen) -> dict[str, Any]:
    """A warning with its words."""
    return {
        "id": str(flag.id),
        "level": flag.level,
        "title": flag.title,
        "tell_client": flag.tell_client,
        "raised_at": show_instant(flag.raised_at),
        "seen": build_seen(flag),
        "got_help": build_got_help(flag),
        "nobody_seen": flag.alarmed,
    }


def build_line(flag: FlagSeen) -> dict[str, Any]:
    """A warning as a result lists it."""
    line = {"id": str(flag.id), "level": flag.level, "rule_id": flag.rule_id}
    return {**line, "seen": build_seen(flag), "got_help": build_got_help(flag)}


def build_seen(flag: FlagSeen) -> dict[str, Any] | None:
    if flag.acknowledged_at is None:
        return None
    return {"by": familiar(flag.acknowledged_by or ""), "at": show_instant(flag.acknowledged_at)}


def build_got_help(flag: FlagSeen) -> dict[str, Any] | None:
    if flag.got_help_at is None:
        return None
    return {"who": flag.got_help_who, "at": show_instant(flag.got_help_at)}
