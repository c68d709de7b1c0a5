"""Messages to a client: written on the client's page, and those of the client that need no answer."""

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from backend.console import clients, forms, pages
from backend.errors import InvalidInput
from backend.services import messages
from backend.web import auth, context

views = Blueprint("messages", __name__, url_prefix="/clients")


@views.post("/<uuid:client_id>/messages")
@auth.staff
def answer(client_id: UUID) -> AnyResponse:
    """Sends words to a client; they answer what stood on the page."""
    try:
        form = forms.read(forms.MessageForm)
        messages.answer(auth.staff_scope(), client_id, form["words"], form["up_to"], now=context.now())
    except InvalidInput as error:
        return clients.show_page(client_id, problem=pages.problem_of(error))
    return pages.go("clients.show_client", client_id=client_id, done="answered", anchor="messages")


@views.post("/<uuid:client_id>/messages/set-aside")
@auth.staff
def set_aside(client_id: UUID) -> AnyResponse:
    """What the client wrote needs no answer."""
    try:
        up_to = forms.read(forms.SetAsideForm)["up_to"]
        messages.set_aside(auth.staff_scope(), client_id, up_to, now=context.now())
    except InvalidInput as error:
        return clients.show_page(client_id, problem=pages.problem_of(error))
    return pages.go("clients.show_client", client_id=client_id, done="set_aside", anchor="messages")
