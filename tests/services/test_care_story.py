"""From a signed plan to the next treatment, told through the services on both databases."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend.db import StaffScope, transaction
from backend.errors import Conflict, InvalidInput, NotFound, ProtocolNotSigned, WrongOrder
from backend.ids import new_id
from backend.models import AuditEntry, Reminder
from backend.services import (
    care_plans,
    check_ins,
    clients,
    extensions,
    flags,
    health_factors,
    protocols,
    readiness,
    step_logs,
    timelines,
    today,
    treatments,
)
from backend.services.check_ins import CheckInDraft
from backend.services.clients import Wishes
from backend.services.step_logs import StepDraft
from tests.people import make_ben, make_cleo, make_joe
from tests.services.practice import (
    TREATED_AT,
    Practice,
    check_in,
    day,
    open_practice,
    report,
    sign,
    start_plan,
    tap,
    treat,
)

CALM = {"pain": 0, "itch": 0, "redness_level": 0, "redness_spread": "none", "swelling": 0, "fluid": "none"}
HEALED = {
    **CALM,
    "skin_open": "no",
    "skin_shine": "matt",
    "skin_tone": "matches",
    "raised": "no",
    "sun": "no",
    "health_change": "no",
}


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


def rows(practice: Practice, **wanted: object) -> list[Reminder]:
    with transaction(practice.staff, write=False) as session:
        query = select(Reminder).where(Reminder.clinic_id == practice.ida.clinic_id).order_by(Reminder.send_at)
        for name, value in wanted.items():
            query = query.where(getattr(Reminder, name) == value)
        return list(session.scalars(query))


def test_no_plan_before_the_owner_signed_its_method(practice: Practice) -> None:
    with pytest.raises(ProtocolNotSigned):
        treat(practice, "laser")


def test_signing_asks_every_step_the_clinic_must_confirm(practice: Practice) -> None:
    status = protocols.get_method(practice.staff, "undo")
    with pytest.raises(InvalidInput) as refused:
        protocols.sign(practice.staff, "undo", status.protocol.content_version, [], now=TREATED_AT)
    assert {fault.pointer for fault in refused.value.faults} == {f"/steps/{step.id}" for step in status.must_confirm}


def test_another_order_of_the_treatment_needs_a_reason_and_keeps_it(practice: Practice) -> None:
    sign(practice, "undo")
    record = treatments.open_treatment(practice.staff, practice.ana.id, method="undo", site="scalp", now=TREATED_AT)
    for step in ("check_and_photo", "numb"):
        treatments.start_step(practice.staff, record.id, step, now=TREATED_AT)
    with pytest.raises(WrongOrder):
        treatments.start_step(practice.staff, record.id, "lifting_mask", now=TREATED_AT)
    record = treatments.start_step(practice.staff, record.id, "lifting_mask", reason="serum ran out", now=TREATED_AT)
    assert {step.step_id: step.reason for step in record.steps}["lifting_mask"] == "serum ran out"


def test_the_end_of_the_last_step_is_day_0_by_the_clients_clock(practice: Practice) -> None:
    sign(practice, "saline")
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 00:30 on 2 July in London
    started = care_plans.start(practice.staff, treat(practice, "saline", late), now=late)
    assert started.day_0 == date(2026, 7, 2)


def test_a_mask_that_the_clinic_did_not_confirm_is_shown_and_sends_nothing(practice: Practice) -> None:
    sign(practice, "undo", confirmed=False)
    start_plan(practice, "undo")
    masks = [item for plan in timelines.get_plans(practice.phone, now=TREATED_AT) for item in plan.items
             if item.step is not None and item.step.kind == "mask"]  # fmt: skip
    assert masks
    assert all(item.occurrence.withheld for item in masks)
    assert rows(practice, kind="mask_due") == []


def test_a_done_step_withdraws_its_own_reminder_and_no_other(practice: Practice) -> None:
    sign(practice, "undo")
    plan = start_plan(practice, "undo")
    before = {row.occurrence_key for row in rows(practice, kind="mask_due", state="planned")}
    tap(practice, plan, "recovery_mask_early@d1#1", "done", day(1, 18))
    after = {row.occurrence_key for row in rows(practice, kind="mask_due", state="planned")}
    assert before - after == {"recovery_mask_early@d1#1"}


def test_planning_again_changes_nothing(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    before = [(row.id, row.send_at, row.state) for row in rows(practice)]
    diff = extensions.extend(practice.ida.clinic_id, plan, now=TREATED_AT)
    assert (diff.new, diff.moved, diff.withdrawn) == ((), (), ())
    assert [(row.id, row.send_at, row.state) for row in rows(practice)] == before


def test_the_rolling_horizon_moves_on_without_doubling(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    check_in(practice, plan, 7, CALM)  # who is silent gets no more reminders
    extensions.extend(practice.ida.clinic_id, plan, now=day(8, 3))
    keys = Counter((row.kind, row.occurrence_key) for row in rows(practice) if row.kind != "merged")
    assert max(keys.values()) == 1
    assert any(row.send_at > day(14) for row in rows(practice, state="planned"))


def test_a_red_flag_is_written_with_its_check_in_and_climbs_until_a_person_answers(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    result = check_in(practice, plan, 3, {**CALM, "unwell": "fever"})
    assert result.level == "today"
    (flag,) = result.flags
    ladder = rows(practice, flag_id=flag.id)
    assert [(row.kind, row.send_at - day(3)) for row in ladder] == [
        ("act_now", timedelta()),
        ("act_now", timedelta(minutes=15)),
        ("alarm", timedelta(minutes=30)),
    ]
    assert {row.lane for row in ladder} == {0}
    assert {row.recipient_kind for row in ladder} == {"practitioner"}
    seen = flags.acknowledge(practice.staff, flag.id, now=day(3, 9, 5))
    assert (seen.acknowledged_by, seen.acknowledged_at) == ("Dr Ida", day(3, 9, 5))
    assert {row.state for row in rows(practice, flag_id=flag.id)} == {"withdrawn"}
    assert rows(practice, kind="help_followup", state="planned")


def test_the_same_warning_twice_is_one_flag_and_one_ladder(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    first = check_in(practice, plan, 3, {**CALM, "unwell": "fever"})
    second = report(practice, plan, day(3, 11), {"unwell": "fever"})
    assert second.level == "today"
    assert [flag.id for flag in second.flags] == [flag.id for flag in first.flags]
    assert len(rows(practice, kind="act_now")) == 2


def test_a_same_day_flag_stops_the_mask_until_it_is_closed(practice: Practice) -> None:
    sign(practice, "undo")
    plan = start_plan(practice, "undo")
    (flag,) = check_in(practice, plan, 2, {**CALM, "allergy": "hives"}).flags
    assert rows(practice, kind="mask_due", state="planned") == []
    flags.close(practice.staff, flag.id, "seen by her doctor", now=day(4))
    assert {row.occurrence_key for row in rows(practice, kind="mask_due", state="planned")} >= {
        "recovery_mask_early@d4#1",
        "recovery_mask_early@d5#1",
    }


def test_it_burns_raises_its_flag_at_once_and_stops_every_mask(practice: Practice) -> None:
    sign(practice, "undo")
    plan = start_plan(practice, "undo")
    at = day(1, 19, 5)
    tap(practice, plan, "recovery_mask_early@d1#1", "started", day(1, 19), ends_at=day(1, 19, 15))
    assert [row.send_at for row in rows(practice, kind="mask_done", state="planned")] == [day(1, 19, 15)]
    result = tap(practice, plan, "recovery_mask_early@d1#1", "stopped_burning", at)
    assert result.flag is not None
    assert result.flag.rule_id == "burning"
    assert result.flag.level == "today"
    assert result.tell_client is not None
    assert "Rinse" in result.tell_client
    assert rows(practice, kind="mask_due", state="planned") == []
    assert rows(practice, kind="mask_done", state="planned") == []
    assert next(row.send_at for row in rows(practice, kind="act_now")) == at


def test_sent_twice_is_stored_once_and_answers_the_same(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    draft = CheckInDraft(new_id(day(1)), plan, "planned", "check_in@d1", day(1), {"pain": 2}, {})
    first = check_ins.submit(practice.phone, draft, now=day(1))
    again = check_ins.submit(practice.phone, draft, now=day(1, 12))
    assert again.repeated
    assert (again.level, again.received_at) == (first.level, first.received_at)
    with pytest.raises(Conflict):
        check_ins.submit(
            practice.phone, CheckInDraft(draft.id, plan, "planned", "check_in@d1", day(1), {"pain": 9}, {}), now=day(1)
        )


def test_bad_answers_are_all_named_and_change_nothing(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    before = len(rows(practice))
    with pytest.raises(InvalidInput) as refused:
        check_in(practice, plan, 1, {"pain": 11, "fluid": "lots", "nonsense": 1})
    assert {fault.pointer for fault in refused.value.faults} == {"/answers/pain", "/answers/fluid", "/answers/nonsense"}
    assert check_ins.list_check_ins(practice.phone) == ()
    assert len(rows(practice)) == before


def test_a_phone_cannot_claim_a_time_ahead_of_the_server(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    draft = CheckInDraft(new_id(day(1)), plan, "planned", "check_in@d1", day(40), {"pain": 2}, {})
    assert check_ins.submit(practice.phone, draft, now=day(1)).answered_at == day(1)


def test_scabs_off_moves_what_hangs_on_it(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    assert not any(row.occurrence_key and row.occurrence_key.startswith("after_scab_oil") for row in rows(practice))
    check_in(practice, plan, 12, {**CALM, "scab_stage": 5})
    oil = [row for row in rows(practice, state="planned") if (row.occurrence_key or "").startswith("after_scab_oil")]
    assert min(row.send_at for row in oil) >= day(14, 0)
    assert not any((row.occurrence_key or "").startswith("blot@") for row in rows(practice, state="planned"))


def test_scabs_still_on_at_day_20_no_oil_no_sunscreen_and_washing_goes_on(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    check_in(practice, plan, 17, {**CALM, "scab_stage": 3})
    extensions.extend(practice.ida.clinic_id, plan, now=day(20, 3))
    due = {
        (row.occurrence_key or "").split("@")[0] for row in rows(practice, state="planned") if row.send_at >= day(20, 3)
    }
    shown = {item.occurrence.step_id for item in today.get_today(practice.phone, now=day(20, 12)).areas[0].items}
    assert "wash" in shown
    assert "wash" in due
    assert not {"after_scab_oil", "sunscreen"} & (due | shown)


def test_what_goes_on_until_the_scabs_fall_is_planned_days_ahead_and_taken_back_when_they_do(
    practice: Practice,
) -> None:
    """Nobody has to plan anew each midnight for it, and nothing of it is sent afterwards (rule 9)."""

    def washings() -> set[date]:
        found = rows(practice, state="planned")
        return {row.send_at.date() for row in found if (row.occurrence_key or "").startswith("wash@")}

    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    check_in(practice, plan, 17, {**CALM, "scab_stage": 3})
    assert {day(on).date() for on in range(18, 22)} <= washings()
    assert extensions.list_due(now=day(20)) == []
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(18).date(), now=day(18, 12))
    assert not {on for on in washings() if on > day(18).date()}


def heal(practice: Practice, plan: UUID, last: int) -> None:
    """Checks in calmly up to a day: scabs off on day 12, closed soon after, healed answers at the end."""
    for on in (7, 10, 12, 14, 17):
        check_in(practice, plan, on, {**HEALED, "scab_stage": 5 if on >= 12 else 3})
    for on in (21, 28, 42, last):
        check_in(practice, plan, on, HEALED)


def test_readiness_turns_on_the_right_day_and_not_one_earlier(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser", skin_type="II")
    heal(practice, plan, 56)
    readiness.note_seen_in_person(practice.staff, plan, now=day(41))
    view = readiness.get_plan_readiness(practice.staff, plan, now=day(41))
    assert (view.readiness.status, view.readiness.earliest_on) == ("not_yet", date(2026, 4, 13))
    assert readiness.get_plan_readiness(practice.staff, plan, now=day(42)).readiness.status == "ready_to_ask"


def test_a_sign_off_keeps_its_facts_and_a_new_flag_revokes_it(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser", skin_type="II")
    with pytest.raises(Conflict):
        readiness.sign_off(practice.staff, plan, now=day(42))
    heal(practice, plan, 56)
    readiness.note_seen_in_person(practice.staff, plan, now=day(56, 10))
    view = readiness.sign_off(practice.staff, plan, now=day(56, 11))
    assert (view.readiness.status, view.signed_by) == ("signed_off", "Dr Ida")
    assert len(rows(practice, kind="ready")) == 1
    report(practice, plan, day(57), {"unwell": "very_ill"})
    view = readiness.get_plan_readiness(practice.staff, plan, now=day(57))
    assert (view.readiness.status, view.signed_by, view.revoked_reason) == ("on_hold", None, "new evidence")


def test_laser_on_skin_type_vi_without_photos_reaches_sign_off(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser", skin_type="VI")
    heal(practice, plan, 70)
    readiness.note_seen_in_person(practice.staff, plan, now=day(69))
    assert readiness.get_plan_readiness(practice.staff, plan, now=day(69, 20)).readiness.status == "not_yet"
    readiness.sign_off(practice.staff, plan, now=day(70))
    assert readiness.get_plan_readiness(practice.staff, plan, now=day(70)).readiness.status == "signed_off"


def test_a_factor_holds_until_a_person_clears_it(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser", skin_type="II", factors=[health_factors.FactorChosen("diabetes")])
    heal(practice, plan, 56)
    readiness.note_seen_in_person(practice.staff, plan, now=day(60))
    view = readiness.get_plan_readiness(practice.staff, plan, now=day(60))
    assert view.readiness.status == "on_hold"
    (factor,) = view.factors
    health_factors.clear(practice.staff, factor.id, "letter seen", now=day(60))
    assert readiness.get_plan_readiness(practice.staff, plan, now=day(60)).readiness.status == "ready_to_ask"


def test_other_peoples_ids_answer_like_unknown_ones_and_change_nothing(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    ben, joe = make_ben(practice.ida), make_joe()
    cleo = make_cleo(joe)
    strangers = [Practice(practice.ida, ben), Practice(joe, cleo)]
    (flag,) = check_in(practice, plan, 3, {**CALM, "unwell": "fever"}).flags
    for stranger in strangers:
        with pytest.raises(NotFound):
            check_in(stranger, plan, 4, CALM)
        with pytest.raises(NotFound):
            tap(stranger, plan, "wash@d3#1", "done", day(3))
        with pytest.raises(NotFound):
            flags.note_got_help(stranger.phone, flag.id, "doctor", now=day(3))
    with pytest.raises(NotFound):
        flags.acknowledge(StaffScope(joe.clinic_id, joe.id), flag.id, now=day(3))


def test_every_act_is_in_the_audit(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    (flag,) = check_in(practice, plan, 3, {**CALM, "unwell": "fever"}).flags
    flags.close(practice.staff, flag.id, "seen", now=day(3))
    with transaction(practice.staff, write=False) as session:
        acts = set(session.scalars(select(AuditEntry.act)))
    assert acts >= {
        "protocol.sign",
        "treatment.finish",
        "care_plan.start",
        "check_in.submit",
        "flag.acknowledge",
        "flag.raise",
        "treatment.start_step",
        "flag.close",
    }


def test_a_travelling_phone_moves_its_own_times_once(practice: Practice) -> None:
    sign(practice, "saline")
    start_plan(practice, "saline")
    clients.change_me(practice.phone, Wishes(zone="America/New_York"), now=day(3, 12))
    checks = [row for row in rows(practice, kind="check_in_due", state="planned") if row.send_at > day(4)]
    assert {row.send_at.hour for row in checks} <= {12, 13}  # 08:00 in New York, on either side of its clock change
    keys = Counter(row.occurrence_key for row in rows(practice, kind="check_in_due") if row.state != "withdrawn")
    assert max(keys.values()) == 1


def test_a_timer_longer_than_the_plan_allows_is_refused(practice: Practice) -> None:
    sign(practice, "undo")
    plan = start_plan(practice, "undo")
    draft = StepDraft(new_id(day(1)), plan, "recovery_mask_early@d1#1", "started", day(1, 19), day(1, 21))
    with pytest.raises(InvalidInput):
        step_logs.log_step(practice.phone, draft, now=day(1, 19))


def test_a_hand_set_scabs_off_finds_the_skin_that_was_closed_already(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    for on in (10, 12, 14):
        check_in(practice, plan, on, {**HEALED, "scab_stage": 4})
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(10).date(), now=day(15))
    (kept,) = timelines.get_plans(practice.phone, now=day(15))
    assert kept.anchors["skin_closed"] == day(12).date()


def test_a_problem_report_does_not_pass_for_a_planned_check_in(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    draft = CheckInDraft(new_id(day(2)), plan, "report", "check_in@d2", day(2), {"pain": 1}, {})
    with pytest.raises(InvalidInput):
        check_ins.submit(practice.phone, draft, now=day(2))
