"""Lint as a whole: the shipped files have no error; an overlay's slips are found with a remedy, read or not."""

from dataclasses import replace

import pytest

from schedules.assumptions import assumption_items
from schedules.catalog import documents, latest, list_methods
from schedules.lint import lint, lint_overlay
from schedules.protocol import Overlay, OverlayChange
from tests.unit.schedules.changed_protocols import LASER, SALINE, UNDO, by_path, only, with_flag, with_shared

ALL = (LASER, SALINE, UNDO)
DOCUMENT, _ = documents("undo", UNDO.content_version)
FEW = only(UNDO, "wash")
MASKS = frozenset({"recovery_mask_early", "recovery_mask_late"})


def found_in_overlay(*changes: tuple[str, object]) -> dict[str, str]:
    at = "2026-11-27T09:00:00Z"
    overlay = Overlay(1, tuple(OverlayChange(path, value, "Dr Ida", at) for path, value in changes))
    findings = lint_overlay(DOCUMENT, UNDO.shared, overlay, ALL, confirmed=MASKS)
    assert all(one.remedy for one in findings)
    return by_path(findings, "error")


@pytest.mark.parametrize("method", list_methods())
def test_the_shipped_files_have_no_errors(method: str) -> None:
    assert by_path(lint(latest(method), ALL), "error") == {}


def test_errors_come_before_warnings_and_each_line_says_all() -> None:
    first, *others = lint(replace(UNDO, phases=UNDO.phases[1:]), ALL)
    assert (first.severity, first.path) == ("error", "phases.swell_weep.from_day")
    assert {one.severity for one in others} == {"warning"}
    assert str(first) == (
        f"error: {first.path}: must be 0: days join up with no gaps. Remedy: move this day or the last day of the item "
        "before it, so that they follow each other."
    )


def test_a_gap_in_the_usual_range_of_a_sign_is_an_error() -> None:
    pain = replace(FEW.signs["pain"], expected=FEW.signs["pain"].expected[1:])
    assert "signs.pain.expected[0].from_day" in by_path(lint(replace(FEW, signs={**FEW.signs, "pain": pain}), ALL))


def test_a_safety_flag_weaker_than_shipped_is_an_error() -> None:
    weaker = with_flag(replace(FEW.red_flags["fever"], to_day=3), FEW)
    assert "red_flags.fever.to_day" not in by_path(lint(weaker, ALL))
    assert "stricter, never looser" in by_path(lint(weaker, ALL, shipped=FEW), "error")["red_flags.fever.to_day"]


@pytest.mark.parametrize(
    ("path", "value", "found_at"),
    [
        ("red_flags.fever.urgency", "practitioner_review", "red_flags.fever.urgency"),
        ("phases.crust.from_day", 9, "phases.crust.from_day"),
        ("care_steps.wash.title", "", "care_steps.wash.title"),
        ("care_steps.nothing.title", "x", "care_steps.nothing.title"),
    ],
)
def test_an_overlay_that_cannot_be_read_is_found_before_it_is_published(
    path: str, value: object, found_at: str
) -> None:
    assert found_at in found_in_overlay((path, value))


def test_an_overlay_that_can_be_read_and_would_harm_is_found_before_it_is_published() -> None:
    assert set(
        found_in_overlay(
            ("care_steps.wash.contradicts", ["keep_scab_dry", "dance"]),
            ("readiness.base_min_days", 70),
            ("care_steps.recovery_mask_early.duration_min.default", 12),  # confirmed: no error
        )
    ) == {"care_steps.wash.contradicts", "readiness.recommended_days"}


def test_slips_of_the_shared_file_are_named() -> None:
    shared = FEW.shared
    sets = {**shared.question_sets, "deep": replace(shared.question_sets["deep"], est_seconds=99)}
    modifiers = {**shared.modifiers, "smoker": replace(shared.modifiers["smoker"], effects={})}
    found = by_path(lint(with_shared(FEW, question_sets=sets, modifiers=modifiers), ALL), "error")
    assert found["question_sets.deep.est_seconds"] == "its questions take 21"
    assert found["modifiers.smoker.effects"] == "no effect for undo"


def test_assumptions_are_listed_for_the_clinician() -> None:
    items = {item.path: item for item in assumption_items(UNDO)}
    assert "care_steps.recovery_mask_early" in items
    assert items["care_steps.recovery_mask_early"].title == "Recovery mask"
    assert items["care_steps.recovery_mask_early"].note is not None
    assert {"signs.pain", "milestones.scabs_off", "red_flags.burning", "readiness", "questions.mood"} <= set(items)
    assert "care_steps.sunscreen" not in items
    assert assumption_items(LASER)[0].path == "signs.pain"


def test_every_kind_of_item_can_be_an_assumption() -> None:
    assumed = ("assumption",)
    phases = (replace(UNDO.phases[0], sources=assumed), *UNDO.phases[1:])
    modifiers = {**UNDO.shared.modifiers, "smoker": replace(UNDO.shared.modifiers["smoker"], evidence="assumption")}
    protocol = replace(UNDO, phases=phases, shared=replace(UNDO.shared, modifiers=modifiers))
    assert {"phases.day_of", "modifiers.smoker"} <= {item.path for item in assumption_items(protocol)}
