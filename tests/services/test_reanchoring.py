"""PROMISES T5, a story for each method: when scabs fall or skin closes, what hangs on it moves, with a diff that names
every moved step; what is done never moves, keys survive, a rehearsal leaves no trace."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from backend.db import transaction
from backend.errors import Conflict, InvalidInput
from backend.models import AnchorObservation, AuditEntry, CarePlan, Reminder
from backend.services import care_plans, extensions, timelines
from backend.services.planning import PlanDiff
from schedules import AnchorName, CareStep, latest_protocol
from tests.services.practice import TREATED_AT, Practice, check_in, day, open_practice, sign, start_plan, tap

DAY_0 = TREATED_AT.date()
CALM = {"pain": 0, "itch": 0, "fluid": "none"}


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


def on(number: int) -> date:
    return DAY_0 + timedelta(days=number)


def hanging_on(method: str, anchor: AnchorName) -> set[str]:
    """The steps of Ana's plan whose window begins or ends with an anchor."""
    return {
        step.id
        for step in latest_protocol(method).care_steps.values()
        if _is_anas(step, method) and _hangs(step, anchor)
    }


def _hangs(step: CareStep, anchor: AnchorName) -> bool:
    return anchor in (step.window.start.anchor, step.window.end.anchor)


def _is_anas(step: CareStep, method: str) -> bool:
    style = latest_protocol(method).method.default_care_style
    return step.default_on and "scalp" in step.sites and style in step.care_styles


def states(practice: Practice, plan: UUID, first: int, last: int, at: int) -> dict[str, str]:
    found = timelines.get_timeline(practice.phone, on(first), on(last), now=day(at))
    return {item.occurrence.key: item.state for of, item in found if of == plan}


def moved_steps(diff: PlanDiff) -> set[str]:
    assert diff.timeline is not None
    return {step.step_id for step in diff.timeline.steps}


def audits(practice: Practice, act: str) -> list[dict[str, Any]]:
    with transaction(practice.staff, write=False) as session:
        query = select(AuditEntry.details).where(AuditEntry.act == act).order_by(AuditEntry.at, AuditEntry.id)
        return [dict(details) for details in session.scalars(query)]


def pending(practice: Practice) -> dict[str, Any]:
    with transaction(practice.staff, write=False) as session:
        rows = session.scalars(select(Reminder).where(Reminder.state == "planned", Reminder.recipient_kind == "client"))
        return {row.dedupe_key: (row.kind, row.send_at, row.expires_at, row.carrier_id) for row in rows}


def keys_of(rows: Iterable[str], step: str) -> set[str]:
    return {key for key in rows if f":{step}@" in key}


@pytest.mark.parametrize(
    ("method", "anchor"),
    [
        ("laser", "skin_closed"),
        ("saline", "scabs_off"),
        ("saline", "skin_closed"),
        ("undo", "scabs_off"),
        ("undo", "skin_closed"),
    ],
)
def test_fallen_scabs_or_closed_skin_move_every_step_that_hangs_on_them_and_nothing_that_is_done(
    practice: Practice, method: str, anchor: AnchorName
) -> None:
    sign(practice, method)
    plan = start_plan(practice, method)
    tap(practice, plan, "wash@d3#1", "done", day(3))
    before = states(practice, plan, 0, 60, at=9)
    diff = care_plans.set_anchor(practice.staff, plan, anchor, on(9), now=day(9))
    hanging = hanging_on(method, anchor)
    assert hanging
    assert hanging <= moved_steps(diff)
    after = states(practice, plan, 0, 60, at=9)
    assert before["wash@d3#1"] == after["wash@d3#1"] == "done"
    kept = {key for key in before.keys() & after.keys() if "@d3#" in key or "@d4#" in key}
    assert {key: before[key] for key in kept} == {key: after[key] for key in kept}
    (entry,) = audits(practice, "anchor.set")
    assert entry["on"] == on(9).isoformat()
    assert hanging <= {step["step"] for step in entry["diff"]["steps"]}
    assert entry["diff"]["counts"]["new"] == len(diff.timeline.new)  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["laser", "saline", "undo"])
def test_a_check_in_that_reaches_the_anchor_moves_the_same_and_its_diff_is_kept(
    practice: Practice, method: str
) -> None:
    sign(practice, method)
    plan = start_plan(practice, method)
    for number in range(8, 10):
        check_in(practice, plan, number, {**CALM, "scab_stage": 5 if number == 9 else 4, "skin_open": "no"})
    (entry,) = audits(practice, "anchor.observe")
    assert hanging_on(method, "scabs_off") <= {step["step"] for step in entry["diff"]["steps"]}
    check_in(practice, plan, 10, {**CALM, "scab_stage": 5, "skin_open": "no"})
    _, second = audits(practice, "anchor.observe")
    assert hanging_on(method, "skin_closed") <= {step["step"] for step in second["diff"]["steps"]}


def test_planning_again_after_it_changes_nothing(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    care_plans.set_anchor(practice.staff, plan, "scabs_off", on(9), now=day(9))
    rows = pending(practice)
    again = extensions.extend(practice.ida.clinic_id, plan, now=day(9))
    assert (again.new, again.moved, again.withdrawn) == ((), (), ())
    assert pending(practice) == rows


def test_a_rehearsal_says_what_the_change_would_do_and_leaves_no_trace(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    rows = pending(practice)
    said = care_plans.set_anchor(practice.staff, plan, "scabs_off", on(9), now=day(9), rehearse=True)
    with transaction(practice.staff, write=False) as session:
        assert session.scalar(select(func.count()).select_from(AnchorObservation)) == 0
        assert session.scalars(select(CarePlan.facts_version)).one() == 1
    assert pending(practice) == rows
    assert audits(practice, "anchor.set") == []
    done = care_plans.set_anchor(practice.staff, plan, "scabs_off", on(9), now=day(9))
    assert done == said


def test_a_date_can_be_corrected_and_taken_back_and_what_was_answered_before_no_longer_counts(
    practice: Practice,
) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    check_in(practice, plan, 9, {**CALM, "scab_stage": 5, "skin_open": "no"})
    care_plans.set_anchor(practice.staff, plan, "scabs_off", on(8), now=day(9, 10))
    diff = care_plans.set_anchor(practice.staff, plan, "scabs_off", None, now=day(9, 11))
    assert "sunscreen" in moved_steps(diff) or "blot" in moved_steps(diff)
    with pytest.raises(Conflict, match="not known"):
        care_plans.set_anchor(practice.staff, plan, "scabs_off", None, now=day(9, 12))
    check_in(practice, plan, 10, {**CALM, "scab_stage": 4, "skin_open": "no"})
    assert len(audits(practice, "anchor.observe")) == 1
    check_in(practice, plan, 11, {**CALM, "scab_stage": 5, "skin_open": "no"})
    assert len(audits(practice, "anchor.observe")) == 2


@pytest.mark.parametrize(
    ("anchor", "when", "pointer"),
    [("scabs_off", -1, "/scabs_off"), ("scabs_off", 10, "/scabs_off"), ("skin_closed", 10, "/skin_closed"),
     ("next_treatment", 3, "/anchor")],
)  # fmt: skip
def test_a_date_before_the_treatment_or_to_come_is_refused_and_nothing_is_stored(
    practice: Practice, anchor: str, when: int, pointer: str
) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    with pytest.raises(InvalidInput) as refused:
        care_plans.set_anchor(practice.staff, plan, anchor, on(when), now=day(9))
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
    with transaction(practice.staff, write=False) as session:
        assert session.scalar(select(func.count()).select_from(AnchorObservation)) == 0
