"""This browser's alerts: an address in, the same address out, nothing of somebody else's."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.console.desk import PASSWORD, SAME_SITE, Clinic

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/abc"


def subscription() -> dict[str, object]:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": _text(point), "auth": _text(bytes(range(16)))}
    return {"kind": "web_push", "endpoint": ENDPOINT, "keys": keys}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_alerts_are_turned_on_and_off_for_this_browser(clinic: Clinic) -> None:
    desk = clinic.desk
    assert 'data-active="no"' in desk.get("/console/settings").text
    assert desk.http.put("/console/push", json=subscription(), headers=SAME_SITE).status_code == 204
    assert 'data-active="yes"' in desk.get("/console/settings").text
    assert 'data-active="no"' in clinic.desk.get("/console/settings").text, "another browser of hers"
    assert desk.http.delete("/console/push", headers=SAME_SITE).status_code == 204
    assert 'data-active="no"' in desk.get("/console/settings").text


def test_a_bad_address_is_refused_whole(clinic: Clinic) -> None:
    http = clinic.desk.http
    good = subscription()
    for bad in (
        {**good, "endpoint": "http://169.254.169.254/"},
        {**good, "keys": {"p256dh": "short", "auth": "x"}},
        {**good, "kind": "fcm_token"},
        {**good, "more": 1},
        {"kind": "web_push"},
    ):
        answer = http.put("/console/push", json=bad, headers={**SAME_SITE, "Accept": "application/json"})
        assert answer.status_code == 422, bad
    assert http.put("/console/push", data="x", headers=SAME_SITE).status_code == 415
    assert 'data-active="no"' in clinic.desk.get("/console/settings").text


def test_the_worker_is_served_to_the_consoles_scope(clinic: Clinic) -> None:
    answer = clinic.browser().get("/console/sw.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")


def test_only_a_new_session_is_asked_to_hand_its_subscription_over_again(clinic: Clinic) -> None:
    """Signing in retires the address of the session before; the new one's pages bring the script that repairs it."""
    desk = clinic.desk
    assert "push.js" in desk.get("/console").text
    assert desk.http.put("/console/push", json=subscription(), headers=SAME_SITE).status_code == 204
    assert "push.js" not in desk.get("/console").text
    assert desk.http.delete("/console/push", headers=SAME_SITE).status_code == 204
    assert "push.js" not in desk.get("/console").text, "who turned alerts off is not asked again"
    form = {"email": clinic.practice.ida.email, "password": PASSWORD}
    assert desk.http.post("/console/sign-in", data=form, headers=SAME_SITE).status_code == 303
    assert "data-alerts-unsaid" in desk.get("/console").text
