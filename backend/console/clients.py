"""The list of clients, a new client, a client's page."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.console import forms, pages
from backend.errors import InputFault, InvalidInput
from backend.services import client_pages, clients, messages
from backend.web import auth, context
from schedules import check_zone

views = Blueprint("clients", __name__, url_prefix="/clients")

DATE_FAULTS = ("anchor", "scabs_off", "skin_closed")  # said of the one date that the form asks for


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """One of a plan's forms on the client's page: it stays open with what was typed."""

    name: str
    care_plan_id: UUID

    def spot(self, fault: str) -> str:
        """The id of the field that a fault is about."""
        return f"{self.name}-{'on' if fault in DATE_FAULTS else fault}-{self.care_plan_id}"


@views.get("")
@auth.staff
def list_clients() -> Response:
    return show_list()


@views.post("")
@auth.staff
def add_client() -> AnyResponse:
    try:
        form = forms.read(forms.ClientForm)
        _check_zone(form["zone"])
        added = clients.add_client(auth.staff_scope(), name=form["name"], zone=form["zone"], now=context.now())
    except InvalidInput as error:
        return show_list(problem=pages.problem_of(error))
    return pages.go("clients.show_client", client_id=added.id)


@views.get("/<uuid:client_id>")
@auth.staff
def show_client(client_id: UUID) -> Response:
    return show_page(client_id)


def show_list(*, problem: pages.Problem | None = None) -> Response:
    summaries = client_pages.list_summaries(auth.staff_scope(), now=context.now())
    return pages.show("clients.html", problem=problem, clients=summaries)


def show_page(client_id: UUID, *, problem: pages.Problem | None = None, refused: RefusedForm | None = None) -> Response:
    """The client's page; `problem` belongs to the form on it that was refused."""
    page = client_pages.get_client_page(auth.staff_scope(), client_id, now=context.now())
    thread = messages.open_thread(auth.staff_scope(), client_id, now=context.now())
    spots = {name: refused.spot(name) for name in problem.faults} if problem and refused else {}
    return pages.show("client.html", problem=problem, refused=refused, spots=spots, client=page, thread=thread)


def _check_zone(zone: str | None) -> None:
    try:
        if zone is not None:
            check_zone(zone)
    except ValueError as error:
        raise InvalidInput((InputFault("/zone", str(error)),)) from None
