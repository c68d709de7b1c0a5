"""Firebase's web SDK is offered, and the policy opened for it, only where the operator has set it up."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

import wsgi
from backend import db
from backend.errors import SettingsError
from tests.api.phone import House, build_house, build_settings

CONFIG = {"apiKey": "AIza", "appId": "1:2:web:3", "messagingSenderId": "2", "projectId": "fallow", "vapidKey": "BK"}
GOOGLE = "googleapis.com"


def policy_of(house: House, path: str) -> str:
    return (
        house.app.test_client()
        .get(path, headers={"Accept": "text/html"}, buffered=True)
        .headers["Content-Security-Policy"]
    )


def test_without_the_setting_no_phone_hears_of_google(house: House) -> None:
    assert house.phone_of(house.ana).get("/me").json["push"]["firebase"] is None
    assert GOOGLE not in policy_of(house, "/")


def test_with_the_setting_a_phone_gets_the_configuration_and_may_speak_to_its_hosts(
    sqlite: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "web.json"
    file.write_text(json.dumps({**CONFIG, "measurementId": "G-1"}))  # what the SDK need not know stays here
    house = build_house(str(sqlite.url), tmp_path, FALLOW_FCM_WEB_CONFIG=str(file))
    phone = house.phone_of(house.ana)
    assert phone.get("/me").json["push"]["firebase"] == CONFIG
    for host in ("firebaseinstallations", "fcmregistrations"):
        assert f"https://{host}.{GOOGLE}" in policy_of(house, "/")
    assert GOOGLE not in policy_of(house, "/console/")
    fid = {"kind": "fcm_fid", "fid": "cD-1_fid"}
    assert phone.put(f"/devices/{phone.me['device_id']}/push", fid).status_code == 204
    db.get_engine().dispose()


@pytest.mark.parametrize(
    ("written", "fault"),
    [("{", "must be a file that holds a JSON object"), ("[]", "JSON object"), ('{"apiKey": 1}', "apiKey is missing")],
)
def test_a_file_that_does_not_do_stops_the_start_and_says_why(
    sqlite: Engine, tmp_path: Path, written: str, fault: str
) -> None:
    file = tmp_path / "web.json"
    file.write_text(written)
    with pytest.raises(SettingsError, match=fault):
        wsgi.create_app(build_settings(str(sqlite.url), tmp_path, FALLOW_FCM_WEB_CONFIG=str(file)))
