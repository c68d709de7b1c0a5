"""What a request stands on: settings, ports, its number, its single reading of the clock (ARCHITECTURE section 5)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from backend.ports import Ports
from backend.services.devices import SubscriptionCheck
from backend.settings import Settings

EXTENSION = "fallow"


@dataclass(frozen=True, slots=True)
class BrowserPush:
    """What the edges need of push: the server's public key, the check of a subscription, and where it is set what a
    browser needs for Firebase."""

    vapid_public_key: str
    check: SubscriptionCheck
    firebase: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    settings: Settings
    ports: Ports
    push: BrowserPush


def init_app(app: Flask, shell: Shell) -> None:
    """Keep settings and ports with the app, and read the clock once at the start of each request."""
    app.extensions[EXTENSION] = shell
    app.before_request(_begin)


def _begin() -> None:
    now()


def settings() -> Settings:
    return _shell().settings


def ports() -> Ports:
    return _shell().ports


def push() -> BrowserPush:
    return _shell().push


def now() -> datetime:
    """The request's instant: every call within one request gives the same, aware UTC."""
    if "fallow_now" not in g:
        g.fallow_now = ports().clock.now()
    at: datetime = g.fallow_now
    return at


def request_id() -> str:
    """The request's own random number: stands in the answer and in the log, and means nothing else."""
    if "fallow_request_id" not in g:
        g.fallow_request_id = secrets.token_hex(8)
    number: str = g.fallow_request_id
    return number


def caller() -> str:
    """The caller's network address, for counting wrong guesses; never logged."""
    return request.remote_addr or ""


def own_origins() -> frozenset[str]:
    """The origins of this site: that of the public URL, and the one this request was sent to."""
    public = urlsplit(settings().public_url)
    return frozenset({f"{public.scheme}://{public.netloc}", request.host_url.rstrip("/")})


def is_api() -> bool:
    """Whether this request is answered in JSON."""
    return request.path == "/api" or request.path.startswith("/api/")


def _shell() -> Shell:
    shell: Shell = current_app.extensions[EXTENSION]
    return shell
