"""What an overlay may do to readiness: everything stricter; a lower minimum only by the owner, with a reason."""

from dataclasses import replace
from typing import Any

import pytest

from schedules.errors import ProtocolError
from schedules.parsing import parse_protocol
from schedules.protocol import Overlay, OverlayChange, SkinTypeRow
from schedules.readiness_strictness import LoweredMinimum, find_lowered_minimum, refuse_loosened_readiness
from schedules.reading import Faults
from tests.unit.schedules.changed_protocols import UNDO
from tests.unit.schedules.overlaid import DOCUMENTS, SHARED, applied, layer, refusals

RULE = UNDO.readiness


def said(**changed: object) -> dict[str, str]:
    """What is said of a shipped rule with these values in place of its own."""
    faults = Faults()
    refuse_loosened_readiness(UNDO, replace(UNDO, readiness=replace(RULE, **changed)), faults)
    return {fault.path: fault.problem for fault in faults.all()}


def with_row(**changed: object) -> tuple[SkinTypeRow, ...]:
    """The rows of the skin types, that of type V changed."""
    return tuple(replace(row, **changed) if row.type == "V" else row for row in RULE.fitzpatrick)


def test_the_longest_minimum_that_a_clinic_may_set_is_allowed() -> None:
    assert said(base_min_days=112) == said(fitzpatrick=with_row(min_days=112)) == {}


def test_a_refusal_says_what_is_allowed() -> None:
    raise_it = "a clinic may only raise it"
    row, beyond = "readiness.fitzpatrick[4]", "a clinic may set 42 to 112 days, not 113"
    assert said(base_min_days=113) == {"readiness.base_min_days": beyond}
    lower = "below the shipped 56 days: only the owner may, with a reason"
    assert said(base_min_days=55) == {"readiness.base_min_days": lower}
    assert said(fitzpatrick=with_row(min_days=113)) == {f"{row}.min_days": beyond}
    assert said(fitzpatrick=with_row(min_days=62, recommended_days=69, test_patch=False)) == {
        f"{row}.min_days": f"below the shipped 63 days of skin type V: {raise_it}",
        f"{row}.recommended_days": f"below the shipped 70 days: {raise_it}",
        f"{row}.test_patch": "the test patch of skin type V must stay",
    }
    assert said(recommended_days=55) == {"readiness.recommended_days": f"below the shipped 56 days: {raise_it}"}
    fourth = (RULE.by_treatment_number[0], replace(RULE.by_treatment_number[1], recommended_days=69))
    assert said(by_treatment_number=fourth) == {
        "readiness.by_treatment_number": f"treatment 4: below the shipped 70 days: {raise_it}"
    }
    never = tuple(
        replace(one, blocking=False, check=replace(one.check, answers_in_a_row=1)) if one.id == "no_fluid" else one
        for one in RULE.conditions
    )
    assert said(conditions=never) == {
        "readiness.conditions.no_fluid.blocking": "a condition that blocks must go on blocking",
        "readiness.conditions.no_fluid.check": "a clinic may ask for more than the shipped condition, never for less",
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
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
    ],
)
def test_what_would_let_a_client_be_ready_earlier_or_on_less_is_refused(
    path: str, value: object, refused_at: str
) -> None:
    assert refused_at in refusals((path, value))


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


def test_a_lowered_minimum_names_who_decided_and_why() -> None:
    first, newest = lowered(50, reason="small areas", by_owner=True), lowered(42, reason="our own study", by_owner=True)
    told = LoweredMinimum(42, 56, "Dr Ida", "our own study")
    assert find_lowered_minimum(56, first.changes + newest.changes) == told
    assert find_lowered_minimum(56, (*newest.changes, *layer(("care_steps.wash.title", "Rinse")).changes)) == told
    assert find_lowered_minimum(56, lowered(50).changes) == LoweredMinimum(50, 56, "Dr Ida", "")


@pytest.mark.parametrize("days", [56, 70, "42"])
def test_a_minimum_that_is_not_below_the_shipped_one_is_no_lowered_one(days: Any) -> None:
    assert find_lowered_minimum(56, lowered(days, by_owner=True, reason="as agreed").changes) is None
    assert find_lowered_minimum(56, ()) is None
