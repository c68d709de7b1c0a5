"""A running plan: the dates that its steps hang on, the next appointment, a pause, its end. Every change is looked at
first: the same form, and what it would do, before the button that does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from backend.console import clients, forms, pages, words
from backend.errors import Conflict, InvalidInput, NotFound
from backend.services import care_plans, client_pages, clinics
from backend.services.planning import PlanDiff
from backend.web import auth, context
from backend.web.fields import StrictSchema

views = Blueprint("care_plans", __name__, url_prefix="/clients/<uuid:client_id>/plans/<uuid:care_plan_id>")
LOOK, DO = {"look": True}, {"look": False}


@dataclass(frozen=True, slots=True)
class Change:
    """A change as its page names it. `button` does it; `done` is what the client's page says then."""

    name: str
    button: str
    done: str
    diff: PlanDiff


@views.post("/anchor/look", defaults=LOOK)
@views.post("/anchor", defaults=DO)
@auth.staff
def set_anchor(client_id: UUID, care_plan_id: UUID, look: bool) -> AnyResponse:
    """The practitioner sets, corrects or takes back when the scabs were off or the skin closed."""

    def act(form: dict[str, Any]) -> Change:
        anchor, on = form["anchor"], form["on"]
        diff = care_plans.set_anchor(auth.staff_scope(), care_plan_id, anchor, on, now=context.now(), rehearse=look)
        name = words.ANCHORS[anchor]
        if on is None:
            return Change(f"Take back: {name.lower()}", "Take it back", "date_back", diff)
        return Change(f"{name} on {words.local_day(on)}", "Set this date", "date", diff)

    return _change(client_id, care_plan_id, "anchor", forms.AnchorForm, act, look=look)


@views.post("/appointment/look", defaults=LOOK)
@views.post("/appointment", defaults=DO)
@auth.staff
def book_appointment(client_id: UUID, care_plan_id: UUID, look: bool) -> AnyResponse:
    """Sets, moves or takes back the next treatment, on the clinic's clock."""

    def act(form: dict[str, Any]) -> Change:
        scope = auth.staff_scope()
        zone = clinics.get_clinic(scope).zone
        at = forms.read_instant(form["on"], form["at"], zone)
        diff = care_plans.book_next_treatment(scope, care_plan_id, at, now=context.now(), rehearse=look)
        if at is None:
            return Change("Take back the next appointment", "Take it back", "appointment_back", diff)
        name = f"Next appointment on {words.local_day(at, zone)}, {words.local_time(at, zone)}"
        return Change(name, "Save this appointment", "appointment", diff)

    return _change(client_id, care_plan_id, "appointment", forms.AppointmentForm, act, look=look)


@views.post("/pause/look", defaults=LOOK)
@views.post("/pause", defaults=DO)
@auth.staff
def pause(client_id: UUID, care_plan_id: UUID, look: bool) -> AnyResponse:
    """The plan asks nothing until a day, or until somebody goes on with it."""

    def act(form: dict[str, Any]) -> Change:
        until_on = form["until_on"]
        diff = care_plans.pause(
            auth.staff_scope(),
            care_plan_id,
            until_on=until_on,
            reason=form["reason"],
            now=context.now(),
            rehearse=look,
        )
        until = f"until {words.local_day(until_on)}" if until_on else "until you go on with it"
        return Change(f"Pause the plan {until}", "Pause the plan", "paused", diff)

    return _change(client_id, care_plan_id, "pause", forms.PauseForm, act, look=look)


@views.post("/resume/look", defaults=LOOK)
@views.post("/resume", defaults=DO)
@auth.staff
def resume(client_id: UUID, care_plan_id: UUID, look: bool) -> AnyResponse:
    """Ends a pause now."""

    def act(_form: dict[str, Any]) -> Change:
        diff = care_plans.resume(auth.staff_scope(), care_plan_id, now=context.now(), rehearse=look)
        return Change("Go on with the plan", "Go on now", "resumed", diff)

    return _change(client_id, care_plan_id, "resume", forms.EmptyForm, act, look=look)


@views.post("/end/look", defaults=LOOK)
@views.post("/end", defaults=DO)
@auth.staff
def end_course(client_id: UUID, care_plan_id: UUID, look: bool) -> AnyResponse:
    """Ends the course: no further treatment is planned, the plan ends, what is pending is withdrawn."""

    def act(form: dict[str, Any]) -> Change:
        diff = care_plans.end_course(auth.staff_scope(), care_plan_id, form["reason"], now=context.now(), rehearse=look)
        return Change("End the course", "End the course", "ended", diff)

    return _change(client_id, care_plan_id, "end", forms.ReasonForm, act, look=look)


def _change(
    client_id: UUID,
    care_plan_id: UUID,
    form: str,
    schema: type[StrictSchema],
    act: Callable[[dict[str, Any]], Change],
    *,
    look: bool,
) -> AnyResponse:
    """Shows what the change would do (`look`), or does it; a refusal goes back to its form. NotFound for a plan that is
    not one of this client's running ones."""
    before = client_pages.get_client_page(auth.staff_scope(), client_id, now=context.now())
    plan = next((plan for plan in before.plans if plan.care_plan_id == care_plan_id), None)
    if plan is None:
        raise NotFound("no such plan")
    try:
        change = act(forms.read(schema))
    except (InvalidInput, Conflict) as error:
        refused = clients.RefusedForm(form, care_plan_id)
        return clients.show_page(client_id, problem=pages.problem_of(error), refused=refused)
    if not look:
        return pages.go("clients.show_client", client_id=client_id, done=change.done)
    return pages.show("change.html", client=before, plan=plan, change=change, form=form, sent=request.form)
