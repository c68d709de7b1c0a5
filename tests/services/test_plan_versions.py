"""A running plan keeps its version until somebody moves it, and then says what that changes (S6, T5)."""

from datetime import time

import pytest
from sqlalchemy import Engine, func, select

from backend.db import transaction
from backend.errors import Conflict, InvalidInput, NotFound
from backend.models import AuditEntry, CarePlan, PlanVersion, Reminder
from backend.services import care_plans, expiry, extensions, overlays, plan_versions, timelines
from backend.services.overlays import Edit
from backend.services.plan_versions import PlanMove
from schedules import latest_protocol
from tests.factories import make_flag
from tests.services.practice import TREATED_AT, Practice, check_in, day, open_practice, sign, start_plan, tap

WASH = "care_steps.wash.instruction"
WORDS = "Let lukewarm water run over it. Pat it dry with a clean towel."
TIMES = "care_steps.wash.frequency.suggested_times"
MOVED_AT = day(3, 12)


@pytest.fixture
def practice(database: Engine) -> Practice:
    built = open_practice()
    sign(built, "laser")
    return built


def publish(practice: Practice, *edits: Edit) -> int:
    draft = overlays.set_changes(practice.staff, "laser", edits, seen=0, now=MOVED_AT)
    signed = overlays.publish(practice.staff, "laser", [], reviewer_id=None, seen=draft.revision, now=MOVED_AT)
    return signed.version


def move(practice: Practice, plan: object, version: int, **more: object) -> PlanMove:
    return plan_versions.move(practice.staff, plan, version, now=MOVED_AT, **more)  # type: ignore[arg-type]


def pending(practice: Practice) -> dict[str, str]:
    with transaction(practice.staff, write=False) as session:
        rows = session.scalars(select(Reminder).where(Reminder.state == "planned"))
        return {row.dedupe_key: f"{row.send_at:%d %H:%M}" for row in rows}


def count(practice: Practice, model: type) -> int:
    with transaction(practice.staff, write=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_plan_follows_its_version_until_it_is_moved(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    version = publish(practice, Edit(WASH, WORDS))
    (shown,) = timelines.get_plans(practice.phone, now=MOVED_AT)
    assert shown.protocol.care_steps["wash"].instruction != WORDS
    move(practice, plan, version)
    (shown,) = timelines.get_plans(practice.phone, now=MOVED_AT)
    assert (shown.signed_version, shown.protocol.care_steps["wash"].instruction) == (2, WORDS)
    first, second = plan_versions.list_followed(practice.staff, plan)
    assert (first.version, first.from_at, first.until_at) == (1, TREATED_AT, MOVED_AT)
    assert (second.version, second.from_at, second.until_at) == (2, MOVED_AT, None)


def test_the_diff_names_every_moved_occurrence_and_changed_words(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    version = publish(
        practice, Edit(WASH, WORDS), Edit(TIMES, ["07:00", "20:00"]), Edit("care_steps.clean_bed.default_on", False)
    )
    moved = move(practice, plan, version)
    assert (moved.from_version, moved.to_version) == (1, 2)
    (words,) = moved.words
    before = latest_protocol("laser").care_steps["wash"]
    assert (words.step_id, words.before, words.after) == (
        "wash", (before.title, before.instruction), (before.title, WORDS),
    )  # fmt: skip
    assert all(one.key.startswith("wash@d") for one in moved.timeline.moved)
    dawn = next(one for one in moved.timeline.moved if one.key == "wash@d4#1")
    assert (dawn.from_local.time(), dawn.to_local.time()) == (time(8), time(7))
    assert {one.step_id for one in moved.timeline.withdrawn} == {"clean_bed"}
    assert {step.step_id for step in moved.timeline.steps} >= {"wash", "clean_bed"}


def test_reminders_follow_and_the_client_hears_of_it_once(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    extensions.extend(practice.ida.clinic_id, plan, now=MOVED_AT)
    expiry.expire(now=MOVED_AT)
    before = pending(practice)
    version = publish(practice, Edit("care_steps.clean_bed.default_on", False))
    move(practice, plan, version)
    after = pending(practice)
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    assert [key for key in gone if "clean_bed@d" in key]
    assert not [key for key in gone if "clean_bed@d" not in key and "merged" not in key]
    assert not [key for key in after if "clean_bed@d" in key]
    (told,) = [key for key in new if ":plan_changed:" in key]
    assert after[told] == "05 12:00"
    with transaction(practice.staff, write=False) as session:
        row = session.scalars(select(Reminder).where(Reminder.kind == "plan_changed")).one()
        assert (row.recipient_id, row.send_at, row.lane) == (practice.ana.id, MOVED_AT, 1)


def test_what_is_done_stays_done(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    check_in(practice, plan, 2, {"pain": 1})
    tap(practice, plan, "wash@d3#1", "done", day(3, 8, 5))
    version = publish(practice, Edit(TIMES, ["12:30", "20:00"]))
    moved = move(practice, plan, version)
    assert "wash@d3#1" not in {
        one.key for one in (*moved.timeline.moved, *moved.timeline.new, *moved.timeline.withdrawn)
    }
    items = timelines.get_plans(practice.phone, now=MOVED_AT)[0].items
    states = {item.occurrence.key: item.state for item in items}
    assert (states["wash@d3#1"], states["check_in@d2"]) == ("done", "done")
    assert not [key for key in pending(practice) if "wash@d3#1" in key]


def test_a_rehearsal_shows_the_same_and_leaves_no_trace(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    version = publish(practice, Edit(WASH, WORDS), Edit(TIMES, ["07:00", "20:00"]))
    before = (pending(practice), count(practice, AuditEntry), count(practice, PlanVersion))
    rehearsed = move(practice, plan, version, rehearse=True)
    assert (pending(practice), count(practice, AuditEntry), count(practice, PlanVersion)) == before
    assert timelines.get_plans(practice.phone, now=MOVED_AT)[0].signed_version == 1
    assert rehearsed == move(practice, plan, version)


def test_the_move_is_kept_in_the_audit_with_its_diff(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    moved = move(practice, plan, publish(practice, Edit("care_steps.clean_bed.default_on", False), Edit(WASH, WORDS)))
    with transaction(practice.staff, write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "care_plan.move")).one()
    assert (entry.subject_id, entry.client_id, entry.actor_id) == (plan, practice.ana.id, practice.ida.id)
    assert entry.details["diff"]["withdrawn"] == [one.key for one in moved.timeline.withdrawn][:40] != []
    assert (entry.details["from_version"], entry.details["to_version"], entry.details["words"]) == (1, 2, ["wash"])


def test_moving_forth_and_back_tells_each_time(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    version = publish(practice, Edit(WASH, WORDS))
    for minute, number in enumerate((version, 1, version)):
        plan_versions.move(practice.staff, plan, number, now=day(3, 12, minute))
    with transaction(practice.staff, write=False) as session:
        assert len(session.scalars(select(Reminder).where(Reminder.kind == "plan_changed")).all()) == 3
        assert session.get_one(CarePlan, (practice.ida.clinic_id, plan)).facts_version == 4
    assert [one.version for one in plan_versions.list_followed(practice.staff, plan)] == [1, 2, 1, 2]


def test_a_move_that_changes_nothing_for_the_client_says_nothing(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    sign(practice, "laser")
    moved = move(practice, plan, 2)
    assert moved.timeline.is_empty
    assert not [key for key in pending(practice) if ":plan_changed:" in key]


def test_a_plan_that_cannot_be_moved_says_why_and_stays(practice: Practice) -> None:
    plan = start_plan(practice, "laser")
    sign(practice, "laser")
    other = open_practice()
    with pytest.raises(NotFound):
        move(other, plan, 2)
    with pytest.raises(NotFound, match="no version 9"):
        move(practice, plan, 9)
    with pytest.raises(Conflict, match="follows version 1 already"):
        move(practice, plan, 1)
    with transaction(practice.staff, write=False) as session:
        row = session.get_one(CarePlan, (practice.ida.clinic_id, plan))
    make_flag(row, "a_rule_of_another_version")
    with pytest.raises(InvalidInput) as refused:
        move(practice, plan, 2)
    assert "a_rule_of_another_version" in refused.value.faults[0].problem
    care_plans.end_plan(practice.staff, plan, "moved away", now=MOVED_AT)
    with pytest.raises(Conflict, match="has ended"):
        move(practice, plan, 2)
    assert [one.version for one in plan_versions.list_followed(practice.staff, plan)] == [1]
