"""Settings: the studio, the numbers clients are told to call, who covers, who works here, this browser's alerts."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from backend.console import forms, pages, push
from backend.errors import InvalidInput
from backend.services import clinics
from backend.web import auth, context

views = Blueprint("team", __name__, url_prefix="/settings")


@views.get("")
@auth.staff
def show_settings() -> Response:
    return _page(None)


@views.post("/numbers")
@auth.staff
def confirm_numbers() -> AnyResponse:
    try:
        form = forms.read(forms.EmergencyForm)
        clinics.confirm_emergency(auth.staff_scope(), **form, now=context.now())
    except InvalidInput as error:
        return _page(pages.problem_of(error))
    return pages.go("team.show_settings", done="confirmed")


@views.post("/cover")
@auth.staff
def name_cover() -> AnyResponse:
    """The second person of the ladder; none takes the cover away."""
    try:
        second = forms.read(forms.SecondForm)["practitioner_id"]
    except InvalidInput as error:
        return _page(pages.problem_of(error))
    clinics.name_second(auth.staff_scope(), second, now=context.now())
    return pages.go("team.show_settings", done="saved")


def _page(problem: pages.Problem | None) -> Response:
    return pages.show("settings.html", problem=problem, push=push.get_state())
