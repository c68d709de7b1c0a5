"""Bad input gets one clear error that names every fault, and changes nothing; a broken protocol stops the start."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from backend.tables import Base
from tests.acceptance.diary import healing
from tests.acceptance.handset import CONSENTS, Handset, instant
from tests.acceptance.story import local, telling
from tests.acceptance.studio import begin

ROOT = Path(__file__).resolve().parents[2]
COUNTED_APART = frozenset({"guess", "worker"})  # wrong guesses are counted, a worker beats


def test_bad_input_is_refused_with_its_faults_and_changes_nothing(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, ana = begin(story, "saline", local(0, "14:30"))
        spent = studio.invite()
        ben = Handset(story)
        studio.add_client("Ben")
        ben.join(studio.invite())
        story.until(local(1, "8:20"))
        check_in = ana.build_check_in(1, healing(scabs_off=10)(1))
        tap = ana.build_tap("blot@d1#1")
        device = {"name": "Phone", "platform": "web", "zone": "Europe/London", "language": "en"}
        photo = f"/photos/{ana.new_id()}?care_plan_id={ana.care_plan_id}&view=close&taken_at={instant(story.now)}"
        picture = BytesIO()
        Image.new("RGB", (40, 30)).save(picture, "JPEG")
        ana.post("/enrolments", {"code": spent, "device": device, "consents": CONSENTS})  # spends it
        before = count_rows(sqlite)
        assert before["reminder"] > 0

        def put_photo(body: bytes, media_type: str = "image/jpeg", path: str = photo) -> TestResponse:
            return ana.call("PUT", path, data=body, content_type=media_type)

        both = ana.post("/check-ins", {**check_in, "mood_of_the_day": 3, "answered_at": "2026-03-03T08:20:00"})
        check_problem(both, 422, {"/mood_of_the_day", "/answered_at"})
        check_problem(ana.post("/step-logs", {**tap, "at": "2026-03-03T08:20:00"}), 422, {"/at"})
        check_problem(ana.post("/step-logs", {**tap, "ends_at": 5, "colour": "red"}), 422, {"/ends_at", "/colour"})
        check_problem(ben.post("/step-logs", tap), 404)
        check_problem(ben.post("/check-ins", check_in), 404)
        check_problem(ben.get(f"/reminders/{ana.lock_screen[0].reminder_id}"), 404)
        check_problem(ana.post("/enrolments", {"code": spent, "device": device, "consents": CONSENTS}), 410)
        check_problem(put_photo(b"\xff\xd8" + bytes(20 * 1024 * 1024)), 413)
        check_problem(put_photo(b"GIF89a, and no photo at all"), 415)
        check_problem(put_photo(b"%PDF-1.7", "application/pdf"), 415)
        check_problem(put_photo(picture.getvalue()[:200]), 422)
        foreign = photo.replace(ana.care_plan_id, ana.new_id())
        check_problem(put_photo(picture.getvalue(), path=foreign), 404)
        assert count_rows(sqlite) == before


def check_problem(answer: TestResponse, status: int, pointers: frozenset[str] | set[str] = frozenset()) -> None:
    """An RFC 9457 problem of this status that points to each of these faults and no other."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    document: Mapping[str, Any] = answer.json or {}
    assert document["status"] == status
    assert document["title"]
    if pointers:
        assert {fault["pointer"] for fault in document["errors"]} == pointers


def count_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = [name for name in Base.metadata.tables if not COUNTED_APART & set(name.split("_"))]
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def test_a_broken_protocol_stops_the_start_with_every_fault_and_its_path(tmp_path: Path) -> None:
    for name in ("backend", "mobile_api", "wsgi.py"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "schedules", tmp_path / "schedules")
    saline = max((tmp_path / "schedules" / "protocols").glob("saline-*.yaml"))
    broken = saline.read_text().replace("- id: wash\n", "- id: wash\n  colour: red\n", 1)
    saline.write_text(broken.replace("base_min_days: 56", "base_min_days: soon", 1))
    environment = {"FALLOW_ENV": "test", "FALLOW_VAR_DIR": str(tmp_path / "var"), "PYTHONPATH": str(tmp_path)}
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi; wsgi.create_app()"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "care_steps" in started.stderr
    assert "colour" in started.stderr
    assert "readiness.base_min_days" in started.stderr
