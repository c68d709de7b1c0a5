"""Check-ins come in and are read again; the edge only puts the verdict into words."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response

from backend.errors import InputFault, InvalidInput
from backend.services import check_ins
from backend.services.check_in_results import CheckInResult
from backend.services.check_ins import CheckInDraft
from backend.web import auth, context
from backend.web.fields import show_instant
from mobile_api import words
from mobile_api.api import Blueprint, answer
from mobile_api.flags import build_line
from mobile_api.languages import asked_wording
from mobile_api.me import build_numbers
from mobile_api.schemas.check_ins import (
    CheckInListSchema,
    CheckInQuerySchema,
    CheckInSchema,
    KeptCheckInSchema,
    ResultSchema,
)
from mobile_api.wording import Wording

views = Blueprint("check-ins", __name__, description="Check-ins and their results")

PAGE = 20


@views.route("/check-ins", methods=["POST"])
@auth.client
@views.arguments(CheckInSchema)
@views.response(201, ResultSchema)
@views.alt_response(200, schema=ResultSchema, description="The same again", success=True)
def submit(body: dict[str, Any]) -> Response:
    """Send a check-in and read what to do. The same again is answered the same."""
    status, document = keep(body)
    return answer(document, status)


@views.route("/check-ins")
@auth.client
@views.arguments(CheckInQuerySchema, location="query")
@views.response(200, CheckInListSchema)
def list_check_ins(query: dict[str, Any]) -> Response:
    """The client's check-ins, newest first."""
    say, limit = asked_wording(), query.get("limit", PAGE)
    found = check_ins.list_check_ins(auth.client_scope(), limit=limit, before=query.get("before"))
    following = found[-1].answered_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if len(found) == limit else None
    return answer({"items": [build_kept(say, result) for result in found], "next": following})


@views.route("/check-ins/<uuid:check_in_id>")
@auth.client
@views.response(200, KeptCheckInSchema)
def get_check_in(check_in_id: UUID) -> Response:
    """One check-in as it was answered, and who has looked at it."""
    return answer(build_kept(asked_wording(), check_ins.get_check_in(auth.client_scope(), check_in_id)))


def keep(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """One check-in through the service: status and document. InvalidInput points into `answers` as they were sent."""
    given, photos = body.pop("answers"), tuple(body.pop("photos", ()))
    partial = body.pop("is_partial", False)
    _refuse_doubles(given)
    draft = CheckInDraft(
        **body,
        partial=partial,
        photos=photos,
        answers={each["question"]: each["value"] for each in given if "value" in each},
        excluded={each["question"]: tuple(each["excluded"]) for each in given if "excluded" in each},
    )
    try:
        result = check_ins.submit(auth.client_scope(), draft, now=context.now())
    except InvalidInput as error:
        raise InvalidInput(tuple(_as_sent(fault, given) for fault in error.faults)) from None
    return (200 if result.repeated else 201), build_result(asked_wording(), result)


def build_result(say: Wording, result: CheckInResult) -> dict[str, Any]:
    """What the client is told (DESIGN 3.8)."""
    reviewed = result.reviewed_at and {
        "by": words.familiar(result.reviewed_by or ""),
        "at": show_instant(result.reviewed_at),
    }
    return {
        "id": str(result.id),
        "level": result.level,
        "title": words.build_title(say, result.level, result.day, result.emergency),
        "reasons": words.list_reasons(say, result),
        "advice": [
            {"title": told.title, "tell_client": told.words, "rule_id": told.rule_id, "urgency": told.urgency}
            for told in result.told
        ],
        "do_now": words.list_do_now(say, result),
        "told": {
            "practitioner": words.familiar(result.practitioner_name),
            "looked_at_by": show_instant(result.look_by),
        },
        "emergency": [build_numbers(numbers) for numbers in result.emergency],
        "check_again_at": show_instant(result.check_again_at) if result.check_again_at else None,
        "disclaimer": say.disclaimer,
        "emergency_line": words.build_emergency_line(say, result.emergency[0]),
        "received_at": show_instant(result.received_at),
        "reviewed": reviewed or None,
        "flags": [build_line(flag) for flag in result.flags],
    }


def build_kept(say: Wording, result: CheckInResult) -> dict[str, Any]:
    """A result with what was answered."""
    answers = [{"question": name, "value": value} for name, value in result.answers.items()]
    excluded = [{"question": name, "excluded": list(values)} for name, values in result.excluded.items()]
    return {
        **build_result(say, result),
        "care_plan_id": str(result.care_plan_id),
        "occurrence": result.occurrence,
        "kind": result.kind,
        "day": result.day,
        "answered_at": show_instant(result.answered_at),
        "answers": [*answers, *excluded],
        "note": result.note,
        "partial": result.partial,
        "photos": [str(photo) for photo in result.photo_ids],
        "reply": result.reply,
    }


def _refuse_doubles(given: Sequence[dict[str, Any]]) -> None:
    """One question is answered once; a value answered and another one ruled out may stand side by side."""
    seen: set[tuple[str, bool]] = set()
    faults = []
    for index, each in enumerate(given):
        key = (each["question"], "value" in each)
        if key in seen:
            faults.append(InputFault(f"/answers/{index}/question", "this question stands there twice"))
        seen.add(key)
    if faults:
        raise InvalidInput(tuple(faults))


def _as_sent(fault: InputFault, given: Sequence[dict[str, Any]]) -> InputFault:
    """The service names a question; the body has a list."""
    name = fault.pointer.removeprefix("/answers/")
    for index, each in enumerate(given):
        if fault.pointer != name and each["question"] == name:
            part = "question" if "no such question" in fault.problem else "value" if "value" in each else "excluded"
            return InputFault(f"/answers/{index}/{part}", fault.problem)
    return fault
