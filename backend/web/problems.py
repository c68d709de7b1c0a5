"""The only file with statuses: errors become RFC 9457 problems under /api and small pages elsewhere (section 6)."""

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from flask import Flask, Response
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from backend import db, errors
from backend.errors import Busy, FallowError, InputFault, InvalidInput, TooMany
from backend.web import context, logs

STATUSES: Mapping[type[FallowError], int] = {
    errors.InvalidInput: 422,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.OwnerNeeded: 403,
    errors.ConsentNeeded: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.ProtocolNotSigned: 409,
    errors.WrongOrder: 409,
    errors.Contradicted: 409,
    errors.InviteSpent: 410,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.TooMany: 429,
    errors.Busy: 503,
}
BUSY_RETRY_S = 5
TOLD = ("studio_phone", "practitioner_name", "missing")  # data of an error that the caller may read
MEDIA_TYPE = "application/problem+json"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Fallow</title></head><body><main><h1>{title}</h1><p>{detail}</p><p>{status}, request {request_id}</p></main>
</body></html>"""
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def init_app(app: Flask) -> None:
    """Register the handlers. Flask makes an unforeseen exception an HTTPException with status 500."""
    app.register_error_handler(FallowError, answer)
    app.register_error_handler(HTTPException, answer)
    for kind in db.PASSING:
        app.register_error_handler(kind, lambda fault: answer(note_fault(fault)))


def answer(error: FallowError | HTTPException) -> Response:
    """The answer to an error: problem+json under /api, a page elsewhere."""
    document = build_document(error)
    if context.is_api():
        response = Response(orjson.dumps(document), document["status"], content_type=MEDIA_TYPE)
    else:
        shown = {name: escape(str(document.get(name, ""))) for name in ("title", "detail", "status", "request_id")}
        response = Response(PAGE.format(**shown), document["status"], content_type="text/html; charset=utf-8")
    for name, value in _headers(error):
        response.headers[name] = value
    return response


def note_fault(fault: Exception) -> FallowError:
    """What is said of a fault that is ours, and logged as such: Busy where the same may be asked again."""
    logs.write_exception(sys.exc_info())
    return Busy(BUSY_RETRY_S) if db.is_passing(fault) else FallowError()


def build_document(error: FallowError | HTTPException) -> dict[str, Any]:
    """An error as RFC 9457 has it, with every fault of the input and the number of the request."""
    document = _of_ours(error) if isinstance(error, FallowError) else _of_http(error)
    return {**document, "request_id": context.request_id()}


def status_of(error: FallowError) -> int:
    """The status of one of our errors; what is not listed is a fault of ours: 500."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def name_of(error: FallowError) -> str:
    """`ConsentNeeded` -> `consent_needed`."""
    return _WORD_START.sub("_", type(error).__name__).lower()


def _of_ours(error: FallowError) -> dict[str, Any]:
    status = status_of(error)
    if status == 500:
        return {"type": "about:blank", "title": "Something went wrong", "status": 500}
    document: dict[str, Any] = {"type": f"urn:fallow:{name_of(error)}", "title": error.title, "status": status}
    if error.detail:
        document["detail"] = error.detail
    if isinstance(error, InvalidInput):
        document["errors"] = [{"pointer": fault.pointer, "problem": fault.problem} for fault in error.faults]
    document |= {name: error.data[name] for name in TOLD if error.data.get(name) is not None}
    return document


def _of_http(error: HTTPException) -> dict[str, Any]:
    status = error.code or 500
    if status >= 500:
        return {"type": "about:blank", "title": "Something went wrong", "status": status}
    document: dict[str, Any] = {"type": "about:blank", "title": error.name, "status": status}
    messages = (getattr(error, "data", None) or {}).get("messages")
    if messages:
        document |= {"type": "urn:fallow:invalid_input", "title": errors.InvalidInput.__doc__.strip(" .")}  # type: ignore[union-attr]
        document["errors"] = [{"pointer": f.pointer, "problem": f.problem} for f in list_faults(messages)]
    elif error.description and status != 404:
        document["detail"] = error.description
    return document


def list_faults(messages: Mapping[str, Any]) -> tuple[InputFault, ...]:
    """Marshmallow's messages by location as JSON pointers; the query's begin with /query."""
    faults: list[InputFault] = []
    for location, inner in messages.items():
        faults += _faults("" if location == "json" else f"/{location}", inner)
    return tuple(faults)


def _faults(pointer: str, messages: Any) -> Iterator[InputFault]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            part = str(key).replace("~", "~0").replace("/", "~1")
            yield from _faults(pointer if key == "_schema" else f"{pointer}/{part}", inner)
    else:
        for message in messages if isinstance(messages, list | tuple) else [messages]:
            yield InputFault(pointer or "/", str(message))


def _headers(error: FallowError | HTTPException) -> Iterator[tuple[str, str]]:
    if isinstance(error, TooMany | Busy):
        yield "Retry-After", str(error.retry_after_s)
    if isinstance(error, errors.NotSignedIn):
        yield "WWW-Authenticate", "Bearer"
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                yield name, value
