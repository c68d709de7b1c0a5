"""`cli plan move` from a shell: the difference first, the act only with --yes, one clear line for each wrong value."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from backend.db import transaction
from backend.models import AuditEntry
from backend.services import care_plans, overlays, plan_versions
from backend.services.overlays import Edit
from tests.factories import NOW
from tests.services.command_line import ask, call
from tests.services.practice import Practice, open_practice, sign, start_plan

pytestmark = pytest.mark.usefixtures("installation")
TREATED_AT = NOW - timedelta(days=2)  # the commands' clock stands at NOW
EDITS = (
    Edit("care_steps.wash.instruction", "Let lukewarm water run over it."),
    Edit("care_steps.wash.frequency.suggested_times", ["07:00", "20:00"]),
    Edit("care_steps.clean_bed.default_on", False),
)


@pytest.fixture
def practice() -> Practice:
    """Dr Ida has signed version 2 of laser since Ana's plan was started on version 1."""
    return open_practice()


def publish(practice: Practice, *edits: Edit) -> None:
    draft = overlays.set_changes(practice.staff, "laser", edits, seen=0, now=NOW)
    overlays.publish(practice.staff, "laser", [], reviewer_id=None, seen=draft.revision, now=NOW)


def start_on_version_1(practice: Practice) -> UUID:
    sign(practice, "laser")
    plan = start_plan(practice, "laser", ended_at=TREATED_AT)
    publish(practice, *EDITS)
    return plan


def followed(practice: Practice, plan: UUID) -> list[int]:
    return [one.version for one in plan_versions.list_followed(practice.staff, plan)]


def test_the_difference_is_shown_first_and_the_plan_moves_only_with_yes(capsys, practice: Practice) -> None:
    plan = start_on_version_1(practice)
    given = ["plan", "move", "--plan", str(plan)]
    status, shown = ask(capsys, *given)
    assert (status, shown["moved"], shown["from_version"], shown["to_version"]) == (0, False, 1, 2)
    assert [one["step"] for one in shown["words"]] == ["wash"]
    assert shown["words"][0]["after"]["instruction"] == "Let lukewarm water run over it."
    assert {one["step"] for one in shown["diff"]["steps"]} == {"wash", "clean_bed"}
    assert {one["title"] for one in shown["diff"]["withdrawn"]} == {"Clean pillowcase"}
    assert {one["key"].partition("@")[0] for one in shown["diff"]["moved"]} == {"wash"}
    assert followed(practice, plan) == [1]
    _, out, _ = call(capsys, *given)
    assert f"nothing was changed; to move it: ./run cli plan move --plan {plan} --version 2" in out
    status, moved = ask(capsys, *given, "--version", "2", "--as", practice.ida.email, "--yes")
    assert (status, moved) == (0, {**shown, "moved": True})
    assert followed(practice, plan) == [1, 2]
    with transaction(practice.staff, write=False) as session:
        (kept,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "care_plan.move"))
        assert (kept.details["from_version"], kept.details["to_version"]) == (1, 2)
        assert (kept.actor_id, kept.details["words"]) == (practice.ida.id, ["wash"])


def test_every_wrong_value_is_one_line_and_moves_nothing(capsys, practice: Practice) -> None:
    plan = start_on_version_1(practice)
    yes = ["plan", "move", "--plan", str(plan), "--yes"]
    for arguments, expected, lines in (
        (["plan", "move"], 2, ["--plan is missing"]),
        (
            ["plan", "move", "--plan", "7", "--clinic", "8", "--version", "x", "--yes"],
            2,
            ["--plan '7': must be an id", "--clinic '8'", "--version 'x': must be a whole number", "--as is missing"],
        ),
        ([*yes, "--as", "nobody@x.example"], 2, [f"there are {practice.ida.email}"]),
        (["plan", "move", "--plan", str(uuid4())], 1, ["no such plan"]),
        ([*yes, "--as", practice.ida.email, "--version", "9"], 1, ["no version 9 of laser"]),
        ([*yes, "--as", practice.ida.email, "--version", "1"], 1, ["follows version 1 already"]),
    ):
        status, out, err = call(capsys, *arguments)
        assert (status, out, len(err)) == (expected, "", len(lines)), (arguments, err)
        for line, said in zip(lines, err, strict=True):
            assert line in said
    assert followed(practice, plan) == [1]
    care_plans.end_course(practice.staff, plan, reason="moved away", now=NOW)
    status, out, err = call(capsys, *yes, "--as", practice.ida.email)
    assert (status, err) == (1, ["cli plan move: this plan has ended"])
