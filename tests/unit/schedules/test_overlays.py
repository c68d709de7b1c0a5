"""A clinic's overlay: any value by its id, what warns and what stops only stricter (S4), all refusals at once."""

import dataclasses
from typing import Any

import pytest

from schedules.catalog import SHIPPED, latest, read_document
from schedules.errors import ProtocolError
from schedules.parsing import parse_protocol
from schedules.protocol import Overlay, OverlayChange, Protocol

VERSION = "2026-11-27"
METHODS = ("laser", "undo")
DOCUMENTS: dict[str, Any] = {method: read_document(SHIPPED / f"{method}-{VERSION}.yaml") for method in METHODS}
SHARED = latest("undo").shared


def layer(*changes: tuple[str, object]) -> Overlay:
    return Overlay(3, tuple(OverlayChange(path, value, "Dr Ida", "2026-11-22T09:00:00Z") for path, value in changes))


def applied(*changes: tuple[str, object], method: str = "undo") -> Protocol:
    return parse_protocol(DOCUMENTS[method], SHARED, layer(*changes))


def refusals(*changes: tuple[str, object], method: str = "undo", document: Any = None) -> dict[str, str]:
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(document or DOCUMENTS[method], SHARED, layer(*changes))
    return {fault.path: fault.problem for fault in caught.value.faults}


def test_changes_are_applied_by_id_and_the_shipped_document_stays_as_it_was() -> None:
    before = repr(DOCUMENTS["undo"])
    protocol = applied(
        ("care_steps.recovery_mask_early.duration_min.default", 12),
        ("care_steps.wash.frequency.suggested_times", ["07:30"]),
        ("care_steps.wash.instruction", "Use cool water."),
        ("readiness.base_min_days", 70),
        ("readiness.conditions.calm.text", "No soreness."),
        ("readiness.fitzpatrick[5].min_days", 80),
        ("phases.crust.what_is_normal", "Flakes are usual."),
        ("check_ins[16].optional", False),
    )
    mask, wash = protocol.care_steps["recovery_mask_early"], protocol.care_steps["wash"]
    assert mask.duration_min is not None
    assert (mask.duration_min.min, mask.duration_min.default) == (10, 12)
    assert wash.frequency.suggested_times[0].isoformat("minutes") == "07:30"
    assert (wash.instruction, protocol.readiness.base_min_days) == ("Use cool water.", 70)
    assert {c.id: c.text for c in protocol.readiness.conditions}["calm"] == "No soreness."
    assert protocol.readiness.fitzpatrick[5].min_days == 80
    assert protocol.phases[2].what_is_usual == "Flakes are usual."
    assert protocol.check_ins[16].optional is False
    assert protocol.overlay is not None
    assert protocol.overlay.version == 3
    assert repr(DOCUMENTS["undo"]) == before
    assert dataclasses.replace(applied(), overlay=None) == latest("undo")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("red_flags.fever.urgency", "emergency"),
        ("red_flags.fever.to_day", 60),
        ("red_flags.spreading_redness.from_day", 0),
        ("red_flags.face_swelling.sites", ["scalp", "brows", "body"]),
        ("red_flags.pain_rising.trigger.any[0].value", 6),
        ("red_flags.pain_rising.trigger.any[1].value", 2),
        ("red_flags.pain_rising.trigger.any[0].from_day", 0),
        ("red_flags.pain_rising.trigger.any[0]", {"question": "pain", "op": "in", "value": [5, 7, 8, 9, 10]}),
        ("red_flags.face_swelling.trigger.any[0]", {"question": "swelling", "op": ">=", "value": 2}),
        ("red_flags.face_swelling.trigger.any[0]", {"question": "swelling", "op": "!=", "value": 0}),
        ("red_flags.pus_or_smell.trigger.any[0].value", ["cloudy", "smelly", "pink_bloody"]),
        ("red_flags.hot_and_worse.trigger", {"all": [{"question": "warmth", "op": ">=", "value": 2}]}),
        ("red_flags.hot_and_worse.trigger", {"any": [{"question": "warmth", "op": ">=", "value": 2}]}),
        ("red_flags.hot_and_worse.trigger.all[0].value", 1),
        ("red_flags.strong_itch.trigger.any[0].value", 6),
        ("red_flags.fever.tell_client", "Please call a doctor today."),
        ("check_ins[1].sets", ["daily_core", "deep", "weekly"]),
        ("check_ins[16].optional", False),
        ("signs.pain.expected[2].high", 1),
        ("care_steps.wash.clinic_must_confirm", True),
        ("care_steps.wash.default_on", False),
        ("care_steps.recovery_mask_early.default_on", False),
        ("care_steps.wash.kind", "do"),
        ("care_steps.after_scab_gel.stop_when", ["fever", "local_rash"]),
        ("care_steps.after_scab_gel.kind", "mask"),
        ("care_steps.wash.contradicts", ["laser.wash", "ointment"]),
        ("care_steps.sun_cover.contradicts", []),
        ("readiness.recommended_days", 60),
        ("readiness.min_days_after_scabs_off", 30),
        ("readiness.fitzpatrick[4].recommended_days", 90),
        ("readiness.fitzpatrick[0].test_patch", True),
        ("readiness.by_treatment_number[0].recommended_days", 70),
        ("readiness.conditions.not_shiny.blocking", True),
        ("readiness.conditions.calm.text", "No soreness, little itch."),
        ("readiness.conditions.calm.check.answers[1].value", 1),
        (
            "readiness.conditions.calm.check.answers",
            [
                {"question": "itch", "op": "<=", "value": 2},
                {"question": "pain", "op": "==", "value": 0},
                {"question": "mood", "op": ">=", "value": 1},
            ],
        ),
        ("readiness.conditions.no_fluid.check.answers_in_a_row", 3),
        ("readiness.conditions.no_tan.check.window_days", 30),
        ("readiness.conditions.photos.check.within_days", 5),
        (
            "readiness.conditions.tone_ok.check",
            {"type": "answer", "question": "skin_tone", "op": "==", "value": "pink"},
        ),
    ],
)
def test_stricter_is_allowed(path: str, value: object) -> None:
    assert applied((path, value)).overlay is not None


@pytest.mark.parametrize(
    ("path", "value", "refused_at"),
    [
        ("red_flags.fever.urgency", "practitioner_review", "red_flags.fever.urgency"),
        ("red_flags.very_ill.urgency", "same_day", "red_flags.very_ill.urgency"),
        ("red_flags.fever.from_day", 1, "red_flags.fever.from_day"),
        ("red_flags.fever.to_day", 20, "red_flags.fever.to_day"),
        ("red_flags.fever.sites", ["scalp"], "red_flags.fever.sites"),
        ("red_flags.pain_rising.trigger.any[0].value", 8, "red_flags.pain_rising.trigger"),
        ("red_flags.pain_rising.trigger.any[1].value", 4, "red_flags.pain_rising.trigger"),
        ("red_flags.pain_rising.trigger.any[1].compare_days", 3, "red_flags.pain_rising.trigger"),
        ("red_flags.pain_rising.trigger.any[0].from_day", 2, "red_flags.pain_rising.trigger"),
        (
            "red_flags.pain_rising.trigger.any[0]",
            {"question": "pain", "op": ">=", "value": 7, "from_day": 1, "answers_in_a_row": 2},
            "red_flags.pain_rising.trigger",
        ),
        (
            "red_flags.pain_rising.trigger.any[0].answers_in_a_row",
            2,
            "red_flags.pain_rising.trigger.any[0].answers_in_a_row",
        ),
        (
            "red_flags.pain_rising.trigger.any",
            [{"question": "pain", "op": ">=", "value": 7}],
            "red_flags.pain_rising.trigger",
        ),
        (
            "red_flags.pain_rising.trigger.any[0]",
            {"question": "pain", "op": "<=", "value": 9},
            "red_flags.pain_rising.trigger",
        ),
        (
            "red_flags.pain_rising.trigger.any[0]",
            {"question": "pain", "op": "rise_by", "value": 1, "compare_days": 1},
            "red_flags.pain_rising.trigger",
        ),
        ("red_flags.fever.trigger.any[0].question", "allergy", "red_flags.fever.trigger.any[0].value"),
        (
            "red_flags.fever.trigger.any[0]",
            {"question": "allergy", "op": "!=", "value": "no"},
            "red_flags.fever.trigger",
        ),
        (
            "red_flags.fever.trigger",
            {
                "all": [
                    {"question": "unwell", "op": "==", "value": "fever"},
                    {"question": "pain", "op": ">=", "value": 3},
                ]
            },
            "red_flags.fever.trigger",
        ),
        ("red_flags.pus_or_smell.trigger.any[0].value", ["smelly"], "red_flags.pus_or_smell.trigger"),
        ("red_flags.strong_itch.trigger.any[0].value", 9, "red_flags.strong_itch.trigger"),
        ("red_flags.low_mood.from_day", 10, "red_flags.low_mood.from_day"),
        ("signs.itch.expected[0].high", 10, "signs.itch.expected"),
        ("check_ins[1].sets", ["daily_core"], "check_ins[1]"),
        ("check_ins[3].optional", True, "check_ins[3]"),
        ("check_ins[3].condition", "not_ready_yet", "check_ins[3]"),
        ("check_ins[3].sets", ["weekly"], "check_ins[3]"),
        ("check_ins[3].day", 11, "check_ins[3]"),
        ("readiness.base_min_days", 41, "readiness.base_min_days"),
        ("readiness.base_min_days", 113, "readiness.base_min_days"),
        ("readiness.fitzpatrick[0].min_days", 30, "readiness.fitzpatrick[0].min_days"),
        ("readiness.fitzpatrick[4].min_days", 60, "readiness.fitzpatrick[4].min_days"),
        ("readiness.fitzpatrick[4].min_days", 113, "readiness.fitzpatrick[4].min_days"),
        ("readiness.fitzpatrick[4].recommended_days", 69, "readiness.fitzpatrick[4].recommended_days"),
        ("readiness.fitzpatrick[4].test_patch", False, "readiness.fitzpatrick[4].test_patch"),
        ("readiness.fitzpatrick", [], "readiness.fitzpatrick"),
        ("readiness.recommended_days", 55, "readiness.recommended_days"),
        ("readiness.min_days_after_scabs_off", 27, "readiness.min_days_after_scabs_off"),
        ("readiness.by_treatment_number[1].recommended_days", 69, "readiness.by_treatment_number"),
        ("readiness.by_treatment_number[0].to_number", 8, "readiness.by_treatment_number[1].from_number"),
        (
            "readiness.by_treatment_number",
            [{"from_number": 1, "to_number": 2, "recommended_days": 90}],
            "readiness.by_treatment_number",
        ),
        ("readiness.conditions.calm.blocking", False, "readiness.conditions.calm.blocking"),
        ("readiness.conditions.calm.check.answers[1].value", 3, "readiness.conditions.calm.check"),
        (
            "readiness.conditions.calm.check.answers",
            [{"question": "pain", "op": "<=", "value": 0}],
            "readiness.conditions.calm.check",
        ),
        ("readiness.conditions.no_fluid.check.answers_in_a_row", 1, "readiness.conditions.no_fluid.check"),
        ("readiness.conditions.no_tan.check.window_days", 7, "readiness.conditions.no_tan.check"),
        (
            "readiness.conditions.no_tan.check",
            {"type": "answer", "question": "sun", "op": "!=", "value": "burn_tan"},
            "readiness.conditions.no_tan.check",
        ),
        ("readiness.conditions.photos.check.within_days", 30, "readiness.conditions.photos.check"),
        ("readiness.conditions.photos.check.within_days", None, "readiness.conditions.photos.check.within_days"),
        ("readiness.conditions.scabs_off.check.anchor", "treatment_end", "readiness.conditions.scabs_off.check"),
        (
            "readiness.conditions.practitioner_yes.check",
            {"type": "min_days"},
            "readiness.conditions.practitioner_yes.check",
        ),
        (
            "care_steps.recovery_mask_early.clinic_must_confirm",
            False,
            "care_steps.recovery_mask_early.clinic_must_confirm",
        ),
        ("care_steps.recovery_mask_early.stop_when", ["fever"], "care_steps.recovery_mask_early.stop_when"),
        ("care_steps.recovery_mask_early.kind", "do", "care_steps.recovery_mask_early.kind"),
        ("care_steps.after_scab_gel.kind", "clean", "care_steps.after_scab_gel.kind"),
        ("care_steps.wash.contradicts", ["two words"], "care_steps.wash.contradicts[0]"),
        ("care_steps.wash.contradicts[0]", "mask", "care_steps.wash.contradicts[0]"),
        ("phases.crust.contradicts", [], "phases.crust.contradicts"),
        ("readiness.clinic_may_set_min_between", [1, 999], "readiness.clinic_may_set_min_between"),
        ("readiness.conditions", [], "readiness.conditions"),
        ("method.name", "Magic", "method.name"),
        ("source_list.seed.url", "https://example.org", "source_list.seed.url"),
        ("care_steps.wash.id", "bathe", "care_steps.wash.id"),
        ("care_steps.wash", {"id": "wash"}, "care_steps.wash"),
        ("red_flags", [], "red_flags"),
        ("care_steps.nothing.title", "x", "care_steps.nothing.title"),
        ("care_steps.wash.title.en", "x", "care_steps.wash.title.en"),
        ("check_ins[999].day", 3, "check_ins[999].day"),
        ("care_steps..title", "x", "care_steps..title"),
        ("care_steps.wash.surprise", "x", "care_steps.wash.surprise"),
        ("care_steps.wash.title", 7, "care_steps.wash.title"),
        ("care_steps.wash.frequency.times", 2, "care_steps.wash.frequency.suggested_times"),
        ("red_flags.pain_rising.trigger.any[0].value", "high", "red_flags.pain_rising.trigger.any[0].value"),
        ("red_flags.fever.trigger.any[0].op", ">=", "red_flags.fever.trigger.any[0].op"),
        ("check_ins[3].sets", ["quiz"], "check_ins[3].sets[0]"),
    ],
)
def test_what_loosens_or_does_not_fit_is_refused_with_the_reason(path: str, value: object, refused_at: str) -> None:
    assert refused_at in refusals((path, value))


def test_a_flag_cannot_be_loosened_through_the_range_it_measures_against() -> None:
    assert refusals(("signs.pain.expected[2].high", 9))["signs.pain.expected"].startswith("a red flag measures")
    assert "red_flags.more_than_expected.trigger" in refusals(("red_flags.more_than_expected.trigger.any[0].value", 2))
    assert applied(("signs.pain.expected[2].high", 1)).signs["pain"].expected[2].high == 1
    assert applied(("signs.tightness.expected[0].high", 3)).signs["tightness"].expected[0].high == 3  # no flag looks


def lowered(days: int, **owner: Any) -> Overlay:
    return Overlay(3, (OverlayChange("readiness.base_min_days", days, "Dr Ida", "2026-11-27T09:00:00Z", **owner),))


def test_the_owner_may_go_below_the_shipped_minimum_with_a_reason() -> None:
    changed = parse_protocol(DOCUMENTS["undo"], SHARED, lowered(42, reason="our own study", by_owner=True))
    assert changed.readiness.base_min_days == 42


@pytest.mark.parametrize(
    ("owner", "problem"),
    [
        ({}, "below the shipped 56 days: only the owner may, with a reason"),
        ({"by_owner": True}, "below the shipped 56 days: only the owner may, with a reason"),
        ({"reason": "our own study"}, "below the shipped 56 days: only the owner may, with a reason"),
        ({"reason": " ", "by_owner": True}, "its reason must not be empty"),
        ({"reason": "x" * 2001, "by_owner": True}, "its reason must have at most 2000 characters"),
    ],
)
def test_nobody_else_and_not_without_a_reason(owner: dict[str, Any], problem: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(DOCUMENTS["undo"], SHARED, lowered(50, **owner))
    assert {fault.path: fault.problem for fault in caught.value.faults} == {"readiness.base_min_days": problem}


def test_the_newest_change_of_the_minimum_is_the_one_that_needs_the_reason() -> None:
    owner, other = lowered(50, reason="our own study", by_owner=True), lowered(45)
    with pytest.raises(ProtocolError, match="only the owner may"):
        parse_protocol(DOCUMENTS["undo"], SHARED, Overlay(4, owner.changes + other.changes))


def test_what_was_signed_under_other_rules_is_read_as_it_was_signed() -> None:
    signed = parse_protocol(DOCUMENTS["undo"], SHARED, lowered(50), signed=True)
    assert signed.readiness.base_min_days == 50
    with pytest.raises(ProtocolError):
        parse_protocol(DOCUMENTS["undo"], SHARED, layer(("care_steps.wash.title", 7)), signed=True)


def test_all_refusals_come_at_once() -> None:
    found = refusals(
        ("red_flags.fever.urgency", "practitioner_review"),
        ("readiness.base_min_days", 3),
        ("care_steps.nothing.title", "x"),
        ("care_steps.wash.title", ""),
        ("method.name", "x"),
    )
    assert set(found) == {
        "red_flags.fever.urgency",
        "readiness.base_min_days",
        "care_steps.nothing.title",
        "care_steps.wash.title",
        "method.name",
    }
    assert "stricter, never looser" in found["red_flags.fever.urgency"]
    assert found["readiness.base_min_days"] == "a clinic may set 42 to 112 days, not 3"


def test_a_broken_shipped_document_is_named_before_the_overlay() -> None:
    document = read_document(SHIPPED / f"undo-{VERSION}.yaml")
    broken = {**document, "status": 1}
    assert set(refusals(("care_steps.nothing.title", "x"), document=broken)) == {"status"}
