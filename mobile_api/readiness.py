"""Is it time to ask for the next treatment? The app says "ready to ask"; a person says yes."""

from typing import Any

from flask import Response

from backend.services import readiness
from backend.services.readiness import ReadinessView
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api import readiness_words, words
from mobile_api.api import Blueprint, answer
from mobile_api.languages import asked_wording
from mobile_api.schemas.readiness import ReadinessSchema
from mobile_api.wording import Wording
from schedules import ConditionResult

views = Blueprint("readiness", __name__, description="Readiness for the next treatment")


@views.route("/readiness")
@auth.client
@views.response(200, ReadinessSchema)
def get_readiness() -> Response:
    """Each treated area's readiness with its reasons and evidence."""
    found = readiness.get_readiness(auth.client_scope(), now=context.now())
    say = asked_wording()
    return answer({"areas": [build_area(say, view) for view in found]})


def build_area(say: Wording, view: ReadinessView) -> dict[str, Any]:
    ready = view.readiness
    present = [group for group in say.groups if any(reason.group == group for reason in ready.reasons)]
    signed_at = view.signed_at if ready.status == "signed_off" else None
    return {
        "care_plan_id": str(view.care_plan_id),
        "status": ready.status,
        "earliest_on": ready.earliest_on.isoformat(),
        "suggested_on": ready.suggested_on.isoformat(),
        "hold_reason": view.hold_reason,
        "groups": [_build_group(say, group, view) for group in present],
        "signed": {"by": words.familiar(view.signed_by or ""), "at": show_instant(signed_at)} if signed_at else None,
        "moved": None,
        "why_wait": say.why_wait,
        "lowered_minimum": readiness_words.lowered_minimum(view.lowered),
    }


def _build_group(say: Wording, group: str, view: ReadinessView) -> dict[str, Any]:
    """`met` and `of` count what has to be met; what only the practitioner weighs is listed beside it."""
    reasons = [reason for reason in view.readiness.reasons if reason.group == group]
    needed = [reason for reason in reasons if reason.blocking]
    return {
        "group": group,
        "title": readiness_words.group_title(say, group, view),
        "met": sum(reason.met for reason in needed),
        "of": len(needed),
        "items": [_build_item(say, reason, view) for reason in reasons],
    }


def _build_item(say: Wording, reason: ConditionResult, view: ReadinessView) -> dict[str, Any]:
    return {
        "id": reason.id,
        "text": reason.text,
        "met": reason.met,
        "blocking": reason.blocking,
        "evidence_text": readiness_words.evidence_text(say, reason, view),
        "earliest_on": reason.earliest_on.isoformat() if reason.earliest_on else None,
    }
