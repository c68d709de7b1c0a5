"""Holds every answer that a test receives against the OpenAPI document."""

import json
import re
from functools import cache
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

PREFIX = "/api/v1"
_DOCUMENT: dict[str, Any] = {}


def check_answer(app: Flask, method: str, path: str, answer: TestResponse) -> None:
    """AssertionError where status, media type or body of an answer is not what the document says."""
    document = _read_document(app)
    operation = _find_operation(document, method, path.partition("?")[0])
    if operation is None:
        assert answer.status_code in (401, 404, 405), f"{method} {path} is not in the document"
        return
    described = operation["responses"].get(str(answer.status_code), operation["responses"]["default"])
    if "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
    content = described.get("content")
    if not content:
        assert not answer.data, f"{method} {path} {answer.status_code}: a body where none is described"
        return
    assert answer.mimetype in content, f"{method} {path} {answer.status_code}: {answer.mimetype} is not described"
    if answer.mimetype.endswith("json"):
        validator = _build_validator(json.dumps(content[answer.mimetype]["schema"]))
        faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in validator.iter_errors(answer.json)]
        assert not faults, f"{method} {path} {answer.status_code}: {faults[:5]}"


@cache
def _build_validator(schema: str) -> Draft202012Validator:
    """Of a schema of the document as JSON; it keeps the references that it has followed."""
    whole = {**json.loads(schema), "components": _DOCUMENT["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def _read_document(app: Flask) -> dict[str, Any]:
    """Of the first app that is asked: every app of a process says what the code says."""
    if not _DOCUMENT:
        _DOCUMENT.update(app.test_client().get(f"{PREFIX}/openapi.json").json or {})
    return _DOCUMENT


def _find_operation(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    for template, item in document["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), PREFIX + path) and method.lower() in item:
            operation: dict[str, Any] = item[method.lower()]
            return operation
    return None
