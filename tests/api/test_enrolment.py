"""Coming in: an invitation is shown, accepted once, declined; the session rotates and ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.api.phone import CONSENTS, DEVICE, House


def enrolment(code: str, **changes: object) -> dict[str, object]:
    return {"code": code, "device": DEVICE, "consents": CONSENTS, **changes}


def test_an_invitation_is_shown_without_a_word_about_the_treatment_and_is_not_used_up(house: House) -> None:
    code = house.invite(house.ana)
    phone = house.phone()
    for _ in range(2):
        shown = phone.get(f"/invites/{code}")
        assert shown.json == {
            "client_name": "Ana",
            "practitioner_name": "Ida Berg",
            "practitioner_short": "Ida",
            "studio": "North Light",
            "valid_until": "2026-03-10T09:00:00Z",
            "language": "en",
        }
    assert phone.post("/enrolments", enrolment(code)).status_code == 201


def test_accepting_gives_a_cookie_that_scripts_cannot_read(house: House) -> None:
    phone = house.phone()
    answer = phone.post("/enrolments", enrolment(house.invite(house.ana).lower().replace("-", " ")))
    assert answer.status_code == 201
    assert answer.json["client"] == {"id": str(house.ana.id), "name": "Ana"}
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("fallow=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
    assert phone.get("/me").json["name"] == "Ana"


def test_a_link_works_once_and_then_names_whom_to_call(house: House) -> None:
    code = house.invite(house.ana)
    assert house.phone().post("/enrolments", enrolment(code)).status_code == 201
    for answer in (house.phone().post("/enrolments", enrolment(code)), house.phone().get(f"/invites/{code}")):
        assert answer.status_code == 410
        assert answer.json["studio_phone"] == "+49 30 1234567"


def test_a_link_is_good_for_48_hours(house: House) -> None:
    code = house.invite(house.ana)
    house.clock.at += timedelta(hours=48)
    assert house.phone().post("/enrolments", enrolment(code)).status_code == 410


def test_of_50_phones_at_once_one_gets_in(house: House) -> None:
    code = house.invite(house.ana)

    def accept(_: int) -> int:
        """503: the machine is so busy that the file was held for longer than a writer waits; a phone asks again."""
        while (answer := house.phone().post("/enrolments", enrolment(code))).status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
        return answer.status_code

    with ThreadPoolExecutor(50) as pool:
        assert sorted(pool.map(accept, range(50))) == [201] + [410] * 49


def test_this_is_not_me_revokes_the_link(house: House) -> None:
    code = house.invite(house.ana)
    assert house.phone().post("/enrolments/decline", {"code": code}).status_code == 204
    assert house.phone().post("/enrolments", enrolment(code)).status_code == 410


def test_sharing_with_the_clinic_is_the_service_and_faults_are_named_together(house: House) -> None:
    code = house.invite(house.ana)
    refused = house.phone().post(
        "/enrolments",
        enrolment(
            code,
            device={**DEVICE, "zone": "Mars/Olympus"},
            consents=[{"kind": "care", "given": False, "text_version": "1"}],
        ),
    )
    assert refused.status_code == 422
    assert {fault["pointer"] for fault in refused.json["errors"]} == {"/device/zone", "/consents"}
    assert house.phone().post("/enrolments", enrolment(code)).status_code == 201


def test_guessing_codes_is_slowed_down(house: House) -> None:
    code = house.invite(house.ana)
    for _ in range(10):
        assert house.phone().get("/invites/AAAA-BBBB-CCCC").status_code == 404
    slowed = house.phone().get("/invites/AAAA-BBBB-CCCC")
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    house.clock.at += timedelta(minutes=16)
    assert house.phone().get(f"/invites/{code}").status_code == 200


def test_a_native_app_rotates_its_token_and_a_lost_answer_loses_nothing(house: House) -> None:
    phone = house.phone_of(house.ana)
    first = phone.post("/session/refresh").json["token"]
    assert phone.post("/session/refresh").json["token"] == first  # the answer was lost: the same successor
    old = dict(phone.headers)
    phone.headers["Authorization"] = f"Bearer {first}"
    assert phone.get("/me").status_code == 200
    house.clock.at += timedelta(seconds=61)
    assert phone.get("/me", headers=old).status_code == 401  # a copy: the family ends
    assert phone.get("/me").status_code == 401


def test_a_browser_gets_its_successor_as_a_cookie_alone(house: House) -> None:
    browser = house.browser_of(house.ana)
    answer = browser.post("/session/refresh")
    assert answer.json == {"token": None}
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert browser.get("/me").status_code == 200


def test_signing_out_ends_this_phone_alone(house: House) -> None:
    phone, other = house.phone_of(house.ana), house.phone_of(house.ana)
    assert phone.call("DELETE", "/session").status_code == 204
    assert phone.get("/me").status_code == 401
    assert other.get("/me").status_code == 200
