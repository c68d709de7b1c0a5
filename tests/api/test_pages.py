"""The phone app's files, the headers of every answer, signs of life, and what the log keeps to itself."""

import gzip
import json
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from backend.services import health
from backend.services.health import WorkerState
from backend.web import logs
from mobile_api import pwa
from tests.api.phone import CONSENTS, DEVICE, House
from tests.factories import make_reminder

PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built phone app of four files."""
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Fallow</title>")
    (built / "sw.js").write_text("/* worker */")
    (built / "manifest.webmanifest").write_text("{}")
    (built / "assets" / "app-1a2b.js").write_text("/* app */")
    monkeypatch.setattr(pwa, "DIST", built)
    return built


@pytest.mark.parametrize("path", ["/", "/i/ABCD-EFGH-JKLM", "/o/0193a5b0-7c4e-7cc1-8000-000000000001", "/help"])
def test_unknown_paths_give_the_shell_to_whoever_asks_for_a_page(house: House, dist: Path, path: str) -> None:
    answer = house.app.test_client().get(path, headers=PAGE, buffered=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert "<title>Fallow</title>" in answer.text


@pytest.mark.parametrize("path", ["/assets/gone.js", "/api/v2/me", "/console/nope", "/metrics/x", "/icons/x.png"])
def test_what_belongs_to_others_does_not(house: House, dist: Path, path: str) -> None:
    answer = house.app.test_client().get(path, headers=PAGE, buffered=True)
    assert answer.status_code in (302, 303, 401, 404)
    assert answer.text != (dist / "index.html").read_text()


def test_only_a_page_is_given_and_only_to_get(house: House, dist: Path) -> None:
    assert (
        house.app.test_client().get("/help", headers={"Accept": "application/json"}, buffered=True).status_code == 404
    )
    assert house.app.test_client().post("/help", headers=PAGE).status_code == 404
    assert house.app.test_client().get("/assets/../../settings.py").status_code == 404


def test_files_are_kept_as_long_as_they_stay_the_same(house: House, dist: Path) -> None:
    web = house.app.test_client()
    assert (
        web.get("/assets/app-1a2b.js", buffered=True).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    )
    worker = web.get("/sw.js", buffered=True)
    assert worker.headers["Cache-Control"] == "no-cache"
    assert worker.mimetype == "text/javascript"
    assert web.get("/manifest.webmanifest", buffered=True).mimetype == "application/manifest+json"


def test_what_reads_as_text_comes_in_fewer_bytes_to_who_accepts_them(house: House, dist: Path) -> None:
    whole = "/* app */" * 1_000
    (dist / "assets" / "app-1a2b.js").write_text(whole)
    web, accepts = house.app.test_client(), {"Accept-Encoding": "gzip, br"}
    small = web.get("/assets/app-1a2b.js", headers=accepts, buffered=True)
    assert (small.headers["Content-Encoding"], small.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert len(small.data) == small.content_length < len(whole) / 10
    assert gzip.decompress(small.data).decode() == whole
    known = {**accepts, "If-None-Match": small.headers["ETag"]}
    again = web.get("/assets/app-1a2b.js", headers=known, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    plain = web.get("/assets/app-1a2b.js", buffered=True)
    assert (plain.text, "Content-Encoding" in plain.headers) == (whole, False)
    for path in ("/api/v1/openapi.json", "/api/v1/docs"):
        answer = web.get(path, headers=accepts)
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == web.get(path).data


def test_an_answer_with_a_secret_or_of_a_few_bytes_is_left_as_it_is(house: House, dist: Path) -> None:
    accepts = {"Accept-Encoding": "gzip"}
    joined = house.phone().post(
        "/enrolments", {"code": house.invite(house.ana), "device": DEVICE, "consents": CONSENTS}, headers=accepts
    )
    assert joined.status_code == 201
    (dist / "manifest.webmanifest").write_text(json.dumps({"name": "Fallow" * 1_000}))  # may hold a hand-over's code
    web = house.app.test_client()
    read = [web.get(path, headers=accepts, buffered=True) for path in ("/manifest.webmanifest", "/healthz")]
    for answer in (joined, *read):
        assert "Content-Encoding" not in answer.headers


def test_an_app_that_is_not_built_says_so(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwa, "DIST", tmp_path / "nothing")
    answer = house.app.test_client().get("/", headers=PAGE)
    assert answer.status_code == 503
    assert "./run serve" in answer.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/me", "/api/v1/nope", "/nope", "/api/v1/docs", "/metrics"])
def test_every_answer_carries_the_headers(house: House, dist: Path, path: str) -> None:
    headers = house.app.test_client().get(path, headers=PAGE, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ("camera=(self)" in headers["Permissions-Policy"]) == (path in ("/", "/nope"))  # the app's page alone
    assert len(headers["X-Request-ID"]) == 16
    if path.startswith("/api/"):
        assert headers["Cache-Control"] == "no-store"


def test_the_docs_have_no_foreign_host(house: House) -> None:
    page = house.app.test_client().get("/api/v1/docs").text
    assert "POST /api/v1/check-ins" in page
    for forbidden in ("http://", "https://", "<script", "style="):
        assert forbidden not in page


def test_alive_and_ready(house: House) -> None:
    web = house.app.test_client()
    assert web.get("/healthz").json == {"alive": True}
    down = web.get("/readyz")
    assert down.status_code == 503
    assert down.json["reasons"] == ["no reminder worker is running"]
    worker = WorkerState(house.ana.id, "here", 1, 0, 500)
    health.record_beat(worker, progressed=True, now=house.clock.at)
    assert web.get("/readyz").status_code == 200
    assert house.phone_of(house.ana).get("/today").json["banner"] is None
    house.clock.at += timedelta(minutes=2)
    make_reminder(house.ana, send_at=house.clock.at - timedelta(seconds=91), expires_at=house.clock.at + timedelta(1))
    health.record_beat(worker, progressed=True, now=house.clock.at)
    assert web.get("/readyz").json["reasons"] == ["reminders go out late"]
    assert house.phone_of(house.ana).get("/today").json["banner"] == {"kind": "worker"}, "they may be late"


def test_a_provider_that_takes_no_messages_is_named_while_the_house_stays_ready(house: House) -> None:
    web = house.app.test_client()
    assert 'fallow_channel_down_seconds{channel="fcm"} 0.0' in web.get("/metrics").text
    worker = WorkerState(house.ana.id, "here", 1, 0, 500, channels_down={"fcm": 500.0})
    health.record_beat(worker, progressed=True, now=house.clock.at)
    ready = web.get("/readyz")
    assert (ready.status_code, ready.json["reasons"]) == (200, [])
    assert 500 <= ready.json["channels_down_s"]["fcm"] < 600
    assert 'fallow_channel_down_seconds{channel="fcm"} 5' in web.get("/metrics").text


def count_unknown_check_ins(house: House) -> float:
    """What /metrics says: the app, and so its counters, serves every test of a process."""
    text = house.app.test_client().get("/metrics").text
    labels = 'method="GET",route="/api/v1/check-ins/<uuid:check_in_id>",status="404"'
    counted = re.search(rf"^fallow_requests_total{{{re.escape(labels)}}} (\S+)$", text, re.MULTILINE)
    return float(counted[1]) if counted else 0.0


def test_metrics_count_by_route_and_name_nobody(house: House) -> None:
    phone = house.phone_of(house.ana)
    before = count_unknown_check_ins(house)
    phone.get(f"/check-ins/{house.ana.id}")
    assert count_unknown_check_ins(house) - before == 1
    text = house.app.test_client().get("/metrics").text
    assert str(house.ana.id) not in text
    assert "fallow_ready 0.0" in text, "no worker runs here"
    assert "fallow_alarms NaN" in text, "so nobody knows"


def test_an_unforeseen_fault_tells_nobody_what_was_in_it(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    secret = "Ana has a fever"

    def fail(*_: object, **__: object) -> None:
        raise ValueError(secret)

    phone = house.phone_of(house.ana)
    monkeypatch.setattr("backend.services.clients.get_me", fail)
    answer = phone.get("/me")
    assert (answer.status_code, answer.json["title"]) == (500, "Something went wrong")
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    printed = capsys.readouterr()  # or logged, where a test before this one has set logs up
    seen = printed.out + printed.err + caplog.text
    assert "ValueError" in seen
    assert secret not in answer.text + seen


def test_a_log_line_is_json_without_query_code_or_id(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    code, web = house.invite(house.ana), house.app.test_client()
    try:
        logs.configure()
        web.get(f"/api/v1/invites/{code}")
        web.get(f"/api/v1/check-ins/{house.ana.id}?before=canary")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/api/v1/invites/<string:code>", 200),
        ("/api/v1/check-ins/<uuid:check_in_id>", 401),
    ]
    for secret in (code, str(house.ana.id), "canary"):
        assert secret not in json.dumps(lines)
