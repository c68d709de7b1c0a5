"""The phone app is compiled against the very document that the server gives out."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

import wsgi
from backend import db
from mobile_api.app_types import UnknownShapeError, build_types
from mobile_api.edge import build_surface
from tests.api.phone import build_settings


def test_the_types_are_made_from_the_document_that_the_server_gives(sqlite: Engine, tmp_path: Path) -> None:
    app = wsgi.create_app(build_settings(str(sqlite.url), tmp_path))
    served = app.test_client().get("/api/v1/openapi.json").json
    db.get_engine().dispose()
    assert served is not None
    types = build_types(served)
    assert types == build_types(build_surface(Flask("fallow")).spec.to_dict())
    for path, operations in served["paths"].items():
        for method in operations.keys() - {"parameters"}:
            assert f'"{method.upper()} {path.removeprefix("/api/v1")}": ' in types


def test_a_field_is_optional_where_the_schema_lets_it_away_and_null_where_it_may_be() -> None:
    shape = {"type": "object", "properties": {"by": {"type": ["string", "null"]}, "words": {"enum": ["a", None]}}}
    document = {"components": {"schemas": {"Line": {**shape, "required": ["by"]}}}, "paths": {}}
    assert 'export interface Line {by: string | null; words?: "a" | null;}' in build_types(document)


def test_what_no_type_was_made_for_stops_the_build() -> None:
    with pytest.raises(UnknownShapeError, match="not"):
        build_types({"components": {"schemas": {"Odd": {"not": {}}}}, "paths": {}})
