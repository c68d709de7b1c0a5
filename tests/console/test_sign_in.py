"""Coming in: one answer to every wrong guess, throttled, a new session each time, nothing from another site (K5)."""

from datetime import timedelta

import pytest

from tests.console.desk import PASSWORD, SAME_SITE, Clinic, Page

WRONG = "not the password at all"


def try_password(clinic: Clinic, email: str, password: str, address: str = "192.0.2.1") -> Page:
    form = {"email": email, "password": password}
    origin = {"REMOTE_ADDR": address}
    return Page(clinic.browser().post("/console/sign-in", data=form, headers=SAME_SITE, environ_base=origin))


def test_the_cookie_is_for_the_console_alone_and_no_script_sees_it(clinic: Clinic) -> None:
    form = {"email": clinic.practice.ida.email, "password": PASSWORD}
    answer = clinic.browser().post("/console/sign-in", data=form, headers=SAME_SITE)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/console"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("fallow_console=")
    assert {"HttpOnly", "Path=/console", "SameSite=Strict"} <= set(cookie.split("; "))


def test_unknown_names_and_wrong_passwords_are_answered_alike(clinic: Clinic) -> None:
    wrong = try_password(clinic, clinic.practice.ida.email, WRONG)
    unknown = try_password(clinic, "nobody@clinic.example", WRONG)
    assert (wrong.status, unknown.status) == (401, 401)
    assert wrong.text.replace(clinic.practice.ida.email, "") == unknown.text.replace("nobody@clinic.example", "")


def test_guessing_is_slowed_and_the_true_user_elsewhere_is_not_locked_out(clinic: Clinic) -> None:
    email = clinic.practice.ida.email
    assert [try_password(clinic, email, WRONG).status for _ in range(10)] == [401] * 10
    form = {"email": email, "password": PASSWORD}
    guesser = {"REMOTE_ADDR": "192.0.2.1"}
    slowed = clinic.browser().post("/console/sign-in", data=form, headers=SAME_SITE, environ_base=guesser)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert try_password(clinic, email, PASSWORD, address="198.51.100.7").status == 303
    clinic.clock.at += timedelta(minutes=16)
    assert try_password(clinic, email, PASSWORD).status == 303


def test_each_sign_in_is_a_new_session_and_ends_the_one_before(clinic: Clinic) -> None:
    http = clinic.browser()
    form = {"email": clinic.practice.ida.email, "password": PASSWORD}
    tokens = []
    for _ in range(2):
        assert http.post("/console/sign-in", data=form, headers=SAME_SITE).status_code == 303
        cookie = http.get_cookie("fallow_console", path="/console")
        assert cookie is not None
        tokens.append(cookie.value)
    assert tokens[0] != tokens[1]
    http.set_cookie("fallow_console", tokens[0], path="/console")
    assert http.get("/console").status_code == 401


def test_signing_out_ends_the_session_on_the_server(clinic: Clinic) -> None:
    desk = clinic.desk
    cookie = desk.http.get_cookie("fallow_console", path="/console")
    assert cookie is not None
    assert desk.submit(desk.get("/console"), "/sign-out").has_form("/sign-in")
    desk.http.set_cookie("fallow_console", cookie.value, path="/console")
    assert desk.get("/console").status == 401


def test_an_idle_session_ends(clinic: Clinic) -> None:
    desk = clinic.desk
    clinic.clock.at += timedelta(hours=2, minutes=1)
    assert desk.get("/console").status == 401


def test_who_is_not_signed_in_gets_the_form_and_comes_back_to_the_page(clinic: Clinic) -> None:
    http = clinic.browser()
    page = Page(http.get("/console/clients"))
    assert page.status == 401
    form = page.form("/sign-in")
    assert form.sent["next"] == "/console/clients"
    sent = {**form.sent, "email": clinic.practice.ida.email, "password": PASSWORD}
    assert http.post(form.action, data=sent, headers=SAME_SITE).headers["Location"] == "/console/clients"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/console//evil", "/console\\evil", "/api"]
)
def test_it_leads_nowhere_else(clinic: Clinic, target: str) -> None:
    form = {"email": clinic.practice.ida.email, "password": PASSWORD, "next": target}
    answer = clinic.browser().post("/console/sign-in", data=form, headers=SAME_SITE)
    assert answer.headers["Location"] == "/console"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_what_another_site_sends_is_refused(clinic: Clinic, headers: dict[str, str], status: int) -> None:
    http = clinic.desk.http
    assert http.post("/console/clients", data={"name": "Mallory"}, headers=headers).status_code == status
    assert ("Mallory" in http.get("/console/clients").text) == (status == 303)


def test_a_foreign_site_cannot_sign_somebody_in(clinic: Clinic) -> None:
    form = {"email": clinic.practice.ida.email, "password": PASSWORD}
    answer = clinic.browser().post("/console/sign-in", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_a_session_of_the_other_kind_opens_nothing(clinic: Clinic) -> None:
    desk = clinic.desk
    cookie = desk.http.get_cookie("fallow_console", path="/console")
    assert cookie is not None
    stranger = clinic.browser()
    assert stranger.get("/console", headers={"Authorization": f"Bearer {cookie.value}"}).status_code == 401
    assert stranger.get("/api/v1/me", headers={"Authorization": f"Bearer {cookie.value}"}).status_code == 401
