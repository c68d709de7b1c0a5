"""A clinic's changes before they count: drafted, checked, tried on a virtual client, published with two names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from backend.db import StaffScope, transaction
from backend.errors import Conflict, InvalidInput, NotAllowed, NotFound
from backend.models import AuditEntry, Clinic, ClinicProtocol, OverlayDraft, Practitioner
from backend.services import care_plans, extensions, overlays, protocols, treatments
from backend.services.overlays import Edit
from backend.services.protocols import StepAnswer
from schedules import DayWindow, PlanFacts, ReminderPreferences, VirtualClient, latest_protocol
from tests.factories import make_practitioner, scope_of
from tests.services.practice import TREATED_AT, Practice, day, open_practice, sign, start_plan, treat

WASH = "care_steps.wash.instruction"
TIMES = "care_steps.wash.frequency.suggested_times"
WORDS = "Let lukewarm water run over it. Pat it dry with a clean towel."
MIN_DAYS = "readiness.base_min_days"
URGENT = "red_flags.fever.urgency"


@pytest.fixture
def practice(database: Engine) -> Practice:
    return open_practice()


@pytest.fixture
def joe(practice: Practice) -> Practitioner:
    """A second practitioner of Dr Ida's studio."""
    return make_practitioner(clinic_of(practice), "Dr Joe")


def clinic_of(practice: Practice) -> Clinic:
    with transaction(practice.staff, write=False) as session:
        return session.get_one(Clinic, practice.ida.clinic_id)


def edit(practice: Practice, *edits: Edit, seen: int = 0, method: str = "laser") -> overlays.DraftView:
    return overlays.set_changes(practice.staff, method, edits, seen=seen, now=TREATED_AT)


def faults_of(refused: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {fault.pointer: fault.problem for fault in refused.value.faults}


def stored(practice: Practice) -> list[Mapping[str, Any]]:
    with transaction(practice.staff, write=False) as session:
        rows = session.scalars(select(OverlayDraft)).all()
        return [{"revision": row.revision, "paths": [change["path"] for change in row.changes]} for row in rows]


def answers(method: str, confirmed: bool = True) -> list[StepAnswer]:
    return [StepAnswer(step.id, confirmed) for step in protocols.must_confirm(latest_protocol(method))]


def publish(practice: Practice, seen: int, method: str = "laser", **more: Any) -> protocols.SignedPlan:
    given = {"reviewer_id": None, "now": TREATED_AT, **more}
    return overlays.publish(practice.staff, method, answers(method), seen=seen, **given)


def test_a_draft_shows_each_value_before_and_after_and_who_set_it(practice: Practice) -> None:
    draft = edit(practice, Edit(WASH, WORDS), Edit(TIMES, ["07:30", "19:30"], "our opening hours"))
    shipped = latest_protocol("laser")
    assert draft == overlays.get_draft(practice.staff, "laser")
    assert {value.path: (value.before, value.after) for value in draft.values} == {
        WASH: (shipped.care_steps["wash"].instruction, WORDS),
        TIMES: (["08:00", "20:00"], ["07:30", "19:30"]),
    }
    assert [(change.path, change.by, change.at) for change in draft.changes] == [
        (WASH, "Dr Ida", TREATED_AT.isoformat()),
        (TIMES, "Dr Ida", TREATED_AT.isoformat()),
    ]
    assert (draft.content_version, draft.revision, draft.edited_by) == (shipped.content_version, 1, "Dr Ida")
    assert (draft.faults, draft.publishable) == ((), True)
    assert overlays.get_draft(practice.staff, "saline") is None


def test_a_draft_changes_nothing_for_anybody_until_it_is_published(practice: Practice) -> None:
    sign(practice, "laser")
    plan = start_plan(practice, "laser")
    edit(practice, Edit(WASH, WORDS))
    status = protocols.get_method(practice.staff, "laser")
    assert status.signed is not None
    assert status.signed.version == 1
    moved = extensions.extend(practice.ida.clinic_id, plan, now=day(0, 11))
    assert (moved.new, moved.withdrawn) == ((), ())


FAULTY: list[tuple[list[Edit], set[str]]] = [
    ([Edit("care_steps.flying.title", "x")], {"/care_steps.flying.title"}),
    ([Edit("nonsense", 1)], {"/nonsense"}),
    ([Edit("care_steps[0]..title\0", 1)], {"/care_steps[0]..title\0"}),
    ([Edit("source_list.neo.title", "Mine")], {"/source_list.neo.title"}),
    ([Edit("care_steps.wash.default_on", "yes")], {"/care_steps.wash.default_on"}),
    ([Edit(TIMES, ["25:00", "20:00"])], {f"/{TIMES}[0]"}),
    ([Edit(URGENT, "practitioner_review")], {f"/{URGENT}"}),
    ([Edit(MIN_DAYS, 14)], {f"/{MIN_DAYS}"}),
    ([Edit(WASH, 5), Edit(URGENT, "practitioner_review"), Edit("nonsense", 1)], {f"/{WASH}", "/nonsense"}),
    ([Edit(WASH, WORDS), Edit(WASH, "again")], {f"/{WASH}"}),
    ([Edit(WASH, WORDS, "two\nlines")], {"/reason"}),
    ([], {"/edits"}),
]


def test_a_faulty_change_is_named_by_its_path_and_nothing_is_kept(practice: Practice) -> None:
    for seen in (0, 1):
        before = stored(practice)
        for edits, expected in FAULTY:
            with pytest.raises(InvalidInput) as refused:
                edit(practice, *edits, seen=seen)
            assert expected <= set(faults_of(refused)), edits
            assert stored(practice) == before
        if not seen:
            edit(practice, Edit(TIMES, ["07:30", "19:30"]))


def test_every_fault_of_an_edit_is_named_at_once(practice: Practice) -> None:
    with pytest.raises(InvalidInput) as refused:
        edit(practice, Edit("nonsense.at_all", 1), Edit("care_steps.wash.default_on", "yes"), Edit(TIMES, "noon"))
    assert set(faults_of(refused)) >= {"/nonsense.at_all", "/care_steps.wash.default_on", f"/{TIMES}"}


def test_values_that_only_fit_together_are_set_together(practice: Practice) -> None:
    with pytest.raises(InvalidInput):
        edit(practice, Edit("phases[0].to_day", 3))
    first, second = latest_protocol("laser").phases[:2]
    draft = edit(
        practice,
        Edit(f"phases.{first.id}.to_day", first.to_day + 1),
        Edit(f"phases.{second.id}.from_day", second.from_day + 1),
    )
    assert len(draft.values) == 2


def test_an_edit_made_on_an_older_sight_of_the_draft_is_refused(practice: Practice, joe: Practitioner) -> None:
    first = edit(practice, Edit(WASH, WORDS))
    second = overlays.set_changes(
        scope_of(joe), "laser", [Edit(TIMES, ["07:30", "19:30"])], seen=first.revision, now=TREATED_AT
    )
    for act in (
        lambda: edit(practice, Edit(WASH, "Another text of mine."), seen=first.revision),
        lambda: overlays.drop_changes(practice.staff, "laser", [WASH], seen=first.revision, now=TREATED_AT),
        lambda: overlays.discard(practice.staff, "laser", seen=0, now=TREATED_AT),
        lambda: publish(practice, first.revision, reviewer_id=joe.id),
    ):
        with pytest.raises(Conflict, match="Dr Joe"):
            act()
    assert overlays.get_draft(practice.staff, "laser") == second


def test_a_change_is_dropped_and_a_whole_draft_discarded(practice: Practice) -> None:
    edit(practice, Edit(WASH, WORDS), Edit(TIMES, ["07:30", "19:30"]))
    with pytest.raises(InvalidInput) as refused:
        overlays.drop_changes(practice.staff, "laser", [WASH, MIN_DAYS], seen=1, now=TREATED_AT)
    assert set(faults_of(refused)) == {f"/{MIN_DAYS}"}
    draft = overlays.drop_changes(practice.staff, "laser", [WASH], seen=1, now=TREATED_AT)
    assert [change.path for change in draft.changes] == [TIMES]
    overlays.discard(practice.staff, "laser", seen=2, now=TREATED_AT)
    assert stored(practice) == []
    with pytest.raises(NotFound):
        overlays.discard(practice.staff, "laser", seen=2, now=TREATED_AT)


def virtual(zone: str = "Asia/Tokyo") -> VirtualClient:
    facts = PlanFacts(treatment_ended_at=TREATED_AT, plan_zone=zone, today=date(2026, 3, 2), site="scalp")
    return VirtualClient(facts, ReminderPreferences())


def test_a_preview_shows_the_drafted_plan_to_a_virtual_client_anywhere(practice: Practice) -> None:
    edit(practice, Edit(TIMES, ["07:30", "19:30"]), Edit("care_steps.wash.title", "Rinse gently"))
    shown = overlays.preview(practice.staff, "laser", virtual(), DayWindow(3, 3))
    washes = [one for one in shown.occurrences if one.step_id == "wash"]
    assert [(one.title, f"{one.local:%H:%M}") for one in washes] == [
        ("Rinse gently", "07:30"), ("Rinse gently", "19:30"),
    ]  # fmt: skip
    with pytest.raises(InvalidInput):
        overlays.preview(practice.staff, "laser", virtual("Nowhere/At_All"), DayWindow(3, 3))
    with pytest.raises(NotFound):
        overlays.preview(practice.staff, "saline", virtual())


def test_a_published_draft_is_the_next_version_with_author_and_reviewer(practice: Practice, joe: Practitioner) -> None:
    sign(practice, "laser")
    draft = overlays.set_changes(scope_of(joe), "laser", [Edit(WASH, WORDS)], seen=0, now=TREATED_AT)
    signed = publish(practice, draft.revision, reviewer_id=practice.ida.id)
    assert (signed.version, signed.author, signed.reviewer, signed.signed_by) == (2, "Dr Joe", "Dr Ida", "Dr Ida")
    assert stored(practice) == []
    record = treatments.open_treatment(practice.staff, practice.ana.id, method="laser", site="scalp", now=TREATED_AT)
    assert record.id
    with transaction(practice.staff, write=False) as session:
        row = session.scalars(select(ClinicProtocol).where(ClinicProtocol.version == 2)).one()
        assert [(change["path"], change["value"]) for change in row.overlay] == [(WASH, WORDS)]
        assert row.document["method"]["content_version"] == latest_protocol("laser").content_version
        acts = session.execute(select(AuditEntry.act, AuditEntry.details).order_by(AuditEntry.at, AuditEntry.id)).all()
    told = [(act, details) for act, details in acts if details.get("version", 2) == 2]
    (sealed,) = [details for act, details in told if act == "protocol.sign"]
    assert (sealed["author"], sealed["reviewer"]) == (str(joe.id), str(practice.ida.id))
    assert [details["paths"] for act, details in told if act == "overlay.edit"] == [[WASH]]
    assert [details["version"] for act, details in told if act == "overlay.publish"] == [2]


def test_where_there_are_several_somebody_else_reviews(practice: Practice, joe: Practitioner) -> None:
    stranger = open_practice().ida
    draft = edit(practice, Edit(WASH, WORDS))
    for reviewer in (None, practice.ida.id, stranger.id):
        with pytest.raises(InvalidInput) as refused:
            publish(practice, draft.revision, reviewer_id=reviewer)
        assert "Dr Joe" in faults_of(refused)["/reviewer"]
    assert publish(practice, draft.revision, reviewer_id=joe.id).reviewer == "Dr Joe"


def test_the_only_practitioner_needs_no_reviewer(practice: Practice) -> None:
    draft = edit(practice, Edit(WASH, WORDS))
    signed = publish(practice, draft.revision)
    assert (signed.author, signed.reviewer) == ("Dr Ida", None)


def test_the_owner_alone_publishes_and_assistants_do_not_edit(practice: Practice, joe: Practitioner) -> None:
    draft = edit(practice, Edit(WASH, WORDS))
    with pytest.raises(NotAllowed):
        overlays.publish(scope_of(joe), "laser", [], reviewer_id=practice.ida.id, seen=draft.revision, now=TREATED_AT)
    helper = make_practitioner(clinic_of(practice), "Kim", role="assistant")
    for scope in (scope_of(helper), StaffScope(joe.clinic_id, None)):
        with pytest.raises(NotAllowed):
            overlays.set_changes(scope, "laser", [Edit(WASH, "x")], seen=draft.revision, now=TREATED_AT)
    assert stored(practice) == [{"revision": 1, "paths": [WASH]}]


def test_all_that_stands_in_the_way_of_publishing_is_named_at_once(practice: Practice, joe: Practitioner) -> None:
    step = "undo"
    draft = edit(practice, Edit("care_steps.wash.title", "Rinse"), method=step)
    with pytest.raises(InvalidInput) as refused:
        overlays.publish(practice.staff, step, [], reviewer_id=None, seen=draft.revision, now=TREATED_AT)
    assert set(faults_of(refused)) >= {
        "/reviewer", "/steps/recovery_mask_early", "/steps/recovery_mask_late", "/steps/after_scab_gel",
    }  # fmt: skip
    assert protocols.get_method(practice.staff, step).signed is None


def test_an_error_of_lint_blocks_publishing_and_names_its_path(practice: Practice) -> None:
    path, recommended = "readiness.fitzpatrick[0].min_days", latest_protocol("laser").readiness.fitzpatrick[0]
    draft = edit(practice, Edit(path, recommended.recommended_days + 7))
    assert not draft.publishable
    with pytest.raises(InvalidInput) as refused:
        publish(practice, draft.revision)
    assert any(pointer.startswith("/readiness.fitzpatrick[0]") for pointer in faults_of(refused))
    assert stored(practice) == [{"revision": 1, "paths": [path]}]


def test_answers_become_part_of_the_published_version(practice: Practice) -> None:
    draft = edit(practice, Edit("care_steps.wash.title", "Rinse"), method="undo")
    given = [
        StepAnswer("recovery_mask_early", True, minutes=20),
        StepAnswer("recovery_mask_late", False),
        StepAnswer("after_scab_gel", True, turned_on=True),
    ]
    signed = overlays.publish(practice.staff, "undo", given, reviewer_id=None, seen=draft.revision, now=TREATED_AT)
    assert signed.confirmed_steps == ("after_scab_gel", "recovery_mask_early")
    assert signed.turned_on_steps == ("after_scab_gel",)
    again = overlays.set_changes(practice.staff, "undo", [Edit(WASH, WORDS)], seen=0, now=TREATED_AT)
    assert [change.path for change in again.changes] == [
        "care_steps.wash.title", "care_steps.recovery_mask_early.duration_min.default", WASH,
    ]  # fmt: skip
    assert [value.path for value in again.differences] == [WASH]


def test_fewer_days_than_shipped_are_the_owner_s_to_set_with_a_reason(practice: Practice, joe: Practitioner) -> None:
    days = latest_protocol("laser").readiness.base_min_days - 7
    for editor, reason in ((joe, "smaller areas only"), (practice.ida, None)):
        edits = [Edit(MIN_DAYS, days, reason)]
        with pytest.raises(InvalidInput) as refused:
            overlays.set_changes(scope_of(editor), "laser", edits, seen=0, now=TREATED_AT)
        assert "only the owner may" in faults_of(refused)[f"/{MIN_DAYS}"]
    draft = edit(practice, Edit(MIN_DAYS, days, "smaller areas only"))
    assert [(change.reason, change.by_owner) for change in draft.changes] == [("smaller areas only", True)]
    publish(practice, draft.revision, reviewer_id=joe.id)
    with transaction(practice.staff, write=False) as session:
        row = session.scalars(select(ClinicProtocol)).one()
        assert (row.clinic_min_days, row.overlay[0]["reason"]) == (days, "smaller areas only")


def test_signing_a_shipped_version_anew_keeps_what_the_clinic_changed(practice: Practice) -> None:
    draft = edit(practice, Edit(WASH, WORDS), Edit(MIN_DAYS, 49, "as agreed"))
    publish(practice, draft.revision)
    sign(practice, "laser")
    with transaction(practice.staff, write=False) as session:
        row = session.scalars(select(ClinicProtocol).where(ClinicProtocol.version == 2)).one()
        assert [change["path"] for change in row.overlay] == [WASH]  # the days were asked for again, and left empty
        assert row.clinic_min_days is None


def test_a_draft_that_no_longer_parses_says_why_and_can_be_mended(practice: Practice) -> None:
    draft = edit(practice, Edit(WASH, WORDS), Edit(TIMES, ["07:30", "19:30"]))
    gone = {"path": "care_steps.gone.title", "value": "x", "by": "Dr Ida", "at": TREATED_AT.isoformat()}
    with transaction(practice.staff) as session:
        row = session.scalars(select(OverlayDraft)).one()
        row.changes = [*row.changes, gone]
    seen = overlays.get_draft(practice.staff, "laser")
    assert seen is not None
    assert [fault.path for fault in seen.faults] == ["care_steps.gone.title"]
    assert [finding.remedy for finding in seen.findings] != [""]
    assert (seen.publishable, seen.values) == (False, ())
    with pytest.raises(InvalidInput):
        publish(practice, draft.revision)
    edit(
        practice, Edit(WASH, "One more thing of mine."), seen=draft.revision
    )  # what was broken before is not its fault
    mended = overlays.drop_changes(practice.staff, "laser", [str(gone["path"])], seen=2, now=TREATED_AT)
    assert mended.publishable


def test_a_signed_version_that_no_longer_parses_starts_nothing_new(practice: Practice) -> None:
    sign(practice, "laser")
    ended = treat(practice, "laser")
    with transaction(practice.staff) as session:
        row = session.scalars(select(ClinicProtocol)).one()
        change = {"path": "care_steps.gone.title", "value": "x", "by": "Dr Ida", "at": TREATED_AT.isoformat()}
        row.overlay = [change]
    with pytest.raises(Conflict, match=r"care_steps\.gone\.title"):
        care_plans.start(practice.staff, ended, now=TREATED_AT)
    with pytest.raises(Conflict, match="signs a newer one"):
        treatments.open_treatment(practice.staff, practice.ana.id, method="laser", site="brows", now=day(1))


def test_another_clinic_sees_no_draft_of_ours(practice: Practice) -> None:
    edit(practice, Edit(WASH, WORDS))
    other = open_practice()
    assert overlays.get_draft(other.staff, "laser") is None
    assert overlays.set_changes(other.staff, "laser", [Edit(WASH, "Ours.")], seen=0, now=TREATED_AT).revision == 1
    for act in (
        lambda: overlays.get_draft(other.staff, "knife"),
        lambda: edit(practice, Edit(WASH, ""), method="knife"),
    ):
        with pytest.raises(NotFound):
            act()
