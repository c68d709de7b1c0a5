"""A running plan: the dates that its steps hang on, and the next appointment."""

from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from backend.console import clients, forms, pages
from backend.errors import Conflict, InvalidInput
from backend.services import care_plans, clinics
from backend.web import auth, context

views = Blueprint("care_plans", __name__, url_prefix="/clients/<uuid:client_id>/plans/<uuid:care_plan_id>")


@views.post("/anchor")
@auth.staff
def set_anchor(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    """The practitioner sets or corrects when the scabs were off or the skin closed."""
    scope = auth.staff_scope()
    try:
        form = forms.read(forms.AnchorForm)
        care_plans.set_anchor(scope, care_plan_id, form["anchor"], form["on"], now=context.now())
    except (InvalidInput, Conflict) as error:
        return clients.show_page(client_id, problem=pages.problem_of(error))
    return pages.go("clients.show_client", client_id=client_id, done="date")


@views.post("/appointment")
@auth.staff
def book_appointment(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    """Sets, moves or takes back the next treatment, on the clinic's clock."""
    scope = auth.staff_scope()
    try:
        form = forms.read(forms.AppointmentForm)
        at = forms.read_instant(form["on"], form["at"], clinics.get_clinic(scope).zone)
        care_plans.book_next_treatment(scope, care_plan_id, at, now=context.now())
    except (InvalidInput, Conflict) as error:
        return clients.show_page(client_id, problem=pages.problem_of(error))
    return pages.go("clients.show_client", client_id=client_id, done="appointment")
