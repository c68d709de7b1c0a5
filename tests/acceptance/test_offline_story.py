"""A phone without a connection: what it queued arrives once, whatever is replayed and in which order (PROMISES P7)."""

from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import Engine, func, select

from backend.db import StaffScope, transaction
from backend.models import CheckIn, StepLog
from tests.acceptance import promises
from tests.acceptance.diary import Diary, healing
from tests.acceptance.handset import instant
from tests.acceptance.story import get_json, local, telling
from tests.acceptance.studio import begin

ENDED_AT = local(0, "14:30")


def test_what_was_queued_offline_arrives_once_in_any_order(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        studio, phone = begin(story, "saline", ENDED_AT)
        answers = healing(scabs_off=10)
        Diary(story, phone, answers).live(local(2, "12:00"))
        plan = phone.plan()
        queue = []
        for day in (3, 4):
            story.until(local(day, "8:20"))
            queue.append({"type": "check_in", "body": phone.build_check_in(day, answers(day), plan)})
            queue.append({"type": "step_log", "body": phone.build_tap(f"blot@d{day}#1")})
            story.until(local(day, "18:30"))
            queue.append({"type": "step_log", "body": phone.build_tap(f"wash@d{day}#1")})
        shown = phone.lock_screen[-1]
        receipt = {"reminder_id": str(shown.reminder_id), "event": "shown", "at": instant(shown.at)}
        queue.append({"type": "receipt", "body": receipt})

        story.until(local(4, "19:00"))
        scrambled = queue * 2
        Random(7).shuffle(scrambled)
        first = get_json(phone.post("/sync", {"events": scrambled}))["results"]
        again = get_json(phone.post("/sync", {"events": list(reversed(queue))}))["results"]
        assert sorted(result["status"] for result in first) == [200] * 6 + [201] * 6 + [204] * 2
        assert sorted(result["status"] for result in again) == [200] * 6 + [204]

        kept = [each for each in get_json(phone.get("/check-ins?limit=100"))["items"] if each["day"] in (3, 4)]
        assert [(each["occurrence"], each["answered_at"]) for each in kept] == [
            ("check_in@d4", instant(local(4, "8:20"))),
            ("check_in@d3", instant(local(3, "8:20"))),
        ]
        ids = {UUID(event["body"]["id"]) for event in queue if "id" in event["body"]}
        with transaction(StaffScope(studio.clinic_id, studio.ida.id), write=False) as session:
            rows = [
                session.scalar(select(func.count()).select_from(table).where(table.id.in_(ids)))
                for table in (CheckIn, StepLog)
            ]
        assert rows == [2, 4]

        before = len(phone.lock_screen)
        story.until(local(4, "20:30"))
        named = [each for each in phone.lock_screen[before:] if each.words == "Time for today’s check-in"]
        assert not named, "nothing is sent for what was done offline"
        states = {each["key"]: each["state"] for each in phone.timeline(3, 4)}
        assert {states[key] for key in ("wash@d3#1", "wash@d4#1", "blot@d3#1", "check_in@d3", "check_in@d4")} == {
            "done"
        }
        promises.check_the_end(story, studio)
