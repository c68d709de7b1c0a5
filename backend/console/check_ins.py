"""One check-in: looked at, answered, marked as reviewed."""

from uuid import UUID

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.console import forms, inbox, pages
from backend.errors import Conflict, InvalidInput
from backend.services import inbox as inbox_service
from backend.services import reviews
from backend.web import auth, context

views = Blueprint("check_ins", __name__, url_prefix="/check-ins")


@views.get("/<uuid:client_id>/<uuid:check_in_id>")
@auth.staff
def show_check_in(client_id: UUID, check_in_id: UUID) -> Response:
    return inbox.show_open(inbox_service.get_open_check_in(auth.staff_scope(), client_id, check_in_id))


@views.post("/<uuid:client_id>/<uuid:check_in_id>/review")
@auth.staff
def review(client_id: UUID, check_in_id: UUID) -> AnyResponse:
    """Marks it as reviewed, with or without words to the client; one that is urgent needs words."""
    try:
        words = forms.read(forms.ReplyForm)["words"]
        reviews.review(auth.staff_scope(), client_id, check_in_id, words, now=context.now())
    except (InvalidInput, Conflict) as error:
        opened = inbox_service.get_open_check_in(auth.staff_scope(), client_id, check_in_id)
        return inbox.show_open(opened, problem=pages.problem_of(error))
    return pages.go("inbox.show_inbox", done="sent" if words else "reviewed")
