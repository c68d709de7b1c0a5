"""Each route is guarded or listed as public; the document knows each route of the API (PROMISES K1)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

import wsgi
from backend import db
from backend.web import auth
from tests.api.phone import build_settings

PUBLIC = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/",
    "/sw.js",
    "/manifest.webmanifest",
    "/assets/<path:name>",
    "/icons/<path:name>",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/api/v1/invites/<string:code>",
    "/api/v1/enrolments",
    "/api/v1/enrolments/decline",
    "/api/v1/hand-overs/redeem",
    "/console/",  # leads to the inbox, which is guarded
    "/console/sign-in",
    "/console/static/<path:name>",
    "/console/sw.js",
}


@pytest.fixture
def app(sqlite: Engine, tmp_path: Path) -> Iterator[Flask]:
    yield wsgi.create_app(build_settings(str(sqlite.url), tmp_path))
    db.get_engine().dispose()


def test_only_listed_routes_are_public(app: Flask) -> None:
    found = {str(rule) for rule in app.url_map.iter_rules() if auth.access_of(app, rule.endpoint) == "public"}
    assert found - PUBLIC == set()


def test_client_routes_are_the_api_and_staff_routes_the_console(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        access = auth.access_of(app, rule.endpoint)
        if access == "client":
            assert str(rule).startswith("/api/v1/"), rule
        if access == "staff":
            assert str(rule).startswith("/console"), rule


def test_a_route_that_declares_nothing_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "everybody's")
    with pytest.raises(RuntimeError, match="/forgotten"):
        auth.check_routes(app)


def test_the_document_knows_every_route_of_the_api(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document is not None
    described = {(path, method.upper()) for path, item in document["paths"].items() for method in item} - {
        (path, "PARAMETERS") for path in document["paths"]
    }
    for rule in app.url_map.iter_rules():
        if str(rule).startswith("/api/v1/") and not str(rule).endswith(("/openapi.json", "/docs")):
            path = _as_described(str(rule))
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert (path, method) in described
    assert document["openapi"].startswith("3.1")


def _as_described(rule: str) -> str:
    """`/photos/<uuid:photo_id>` -> `/photos/{photo_id}`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)
