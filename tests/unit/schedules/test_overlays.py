"""A clinic's overlay: any value by its id, the red-flag list only stricter (S4), all refusals at once."""

import dataclasses
from typing import Any

import pytest

from schedules.catalog import SHIPPED, latest, read_document
from schedules.errors import ProtocolError
from schedules.parsing import parse_protocol
from schedules.protocol import Overlay, OverlayChange, Protocol

VERSION = "2026-11-22.2"
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
        ("red_flags.strong_itch.trigger.any[0].value", 9),  # practitioner_review: the clinic's own to loosen
        ("red_flags.fever.tell_client", "Please call a doctor today."),
        ("check_ins[1].sets", ["daily_core", "deep", "weekly"]),
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
        ("check_ins[3].sets", ["weekly"], "check_ins[3]"),
        ("check_ins[3].day", 11, "check_ins[3]"),
        ("readiness.base_min_days", 41, "readiness.base_min_days"),
        ("readiness.base_min_days", 113, "readiness.base_min_days"),
        ("readiness.fitzpatrick[0].min_days", 30, "readiness.fitzpatrick[0].min_days"),
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


def test_an_urgent_flag_cannot_be_loosened_through_the_range_it_measures_against() -> None:
    document = read_document(SHIPPED / f"undo-{VERSION}.yaml")
    flag: Any = next(flag for flag in document["red_flags"] if flag["id"] == "more_than_expected")
    flag["urgency"] = "same_day"
    assert "signs.pain.expected" in refusals(("signs.pain.expected[2].high", 9), document=document)
    assert "red_flags.more_than_expected.trigger" in refusals(
        ("red_flags.more_than_expected.trigger.any[0].value", 2), document=document
    )
    stricter = parse_protocol(document, SHARED, layer(("signs.pain.expected[2].high", 1)))
    assert stricter.signs["pain"].expected[2].high == 1


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
