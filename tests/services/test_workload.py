"""`services.workload` and `cli workload`: expected check-ins, reviews and clients turning ready of a real clinic."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from backend import db
from backend.cli import main
from backend.db import StaffScope
from backend.errors import InvalidInput, NotFound
from backend.ids import new_id
from backend.services import care_plans, check_ins, reviews, workload
from backend.services.check_ins import CheckInDraft
from schedules import DayOfWork
from tests.factories import make_client, make_clinic
from tests.services.practice import Practice, check_in, day, open_practice, sign, start_plan


def by_day(found: tuple[DayOfWork, ...]) -> list[tuple[int, int, int]]:
    return [(each.check_ins, each.reviews_due, each.turning_ready) for each in found]


@pytest.fixture
def practice(sqlite: Engine) -> Practice:
    practice = open_practice()
    sign(practice, "laser")
    return practice


def test_a_check_in_a_day_and_a_review_the_day_after(practice: Practice) -> None:
    start_plan(practice, "laser", skin_type="II")
    found = workload.expect(practice.staff, now=day(1, 7), days=4)
    assert [each.on.isoformat() for each in found] == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]
    assert [checks for checks, _, _ in by_day(found)] == [1, 1, 1, 1]
    assert [due for _, due, _ in by_day(found)][1:] == [1, 1, 1]


def test_what_is_answered_is_no_longer_to_come_and_waits_for_its_review(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    before = by_day(workload.expect(practice.staff, now=day(1, 9), days=3))
    answered = check_in(practice, plan, 1, {"pain": 1}, day(1, 9))
    after = by_day(workload.expect(practice.staff, now=day(1, 9), days=3))
    assert (before[0][0], after[0][0]) == (1, 0)
    assert before[1][1] == after[1][1]  # promised for tomorrow, whether to come or in hand
    reviews.review(practice.staff, practice.ana.id, answered.id, None, now=day(1, 10))
    assert by_day(workload.expect(practice.staff, now=day(1, 10), days=3))[1][1] == after[1][1] - 1


def test_an_overdue_review_is_todays_work(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    check_in(practice, plan, 1, {"pain": 1}, day(1, 9))
    assert workload.expect(practice.staff, now=day(5, 12), days=1)[0].reviews_due >= 1


def test_a_check_in_and_its_correction_are_one_review(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    answered = check_in(practice, plan, 1, {"pain": 1}, day(1, 9))
    before = by_day(workload.expect(practice.staff, now=day(1, 10), days=3))
    draft = CheckInDraft(
        new_id(day(1, 9)), plan, "planned", "check_in@d1", day(1, 9, 30), {"pain": 2}, {}, amends=answered.id
    )
    check_ins.submit(practice.phone, draft, now=day(1, 9, 30))
    assert by_day(workload.expect(practice.staff, now=day(1, 10), days=3)) == before


def test_nothing_is_expected_of_a_client_whose_phone_has_not_joined(practice: Practice) -> None:
    bea = make_client(practice.ida, "Bea", zone="Europe/London", joined_at=None)
    start_plan(replace(practice, ana=bea), "laser", skin_type="II")
    assert [checks for checks, _, _ in by_day(workload.expect(practice.staff, now=day(1, 7), days=3))] == [0, 0, 0]


def test_a_client_turns_ready_on_the_earliest_date(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(10).date(), now=day(12))
    found = workload.expect(practice.staff, now=day(36), days=14)
    assert [each.on for each in found if each.turning_ready] == [day(42).date()]


def test_a_plan_that_has_ended_asks_for_nothing(practice: Practice) -> None:
    plan = start_plan(practice, "laser", skin_type="II")
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(10).date(), now=day(12))
    care_plans.end_plan(practice.staff, plan, "all done", now=day(36, 7))
    assert by_day(workload.expect(practice.staff, now=day(36, 8), days=14)) == [(0, 0, 0)] * 14


def test_another_clinics_work_is_its_own(practice: Practice) -> None:
    start_plan(practice, "laser", skin_type="II")
    other = make_clinic("South Light")
    assert by_day(workload.expect(StaffScope(other.id), now=day(1, 7), days=3)) == [(0, 0, 0)] * 3


def test_an_unknown_clinic_and_too_many_days_are_refused(practice: Practice) -> None:
    with pytest.raises(NotFound):
        workload.expect(StaffScope(uuid4()), now=day(1))
    for days in (0, 91):
        with pytest.raises(InvalidInput):
            workload.expect(practice.staff, now=day(1), days=days)


@pytest.fixture
def installation(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command finds the test's database and clock by its settings."""
    for name in [name for name in os.environ if name.startswith("FALLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FALLOW_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("FALLOW_DATABASE_URL", sqlite.url.render_as_string())
    monkeypatch.setenv("FALLOW_TEST_CLOCK", day(1, 7).isoformat())
    yield
    if db.get_engine() is not sqlite:
        db.get_engine().dispose()


def test_the_command_prints_it_for_people_and_as_one_document(
    practice: Practice, installation: None, capsys: pytest.CaptureFixture[str]
) -> None:
    start_plan(practice, "laser", skin_type="II")
    clinic = str(practice.staff.clinic_id)
    assert main(["workload", "--clinic", clinic, "--days", "2", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["clinic"] == clinic
    assert document["days"] == [
        {"on": "2026-03-03", "check_ins": 1, "reviews_due": 0, "turning_ready": 0},
        {"on": "2026-03-04", "check_ins": 1, "reviews_due": 1, "turning_ready": 0},
    ]
    assert main(["workload", "--clinic", clinic]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 15


def test_a_wrong_clinic_or_number_of_days_is_one_clear_line_each(
    practice: Practice, installation: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["workload", "--clinic", "x", "--days", "0"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert main(["workload", "--clinic", str(uuid4())]) == 1
    assert capsys.readouterr().err == "cli workload: no such clinic\n"
