"""Invitations: the code once, as QR, letters and link; it waits until a phone has joined."""

from io import BytesIO
from uuid import UUID

import segno
from flask import Blueprint, Response, jsonify
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from backend.console import forms, pages
from backend.errors import InvalidInput
from backend.services import client_pages, invites
from backend.web import auth, context

views = Blueprint("invites", __name__, url_prefix="/invites")
QUIET_ZONE = 4  # modules, as the QR standard asks
QR_SCALE = 8


@views.get("")
@auth.staff
def choose() -> Response:
    """Whom to invite: somebody of the list, or somebody new."""
    return _choose(None)


@views.post("")
@auth.staff
def invite() -> AnyResponse:
    """Makes an invitation and shows it; the code is stored nowhere, so this answer is the only one with it."""
    scope = auth.staff_scope()
    try:
        client_id = forms.read(forms.InviteForm)["client_id"]
    except InvalidInput as error:
        return _choose(pages.problem_of(error))
    made = invites.make(scope, client_id, now=context.now())
    page = client_pages.get_client_page(scope, client_id, now=context.now())
    link = f"{context.settings().public_url}/i/{made.code}"
    return pages.show("invite.html", status=201, client=page, invite=made, link=link, qr=build_qr(link))


@views.get("/<uuid:invite_id>/state")
@auth.staff
def get_state(invite_id: UUID) -> Response:
    """`waiting`, `joined`, `expired` or `revoked`, for the page that waits."""
    state = invites.get_state(auth.staff_scope(), invite_id, now=context.now())
    return jsonify({"state": state.state})


@views.post("/<uuid:invite_id>/revoke")
@auth.staff
def revoke(invite_id: UUID) -> AnyResponse:
    invites.revoke(auth.staff_scope(), invite_id, now=context.now())
    return pages.go("clients.list_clients", done="revoked")


def build_qr(link: str) -> Markup:
    """An SVG of the link: dark on white in both themes, error level M."""
    drawn = BytesIO()
    code = segno.make(link, error="m", boost_error=False, micro=False)
    code.save(
        drawn, kind="svg", border=QUIET_ZONE, scale=QR_SCALE, dark="#000", light="#fff",
        xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True, nl=False,
    )  # fmt: skip
    return Markup(drawn.getvalue().decode())  # nosec B704: drawn by segno from our own link


def _choose(problem: pages.Problem | None) -> Response:
    clients = client_pages.list_summaries(auth.staff_scope(), now=context.now())
    return pages.show("invites.html", problem=problem, clients=clients)
