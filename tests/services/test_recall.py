"""Who was told version v of step s is one query, and a correction reaches each of them once, with a receipt (S6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, select

from backend.db import StaffScope, transaction
from backend.errors import InvalidInput, NotAllowed, NotFound
from backend.models import AuditEntry, Clinic, Correction, Reminder
from backend.services import care_plans, corrections, expiry, ledger, overlays, plan_versions, recall
from backend.services.overlays import Edit
from tests.factories import make_client, make_practitioner, scope_of
from tests.services.practice import TREATED_AT, Practice, check_in, day, open_practice, sign, start_plan

NOW = day(5, 12)
WORDS = "Please do not use the sponge any more. Use a clean towel."


@pytest.fixture
def practice(database: Engine) -> Practice:
    built = open_practice()
    sign(built, "saline")
    return built


def with_ben(practice: Practice) -> Practice:
    return Practice(practice.ida, make_client(practice.ida, "Ben", zone="Europe/London"))


def told(practice: Practice, step: str | None, version: int = 1, now: object = NOW) -> list[tuple[str, date, date]]:
    found = recall.list_told(practice.staff, "saline", version, step, now=now)  # type: ignore[arg-type]
    return [(one.client_name, one.first_on, one.last_on) for one in found]


def pushes(practice: Practice, state: str = "planned") -> list[Reminder]:
    with transaction(practice.staff, write=False) as session:
        rows = select(Reminder).where(Reminder.kind == "correction", Reminder.state == state)
        return list(session.scalars(rows.order_by(Reminder.recipient_id, Reminder.send_at)))


@contextmanager
def statements() -> Iterator[list[str]]:
    """On whatever connection: those that only read have their own."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def publish(practice: Practice, *edits: Edit) -> int:
    draft = overlays.set_changes(practice.staff, "saline", edits, seen=0, now=NOW)
    steps = [overlays.StepAnswer(step, True) for step in ("ointment", "after_scab_oil")]
    return overlays.publish(practice.staff, "saline", steps, reviewer_id=None, seen=draft.revision, now=NOW).version


def test_who_was_told_is_one_query_however_many_they_are(practice: Practice) -> None:
    start_plan(practice, "saline")
    recall.list_told(practice.staff, "saline", 1, "blot", now=NOW)  # compiled once
    for count in (1, 4):
        with statements() as seen:
            assert len(told(practice, "blot")) == count
        asked = [each for each in seen if "plan_version" in each]
        assert len(asked) == 1
        assert len([each for each in seen if each.startswith("SELECT") and "set_config" not in each]) == 2
        for number in range(3):
            start_plan(Practice(practice.ida, make_client(practice.ida, f"Client {number}")), "saline")


def test_each_step_is_told_from_its_first_to_its_last_day(practice: Practice) -> None:
    start_plan(practice, "saline")
    assert told(practice, "keep_dry_first") == [("Ana", date(2026, 3, 2), date(2026, 3, 4))]
    assert told(practice, "blot") == [("Ana", date(2026, 3, 2), date(2026, 3, 7))]
    assert told(practice, None) == [("Ana", date(2026, 3, 2), date(2026, 3, 7))]


def test_a_step_that_has_not_begun_or_only_may_come_was_told_to_nobody(practice: Practice) -> None:
    plan = start_plan(practice, "saline")
    assert told(practice, "wash", now=day(1)) == []
    assert told(practice, "wash", now=day(3)) == [("Ana", date(2026, 3, 4), date(2026, 3, 5))]
    assert told(practice, "sunscreen", now=day(40)) == []  # hangs on an anchor that nobody has seen
    care_plans.set_anchor(practice.staff, plan, "skin_closed", day(14).date(), now=day(15))
    assert told(practice, "sunscreen", now=day(20)) == [("Ana", day(14).date(), day(20).date())]


def test_site_care_style_and_what_is_off_decide_who_was_told(practice: Practice) -> None:
    start_plan(practice, "saline")
    assert told(practice, "ointment") == []  # moist, and off until the clinic turns it on
    assert told(practice, "no_ointment") != []
    sign(practice, "saline", confirmed=False)
    for version, confirmed in ((2, False), (3, True)):  # what waits for the clinic is told to nobody
        if confirmed:
            sign(practice, "saline")
        plan = start_plan(with_ben(practice), "saline")
        care_plans.set_anchor(practice.staff, plan, "scabs_off", day(10).date(), now=day(11))
        assert bool(told(practice, "after_scab_oil", version, now=day(20))) is confirmed


def test_an_anchor_that_was_corrected_still_counts_for_who_was_told(practice: Practice) -> None:
    plan = start_plan(practice, "saline")
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(10).date(), now=day(12))
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(13).date(), now=day(13))
    assert told(practice, "after_scab_oil", now=day(14)) == [("Ana", day(12).date(), day(14).date())]


def test_a_moved_plan_was_told_each_version_while_it_followed_it(practice: Practice) -> None:
    plan = start_plan(practice, "saline")
    start_plan(with_ben(practice), "saline")
    version = publish(practice, Edit("care_steps.blot.instruction", "Dab it with a clean towel."))
    plan_versions.move(practice.staff, plan, version, now=day(3, 12))
    assert told(practice, "blot") == [
        ("Ana", date(2026, 3, 2), date(2026, 3, 5)),
        ("Ben", date(2026, 3, 2), date(2026, 3, 7)),
    ]
    assert told(practice, "blot", version) == [("Ana", date(2026, 3, 5), date(2026, 3, 7))]
    care_plans.end_plan(practice.staff, plan, "moved away", now=day(4, 12))
    assert told(practice, "blot", version) == [("Ana", date(2026, 3, 5), date(2026, 3, 6))]


def test_a_version_followed_between_two_due_times_told_nobody_of_them(practice: Practice) -> None:
    plan = start_plan(practice, "saline")
    version = publish(practice, Edit("care_steps.blot.instruction", "Dab it with a clean towel."))
    plan_versions.move(practice.staff, plan, version, now=day(3, 4, 10))
    plan_versions.move(practice.staff, plan, 1, now=day(3, 5))
    assert told(practice, "blot", version) == []
    assert told(practice, None, version) == [("Ana", date(2026, 3, 5), date(2026, 3, 5))]
    plan_versions.move(practice.staff, plan, version, now=day(4, 6, 30))
    plan_versions.move(practice.staff, plan, 1, now=day(4, 7))  # open since six o'clock, due at eight
    assert told(practice, "blot", version) == [("Ana", date(2026, 3, 6), date(2026, 3, 6))]
    assert told(practice, "blot") == [("Ana", date(2026, 3, 2), date(2026, 3, 7))]


def test_the_words_come_with_source_author_and_version(practice: Practice) -> None:
    version = publish(practice, Edit("care_steps.blot.instruction", "Dab it with a clean towel."))
    words = recall.get_words(practice.staff, "saline", version, "blot")
    assert (words.instruction, words.version, words.author, words.signed_by) == (
        "Dab it with a clean towel.", 2, "Dr Ida", "Dr Ida",
    )  # fmt: skip
    assert words.set_by_clinic == ("care_steps.blot.instruction",)
    assert len(words.sources) >= 3
    assert recall.get_words(practice.staff, "saline", 1, "blot").set_by_clinic == ()
    for number, step in ((9, "blot"), (1, "no_such_step")):
        with pytest.raises(NotFound):
            recall.get_words(practice.staff, "saline", number, step)
        with pytest.raises(NotFound):
            recall.list_told(practice.staff, "saline", number, step, now=NOW)


def send(practice: Practice, step: str | None = "blot", scope: StaffScope | None = None, words: str = WORDS) -> int:
    return recall.send_correction(scope or practice.staff, "saline", 1, step, words, now=NOW)


def test_a_correction_is_pushed_to_each_who_was_told_once_and_once_more_a_day_later(practice: Practice) -> None:
    plan = start_plan(practice, "saline")
    make_client(practice.ida, "Ben")  # has no plan
    assert send(practice) == 1
    first, again = pushes(practice)
    assert (first.recipient_id, first.care_plan_id, first.send_at) == (practice.ana.id, plan, NOW)
    assert again.send_at == NOW + timedelta(hours=24)
    assert (again.collapse_id, again.dedupe_key) == (first.collapse_id, f"{first.dedupe_key}:again")
    (seen,) = corrections.list_corrections(practice.phone)
    assert (seen.words, seen.step_id, seen.by, seen.at, seen.read_at) == (WORDS, "blot", "Dr Ida", NOW, None)
    assert seen.step_title == recall.get_words(practice.staff, "saline", 1, "blot").title


def test_a_client_with_two_plans_gets_one(practice: Practice) -> None:
    start_plan(practice, "saline")
    start_plan(practice, "saline", ended_at=TREATED_AT + timedelta(days=1), label="another place")
    assert len(told(practice, "blot")) == 2
    assert send(practice) == 1
    assert len(corrections.list_corrections(practice.phone)) == 1


def test_quiet_hours_hold_a_correction_and_what_comes_a_day_later(practice: Practice) -> None:
    start_plan(practice, "saline")
    recall.send_correction(practice.staff, "saline", 1, "blot", WORDS, now=day(5, 23))
    assert [row.send_at for row in pushes(practice)] == [day(6, 7, 30), day(7, 7, 30)]


def test_reading_it_takes_back_what_is_still_to_be_sent(practice: Practice) -> None:
    start_plan(practice, "saline")
    send(practice)
    (seen,) = corrections.list_corrections(practice.phone)
    read = corrections.note_read(practice.phone, seen.id, now=NOW + timedelta(hours=2))
    assert read.read_at == NOW + timedelta(hours=2)
    assert pushes(practice) == []
    assert {row.reason for row in pushes(practice, "withdrawn")} == {"done"}
    again = corrections.note_read(practice.phone, seen.id, now=NOW + timedelta(hours=9))
    assert again == read
    with transaction(practice.staff, write=False) as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.act == "correction.read")).all()) == 1
    expiry.expire(now=NOW + timedelta(hours=9))
    assert ledger.check_conservation(now=NOW + timedelta(hours=9)).holds


def test_the_clinic_sees_who_has_read_it(practice: Practice) -> None:
    start_plan(practice, "saline")
    ben = with_ben(practice)
    start_plan(ben, "saline")
    assert send(practice, step=None) == 2
    (sent,) = recall.list_corrections(practice.staff)
    assert [(one.client_name, one.read_at) for one in sent.readers] == [("Ana", None), ("Ben", None)]
    corrections.note_read(ben.phone, sent.id, now=NOW + timedelta(hours=1))
    (sent,) = recall.list_corrections(practice.staff, method="saline")
    assert [(one.client_name, one.read_at is None) for one in sent.readers] == [("Ana", True), ("Ben", False)]
    assert (sent.version, sent.step_id, sent.words, sent.by) == (1, None, WORDS, "Dr Ida")
    assert recall.list_corrections(practice.staff, method="laser") == ()


def test_nobody_reads_a_correction_of_somebody_else(practice: Practice) -> None:
    start_plan(practice, "saline")
    send(practice)
    (seen,) = corrections.list_corrections(practice.phone)
    stranger = open_practice()
    for scope in (with_ben(practice).phone, stranger.phone):
        assert corrections.list_corrections(scope) == ()
        with pytest.raises(NotFound):
            corrections.note_read(scope, seen.id, now=NOW)
    assert recall.list_corrections(stranger.staff) == ()
    assert corrections.list_corrections(practice.phone)[0].read_at is None


def test_the_owner_sends_it_or_the_operator_in_the_clinic_s_name(practice: Practice) -> None:
    start_plan(practice, "saline")
    with transaction(practice.staff, write=False) as session:
        clinic = session.get_one(Clinic, practice.ida.clinic_id)
    joe = make_practitioner(clinic, "Dr Joe")
    for scope in (scope_of(joe), StaffScope(clinic.id)):
        with pytest.raises(NotAllowed):
            send(practice, scope=scope)
    assert recall.list_corrections(practice.staff) == ()
    send(practice, scope=StaffScope(clinic.id, program="cli"))
    (sent,) = recall.list_corrections(practice.staff)
    assert (sent.by, sent.by_clinic) == ("North Light", True)


def test_words_with_a_fault_are_refused_and_nothing_is_sent(practice: Practice) -> None:
    start_plan(practice, "saline")
    for words in ("", " \n ", "x" * 2001, "a\0b", "\x07 ring"):
        with pytest.raises(InvalidInput):
            send(practice, words=words)
    for step, version in (("no_such_step", 1), ("blot", 7)):
        with pytest.raises(NotFound):
            recall.send_correction(practice.staff, "saline", version, step, WORDS, now=NOW)
    with transaction(practice.staff, write=False) as session:
        assert session.scalars(select(Correction)).all() == []
    assert pushes(practice) == []


def test_what_was_done_before_keeps_its_place(practice: Practice) -> None:
    plan = start_plan(practice, "saline")
    check_in(practice, plan, 2, {"pain": 1})
    send(practice)
    care_plans.end_plan(practice.staff, plan, "moved away", now=NOW)
    assert len(pushes(practice)) == 2  # a correction outlives the plan it is about
