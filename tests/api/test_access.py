"""Nobody else's rows, nobody else's cookies, nobody else's pages (PROMISES K1, K5)."""

from typing import Any

import pytest

from backend.db import StaffScope, transaction
from backend.models import Practitioner
from backend.services import access
from backend.services.clinics import HASHER
from tests.api.phone import House
from tests.factories import (
    make_care_plan,
    make_check_in,
    make_clinic_protocol,
    make_correction,
    make_device,
    make_flag,
    make_message,
    make_reminder,
)
from tests.factories import make_treatment as treat


def rows_of(house: House, whose: str) -> dict[str, str]:
    """Ids that are Ben's (same clinic), Cleo's (another clinic), or nobody's."""
    if whose == "nobody":
        return {
            name: house.new_id()
            for name in ("plan", "check_in", "flag", "device", "reminder", "photo", "correction", "message")
        }
    client, owner = (house.ben, house.practice.ida) if whose == "ben" else (house.cleo, house.joe)
    plan = make_care_plan(treat(client), make_clinic_protocol(owner))
    return {
        "plan": str(plan.id),
        "check_in": str(make_check_in(plan).id),
        "flag": str(make_flag(plan).id),
        "device": str(make_device(client).id),
        "reminder": str(make_reminder(client).id),
        "photo": house.new_id(),
        "correction": str(make_correction(plan).id),
        "message": str(make_message(client, "theirs alone").id),
    }


def requests_for(house: House, ids: dict[str, str]) -> list[tuple[str, str, Any]]:
    tap = {"id": house.new_id(), "care_plan_id": ids["plan"], "occurrence": "wash@d6#1", "event": "done"}
    check_in = {"id": house.new_id(), "care_plan_id": ids["plan"], "occurrence": None, "kind": "report"}
    at = "2026-03-08T09:00:00Z"
    return [
        ("POST", "/step-logs", {**tap, "at": at}),
        ("POST", "/check-ins", {**check_in, "answered_at": at, "answers": [{"question": "pain", "value": 9}]}),
        ("GET", f"/check-ins/{ids['check_in']}", None),
        ("POST", f"/flags/{ids['flag']}/got-help", {"who": "doctor"}),
        ("PUT", f"/devices/{ids['device']}/push", {"kind": "fcm_token", "token": "abc"}),
        ("DELETE", f"/devices/{ids['device']}/push", None),
        ("GET", f"/reminders/{ids['reminder']}", None),
        ("POST", "/receipts", {"reminder_id": ids["reminder"], "event": "shown", "at": at}),
        ("GET", f"/photos/{ids['photo']}", None),
        ("POST", f"/corrections/{ids['correction']}/read", None),
        ("POST", "/messages/seen", {"up_to": ids["message"]}),
    ]


@pytest.mark.parametrize("whose", ["ben", "cleo"])
def test_somebody_elses_id_answers_exactly_like_an_unknown_one(house: House, whose: str) -> None:
    phone = house.phone_of(house.ana)
    foreign, unknown = (requests_for(house, rows_of(house, who)) for who in (whose, "nobody"))
    for (method, path, body), (_, unknown_path, unknown_body) in zip(foreign, unknown, strict=True):
        seen, expected = phone.call(method, path, body), phone.call(method, unknown_path, unknown_body)
        assert (seen.status_code, expected.status_code) == (404, 404), path
        assert {**seen.json, "request_id": ""} == {**expected.json, "request_id": ""}, path
        assert set(seen.headers.keys()) == set(expected.headers.keys())


def test_without_a_session_every_client_route_answers_401(house: House) -> None:
    for method, path, body in requests_for(house, rows_of(house, "nobody")):
        answer = house.phone().call(method, path, body)
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    for header in ("Bearer nonsense", "Basic YWxhZGRpbg==", "Bearer ", ""):
        assert house.phone().get("/me", headers={"Authorization": header}).status_code == 401


def test_a_practitioners_token_opens_no_client_route_and_a_clients_no_console(house: House) -> None:
    ida = house.practice.ida
    with transaction(StaffScope(ida.clinic_id, ida.id)) as session:
        session.get_one(Practitioner, (ida.clinic_id, ida.id)).password_hash = HASHER.hash("a long enough password")
    _, token = access.sign_in(ida.email, "a long enough password", origin="", name="Browser", now=house.clock.at)
    phone = house.phone()
    assert phone.get("/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    phone.http.set_cookie("fallow", token)
    assert phone.get("/me").status_code == 401
    client_token = house.phone_of(house.ana).headers["Authorization"].removeprefix("Bearer ")
    browser = house.app.test_client()
    for name in ("fallow_console", "fallow"):
        browser.set_cookie(name, client_token, path="/")
    assert browser.get("/console/", headers={"Accept": "text/html"}).status_code != 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_another_site_cannot_use_the_cookie(house: House, headers: dict[str, str], status: int) -> None:
    browser = house.browser_of(house.ana)
    del browser.headers["Sec-Fetch-Site"]
    answer = browser.call("PATCH", "/me", {"discreet": False}, headers=headers)
    assert answer.status_code == status
    assert browser.get("/me").json["discreet"] is (status != 200)


def test_another_site_cannot_accept_an_invitation_for_somebody(house: House) -> None:
    body = {"code": house.invite(house.ana)}
    refused = house.phone().post("/enrolments/decline", body, headers={"Origin": "https://evil.example"})
    assert refused.status_code == 403
    assert house.phone().post("/enrolments/decline", body).status_code == 204
