"""One tap on a care step."""

from typing import Any

from flask import Response

from backend.services import step_logs
from backend.services.step_logs import StepDraft
from backend.web import auth, context
from mobile_api.api import Blueprint, answer
from mobile_api.flags import build_flag
from mobile_api.schemas.step_logs import StepLoggedSchema, StepLogSchema

views = Blueprint("step-logs", __name__, description="Taps on care steps")

STATE_AFTER = {
    "started": "started",
    "paused": "started",
    "resumed": "started",
    "done": "done",
    "undone": "open",
    "declined": "declined",
    "stopped_burning": "declined",
}


@views.route("/step-logs", methods=["POST"])
@auth.client
@views.arguments(StepLogSchema)
@views.response(201, StepLoggedSchema)
@views.alt_response(200, schema=StepLoggedSchema, description="The same again", success=True)
def log_step(body: dict[str, Any]) -> Response:
    """Keep one tap. The same again is answered the same; other content under its id is a conflict."""
    status, document = keep(body)
    return answer(document, status)


def keep(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """One tap through the service: status and document."""
    result = step_logs.log_step(auth.client_scope(), StepDraft(**body), now=context.now())
    document = {
        "id": str(result.id),
        "occurrence": result.occurrence,
        "state": STATE_AFTER[result.event],
        "flag": build_flag(result.flag) if result.flag else None,
    }
    return (200 if result.repeated else 201), document
