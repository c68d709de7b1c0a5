"""Writes the types of the phone app from the API's own document: `python -m mobile_api.app_types FILE`.

A step of the phone app's build (`setup_env.py`): a schema that changes stops the compiler, not a client. Not by
openapi-typescript, which writes through the compiler of TypeScript 5; the app is checked by TypeScript 7.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from mobile_api.api import PREFIX
from mobile_api.edge import build_surface

HEAD = "/** What /api/v1 says and hears. Made by mobile_api/app_types.py: change the API's schemas instead. */\n"
WORDS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
SAID = {"$ref", "type", "enum", "oneOf", "anyOf", "items", "properties", "required", "additionalProperties"}
UNSAID = {"format", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "readOnly"}
UNSAID |= {"title", "description", "default", "const", "x-optional"}  # what no type can hold, or need not


class UnknownShapeError(Exception):
    """The document says something that this module cannot put into a type."""


def build_types(document: Mapping[str, Any]) -> str:
    """One interface a schema, and `Answers` and `Bodies` by operation, such as "PATCH /me". UnknownShapeError for a
    keyword of JSON Schema that no schema used when this was written."""
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    parts = [f"export interface {name} {_type_of(schema)}" for name, schema in schemas.items()]
    answers: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            name = f"{method.upper()} {path.removeprefix(PREFIX)}"
            good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            answers[name] = " | ".join(dict.fromkeys(_content_of(answer) for answer in good))
            if "requestBody" in operation:
                bodies[name] = _content_of(operation["requestBody"])
    return HEAD + "\n".join([*parts, _map("Answers", answers), _map("Bodies", bodies)]) + "\n"


def _content_of(said: Mapping[str, Any]) -> str:
    if not said.get("content"):
        return "null"
    schema = said["content"].get("application/json", {}).get("schema")
    return "Blob" if schema is None else _type_of(schema)


def _map(name: str, types: Mapping[str, str]) -> str:
    return f"export interface {name} {{{' '.join(f'{json.dumps(key)}: {each};' for key, each in types.items())}}}"


def _type_of(schema: Mapping[str, Any]) -> str:
    if unknown := schema.keys() - SAID - UNSAID:
        raise UnknownShapeError(f"{', '.join(sorted(unknown))} in {schema}")
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(json.dumps(word) for word in schema["enum"])
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return " | ".join(_type_of(each) for each in choices)
    types = schema.get("type", [])
    return " | ".join(_plain(each, schema) for each in ([types] if isinstance(types, str) else types)) or "unknown"


def _plain(kind: str, schema: Mapping[str, Any]) -> str:
    if kind == "array":
        return f"({_type_of(schema['items'])})[]"
    if kind != "object":
        return WORDS[kind]
    more = schema.get("additionalProperties")
    if "properties" not in schema:
        return f"Record<string, {_type_of(more) if more else 'unknown'}>"
    required = schema.get("required", ())
    fields = (f"{key}{'' if key in required else '?'}: {_type_of(each)};" for key, each in schema["properties"].items())
    return f"{{{' '.join(fields)}}}"


def main(target: Path) -> None:
    """Write the types to `target`."""
    surface = build_surface(Flask(__name__))
    target.write_text(build_types(surface.spec.to_dict()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
