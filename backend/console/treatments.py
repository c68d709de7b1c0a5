"""The treatment: started with what the reference data says, each step with one tap, then the plan."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.console import evidence, forms, methods, pages
from backend.errors import Conflict, Contradicted, InvalidInput, NotFound, ProtocolNotSigned
from backend.services import care_plans, client_pages, protocols, treatments
from backend.services.health_factors import FactorChosen
from backend.services.treatments import SITES, SKIN_TYPES
from backend.web import auth, context
from schedules import Protocol, latest_protocol

views = Blueprint("treatments", __name__)
# a step in an address is its number in the treatment: its name would say what is done to whom (K2)
STEP = "/treatments/<uuid:treatment_id>/steps/<int(fixed_digits=2):number>"


@views.get("/clients/<uuid:client_id>/treatments/new")
@auth.staff
def choose_treatment(client_id: UUID) -> Response:
    """First the method, then (`?method=`, its place in the list) what is asked for it."""
    return _form(client_id, methods.asked_method(), None)


@views.post("/clients/<uuid:client_id>/treatments")
@auth.staff
def open_treatment(client_id: UUID) -> AnyResponse:
    method = request.form.get("method", "")
    try:
        form = forms.read(forms.TreatmentForm, apart=("factor-", "last-"))
        record = treatments.open_treatment(
            auth.staff_scope(), client_id, **form, factors=_factors(form["method"]), now=context.now()
        )
    except ProtocolNotSigned as error:
        return pages.show("not_signed.html", status=409, method=_protocol(method), reason=error.detail)
    except (InvalidInput, Conflict) as error:
        return _form(client_id, method, pages.problem_of(error))
    return pages.go("treatments.show_treatment", treatment_id=record.id)


@views.get("/treatments/<uuid:treatment_id>")
@auth.staff
def show_treatment(treatment_id: UUID) -> Response:
    return _record(treatment_id, None)


@views.post(f"{STEP}/start")
@auth.staff
def start_step(treatment_id: UUID, number: int) -> AnyResponse:
    """One tap; another order than the plan's needs a reason."""
    step_id = _step_at(treatment_id, number)
    try:
        reason = forms.read(forms.OptionalReasonForm)["reason"]
        treatments.start_step(auth.staff_scope(), treatment_id, step_id, reason=reason, now=context.now())
    except (InvalidInput, Conflict) as error:
        return _record(treatment_id, pages.problem_of(error), step_id)
    return pages.go("treatments.show_treatment", treatment_id=treatment_id)


@views.post(f"{STEP}/end")
@auth.staff
def end_step(treatment_id: UUID, number: int) -> AnyResponse:
    step_id = _step_at(treatment_id, number)
    try:
        treatments.end_step(auth.staff_scope(), treatment_id, step_id, now=context.now())
    except Conflict as error:
        return _record(treatment_id, pages.problem_of(error))
    return pages.go("treatments.show_treatment", treatment_id=treatment_id)


@views.post("/treatments/<uuid:treatment_id>/finish")
@auth.staff
def finish(treatment_id: UUID) -> AnyResponse:
    """The end of the last step is the end of the treatment: day 0."""
    try:
        treatments.finish_treatment(auth.staff_scope(), treatment_id, now=context.now())
    except Conflict as error:
        return _record(treatment_id, pages.problem_of(error))
    return pages.go("treatments.show_treatment", treatment_id=treatment_id)


@views.post("/treatments/<uuid:treatment_id>/plan")
@auth.staff
def start_plan(treatment_id: UUID) -> AnyResponse:
    """Where the new plan contradicts a running one, the steps are named first; the practitioner may start all the
    same."""
    try:
        form = forms.read(forms.StartPlanForm)
        started = care_plans.start(
            auth.staff_scope(),
            treatment_id,
            care_style=form["care_style"],
            accept_contradictions=form["all_the_same"] == "yes",
            now=context.now(),
        )
    except ProtocolNotSigned as error:
        method = treatments.get_treatment(auth.staff_scope(), treatment_id).method
        return pages.show("not_signed.html", status=409, method=latest_protocol(method), reason=error.detail)
    except Contradicted as error:
        return _record(treatment_id, pages.problem_of(error), contradictions=error.contradictions)
    except (InvalidInput, Conflict) as error:
        return _record(treatment_id, pages.problem_of(error))
    return pages.go("clients.show_client", client_id=started.client_id, done="plan")


def _form(client_id: UUID, method: str, problem: pages.Problem | None) -> Response:
    page = client_pages.get_client_page(auth.staff_scope(), client_id, now=context.now())
    return pages.show(
        "treatment_new.html",
        problem=problem,
        client=page,
        statuses=protocols.list_methods(auth.staff_scope()),
        chosen=_protocol(method),
        spots={f"last-{factor}": f"last-{n}" for n, factor in enumerate(_known_factors(method), start=1)},
        open_factors={factor.modifier_id for factor in page.factors if factor.cleared_at is None},
        action_names=evidence.ACTIONS,
        sites=SITES,
        skin_types=SKIN_TYPES,
    )


def _record(
    treatment_id: UUID,
    problem: pages.Problem | None,
    refused_step: str | None = None,
    contradictions: Sequence[object] = (),
) -> Response:
    record = treatments.get_treatment(auth.staff_scope(), treatment_id)
    page = client_pages.get_client_page(auth.staff_scope(), record.client_id, now=context.now())
    return pages.show(
        "treatment.html",
        problem=problem,
        record=record,
        client=page,
        contradictions=contradictions,
        protocol=latest_protocol(record.method),
        refused_step=refused_step,
        plan_started=treatment_id not in {treatment.id for treatment in page.treatments},
        expected=next((step.step_id for step in record.steps if step.state == "waiting"), None),
    )


def _step_at(treatment_id: UUID, number: int) -> str:
    """The step with this number, from 1, in the plan's order. Raises NotFound."""
    steps = treatments.get_treatment(auth.staff_scope(), treatment_id).steps
    if not 1 <= number <= len(steps):
        raise NotFound("no such step")
    return steps[number - 1].step_id


def _protocol(method: str) -> Protocol | None:
    known = {status.protocol.method.id: status.protocol for status in protocols.list_methods(auth.staff_scope())}
    return known.get(method)


def _known_factors(method: str) -> tuple[str, ...]:
    protocol = _protocol(method)
    return tuple(protocol.shared.modifiers) if protocol else ()


def _factors(method: str) -> tuple[FactorChosen, ...]:
    """The ticked health factors, each with the date on which it last applied, where given."""
    ticked = [name for name in _known_factors(method) if f"factor-{name}" in request.form]
    return tuple(FactorChosen(name, forms.read_day(f"last-{name}")) for name in ticked)
