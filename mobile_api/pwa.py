"""The phone app's files. A path that nobody knows gives the app's shell, which finds its own way from there."""

from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory
from werkzeug.exceptions import NotFound

from backend.web import headers, problems
from backend.web.auth import public

DIST = Path(__file__).parent / "app" / "dist"
MANIFEST, MANIFEST_TYPE = "manifest.webmanifest", "application/manifest+json"
RESERVED = frozenset({"api", "console", "healthz", "readyz", "metrics", "assets", "icons"})
NOT_BUILT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fallow</title></head>'
    "<body><p>The phone app is not built yet: start with ./run serve or ./run demo.</p></body></html>"
)
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

pages = Blueprint("pwa", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(pages)
    app.register_error_handler(NotFound, _shell_or_problem)


@pages.get("/")
@public
def shell() -> Response:
    return _send_shell()


@pages.get("/sw.js")
@public
def service_worker() -> Response:
    return _send("sw.js", ASK_AGAIN)


@pages.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    response = _send(MANIFEST, ASK_AGAIN)
    if response.status_code == 200:
        response.mimetype = MANIFEST_TYPE
    return response


@pages.get("/assets/<path:name>")
@public
def asset(name: str) -> Response:
    return _send(f"assets/{name}", FOREVER)


@pages.get("/icons/<path:name>")
@public
def icon(name: str) -> Response:
    return _send(f"icons/{name}", ASK_AGAIN)


def _send_shell() -> Response:
    return headers.allow_camera(_send("index.html", ASK_AGAIN))


def _send(name: str, cache: str) -> Response:
    if not (DIST / "index.html").exists():
        return Response(NOT_BUILT, 503, content_type="text/html; charset=utf-8")
    response = send_from_directory(DIST, name)
    response.headers["Cache-Control"] = cache
    return response


def _shell_or_problem(error: NotFound) -> Response:
    """Only a page that nobody else owns, asked for as a page."""
    first = request.path.split("/")[1]
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
    if request.routing_exception is not None and wants_page and first not in RESERVED:
        return _send_shell()
    return problems.answer(error)
