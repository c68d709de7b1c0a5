"""Who is asking. Deny by default: a view without `@client`, `@staff` or `@public` stops the start of the app.

Client and console sessions are apart: each kind of view looks at its own cookie alone, and a token of the other kind
is refused (INTERFACE). A bearer token is for native apps, on client views only.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from backend.errors import NotAllowed, NotSignedIn, UnsupportedMedia
from backend.scopes import ClientScope, StaffScope
from backend.services import sessions
from backend.services.sessions import SignedIn
from backend.web import context

Access = Literal["client", "staff", "public"]
View = TypeVar("View", bound=Callable[..., Any])

CONSOLE_COOKIE = "fallow_console"
CONSOLE_PATH = "/console"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = ("application/json",)


def client(view: View) -> View:
    """A view for a signed-in client."""
    return _declare(view, "client")


def staff(view: View) -> View:
    """A view for somebody of the clinic who is signed in to the console."""
    return _declare(view, "staff")


def public(view: View) -> View:
    """A view for anybody."""
    return _declare(view, "public")


def accepts(*media_types: str, most_bytes: int) -> Callable[[View], View]:
    """A view whose body is one of these media types, and may be larger than the app's limit."""

    def mark(view: View) -> View:
        view.media_types, view.most_bytes = media_types, most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Guard every request before its view runs."""
    app.before_request(_guard)


def check_routes(app: Flask) -> None:
    """Raise RuntimeError with every route that declares no access; called when all edges are in."""
    open_routes = [str(rule) for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None]
    if open_routes:
        raise RuntimeError(f"routes without @client, @staff or @public: {', '.join(sorted(open_routes))}")


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What a view declared; None: nothing."""
    return cast(Access | None, getattr(app.view_functions.get(endpoint), "access", None))


def signed_in() -> SignedIn:
    """Who is behind this request. NotSignedIn on a public view."""
    if "fallow_signed_in" not in g:
        raise NotSignedIn()
    return cast(SignedIn, g.fallow_signed_in)


def client_scope() -> ClientScope:
    return signed_in().client_scope


def staff_scope() -> StaffScope:
    return signed_in().staff_scope


def shown_token() -> str:
    """The token that the guard accepted."""
    return cast(str, g.fallow_token)


def came_by_cookie() -> bool:
    """Whether the caller is a browser that showed its cookie, and not a bearer token."""
    return cast(bool, g.fallow_by_cookie)


def client_cookie() -> str:
    return "__Host-fallow" if context.settings().production else "fallow"


def set_client_cookie(response: Response, token: str) -> None:
    """Give the web app its session; scripts never see it."""
    life = int(sessions.PHONE_LIFE.total_seconds())
    _set_cookie(response, client_cookie(), token, path="/", max_age=life)


def clear_client_cookie(response: Response) -> None:
    _set_cookie(response, client_cookie(), "", path="/", max_age=0)


def set_console_cookie(response: Response, token: str) -> None:
    """Give the console its session; it ends with the browser, or on the server."""
    _set_cookie(response, CONSOLE_COOKIE, token, path=CONSOLE_PATH, max_age=None)


def clear_console_cookie(response: Response) -> None:
    _set_cookie(response, CONSOLE_COOKIE, "", path=CONSOLE_PATH, max_age=0)


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def _set_cookie(response: Response, name: str, value: str, *, path: str, max_age: int | None) -> None:
    secure = context.settings().production
    response.set_cookie(name, value, max_age=max_age, path=path, secure=secure, httponly=True, samesite="Strict")


def _guard() -> None:
    if request.endpoint is None:  # no such route: Flask answers 404 or 405
        return
    access = access_of(current_app, request.endpoint)
    if access == "client":
        _authenticate_client()
    elif access == "staff":
        _authenticate_staff()
    elif access == "public":
        _refuse_foreign_site(sure=False)
    else:
        raise NotAllowed()
    _check_body(current_app.view_functions[request.endpoint])


def _authenticate_client() -> None:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotSignedIn()
        _sign_in(token.strip(), "client", by_cookie=False)
        return
    token = request.cookies.get(client_cookie(), "")
    if not token:
        raise NotSignedIn()
    _refuse_foreign_site(sure=True)
    _sign_in(token, "client", by_cookie=True)


def _authenticate_staff() -> None:
    token = request.cookies.get(CONSOLE_COOKIE, "")
    if not token:
        raise NotSignedIn()
    _refuse_foreign_site(sure=True)
    _sign_in(token, "practitioner", by_cookie=True)


def _sign_in(token: str, kind: str, *, by_cookie: bool) -> None:
    g.fallow_signed_in = sessions.authenticate(token, kind, now=context.now())
    g.fallow_token, g.fallow_by_cookie = token, by_cookie


def _refuse_foreign_site(*, sure: bool) -> None:
    """Refuse what another site made the browser send (CSRF).

    `sure`: the browser must prove that our own page asked. Else it is enough that nothing says otherwise: a native app
    sends neither header.
    """
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        own = site == "same-origin"
    elif origin is not None:
        own = _plain_origin(origin) in context.own_origins()
    else:
        own = not sure
    if not own:
        raise NotAllowed("this request came from another site")


def _plain_origin(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.netloc}"


def _check_body(view: Callable[..., Any]) -> None:
    """413 and 415 before a byte is read. A view that does not say otherwise takes JSON under /api, anything else."""
    most = getattr(view, "most_bytes", None)
    if most is not None:
        request.max_content_length = most
    length, limit = request.content_length or 0, request.max_content_length
    if limit is not None and length > limit:
        raise RequestEntityTooLarge()
    allowed: tuple[str, ...] = getattr(view, "media_types", JSON if context.is_api() else ())
    if not length or not allowed or request.method in SAFE_METHODS:
        return
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in allowed or charset not in ("utf-8", "utf8"):
        raise UnsupportedMedia(f"send {' or '.join(allowed)}")
