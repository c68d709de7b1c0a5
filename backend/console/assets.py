"""The console's own files: style, scripts, icon. Named with a hash of their content, so that they may be kept."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

from backend.web.auth import public

views = Blueprint("assets", __name__)
FOLDER = Path(__file__).parent / "static"
KEPT = "public, max-age=31536000, immutable"


def url(name: str) -> str:
    """Where a file is, with its content's hash."""
    return url_for("console.assets.show_file", name=name, v=_hash(name))


@views.get("/static/<path:name>")
@public
def show_file(name: str) -> Response:
    response = send_from_directory(FOLDER, name)
    if "v" in request.args:
        response.headers["Cache-Control"] = KEPT
    return response


@cache
def _hash(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
