"""Today, the whole plan for offline, and spans of the timeline."""

import hashlib
from typing import Any

from flask import Response, request

from backend.services import health, timelines, today
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api import plan_document, today_document
from mobile_api.api import Blueprint, answer
from mobile_api.languages import WORDINGS, asked_language, asked_wording
from mobile_api.schemas.plan import PlanSchema
from mobile_api.schemas.timeline import SpanSchema, TimelineSchema, TodaySchema

views = Blueprint("timeline", __name__, description="Today and the whole plan")


@views.route("/today")
@auth.client
@views.response(200, TodaySchema)
def get_today() -> Response:
    """What is due now, next and not yet, and what is usual today."""
    shown = today.get_today(auth.client_scope(), now=context.now())
    sends = health.get_health(now=context.now()).on_time
    return answer(today_document.build_today(asked_wording(), shown, context.now(), sends=sends))


@views.route("/plan")
@auth.client
@views.doc(parameters=[{"in": "header", "name": "If-None-Match", "schema": {"type": "string"}}])
@views.response(200, PlanSchema, headers={"ETag": {"schema": {"type": "string"}}})
@views.alt_response(304, description="Nothing has changed", success=True)
def get_plan() -> Response:
    """All days of all plans, with every word and rule the phone needs without a connection."""
    scope, now, language = auth.client_scope(), context.now(), asked_language()
    versions = timelines.get_plan_versions(scope, now=now)
    tag = hashlib.sha256(";".join((*versions, language)).encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        plans = [plan_document.build_plan(WORDINGS[language], plan) for plan in timelines.get_plans(scope, now=now)]
        response = answer({"now": show_instant(now), "plan_version": tag, "plans": plans})
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Accept-Language")
    return response


@views.route("/timeline")
@auth.client
@views.arguments(SpanSchema, location="query")
@views.response(200, TimelineSchema)
def get_timeline(query: dict[str, Any]) -> Response:
    """The occurrences of some days, both ends included."""
    found = timelines.get_timeline(auth.client_scope(), query["first"], query["last"], now=context.now())
    return answer({"occurrences": [plan_document.build_occurrence(plan, item) for plan, item in found]})
