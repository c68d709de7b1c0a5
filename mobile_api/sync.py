"""What a phone kept while it was offline, in one request: each event through its own service and transaction."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response
from marshmallow import ValidationError

from backend.errors import FallowError, InvalidInput
from backend.web import auth, problems
from mobile_api import check_ins, corrections, flags, messages, receipts, step_logs
from mobile_api.api import Blueprint, answer
from mobile_api.schemas.check_ins import CheckInSchema
from mobile_api.schemas.corrections import CorrectionReadSchema
from mobile_api.schemas.messages import MessageSchema, MessagesSeenSchema
from mobile_api.schemas.receipts import ReceiptSchema
from mobile_api.schemas.step_logs import StepLogSchema
from mobile_api.schemas.sync import FlagHelpedSchema, SyncAnswerSchema, SyncSchema

views = Blueprint("sync", __name__, description="Queued events")

Outcome = tuple[int, dict[str, Any] | None]


def _keep_receipt(body: dict[str, Any]) -> Outcome:
    receipts.record(body)
    return 204, None


def _keep_got_help(body: dict[str, Any]) -> Outcome:
    return 200, flags.note_got_help(body["flag_id"], body["who"])


def _keep_messages_seen(body: dict[str, Any]) -> Outcome:
    messages.record_seen(body)
    return 204, None


def _keep_correction_read(body: dict[str, Any]) -> Outcome:
    return 200, corrections.record_read(body["correction_id"], body.get("at"))


SCHEMAS = {
    "step_log": StepLogSchema(),
    "check_in": CheckInSchema(),
    "receipt": ReceiptSchema(),
    "got_help": FlagHelpedSchema(),
    "message": MessageSchema(),
    "messages_seen": MessagesSeenSchema(),
    "correction_read": CorrectionReadSchema(),
}
KEEPERS: Mapping[str, Callable[[dict[str, Any]], Outcome]] = {
    "step_log": step_logs.keep,
    "check_in": check_ins.keep,
    "receipt": _keep_receipt,
    "got_help": _keep_got_help,
    "message": messages.keep,
    "messages_seen": _keep_messages_seen,
    "correction_read": _keep_correction_read,
}
ID_KEYS = {
    "step_log": "id",
    "check_in": "id",
    "receipt": "reminder_id",
    "got_help": "flag_id",
    "message": "id",
    "messages_seen": "up_to",
    "correction_read": "correction_id",
}


@views.route("/sync", methods=["POST"])
@auth.client
@views.arguments(SyncSchema)
@views.response(200, SyncAnswerSchema)
def sync(body: dict[str, Any]) -> Response:
    """Up to 100 events; the results stand in their order. One that is refused spoils no other."""
    return answer({"results": [_keep(event["type"], event["body"]) for event in body["events"]]})


def _keep(kind: str, body: Any) -> dict[str, Any]:
    given = body.get(ID_KEYS[kind]) if isinstance(body, dict) else None
    result: dict[str, Any] = {"id": given if isinstance(given, str) else None}
    try:
        status, document = KEEPERS[kind](SCHEMAS[kind].load(body))
    except ValidationError as error:
        return {**result, **_refused(InvalidInput(problems.list_faults({"json": error.messages})))}
    except FallowError as error:
        return {**result, **_refused(error)}
    except Exception as fault:  # a fault of ours too spoils this event alone; it is logged and answered as one
        return {**result, **_refused(problems.note_fault(fault))}
    return {**result, "status": status, "body": document}


def _refused(error: FallowError) -> dict[str, Any]:
    problem = problems.build_document(error)
    return {"status": problem["status"], "problem": problem}
