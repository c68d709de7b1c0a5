"""The phone's word about a push, and where a tap on it leads."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.services import reminders
from backend.web import auth, context
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.receipts import ReceiptSchema, ReminderSchema

views = Blueprint("receipts", __name__, description="Pushes and their receipts")

GO = {
    "check_in_due": "check_in",
    "check_in_open": "check_in",
    "check_again": "check_in",
    "one_tap": "check_in",
    "mask_due": "timer",
    "mask_done": "timer",
    "help_followup": "help",
    "message": "messages",
    "ready": "readiness",
    "appointment": "readiness",
    "correction": "correction",
}


@views.route("/receipts", methods=["POST"])
@auth.client
@views.arguments(ReceiptSchema)
@views.response(204)
def post_receipt(body: dict[str, Any]) -> Response:
    """Shown, opened or dismissed; saying it twice changes nothing."""
    record(body)
    return Response(status=204)


@views.route("/reminders/<uuid:reminder_id>")
@auth.client
@views.response(200, ReminderSchema)
def get_reminder(reminder_id: UUID) -> Response:
    """What the push stood for, for /o/{id}."""
    seen = reminders.get_reminder(auth.client_scope(), reminder_id)
    return answer(
        {
            "kind": seen.kind,
            "occurrence": seen.occurrences[0] if len(seen.occurrences) == 1 else None,
            "care_plan_id": str(seen.care_plan_id) if seen.care_plan_id else None,
            "correction_id": str(seen.correction_id) if seen.correction_id else None,
            "go": GO.get(seen.kind, "today"),
        }
    )


def record(body: dict[str, Any]) -> None:
    """One receipt through the service."""
    reminders.record_receipt(
        auth.client_scope(),
        body["reminder_id"],
        auth.signed_in().device_id,
        body["event"],
        body["at"],
        now=context.now(),
    )
