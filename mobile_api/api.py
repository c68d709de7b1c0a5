"""flask-smorest as this edge uses it: strict parsing, our problems, our access rules in the document."""

from collections.abc import Mapping
from typing import Any

import flask_smorest
import orjson
from flask import Flask, Request, Response, current_app, request
from marshmallow import RAISE, fields
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from backend.errors import InputFault, InvalidInput
from backend.web import problems
from backend.web.fields import AnswerSchema, Text, Whole

PREFIX = "/api/v1"
DEEPEST = 16


class FaultSchema(AnswerSchema):
    pointer = Text(metadata={"description": "JSON pointer into the body, or /query/NAME"}, most=1000)
    problem = Text(most=1000)


class ProblemSchema(AnswerSchema):
    """An error (RFC 9457)."""

    type = Text()
    title = Text()
    status = Whole(least=400, most=599)
    request_id = Text()
    detail = Text(most=1000, metadata={"x-optional": True})
    errors = fields.List(fields.Nested(FaultSchema), metadata={"x-optional": True})
    studio_phone = Text(metadata={"x-optional": True})
    practitioner_name = Text(metadata={"x-optional": True})
    missing = fields.List(Text(), metadata={"x-optional": True})


class StrictParser(FlaskParser):
    """orjson reads the body: no NaN, no lone surrogates, no depth that ends in a RecursionError; unknown keys are
    faults in the query too."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "json": None}  # noqa: RUF012 (webargs declares it so)

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not req.is_json or not body:
            return core.missing
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError:  # webargs would take what is no UTF-8 for an empty body
            raise BadRequest("the body is not JSON in UTF-8") from None
        if not _is_shallow(parsed, DEEPEST):
            raise BadRequest(f"the JSON is nested deeper than {DEEPEST} levels")
        return parsed


class Blueprint(flask_smorest.Blueprint):
    """Views of one feature. Each operation's document says who may call it and what an error looks like."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._prepare_doc_cbks.append(_describe_errors)


class Api(flask_smorest.Api):
    """Leaves errors to the one handler of `backend.web.problems`."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """None of its own: its handler would answer JSON to the console too (FIELD_NOTES 21)."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"


def init_app(app: Flask) -> Api:
    """The API without routes; its document says how clients show who they are."""
    app.config.update(API_TITLE="Fallow", API_VERSION="1", OPENAPI_VERSION="3.1.0", PAGINATION_HEADER_NAME=None)
    api = Api(app)
    schemes = api.spec.components
    schemes.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    schemes.security_scheme("cookie", {"type": "apiKey", "in": "cookie", "name": "fallow"})
    app.before_request(refuse_unknown_query)
    return api


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer, written by orjson at once: the schema documents it, tests hold the two together."""
    return Response(orjson.dumps(value), status, content_type="application/json")


def refuse_unknown_query() -> None:
    """A view that describes no query takes none; those that do refuse unknown keys themselves."""
    if not request.args or request.endpoint is None or not request.path.startswith(PREFIX):
        return
    parameters = _document_of(request.endpoint).get("arguments", {}).get("parameters", [])
    if not any(each["in"] == "query" for each in parameters):
        raise InvalidInput(tuple(InputFault(f"/query/{name}", "there is no such key") for name in request.args))


def _document_of(endpoint: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = getattr(current_app.view_functions[endpoint], "_apidoc", {})
    return document


def _is_shallow(value: Any, levels: int) -> bool:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)
    return True


def _describe_errors(doc: dict[str, Any], _info: Any, **_more: Any) -> dict[str, Any]:
    doc.setdefault("responses", {}).setdefault("default", "DEFAULT_ERROR")
    return doc
