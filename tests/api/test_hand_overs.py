"""The browser's session goes to the app on the Home Screen by a code: once, for half an hour, bound to the client."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.db import StaffScope, transaction
from backend.models import HandOver
from mobile_api import pwa
from tests.api.phone import House, Phone


def redeem(house: House, code: str, phone: Phone | None = None) -> TestResponse:
    return (phone or house.phone()).post("/hand-overs/redeem", {"code": code, "device_name": "iPhone"})


def problem_of(answer: TestResponse) -> dict[str, object]:
    return {**answer.json, "request_id": "", "status": answer.status_code}


def test_a_code_signs_the_app_in_as_the_same_client_with_a_session_of_its_own(house: House) -> None:
    browser = house.browser_of(house.ana)
    made = browser.post("/hand-overs").json
    assert (len(made["code"].replace("-", "")), made["expires_at"]) == (8, "2026-03-08T09:30:00Z")
    app = house.phone()
    answer = redeem(house, made["code"].lower().replace("-", " "), app)
    assert answer.status_code == 201
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    app.headers["Sec-Fetch-Site"] = "same-origin"
    assert app.get("/me").json["id"] == browser.me["id"]
    assert app.get("/me").json["device_id"] != browser.me["device_id"]
    assert app.call("DELETE", "/session").status_code == 204
    assert browser.get("/me").status_code == 200


def test_spent_expired_replaced_and_unknown_codes_answer_alike(house: House) -> None:
    browser = house.browser_of(house.ana)
    spent = browser.post("/hand-overs").json["code"]
    assert redeem(house, spent).status_code == 201
    replaced, expired = (browser.post("/hand-overs").json["code"] for _ in range(2))
    refused = [problem_of(redeem(house, code)) for code in (spent, replaced, "ABCD-EFGH")]
    house.clock.at += timedelta(minutes=30)
    refused.append(problem_of(redeem(house, expired)))
    assert refused[0]["status"] == 404
    assert all(one == refused[0] for one in refused)


def test_a_browser_that_signs_out_takes_its_code_with_it(house: House) -> None:
    browser = house.browser_of(house.ana)
    code = browser.post("/hand-overs").json["code"]
    assert browser.call("DELETE", "/session").status_code == 204
    assert redeem(house, code).status_code == 404


def test_of_ten_apps_at_once_one_gets_in(house: House) -> None:
    code = house.browser_of(house.ana).post("/hand-overs").json["code"]
    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(lambda _: redeem(house, code).status_code, range(10))) == [201] + [404] * 9


def test_guessing_is_slowed_down_as_at_sign_in(house: House) -> None:
    code = house.browser_of(house.ana).post("/hand-overs").json["code"]
    for _ in range(10):
        assert redeem(house, "ABCD-EFGH").status_code == 404
    slowed = redeem(house, code)
    assert (slowed.status_code, int(slowed.headers["Retry-After"]) > 0) == (429, True)


def test_the_code_stands_in_the_fragment_of_the_manifest_of_its_own_browser_alone(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(pwa.__file__).parent / "app" / "public" / pwa.MANIFEST
    monkeypatch.setattr(pwa, "DIST", source.parent)
    browser, other = house.browser_of(house.ana), house.browser_of(house.ana)
    assert browser.get("/hand-overs/manifest").json["start_url"] == "/"
    code = browser.post("/hand-overs").json["code"]
    manifest = browser.get("/hand-overs/manifest")
    assert (manifest.json["start_url"], manifest.json["id"]) == (f"/#h={code}", "/")
    assert manifest.headers["Cache-Control"] == "no-store"
    assert other.get("/hand-overs/manifest").json["start_url"] == "/"
    assert house.phone().get("/hand-overs/manifest").status_code == 401
    house.clock.at += timedelta(minutes=30)
    assert browser.get("/hand-overs/manifest").json["start_url"] == "/"


def test_the_code_is_in_no_log_and_in_no_column(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = house.browser_of(house.ana).post("/hand-overs").json["code"]
    with transaction(StaffScope(house.ana.clinic_id), write=False) as session:
        row = session.scalars(select(HandOver)).one()
    stored = " ".join(str(getattr(row, column.key)) for column in HandOver.__table__.columns)
    assert redeem(house, code).status_code == 201
    assert redeem(house, code).status_code == 404
    for words in (caplog.text, stored):
        assert code not in words
        assert code.replace("-", "") not in words


def test_another_site_cannot_sign_somebody_in_with_a_code_of_its_own(house: House) -> None:
    code = house.browser_of(house.ana).post("/hand-overs").json["code"]
    body = {"code": code, "device_name": "iPhone"}
    assert house.phone().post("/hand-overs/redeem", body, headers={"Origin": "https://evil.example"}).status_code == 403
    assert redeem(house, code).status_code == 201
