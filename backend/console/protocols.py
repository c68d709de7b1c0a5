"""Plans: read with what we assumed first, every value the clinic must confirm asked, signed by the owner."""

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from backend.console import forms, methods, pages
from backend.errors import Conflict, InputFault, InvalidInput, NotAllowed
from backend.services import clinics, protocols, recall
from backend.services.protocols import MethodStatus, StepAnswer
from backend.web import auth, context
from schedules import CareStep, assumption_items

views = Blueprint("protocols", __name__, url_prefix="/plans")
MOST_DAYS = 400
MOST_MINUTES = 240


@views.get("")
@auth.staff
def list_plans() -> Response:
    return pages.show("plans.html", methods=protocols.list_methods(auth.staff_scope()))


@views.get(f"/{methods.PLACE}")
@auth.staff
def show_plan(place: int) -> Response:
    return _page(methods.method_at(place), None)


@views.post(f"/{methods.PLACE}/sign")
@auth.staff
def sign(place: int) -> AnyResponse:
    """The owner's answers to all that must be confirmed, and the emergency numbers with them the first time."""
    scope, method = auth.staff_scope(), methods.method_at(place)
    try:
        status = protocols.get_method(scope, method)
        answers, days = _read_answers(status)
        _confirm_numbers()
        protocols.sign(
            scope,
            method,
            request.form.get("content_version", ""),
            answers,
            clinic_min_days=days,
            clinic_min_reason=request.form.get("clinic_min_reason"),
            now=context.now(),
        )
    except (InvalidInput, Conflict, NotAllowed) as error:
        return _page(method, pages.problem_of(error))
    return pages.go("protocols.show_plan", place=place, done="signed")


def _page(method: str, problem: pages.Problem | None) -> Response:
    status = protocols.get_method(auth.staff_scope(), method)
    return pages.show(
        "plan.html",
        problem=problem,
        status_of=status,
        protocol=status.protocol,
        assumptions=assumption_items(status.protocol),
        spots=_spots(status),
        corrections=recall.list_corrections(auth.staff_scope(), method=method),
    )


def _spots(status: MethodStatus) -> dict[str, str]:
    """The field ids that stand in for the steps' names: a fault's link puts its field's id into the address."""
    spots = {}
    for number, step in enumerate(status.must_confirm, start=1):
        for part in ("", "-minutes", "-every_n_days"):
            spots[f"steps-{step.id}{part}"] = f"steps-{number}{part}"
    return spots


def _read_answers(status: MethodStatus) -> tuple[list[StepAnswer], int | None]:
    """Every fault of the form at once; a step left open is the service's to name."""
    faults: list[InputFault] = []
    answers = [answer for step in status.must_confirm if (answer := _read_answer(step, faults)) is not None]
    days = _read_number("clinic_min_days", 1, MOST_DAYS, faults)
    if faults:
        raise InvalidInput(tuple(faults))
    return answers, days


def _read_answer(step: CareStep, faults: list[InputFault]) -> StepAnswer | None:
    name = f"steps-{step.id}"
    said = request.form.get(name)
    minutes = _read_number(f"{name}-minutes", 1, MOST_MINUTES, faults)
    gap = _read_number(f"{name}-every_n_days", 1, MOST_DAYS, faults)
    if said not in ("yes", "no"):
        return None
    return StepAnswer(
        step_id=step.id,
        confirmed=said == "yes",
        minutes=minutes if said == "yes" else None,
        every_n_days=gap if said == "yes" else None,
        turned_on=not step.default_on and said == "yes" and f"{name}-on" in request.form,
    )


def _read_number(name: str, least: int, most: int, faults: list[InputFault]) -> int | None:
    try:
        return forms.read_number(name, least, most)
    except InvalidInput as error:
        faults.extend(error.faults)
        return None


def _confirm_numbers() -> None:
    """The first signature confirms the numbers that clients are told to call."""
    if "emergency" not in request.form:
        return
    apart = ("steps-", "content_version", "clinic_min_days", "clinic_min_reason")
    form = forms.read(forms.EmergencyForm, apart=apart)
    clinics.confirm_emergency(auth.staff_scope(), **form, now=context.now())
