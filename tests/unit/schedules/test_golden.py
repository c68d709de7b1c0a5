"""The shipped protocols as dated plans, held word for word: a change of content or of a rule shows as a readable diff.

After a change that is meant: `FALLOW_UPDATE_GOLDEN=1 ./run test tests/unit/schedules/test_golden.py` writes the files
and fails, so that it cannot pass unread; then read the diff and run again without it.
"""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schedules.catalog import latest
from schedules.facts import Occurrence, PlanFacts
from schedules.timeline import build_timeline

GOLDEN = Path(__file__).parent / "golden"
ENDED_AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)  # the clocks of London change on day 27
ANCHORS = {
    "healed": {
        "scabs_off": date(2026, 3, 13),
        "skin_closed": date(2026, 3, 16),
        "next_treatment": date(2026, 5, 11),
    },
    "no_anchors": {},
}


def timeline_text(method: str, case: str) -> str:
    protocol = latest(method)
    facts = PlanFacts(
        treatment_ended_at=ENDED_AT,
        plan_zone="Europe/London",
        today=date(2026, 3, 2),
        site="scalp",
        anchors=ANCHORS[case],  # type: ignore[arg-type]
        confirmed_steps=frozenset({"recovery_mask_early"}),
    )
    heading = f"{method}, treatment ended 2026-03-02 14:30 in London, scalp; opens, is due, closes\n\n"
    occurrences = build_timeline(protocol, facts, "Europe/London").occurrences
    return heading + "".join(f"{line_of(each)}\n" for each in occurrences)


def line_of(occurrence: Occurrence) -> str:
    marks = [name for name in ("optional", "provisional", "withheld", "silent") if getattr(occurrence, name)]
    marks += [] if occurrence.entry == "slot" else [occurrence.entry]
    window = occurrence.window
    times = f"{window.opens_at:%m-%d %H:%M}Z  {window.due_at:%m-%d %H:%M}Z  {window.closes_at:%m-%d %H:%M}Z"
    name = occurrence.key.replace(f"@d{occurrence.day}", "")
    return f"d{occurrence.day:<3} {occurrence.local:%H:%M}  {name:<24} {times}  {' '.join(marks)}".rstrip()


@pytest.mark.parametrize("case", ANCHORS)
@pytest.mark.parametrize("method", ["laser", "saline", "undo"])
def test_the_timeline_of_a_shipped_protocol_is_as_it_was_read_and_agreed(method: str, case: str) -> None:
    file = GOLDEN / f"{method}_{case}.txt"
    text = timeline_text(method, case)
    if os.environ.get("FALLOW_UPDATE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
        pytest.fail(f"{file.name} was written anew: read its diff, then run again without FALLOW_UPDATE_GOLDEN")
    assert text.splitlines() == file.read_text(encoding="utf-8").splitlines()
