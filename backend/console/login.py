"""Coming in and going out: e-mail and password, a new session at each sign-in, wrong guesses counted."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.console import assets, forms, pages
from backend.errors import InvalidInput, NotSignedIn, TooMany
from backend.services import access, sessions
from backend.web import auth, context

views = Blueprint("login", __name__)
DEVICE_NAME = "Console"


@views.get("/sign-in")
@auth.public
def show_sign_in() -> Response:
    return _page(None)


@views.post("/sign-in")
@auth.public
def sign_in() -> AnyResponse:
    try:
        form = forms.read(forms.SignInForm)
        _, token = access.sign_in(
            form["email"], form["password"], origin=context.caller(), name=DEVICE_NAME, now=context.now()
        )
    except (InvalidInput, NotSignedIn, TooMany) as error:
        return _page(pages.problem_of(error), error.retry_after_s if isinstance(error, TooMany) else None)
    _end_earlier_session()
    response = redirect(_target(), code=303)
    auth.set_console_cookie(response, token)  # type: ignore[arg-type]
    return response


@views.post("/sign-out")
@auth.staff
def sign_out() -> AnyResponse:
    sessions.sign_out(pages.who(), now=context.now())
    response = redirect(url_for("console.login.show_sign_in"), code=303)
    auth.clear_console_cookie(response)  # type: ignore[arg-type]
    return response


def _page(problem: pages.Problem | None, retry_after_s: int | None = None) -> Response:
    page = render_template(
        "console/sign_in.html",
        next=request.values.get("next", ""),
        problem=problem,
        typed=request.form,
        asset=assets.url,
    )
    response = make_response(page, problem.status if problem else 200)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _end_earlier_session() -> None:
    """The browser's old session ends with the new one's beginning."""
    token = request.cookies.get(auth.CONSOLE_COOKIE, "")
    if not token:
        return
    try:
        earlier = sessions.authenticate(token, "practitioner", now=context.now())
    except NotSignedIn:
        return
    sessions.sign_out(earlier, now=context.now())


def _target() -> str:
    """Where the person wanted to go, if it is a page of the console."""
    wanted = request.form.get("next", "")
    plain = wanted.isprintable() and "\\" not in wanted and "//" not in wanted
    own = wanted == auth.CONSOLE_PATH or wanted.startswith((f"{auth.CONSOLE_PATH}/", f"{auth.CONSOLE_PATH}?"))
    return wanted if plain and own else url_for("console.inbox.show_inbox")
