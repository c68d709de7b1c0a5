"""Answers in fewer bytes (gzip), for who accepts them: a phone on a slow line waits for bytes, not for us.

What is asked for with GET and reads as text. No such answer holds a secret that its length could help to guess: tokens
come with POST, and the manifest, which may hold the code of a hand-over, is left as it is. Scripts and styles are
squeezed once a process.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

LEAST = 1_000  # bytes; below that a frame of the network is not saved
QUICK, BEST = 6, 9
FILES_KEPT = 256
TYPES = frozenset(
    {
        "application/json",
        "application/problem+json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if request.method != "GET" or response.status_code != 200 or response.mimetype not in TYPES:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False  # a file's bytes, not its handle
    whole = response.get_data()
    if len(whole) < LEAST:
        return response
    tag, _ = response.get_etag()
    response.set_data(gzip.compress(whole, QUICK, mtime=0) if tag is None else _squeeze_once(tag, whole))
    if tag is not None:
        response.set_etag(tag, weak=True)  # the same content in other bytes
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(FILES_KEPT)
def _squeeze_once(_tag: str, whole: bytes) -> bytes:
    return gzip.compress(whole, BEST, mtime=0)
