"""Status, health factors, sign-off and several methods (protocols/README.md, rules 51, 52 and 59)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.catalog import latest
from schedules.facts import (
    CheckInFacts,
    ConditionResult,
    FlagSpan,
    HealthFactor,
    PhotoTaken,
    Readiness,
    ReadinessFacts,
    ReadinessStatus,
    SignOff,
)
from schedules.protocol_terms import AnswerValue, Site, Urgency
from schedules.readiness import EarlierTreatment, combine_readiness, evaluate_area, evaluate_readiness

DAY_ZERO = date(2026, 1, 5)
WELL: dict[str, AnswerValue] = {
    "pain": 0,
    "itch": 0,
    "redness_level": 0,
    "fluid": "none",
    "skin_open": "no",
    "scab_stage": 5,
    "skin_shine": "matt",
    "skin_tone": "matches",
    "raised": "no",
    "sun": "no",
    "health_change": "no",
}


def on(day: int) -> date:
    return DAY_ZERO + timedelta(days=day)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 1, 5, hour, tzinfo=UTC) + timedelta(days=day)


def check_in(day: int, answers: Mapping[str, AnswerValue], hour: int = 8) -> CheckInFacts:
    return CheckInFacts(f"d{day}h{hour}", day, on(day), at(day, hour), answers)


def full_set(day: int, method: str = "laser", site: Site = "scalp") -> tuple[PhotoTaken, ...]:
    return tuple(PhotoTaken(view.id, on(day)) for view in latest(method).shared.photo_protocol.views[site])


def healed(day: int = 56, method: str = "laser", skin_type: str = "II") -> ReadinessFacts:
    """Everything is well on `day`; only the practitioner's yes is missing."""
    return ReadinessFacts(
        treatment_ended_on=DAY_ZERO,
        site="scalp",
        anchors={"scabs_off": on(12), "skin_closed": on(16)},
        check_ins=(check_in(day - 14, WELL), check_in(day, WELL)),
        skin_type=skin_type,
        photos=full_set(day, method),
    )


def status(facts: ReadinessFacts, day: int, method: str = "laser") -> ReadinessStatus:
    return evaluate_readiness(latest(method), facts, on(day)).status


def result(reason_id: str, facts: ReadinessFacts, day: int, method: str = "laser") -> ConditionResult:
    reasons = evaluate_readiness(latest(method), facts, on(day)).reasons
    return next(reason for reason in reasons if reason.id == reason_id)


# --- rule 52: status ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "day"), [("laser", 42), ("saline", 56), ("undo", 56)])
def test_rule_41_ready_to_ask_on_the_earliest_date_and_not_one_day_before(method: str, day: int) -> None:
    facts = replace(healed(day - 1, method), photos=full_set(day - 1, method))
    assert evaluate_readiness(latest(method), facts, on(day)).earliest_on == on(day)
    assert status(facts, day - 1, method) == "not_yet"
    assert status(facts, day, method) == "ready_to_ask"


def test_rule_42_while_the_scabs_are_on_the_earliest_date_moves_on_with_today() -> None:
    facts = replace(healed(60), anchors={})
    assert evaluate_readiness(latest("laser"), facts, on(60)).earliest_on == on(60 + 21)
    assert evaluate_readiness(latest("laser"), facts, on(61)).earliest_on == on(61 + 21)


def test_a_condition_is_shown_with_its_own_words_and_group_in_the_order_of_the_file() -> None:
    conditions = latest("laser").readiness.conditions
    shown = evaluate_readiness(latest("laser"), healed(), on(56)).reasons[: len(conditions)]
    assert [(r.id, r.group, r.text) for r in shown] == [(c.id, c.group, c.text) for c in conditions]
    assert all(reason.evidence for reason in shown)


@pytest.mark.parametrize("question", sorted(set(WELL) - {"scab_stage"}))
def test_rule_52_each_missing_answer_keeps_it_not_yet(question: str) -> None:
    answers = {name: value for name, value in WELL.items() if name != question}
    facts = replace(healed(), check_ins=(check_in(42, answers), check_in(56, answers)))
    assert status(facts, 56) == "not_yet"


def test_rule_52_a_condition_that_does_not_block_is_shown_and_never_blocks() -> None:
    shiny = {**WELL, "skin_shine": "shiny"}
    facts = replace(healed(56, "undo"), check_ins=(check_in(42, shiny), check_in(56, shiny)))
    assert not result("not_shiny", facts, 56, "undo").met
    assert status(facts, 56, "undo") == "ready_to_ask"
    assert status(replace(facts, photos=full_set(56)), 56, "laser") == "not_yet"


@pytest.mark.parametrize(
    ("urgency", "expected"), [("emergency", "on_hold"), ("same_day", "on_hold"), ("practitioner_review", "not_yet")]
)
def test_rule_52_an_open_flag(urgency: Urgency, expected: str) -> None:
    flag = FlagSpan("probe", urgency, at(30))
    assert status(replace(healed(), flags=(flag,)), 56) == expected
    assert status(replace(healed(), flags=(replace(flag, closed_at=at(31)),)), 56) == "ready_to_ask"


def test_rule_52_the_practitioners_hold_comes_before_all_else() -> None:
    facts = replace(healed(), hold_reason="I want to see it", sign_off=SignOff(on(56), at(56)))
    assert status(facts, 56) == "on_hold"
    reason = result("practitioner_hold", facts, 56)
    assert (reason.met, reason.holds, reason.evidence) == (False, True, {"reason": "I want to see it"})
    assert (reason.group, reason.blocking, reason.text) == ("yes", True, "The practitioner wants to see it first.")


def test_rule_52_the_practitioners_yes_signs_off_and_only_when_the_rest_is_met() -> None:
    facts = replace(healed(), sign_off=SignOff(on(56), at(56)))
    assert status(facts, 56) == "signed_off"
    assert status(facts, 55) == "not_yet"
    assert status(replace(facts, photos=()), 56) == "not_yet"


def test_a_protocol_without_the_practitioners_yes_never_signs_off() -> None:
    protocol = latest("laser")
    conditions = tuple(c for c in protocol.readiness.conditions if c.check.type != "practitioner_signoff")
    unsigned = replace(protocol, readiness=replace(protocol.readiness, conditions=conditions))
    facts = replace(healed(), sign_off=SignOff(on(56), at(56)))
    assert evaluate_readiness(unsigned, facts, on(56)).status == "ready_to_ask"


def test_rule_52_a_yes_of_a_later_date_does_not_count_today() -> None:
    assert status(replace(healed(), sign_off=SignOff(on(57), at(57))), 56) == "ready_to_ask"


# --- rule 52: what revokes the sign-off -----------------------------------------------------------------------------


SIGNED = replace(healed(), sign_off=SignOff(on(56), at(56)))


@pytest.mark.parametrize(
    ("raised", "closed", "expected"),
    [
        (at(57), None, "not_yet"),
        (at(57), at(58), "ready_to_ask"),
        (at(50), at(51), "signed_off"),
    ],
)
def test_rule_52_a_flag_raised_after_it_revokes_a_sign_off(
    raised: datetime, closed: datetime | None, expected: str
) -> None:
    flag = FlagSpan("low_mood", "practitioner_review", raised, closed)
    assert status(replace(SIGNED, flags=(flag,)), 59) == expected


def test_rule_52_what_comes_in_the_very_moment_of_the_sign_off_is_not_after_it() -> None:
    flag = FlagSpan("low_mood", "practitioner_review", at(56), at(57))
    sore = check_in(56, {"pain": 3}, hour=9)
    assert status(replace(SIGNED, flags=(flag,)), 57) == "signed_off"
    well_again = (*SIGNED.check_ins, sore, check_in(57, WELL))
    assert status(replace(SIGNED, check_ins=well_again), 57) == "signed_off"


@pytest.mark.parametrize(
    ("answers", "then"),
    [
        pytest.param({"pain": 3}, {"pain": 0}, id="all_of"),
        pytest.param({"redness_level": 2}, {"redness_level": 0}, id="answer"),
        pytest.param({"health_change": "yes"}, {"health_change": "no"}, id="answer_or_signoff"),
    ],
)
def test_rule_52_an_answer_after_it_that_makes_a_condition_fail_revokes_for_good(
    answers: dict[str, AnswerValue], then: dict[str, AnswerValue]
) -> None:
    worse = replace(SIGNED, check_ins=(*SIGNED.check_ins, check_in(57, answers)))
    assert status(worse, 57) == "not_yet"
    better = replace(worse, check_ins=(*worse.check_ins, check_in(58, then)))
    assert status(better, 58) == "ready_to_ask"
    again = replace(better, sign_off=SignOff(on(58), at(58)))
    assert status(again, 58) == "signed_off"


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(check_in(57, WELL), id="all is still well"),
        pytest.param(check_in(57, {"swelling": 3}), id="no condition asks this"),
        pytest.param(check_in(56, {"pain": 3}, hour=7), id="answered before the yes"),
        pytest.param(check_in(60, {"pain": 3}), id="of a later day than today"),
    ],
)
def test_rule_52_other_answers_leave_the_sign_off_standing(later: CheckInFacts) -> None:
    check_ins = tuple(sorted((*SIGNED.check_ins, later), key=lambda check_in: check_in.answered_at))
    assert status(replace(SIGNED, check_ins=check_ins), 57) == "signed_off"


def test_rule_52_an_answer_to_a_condition_that_does_not_block_revokes_nothing() -> None:
    facts = replace(healed(56, "undo"), sign_off=SignOff(on(56), at(56)))
    facts = replace(facts, check_ins=(*facts.check_ins, check_in(57, {"skin_shine": "shiny"})))
    assert status(facts, 57, "undo") == "signed_off"


@pytest.mark.parametrize(
    ("signed", "expected"), [(None, "not_yet"), (55, "not_yet"), (56, "signed_off"), (57, "ready_to_ask")]
)
def test_rule_48_a_condition_signed_off_with_the_whole_covers_an_answer_of_that_day(
    signed: int | None, expected: str
) -> None:
    signatures = {} if signed is None else {"health_same": on(signed)}
    facts = replace(
        SIGNED,
        check_ins=(*SIGNED.check_ins, check_in(56, {"health_change": "yes"}, hour=12)),
        condition_signoffs=signatures,
    )
    assert status(facts, 57) == expected


# --- rule 51: health factors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "method", "holds", "blocking"),
    [
        ("pregnant_or_feeding", "laser", True, True),
        ("diabetes", "laser", True, True),
        ("ink_allergy", "laser", True, True),
        ("isotretinoin", "laser", False, False),
        ("keloid_history", "laser", False, False),
        ("smoker", "laser", False, False),
        ("light_sensitive_medicine", "laser", True, True),
        ("light_sensitive_medicine", "undo", False, False),
    ],
)
def test_rule_51_each_factor_is_a_condition_of_its_own(factor: str, method: str, holds: bool, blocking: bool) -> None:
    facts = replace(healed(70, method), factors=(HealthFactor(factor),))
    reason = result(f"factor:{factor}", facts, 70, method)
    assert (reason.group, reason.holds, reason.blocking) == ("health", holds, blocking)
    assert reason.text == latest(method).shared.modifiers[factor].label
    assert status(facts, 70, method) == ("on_hold" if holds else "ready_to_ask")


@pytest.mark.parametrize("factor", ["pregnant_or_feeding", "diabetes", "ink_allergy", "keloid_history"])
def test_rule_51_a_person_clears_a_factor(factor: str) -> None:
    facts = replace(healed(70), factors=(HealthFactor(factor, cleared=True),))
    reason = result(f"factor:{factor}", facts, 70)
    assert (reason.met, reason.holds, reason.evidence["cleared"]) == (True, False, True)
    assert status(facts, 70) == "ready_to_ask"


@pytest.mark.parametrize(("factor", "met"), [("smoker", True), ("isotretinoin", False), ("keloid_history", False)])
def test_rule_51_what_the_practitioner_must_look_at_is_shown_as_open(factor: str, met: bool) -> None:
    assert result(f"factor:{factor}", replace(healed(70), factors=(HealthFactor(factor),)), 70).met is met


@pytest.mark.parametrize(("day", "expected"), [(69, "on_hold"), (70, "ready_to_ask")])
def test_rule_51_a_hold_of_days_is_free_on_its_end_date(day: int, expected: str) -> None:
    facts = replace(healed(69), factors=(HealthFactor("tan_or_sunburn", last_applied_on=on(40)),))
    assert status(facts, day) == expected
    reason = result("factor:tan_or_sunburn", facts, day)
    assert (reason.evidence["last_applied_on"], reason.evidence["until"]) == (on(40), on(70))
    assert reason.earliest_on == (on(70) if expected == "on_hold" else None)


def test_rule_51_a_hold_of_months() -> None:
    factor = HealthFactor("isotretinoin", last_applied_on=date(2025, 8, 31))
    facts = replace(healed(56, "saline"), factors=(factor,))
    assert result("factor:isotretinoin", facts, (date(2026, 2, 27) - DAY_ZERO).days, "saline").holds
    assert not result("factor:isotretinoin", facts, (date(2026, 2, 28) - DAY_ZERO).days, "saline").holds


def test_rule_51_a_hold_without_a_known_date_waits_for_a_person() -> None:
    facts = replace(healed(500), factors=(HealthFactor("tan_or_sunburn"),))
    reason = result("factor:tan_or_sunburn", facts, 500)
    assert (reason.holds, reason.earliest_on) == (True, None)


def test_rule_51_holds_do_not_move_the_earliest_date() -> None:
    held = replace(healed(), factors=(HealthFactor("tan_or_sunburn", last_applied_on=on(40)),))
    assert evaluate_readiness(latest("laser"), held, on(56)).earliest_on == on(42)


def test_rule_51_a_factor_without_an_effect_on_this_method_changes_nothing() -> None:
    protocol = latest("laser")
    modifiers = {"smoker": replace(protocol.shared.modifiers["smoker"], effects={})}
    without = replace(protocol, shared=replace(protocol.shared, modifiers=modifiers))
    factor = HealthFactor("smoker", last_applied_on=on(50))
    readiness = evaluate_readiness(without, replace(healed(), factors=(factor,)), on(56))
    assert readiness.status == "ready_to_ask"
    evidence = readiness.reasons[-1].evidence
    assert (evidence["action"], evidence["add_days"], evidence["until"]) == ("inform", 0, None)


def test_rule_41_a_factor_says_how_many_days_it_adds() -> None:
    effect = latest("laser").shared.modifiers["diabetes"].effects["laser"]
    assert effect.add_days
    assert result("factor:diabetes", replace(healed(), factors=(HealthFactor("diabetes"),)), 56).evidence == {
        "action": effect.action,
        "add_days": effect.add_days,
        "last_applied_on": None,
        "until": None,
        "cleared": False,
    }


@pytest.mark.parametrize(
    ("skin_type", "method", "listed"), [("II", "laser", False), ("IV", "laser", True), ("I", "undo", True)]
)
def test_rule_51_the_test_patch_of_the_skin_type_is_shown_and_does_not_block(
    skin_type: str, method: str, listed: bool
) -> None:
    facts = healed(70, method, skin_type)
    reasons = evaluate_readiness(latest(method), facts, on(70)).reasons
    assert [(r.met, r.blocking) for r in reasons if r.id == "test_patch"] == ([(False, False)] if listed else [])
    assert status(facts, 70, method) == "ready_to_ask"


@pytest.mark.parametrize(("skin_type", "row"), [("IV", "IV"), (None, "V")])
def test_rule_51_the_test_patch_says_of_which_skin_type_and_whether_that_is_known(
    skin_type: str | None, row: str
) -> None:
    reason = result("test_patch", replace(healed(84), skin_type=skin_type), 84)
    assert (reason.group, reason.text) == ("health", latest("laser").shared.modifier_actions["test_patch"])
    known = skin_type is not None
    assert reason.evidence == {"action": "test_patch", "skin_type": row, "skin_type_known": known}


# --- acceptance of issue A ------------------------------------------------------------------------------------------


def test_a_client_without_photos_reaches_sign_off_when_seen_in_person() -> None:
    facts = replace(healed(), photos=())
    assert status(facts, 56) == "not_yet"
    seen = replace(facts, seen_in_person_on=(on(56),))
    assert status(seen, 56) == "ready_to_ask"
    assert status(replace(seen, sign_off=SignOff(on(56), at(56))), 56) == "signed_off"


def test_a_laser_client_of_skin_type_vi_reaches_sign_off_from_day_70() -> None:
    facts = replace(healed(69, skin_type="VI"), factors=(HealthFactor("darker_skin"),))
    assert status(facts, 69) == "not_yet"
    assert status(facts, 70) == "ready_to_ask"
    assert evaluate_readiness(latest("laser"), facts, on(70)).suggested_on == on(84)
    assert status(replace(facts, sign_off=SignOff(on(70), at(70))), 70) == "signed_off"


# --- rule 59: two methods -------------------------------------------------------------------------------------------


def both(laser: ReadinessFacts, saline: ReadinessFacts, day: int) -> Readiness:
    return combine_readiness(
        [evaluate_readiness(latest("laser"), laser, on(day)), evaluate_readiness(latest("saline"), saline, on(day))]
    )


def test_rule_59_with_two_methods_the_later_earliest_counts() -> None:
    laser = healed(55)
    saline = replace(healed(55, "saline"), treatment_ended_on=on(-7))
    readiness = both(laser, saline, 48)
    assert readiness.earliest_on == on(49)
    assert readiness.suggested_on == on(56)
    assert both(laser, saline, 55).status == "ready_to_ask"


@pytest.mark.parametrize("order", [1, -1])
def test_rule_59_of_one_condition_the_unmet_one_is_shown_and_then_the_later_date(order: int) -> None:
    def combined(day: int) -> Readiness:
        parts = [evaluate_readiness(latest(m), healed(42, m), on(day)) for m in ("laser", "saline")]
        return combine_readiness(parts[::order])

    readiness = combined(42)
    (min_days,) = (reason for reason in readiness.reasons if reason.id == "min_days")
    assert (readiness.status, min_days.met, min_days.earliest_on) == ("not_yet", False, on(56))
    (later,) = (reason for reason in combined(60).reasons if reason.id == "min_days")
    assert (later.met, later.earliest_on) == (True, on(56))


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("stronger", ["holds", "blocks", "unmet", "later"])
def test_rule_59_of_one_condition_the_most_careful_result_is_shown(stronger: str, order: int) -> None:
    met = ConditionResult("probe", "health", "Probe", met=True, blocking=True, evidence={}, earliest_on=on(80))
    unmet = replace(met, met=False, blocking=False, earliest_on=None)
    pairs = {
        "holds": (replace(unmet, blocking=True), replace(unmet, holds=True)),
        "blocks": (replace(unmet, earliest_on=on(90)), replace(unmet, blocking=True)),
        "unmet": (met, unmet),
        "later": (replace(met, earliest_on=on(81)), replace(met, earliest_on=on(82))),
    }
    parts = [Readiness("not_yet", on(80), on(80), (each,)) for each in pairs[stronger]]
    assert combine_readiness(parts[::order]).reasons == (pairs[stronger][1],)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("careful", "other"), [("on_hold", "not_yet"), ("not_yet", "ready_to_ask"), ("ready_to_ask", "signed_off")]
)
def test_rule_59_the_most_careful_status_counts(careful: ReadinessStatus, other: ReadinessStatus, order: int) -> None:
    parts = [Readiness(each, on(56), on(56), ()) for each in (careful, other)]
    assert combine_readiness(parts[::order]).status == careful


def test_combining_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        combine_readiness([])


# --- properties -----------------------------------------------------------------------------------------------------


TIME_CONDITIONS = {"min_days", "scabs_off", "after_scab_gap"}
FACTORS = ("diabetes", "keloid_history", "tan_or_sunburn", "smoker", "darker_skin")


@given(
    st.sampled_from(("laser", "saline", "undo")),
    st.sampled_from((None, "I", "II", "III", "IV", "V", "VI")),
    st.integers(0, 60),
    st.integers(1, 12),
    st.none() | st.integers(42, 112),
    st.lists(st.sampled_from(FACTORS), unique=True),
)
def test_time_turns_on_the_earliest_date_never_before_and_never_back(
    method: str, skin_type: str | None, scabs_off: int, number: int, own: int | None, factors: list[str]
) -> None:
    facts = replace(
        healed(56, method),
        anchors={"scabs_off": on(scabs_off)},
        skin_type=skin_type,
        treatment_number=number,
        clinic_min_days=own,
        factors=tuple(HealthFactor(factor) for factor in factors),
    )
    earliest = evaluate_readiness(latest(method), facts, on(scabs_off)).earliest_on
    met_by_day = [
        {r.id for r in evaluate_readiness(latest(method), facts, today).reasons if r.met} & TIME_CONDITIONS
        for today in (on(scabs_off), earliest - timedelta(days=1), earliest, earliest + timedelta(days=200))
    ]
    assert met_by_day[0] <= met_by_day[1] <= met_by_day[2] <= met_by_day[3]
    assert met_by_day[1] != TIME_CONDITIONS
    assert met_by_day[2] == TIME_CONDITIONS


@given(
    st.sampled_from(("laser", "saline", "undo")),
    st.integers(0, 200),
    st.lists(st.tuples(st.integers(0, 200), st.sampled_from(sorted(WELL.items()))), max_size=6),
)
def test_never_ready_before_the_earliest_date(
    method: str, day: int, told: list[tuple[int, tuple[str, AnswerValue]]]
) -> None:
    extra = tuple(check_in(d, {question: value}) for d, (question, value) in told)
    facts = healed(56, method)
    facts = replace(facts, check_ins=tuple(sorted((*facts.check_ins, *extra), key=lambda c: c.answered_at)))
    readiness = evaluate_readiness(latest(method), facts, on(day))
    if readiness.status in ("ready_to_ask", "signed_off"):
        assert on(day) >= readiness.earliest_on
    assert readiness.suggested_on >= readiness.earliest_on


# --- every treatment of an area (rule 59) -------------------------------------------------------------------------


def test_an_earlier_treatment_by_another_method_holds_the_area_until_its_own_date() -> None:
    facts = replace(healed(day=90, method="laser"), sign_off=None)
    laser, undo = latest("laser"), latest("undo")
    alone = evaluate_area(laser, facts, (), on(90))
    assert alone == evaluate_readiness(laser, facts, on(90))
    assert alone.status == "ready_to_ask"
    saline_on = on(60)  # treated again by another method, long after day 0
    both = evaluate_area(laser, facts, [EarlierTreatment(undo, saline_on, 1)], on(90))
    needed = max(
        undo.readiness.base_min_days, next(row.min_days for row in undo.readiness.fitzpatrick if row.type == "II")
    )
    assert both.status == "not_yet"
    assert both.earliest_on == saline_on + timedelta(days=needed)
    day_of_it = evaluate_area(laser, facts, [EarlierTreatment(undo, saline_on, 1)], both.earliest_on)
    assert all(reason.met for reason in day_of_it.reasons if reason.id == "min_days")


def test_rule_59_an_earlier_treatment_counts_its_own_number_and_its_own_minimum() -> None:
    facts, laser = healed(day=200), latest("laser")
    second, ninth = (
        evaluate_area(laser, facts, [EarlierTreatment(laser, on(10), number, 60)], on(200)) for number in (2, 9)
    )
    assert second.earliest_on == ninth.earliest_on == on(10 + 60)
    assert (second.suggested_on, ninth.suggested_on) == (on(10 + 60), on(10 + 70))


def test_rule_59_the_practitioners_yes_stands_beside_an_earlier_treatment_whose_dates_have_come() -> None:
    facts = replace(healed(90), sign_off=SignOff(on(90), at(90)))
    earlier = EarlierTreatment(latest("saline"), DAY_ZERO, 1)
    assert evaluate_area(latest("laser"), facts, [earlier], on(90)).status == "signed_off"


def test_an_earlier_treatment_asks_no_questions_of_its_own() -> None:
    facts = healed(day=90, method="laser")
    both = evaluate_area(latest("laser"), facts, [EarlierTreatment(latest("saline"), DAY_ZERO, 1, 21)], on(90))
    assert both.status == "ready_to_ask"
    assert {reason.id for reason in both.reasons} == {
        reason.id for reason in evaluate_readiness(latest("laser"), facts, on(90)).reasons
    }
