"""What a clinic set, value by value and under the paths of the file, so that its clients can be shown."""

from typing import Any

import pytest

from schedules.catalog import documents, latest
from schedules.overlay_changes import ChangedValue, describe_overlay
from schedules.parsing import parse_protocol
from schedules.protocol import Overlay, OverlayChange

UNDO, LASER = latest("undo"), latest("laser")


def described(*changes: tuple[str, object], method: str = "undo") -> tuple[ChangedValue, ...]:
    shipped = latest(method)
    document, _ = documents(method, shipped.content_version)
    overlay = Overlay(1, tuple(OverlayChange(path, value, "Dr Ida", "2026-11-27") for path, value in changes))
    return describe_overlay(shipped, parse_protocol(document, shipped.shared, overlay))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("care_steps.wash.title", "Wash it gently", "Rinse it"),
        ("care_steps.wash.frequency.suggested_times", ["20:00"], ["07:30"]),
        ("care_steps.recovery_mask_early.duration_min.default", 15, 12),
        ("care_steps.wash.window.until.offset_h", 0, 24),
        ("care_steps.wash.window.plan_days", [2, 12], [2, 13]),
        ("care_steps.wash.contradicts", [], ["ointment"]),
        ("care_steps.wash.default_on", True, False),
        ("readiness.base_min_days", 56, 70),
        ("readiness.fitzpatrick[5].min_days", 63, 80),
        ("readiness.conditions.no_tan.check.window_days", 14, 30),
        ("readiness.conditions.calm.check.answers[1].value", 2, 1),
        ("readiness.conditions.tone_ok.check.value", ["matches", "pink"], ["pink"]),
        ("phases.crust.what_is_normal", UNDO.phases[2].what_is_usual, "Flakes are usual."),
        ("check_ins[16].optional", True, False),
        ("signs.pain.expected[2].high", 3, 1),
        ("red_flags.strong_itch.trigger.any[0].value", 7, 6),
    ],
)
def test_a_change_is_shown_under_its_path_with_both_values(path: str, before: Any, after: Any) -> None:
    assert described((path, after)) == (ChangedValue(path, before, after),)


def test_a_value_that_was_replaced_whole_is_shown_whole() -> None:
    stricter = {"any": [{"question": "warmth", "op": ">=", "value": 2}]}
    (found,) = described(("red_flags.hot_and_worse.trigger", stricter))
    assert found.path == "red_flags.hot_and_worse.trigger"
    assert found.before == {
        "all": [
            {"question": "warmth", "op": ">=", "value": 2, "answers_in_a_row": 1, "methods": [], "if_answered": False},
            {
                "question": "swelling",
                "op": ">=",
                "value": 2,
                "answers_in_a_row": 1,
                "methods": [],
                "if_answered": False,
            },
        ]
    }
    assert isinstance(found.after, dict)
    assert set(found.after) == {"any"}


def test_words_of_the_visit_estimate_have_their_path_too() -> None:
    (found,) = described(("visit_estimate.title", "How many visits"), method="laser")
    assert (found.path, found.after) == ("visit_estimate.title", "How many visits")


def test_the_shipped_value_set_again_is_no_change_and_several_come_in_the_order_of_the_file() -> None:
    assert described(("care_steps.wash.title", "Wash it gently")) == ()
    both = described(("readiness.base_min_days", 70), ("care_steps.wash.title", "Rinse it"))
    assert [one.path for one in both] == ["care_steps.wash.title", "readiness.base_min_days"]
