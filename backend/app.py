"""The web application: the kit that every edge shares, then the edges, then the proof that each route is guarded."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask
from flask.json.provider import JSONProvider

from backend import db
from backend.web import auth, compression, context, headers, health, logs, metrics, problems
from backend.web.context import Shell

Edge = Callable[[Flask], None]

MOST_BYTES = 1024 * 1024


class OrjsonProvider(JSONProvider):
    """Reads and writes JSON strictly (FIELD_NOTES 15)."""

    def dumps(self, obj: Any, **_options: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        return orjson.loads(s)


class FallowApp(Flask):
    """Flask that logs an unforeseen exception without the words in it."""

    json_provider_class = OrjsonProvider

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> None:
        logs.write_exception(exc_info)


def create_app(shell: Shell, edges: Sequence[Edge]) -> Flask:
    """An app with these edges plugged in. RuntimeError for a route that declares no access."""
    settings = shell.settings
    app = FallowApp("fallow", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        PROPAGATE_EXCEPTIONS=False,
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    if settings.production:
        # a proxy on the same machine asks for /healthz by address
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.public_url).hostname, "localhost", "127.0.0.1"]
    db.init_app(app, settings.database_url)
    compression.init_app(app)  # the first to be told is the last to see an answer
    context.init_app(app, shell)
    logs.init_app(app)
    headers.init_app(app)
    problems.init_app(app)
    metrics.init_app(app)
    health.init_app(app)
    auth.init_app(app)
    for plug_in in edges:
        plug_in(app)
    auth.check_routes(app)
    return app
