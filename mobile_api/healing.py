"""How healing runs beside what is usual: a sentence, answers by day, photos, and when what is not yet allowed is
again."""

from flask import Response

from backend.services import healing
from backend.web import auth, context
from mobile_api import healing_document
from mobile_api.api import Blueprint, answer
from mobile_api.languages import asked_wording
from mobile_api.schemas.healing import HealingSchema

views = Blueprint("healing", __name__, description="How healing runs beside what is usual")


@views.route("/healing")
@auth.client
@views.response(200, HealingSchema)
def get_healing() -> Response:
    """Each treated area's answers beside the plan's usual range, its photos, and what is allowed again when."""
    found = healing.get_healing(auth.client_scope(), now=context.now())
    return answer(healing_document.build_healing(asked_wording(), found, context.now()))
