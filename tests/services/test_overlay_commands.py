"""`cli overlay` and `cli recall` from a shell: one clear line for each wrong value, and nothing changed by it."""

from datetime import timedelta

import pytest

from backend.services import corrections, overlays, recall
from schedules import latest_protocol
from tests.factories import NOW
from tests.services.command_line import ask, call
from tests.services.practice import Practice, open_practice, sign, start_plan

pytestmark = pytest.mark.usefixtures("installation")
TREATED_AT = NOW - timedelta(days=2)  # the commands' clock stands at NOW
WASH = "care_steps.wash.title"
WORDS = "Please do not use the sponge any more."


@pytest.fixture
def practice() -> Practice:
    return open_practice()


def edit(capsys, practice: Practice, verb: str, *arguments: str) -> dict:
    status, document = ask(capsys, "overlay", verb, "--method", "laser", "--as", practice.ida.email, *arguments)
    assert status == 0, document
    return document


def test_a_draft_from_the_first_value_to_the_signed_version(capsys, practice: Practice) -> None:
    document = edit(capsys, practice, "set", f"{WASH}=Rinse gently", "care_steps.hat.default_on=false")
    assert document["draft"]["values"] == [
        {"path": WASH, "before": "Wash it gently", "after": "Rinse gently"},
        {"path": "care_steps.hat.default_on", "before": True, "after": False},
    ]
    document = edit(capsys, practice, "drop", "care_steps.hat.default_on", "--seen", "1")
    assert [change["path"] for change in document["draft"]["changes"]] == [WASH]
    assert ask(capsys, "overlay", "show", "--method", "laser") == (0, document)
    status, found = ask(capsys, "overlay", "check", "--method", "laser")
    assert (status, found["publishable"], found["faults"]) == (0, True, [])
    client = ["--ended-at", "2026-03-02T10:00:00Z", "--zone", "Asia/Tokyo", "--days", "2-2"]
    status, preview = ask(capsys, "overlay", "preview", "--method", "laser", *client)
    assert "Rinse gently" in {one["title"] for one in preview["occurrences"]}
    assert edit(capsys, practice, "publish")["published"] == {
        "method": "laser", "version": 1, "content_version": latest_protocol("laser").content_version,
        "author": "Dr Ida", "reviewer": None, "signed_by": "Dr Ida",
    }  # fmt: skip
    status, shown = ask(capsys, "overlay", "show", "--method", "laser")
    assert (shown["draft"], shown["signed"]["version"]) == (None, 1)


def test_people_read_what_changes_and_what_to_do(capsys, practice: Practice) -> None:
    status, out, err = call(capsys, "overlay", "show", "--method", "laser")
    assert (status, err) == (0, [])
    assert "nothing is signed yet" in out
    given = ["--method", "laser", "--as", practice.ida.email]
    status, out, err = call(capsys, "overlay", "set", *given, f"{WASH}=Rinse gently", "--reason", "as our leaflet says")
    assert 'before  "Wash it gently"' in out
    assert 'after   "Rinse gently"' in out
    assert f'{WASH} = "Rinse gently"  (Dr Ida' in out
    status, out, err = call(capsys, "overlay", "publish", *given)
    assert (status, err) == (0, [])
    assert "version 1 of laser is signed by Dr Ida" in out


def test_every_wrong_value_is_one_line_and_changes_nothing(capsys, practice: Practice) -> None:
    given = ["overlay", "set", "--method", "laser", "--as", practice.ida.email]
    cases: list[tuple[list[str], int, str]] = [
        (["overlay", "set"], 2, "cli overlay set: PATH=VALUE is missing"),
        (["overlay", "set", "--method", "knife", "a=b"], 2, "--method 'knife': must be one of"),
        ([*given, "no-equals-sign"], 2, "must be PATH=VALUE"),
        (
            [*given, "care_steps.flying.title=x"],
            2,
            "cli overlay set: care_steps.flying.title: the shipped protocol has",
        ),
        ([*given, "red_flags.fever.urgency=practitioner_review"], 2, "stricter, never looser"),
        ([*given, f"{WASH}=x", "--seen", "7"], 1, "there is no draft of laser"),
        ([*given[:-1], "nobody@x.example", f"{WASH}=x"], 2, f"there are {practice.ida.email}"),
        (["overlay", "drop", *given[2:]], 2, "name the PATHs to drop, or --all"),
        (["overlay", "drop", *given[2:], "--all"], 1, "there is no draft of laser"),
        (["overlay", "check", "--method", "laser"], 1, "there is no draft of laser"),
        (["overlay", "preview", "--method", "laser"], 1, "there is no draft of laser"),
        (["overlay", "publish", *given[2:]], 1, "there is no draft of laser"),
        (["overlay", "publish", *given[2:], "--turn-on", "hat"], 2, "needs --confirm hat too"),
        (["overlay", "show", "--method", "laser", "--clinic", "7"], 2, "must be an id"),
    ]
    for arguments, expected, line in cases:
        status, out, err = call(capsys, *arguments)
        assert (status, out) == (expected, ""), arguments
        assert any(line in each for each in err), err
    assert overlays.get_draft(practice.staff, "laser") is None


def test_what_stands_in_the_way_of_publishing_is_listed(capsys, practice: Practice) -> None:
    given = ["--method", "undo", "--as", practice.ida.email]
    call(capsys, "overlay", "set", *given, f"{WASH}=Rinse gently")
    status, document = ask(capsys, "overlay", "publish", *given, "--confirm", "recovery_mask_early=20")
    assert (status, document["published"]) == (1, None)
    assert {fault["path"] for fault in document["faults"]} == {"steps/recovery_mask_late", "steps/after_scab_gel"}
    more = ["--confirm", "recovery_mask_early=20", "--withhold", "recovery_mask_late", "--withhold", "after_scab_gel"]
    assert ask(capsys, "overlay", "publish", *given, *more)[0] == 0


def test_with_several_clinics_the_clinic_is_named(capsys, practice: Practice) -> None:
    other = open_practice()
    status, _out, (line,) = call(capsys, "overlay", "show", "--method", "laser")
    assert status == 2
    assert str(other.ida.clinic_id) in line
    assert ask(capsys, "overlay", "show", "--method", "laser", "--clinic", str(other.ida.clinic_id))[0] == 0


def test_a_recall_is_rehearsed_sent_and_its_receipts_are_shown(capsys, practice: Practice) -> None:
    sign(practice, "saline")
    start_plan(practice, "saline", ended_at=TREATED_AT)
    given = ["recall", "--protocol", "saline", "--version", "1", "--step", "blot"]
    status, shown = ask(capsys, *given, "--message", WORDS, "--dry-run")
    assert (status, shown["sent"], shown["clients"]) == (0, False, 1)
    assert [(one["name"], one["first_on"], one["last_on"]) for one in shown["told"]] == [
        ("Ana", "2026-11-20", "2026-11-22"),
    ]  # fmt: skip
    assert (shown["words"]["signed_by"], shown["words"]["version"]) == ("Dr Ida", 1)
    assert corrections.list_corrections(practice.phone) == ()
    status, sent = ask(capsys, *given, "--message", WORDS)
    assert (status, sent["sent"], sent["clients"], sent["told"]) == (0, True, 1, shown["told"])
    (read,) = corrections.list_corrections(practice.phone)
    assert (read.words, read.by) == (WORDS, "North Light")
    corrections.note_read(practice.phone, read.id, now=NOW)
    status, receipts = ask(capsys, "recall", "--protocol", "saline", "--version", "1", "--receipts")
    assert [reader["read_at"] for one in receipts["corrections"] for reader in one["readers"]] == [
        "2026-11-22T08:00:00Z",
    ]  # fmt: skip
    _, out, _ = call(capsys, "recall", "--protocol", "saline", "--version", "1", "--receipts")
    assert "read by 1 of 1" in out
    _, out, _ = call(capsys, *given, "--message", WORDS, "--dry-run")
    assert "would be sent to 1 clients" in out


def test_a_faulty_recall_is_refused_and_nothing_is_sent(capsys, practice: Practice) -> None:
    sign(practice, "saline")
    given = ["recall", "--protocol", "saline"]
    for arguments, expected, line in (
        (["recall"], 2, "--protocol is missing"),
        ([*given, "--version", "0", "--message", "x"], 2, "--version '0'"),
        ([*given, "--version", "1"], 2, "--message is missing"),
        ([*given, "--version", "1", "--message", " "], 2, "must say something"),
        ([*given, "--version", "1", "--message", "x" * 2001], 2, "from 1 to 2000 characters"),
        ([*given, "--version", "9", "--message", "x"], 1, "no version 9 of saline"),
        ([*given, "--version", "1", "--step", "flying", "--message", "x"], 1, "no step 'flying'"),
        ([*given, "--version", "1", "--receipts", "--message", "x"], 2, "--receipts sends nothing"),
    ):
        status, out, err = call(capsys, *arguments)
        assert (status, out) == (expected, ""), arguments
        assert any(line in each for each in err), err
    assert recall.list_corrections(practice.staff) == ()
