"""The console's own files: style, scripts. Named with a hash of their content, so that they may be kept."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request, url_for

from backend.errors import NotFound
from backend.web.auth import public

views = Blueprint("assets", __name__)
FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript"}
KEPT = "public, max-age=31536000, immutable"


def url(name: str) -> str:
    """Where a file is, with its content's hash."""
    return url_for("console.assets.show_file", name=name, v=_hash(name))


def answer(name: str) -> Response:
    """A file as an answer; NotFound for what is not in the folder."""
    if name not in _names():
        raise NotFound("no such file")
    return Response(_read(name), content_type=f"{KINDS[Path(name).suffix]}; charset=utf-8")


@views.get("/static/<path:name>")
@public
def show_file(name: str) -> Response:
    response = answer(name)
    if request.args.get("v") == _hash(name):
        response.headers["Cache-Control"] = KEPT
    return response


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.iterdir() if path.suffix in KINDS)


@cache
def _read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@cache
def _hash(name: str) -> str:
    return hashlib.sha256(_read(name)).hexdigest()[:12]
