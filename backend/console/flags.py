"""Warnings: seen with one tap, closed with a reason."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.console import forms, inbox, pages
from backend.errors import InvalidInput
from backend.services import flags
from backend.services import inbox as inbox_service
from backend.web import auth, context

views = Blueprint("flags", __name__, url_prefix="/flags")


@views.get("/<uuid:flag_id>")
@auth.staff
def show_warning(flag_id: UUID) -> Response:
    return inbox.show_open(inbox_service.get_open_warning(auth.staff_scope(), flag_id, now=context.now()))


@views.post("/<uuid:flag_id>/acknowledge")
@auth.staff
def acknowledge(flag_id: UUID) -> AnyResponse:
    """Ends the ladder; the second tap changes nothing."""
    flags.acknowledge(auth.staff_scope(), flag_id, now=context.now())
    return _back("acknowledged")


@views.post("/<uuid:flag_id>/close")
@auth.staff
def close(flag_id: UUID) -> AnyResponse:
    """It is over, for this reason: paused steps and readiness are free again."""
    try:
        reason = forms.read(forms.ReasonForm)["reason"]
        flags.close(auth.staff_scope(), flag_id, reason, now=context.now())
    except InvalidInput as error:
        opened = inbox_service.get_open_warning(auth.staff_scope(), flag_id, now=context.now())
        return inbox.show_open(opened, problem=pages.problem_of(error))
    return _back("closed")


def _back(done: str) -> AnyResponse:
    """To the page of the console that the form stood on: warnings are answered on several."""
    path = urlsplit(request.referrer or "").path
    inside = path == auth.CONSOLE_PATH or path.startswith(f"{auth.CONSOLE_PATH}/")
    if not inside or path.endswith(("/acknowledge", "/close")) or "//" in path:
        return pages.go("inbox.show_inbox", done=done)
    return redirect(f"{path}?done={done}", code=303)
