"""A clinic's overlay: any value by its id, what warns and what stops only stricter (S4), all refusals at once."""

import dataclasses

import pytest

from schedules.catalog import latest
from schedules.overlays import apply_overlay
from schedules.reading import Faults
from tests.unit.schedules.overlaid import DOCUMENTS, applied, layer, refusals


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
    broken = {**DOCUMENTS["undo"], "status": 1}
    assert set(refusals(("care_steps.nothing.title", "x"), document=broken)) == {"status"}


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("care_steps.dance.title", "Dance", "the shipped protocol has no such value"),
        ("method.id", "laser", "a clinic cannot change this"),
        ("care_steps.wash", {}, "name one value inside it: items cannot be replaced, added or left out"),
    ],
)
def test_what_cannot_be_applied_is_said_and_changes_nothing(path: str, value: object, problem: str) -> None:
    faults = Faults()
    assert apply_overlay(DOCUMENTS["undo"], layer((path, value)), faults) == DOCUMENTS["undo"]
    assert [(fault.path, fault.problem) for fault in faults.all()] == [(path, problem)]
