"""What the clinic has put right about something it told this client."""

from typing import Any
from uuid import UUID

from flask import Response

from backend.services import corrections
from backend.services.corrections import CorrectionSeen
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.corrections import CorrectionSchema, CorrectionsSchema
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
@views.response(200, CorrectionSchema)
def note_read(correction_id: UUID) -> Response:
    """The client has read it; it is not sent again. Saying so twice changes nothing."""
    return answer(build_correction(corrections.note_read(auth.client_scope(), correction_id, now=context.now())))


def build_correction(seen: CorrectionSeen) -> dict[str, Any]:
    step = {"id": seen.step_id, "title": seen.step_title} if seen.step_id is not None else None
    return {
        "id": str(seen.id),
        "care_plan_id": str(seen.care_plan_id),
        "words": seen.words,
        "step": step,
        "by": seen.by if seen.by_clinic else familiar(seen.by),
        "at": show_instant(seen.at),
        "read_at": show_instant(seen.read_at) if seen.read_at else None,
    }
