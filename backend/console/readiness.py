"""The practitioner's decisions on readiness: sign off, sign one condition, seen in person, hold, release, take back."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from backend.console import clients, forms, pages
from backend.errors import Conflict, InvalidInput
from backend.services import health_factors, readiness
from backend.web import auth, context

views = Blueprint("readiness", __name__, url_prefix="/clients/<uuid:client_id>")


@views.post("/plans/<uuid:care_plan_id>/sign-off")
@auth.staff
def sign_off(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    def act() -> None:
        note = forms.read(forms.NoteForm)["note"]
        readiness.sign_off(auth.staff_scope(), care_plan_id, note=note, now=context.now())

    return _decide(client_id, act, care_plan_id)


@views.post("/plans/<uuid:care_plan_id>/condition")
@auth.staff
def sign_condition(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    """Rule 48: the practitioner has seen this one condition."""

    def act() -> None:
        form = forms.read(forms.SignConditionForm)
        readiness.sign_condition(
            auth.staff_scope(), care_plan_id, form["condition_id"], note=form["note"], now=context.now()
        )

    return _decide(client_id, act, care_plan_id)


@views.post("/plans/<uuid:care_plan_id>/seen-in-person")
@auth.staff
def note_seen_in_person(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    """Rule 49: seen in person stands in for the photos."""

    def act() -> None:
        note = forms.read(forms.NoteForm)["note"]
        readiness.note_seen_in_person(auth.staff_scope(), care_plan_id, note=note, now=context.now())

    return _decide(client_id, act, care_plan_id)


@views.post("/plans/<uuid:care_plan_id>/hold")
@auth.staff
def hold(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    def act() -> None:
        reason = forms.read(forms.ReasonForm)["reason"]
        readiness.hold(auth.staff_scope(), care_plan_id, reason, now=context.now())

    return _decide(client_id, act, care_plan_id)


@views.post("/plans/<uuid:care_plan_id>/release")
@auth.staff
def release(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    def act() -> None:
        readiness.release(auth.staff_scope(), care_plan_id, now=context.now())

    return _decide(client_id, act, care_plan_id)


@views.post("/plans/<uuid:care_plan_id>/revoke")
@auth.staff
def revoke(client_id: UUID, care_plan_id: UUID) -> AnyResponse:
    def act() -> None:
        reason = forms.read(forms.ReasonForm)["reason"]
        readiness.revoke(auth.staff_scope(), care_plan_id, reason, now=context.now())

    return _decide(client_id, act, care_plan_id)


@views.post("/factors/<uuid:factor_id>/clear")
@auth.staff
def clear_factor(client_id: UUID, factor_id: UUID) -> AnyResponse:
    """Rule 51: a person clears a health factor and says what cleared it."""

    def act() -> None:
        note = forms.read(forms.ClearFactorForm)["note"]
        health_factors.clear(auth.staff_scope(), factor_id, note, now=context.now())

    return _decide(client_id, act, done="cleared")


def _decide(
    client_id: UUID, act: Callable[[], None], care_plan_id: UUID | None = None, done: str = "decision"
) -> AnyResponse:
    try:
        act()
    except (InvalidInput, Conflict) as error:
        return clients.show_page(client_id, problem=pages.problem_of(error))
    anchor = f"readiness-{care_plan_id}" if care_plan_id else None
    return pages.go("clients.show_client", client_id=client_id, done=done, anchor=anchor)
