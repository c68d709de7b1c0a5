"""How every page of the console is put together: the frame, faults of a form beside their fields, error pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from backend.console import assets
from backend.errors import FallowError, InvalidInput, NotSignedIn, OwnerNeeded
from backend.services import alarms, clinics, devices, health, inbox
from backend.services.alarms import Alarm
from backend.services.clinics import ClinicView, Member
from backend.services.inbox import Inbox
from backend.services.sessions import SignedIn
from backend.web import auth, context, problems

DONE = {
    "acknowledged": "Marked as seen.",
    "answered": "Your message is sent.",
    "appointment": "The next appointment is set.",
    "appointment_back": "The appointment is taken back.",
    "cleared": "The health factor is cleared.",
    "closed": "Closed. Paused steps go on.",
    "confirmed": "The numbers are confirmed.",
    "date": "The date is set. What hangs on it has moved.",
    "date_back": "The date is taken back. What hangs on it has moved.",
    "decision": "Your decision is kept.",
    "ended": "The course has ended. Nothing more is sent for it.",
    "paused": "The plan is paused.",
    "plan": "The plan has started.",
    "resumed": "The plan goes on.",
    "reviewed": "Marked as reviewed.",
    "revoked": "The invitation no longer works.",
    "saved": "Saved.",
    "set_aside": "Marked as needing no answer.",
    "sent": "Sent and marked as reviewed.",
    "signed": "Signed.",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around each page: who is signed in, what waits, whether something is wrong with the reminders, which
    urgent check-ins nobody has answered.

    `alerts_unsaid`: this session has neither turned this browser's alerts on nor off yet.
    """

    clinic: ClinicView
    me: Member
    box: Inbox
    troubles: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    alerts_unsaid: bool

    @property
    def waiting(self) -> int:
        return len(self.box.of_group("act_now")) + len(self.box.of_group("look_today"))


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a form was not taken. `faults` by field name; `summary` where it is not about one field."""

    status: int
    summary: str
    faults: Mapping[str, str] = field(default_factory=dict)


def init(console: Blueprint) -> None:
    console.register_error_handler(FallowError, show_error)
    console.register_error_handler(HTTPException, show_error)


def frame() -> Frame:
    """The frame of this request. One reading of the list serves the page and the number beside Review."""
    who = auth.signed_in()
    clinic = clinics.get_clinic(who.staff_scope)
    me = next(member for member in clinic.members if member.id == who.holder_id)
    box = inbox.list_inbox(who.staff_scope, now=context.now())
    alerts_unsaid = devices.get_push_address(who.staff_scope, who.device_id) is None
    unanswered = alarms.list_alarms(who.staff_scope, now=context.now())
    return Frame(clinic, me, box, _worker_problems(), unanswered, alerts_unsaid)


def show(template: str, *, problem: Problem | None = None, status: int | None = None, **values: Any) -> Response:
    """A page in the frame. `problem` brings its own status and what was typed stays in the form."""
    around = values.pop("around", None) or frame()
    page = render_template(
        f"console/{template}",
        frame=around,
        now=context.now(),
        zone=around.clinic.zone,
        problem=problem,
        typed=request.form if problem else {},
        done=DONE.get(request.args.get("done", "")),
        asset=assets.url,
        **values,
    )
    return make_response(page, status or (problem.status if problem else 200))


def problem_of(error: FallowError) -> Problem:
    """A refusal as a form shows it."""
    status = problems.status_of(error)
    if isinstance(error, InvalidInput):
        faults = {fault.pointer.strip("/").replace("/", "-"): fault.problem for fault in error.faults}
        return Problem(status, error.title, faults)
    return Problem(status, error.detail or error.title)


def go(endpoint: str, done: str | None = None, anchor: str | None = None, **values: Any) -> AnyResponse:
    """Away from a form that was taken, so that a reload sends nothing again."""
    if done is not None:
        values["done"] = done
    return redirect(url_for(f"console.{endpoint}", _anchor=anchor, **values), code=303)


def show_error(error: FallowError | HTTPException) -> Response:
    """The error page; for who is not signed in, the sign-in page at the same address."""
    response = problems.answer(error)
    if wants_json():
        response.set_data(b'{"status":%d}' % response.status_code)
        response.content_type = "application/json"
    elif isinstance(error, NotSignedIn):
        target = request.full_path.rstrip("?") if request.method == "GET" else url_for("console.inbox.show_inbox")
        response.set_data(
            render_template("console/sign_in.html", next=target, problem=None, typed={}, asset=assets.url)
        )
    else:
        document = problems.build_document(error)
        owner_needed = isinstance(error, OwnerNeeded)
        page = render_template("console/error.html", error=document, owner_needed=owner_needed, asset=assets.url)
        response.set_data(page)
    return response


def wants_json() -> bool:
    """Whether a script asked, and not a person."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def who() -> SignedIn:
    return auth.signed_in()


def _worker_problems() -> tuple[str, ...]:
    """What is wrong with the reminders, said on every page (PROMISES S3)."""
    return health.get_health(now=context.now()).reasons
