"""What the clinic has put right about something it told this client."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from backend.services import corrections
from backend.services.corrections import CorrectionSeen
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.corrections import CorrectionSchema, CorrectionsSchema, ReadSchema
from mobile_api.words import familiar

views = Blueprint("corrections", __name__, description="Corrections of what was told")


@views.route("/corrections")
@auth.client
@views.response(200, CorrectionsSchema)
def get_corrections() -> Response:
    """Every correction, read or not, newest first."""
    found = corrections.list_corrections(auth.client_scope())
    return answer({"items": [build_correction(each) for each in found]})


@views.route("/corrections/<uuid:correction_id>/read", methods=["POST"])
@auth.client
@views.arguments(ReadSchema, required=False)
@views.response(200, CorrectionSchema)
def note_read(body: dict[str, Any], correction_id: UUID) -> Response:
    """The client has read it; it is not sent again. Saying so twice changes nothing."""
    return answer(record_read(correction_id, body.get("at")))


def record_read(correction_id: UUID, at: datetime | None) -> dict[str, Any]:
    """One receipt through the service: the correction as it is then."""
    return build_correction(corrections.note_read(auth.client_scope(), correction_id, at=at, now=context.now()))


def build_correction(seen: CorrectionSeen) -> dict[str, Any]:
    step = {"id": seen.step_id, "title": seen.step_title, "instruction": seen.step_told}
    return {
        "id": str(seen.id),
        "care_plan_id": str(seen.care_plan_id),
        "version": seen.version,
        "words": seen.words,
        "step": step if seen.step_id is not None else None,
        "by": seen.by if seen.by_clinic else familiar(seen.by),
        "at": show_instant(seen.at),
        "read_at": show_instant(seen.read_at) if seen.read_at else None,
    }
