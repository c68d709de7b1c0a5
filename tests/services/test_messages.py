"""Messages: kept once, seen, answered, and said to the other side by a push that gives nothing away."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from backend.db import ClientScope, StaffScope, transaction
from backend.errors import Conflict, InvalidInput, NotFound
from backend.ids import new_id
from backend.models import AuditEntry, Reminder
from backend.services import care_plans, clients, inbox, messages, reviews, today
from backend.services.clients import Wishes
from backend.services.messages import MessageDraft
from backend.services.threads import ChangeLine, Thread
from tests.factories import make_client, make_clinic, make_practitioner
from tests.services.practice import Practice, check_in, day, open_practice, sign, start_plan


@pytest.fixture
def practice(database: Engine) -> Practice:
    practice = open_practice()
    with transaction(practice.staff) as session:
        session.merge(practice.ana).created_at = day(0)  # no phone wrote before that
    return practice


def write(practice: Practice, words: str, at: datetime, received_at: datetime | None = None) -> UUID:
    draft = MessageDraft(new_id(at), words, at)
    return messages.send(practice.phone, draft, now=received_at or at)[0].id


def read(practice: Practice) -> Thread:
    return messages.get_thread(practice.phone)


def pushes(practice: Practice, recipient: str) -> list[tuple[str, datetime]]:
    """State and time of every push about a message, in the order of their making."""
    with transaction(practice.staff, write=False) as session:
        rows = select(Reminder).where(Reminder.kind == "message", Reminder.recipient_kind == recipient)
        return [(row.state, row.send_at) for row in session.scalars(rows.order_by(Reminder.id))]


def test_a_message_is_kept_once_whatever_is_repeated(practice: Practice) -> None:
    draft = MessageDraft(new_id(day(1)), "  Is this usual? ", day(1))
    first, repeated = messages.send(practice.phone, draft, now=day(1, 9, 1))
    assert (first.words, first.at, first.received_at, repeated) == ("Is this usual?", day(1), day(1, 9, 1), False)
    assert messages.send(practice.phone, draft, now=day(2)) == (first, True)
    with pytest.raises(Conflict):
        messages.send(practice.phone, MessageDraft(draft.id, "Other words", day(1)), now=day(2))
    assert read(practice).messages == (first,)


@pytest.mark.parametrize("words", ["", " \n ", "x" * 2001])
def test_words_that_are_none_or_too_many_are_refused_on_both_sides(practice: Practice, words: str) -> None:
    with pytest.raises(InvalidInput):
        write(practice, words, day(1))
    with pytest.raises(InvalidInput):
        messages.answer(practice.staff, practice.ana.id, words, None, now=day(1))
    assert read(practice).lines == ()


def test_the_phones_clock_is_believed_within_bounds(practice: Practice) -> None:
    write(practice, "written on the train", day(1, 8), received_at=day(1, 11))
    write(practice, "from a clock that is a day fast", day(2, 12), received_at=day(1, 12))
    assert [(line.at, line.received_at) for line in read(practice).messages] == [
        (day(1, 8), day(1, 11)),
        (day(1, 12), day(1, 12)),
    ]


def test_what_the_clinic_opened_is_seen_and_what_it_answered_waits_no_more(practice: Practice) -> None:
    asked = write(practice, "Is this usual?", day(1))
    assert messages.open_thread(practice.staff, practice.ana.id, now=day(1, 10)).waiting[0].id == asked
    late = write(practice, "And one more thing.", day(1, 10, 5))
    messages.answer(practice.staff, practice.ana.id, "It is usual for today.", asked, now=day(1, 10, 6))
    thread = read(practice)
    assert [(line.by, line.seen_at) for line in thread.messages] == [
        (None, day(1, 10)),
        (None, None),
        ("Dr Ida", None),
    ]
    assert [line.id for line in thread.waiting] == [late]  # it came after what the writer had before her
    messages.set_aside(practice.staff, practice.ana.id, late, now=day(1, 10, 7))
    assert read(practice).waiting == ()


def test_what_came_late_but_was_written_early_is_answered_with_the_rest(practice: Practice) -> None:
    write(practice, "noon", day(1, 12))
    write(practice, "written at ten without a connection", day(1, 10), received_at=day(1, 14))
    newest = messages.open_thread(practice.staff, practice.ana.id, now=day(1, 15)).waiting[-1].id
    messages.answer(practice.staff, practice.ana.id, "Both fine.", newest, now=day(1, 15))
    assert read(practice).waiting == ()


def test_a_client_reads_and_the_push_that_still_waits_is_not_sent(practice: Practice) -> None:
    sign(practice, "laser")
    start_plan(practice, "laser")
    clients.change_me(practice.phone, Wishes(quiet=(time(22), time(7))), now=day(1))
    night = day(3, 23)
    first = messages.answer(practice.staff, practice.ana.id, "Good night.", None, now=night)
    messages.answer(practice.staff, practice.ana.id, "And sleep well.", None, now=night + timedelta(minutes=1))
    assert pushes(practice, "client") == [("planned", day(4, 7))]  # one speaks for both, in the morning
    assert read(practice).unread == 2
    messages.note_seen(practice.phone, first.id, now=night + timedelta(minutes=5))
    assert read(practice).unread == 1
    assert pushes(practice, "client") == [("planned", day(4, 7))]
    newest = read(practice).messages[-1].id
    for _ in range(2):
        messages.note_seen(practice.phone, newest, now=night + timedelta(minutes=6))
    assert [line.seen_at for line in read(practice).messages] == [
        night + timedelta(minutes=5),
        night + timedelta(minutes=6),
    ]
    assert pushes(practice, "client") == [("withdrawn", day(4, 7))]


def test_who_looks_after_the_client_hears_of_the_first_message_and_not_at_night(practice: Practice) -> None:
    write(practice, "It itches.", day(3, 23))
    write(practice, "A lot.", day(3, 23, 5))
    assert pushes(practice, "practitioner") == [("planned", day(4, 7, 30))]
    newest = messages.open_thread(practice.staff, practice.ana.id, now=day(4, 6)).waiting[-1].id
    assert pushes(practice, "practitioner") == [("withdrawn", day(4, 7, 30))]
    messages.answer(practice.staff, practice.ana.id, "A cool cloth helps.", newest, now=day(4, 6))
    write(practice, "Thank you.", day(4, 12))
    assert pushes(practice, "practitioner")[1:] == [("planned", day(4, 12))]


def test_a_reply_to_a_check_in_stands_in_the_thread_and_is_the_last_word_on_today(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    answered = check_in(practice, plan, 6, {"pain": 1})
    reviews.review(practice.staff, practice.ana.id, answered.id, "That looks calm.", now=day(6, 11))
    (line,) = read(practice).messages
    assert (line.by, line.words, line.check_in_id, line.check_in_day) == ("Dr Ida", "That looks calm.", answered.id, 6)
    assert pushes(practice, "client") == [("planned", day(6, 11))]
    messages.answer(practice.staff, practice.ana.id, "Come by when you like.", None, now=day(6, 12))
    (area,) = today.get_today(practice.phone, now=day(6, 13)).areas
    assert area.last_word is not None
    assert (area.last_word.words, area.last_word.at) == ("Come by when you like.", day(6, 12))


def test_changes_that_the_clinic_made_stand_between_the_messages(practice: Practice) -> None:
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    write(practice, "My scabs are off.", day(9, 9))
    care_plans.set_anchor(practice.staff, plan, "scabs_off", day(9).date(), now=day(9, 10))
    care_plans.pause(practice.staff, plan, reason="away", now=day(9, 11))
    lines = read(practice).lines
    assert [line.what if isinstance(line, ChangeLine) else line.words for line in lines] == [
        "My scabs are off.",
        "date",
        "pause",
    ]
    change = lines[1]
    assert isinstance(change, ChangeLine)
    assert (change.by, change.care_plan_id, change.at) == ("Dr Ida", plan, day(9, 10))
    assert change.steps  # what hangs on the scabs has moved


def test_a_client_who_wrote_is_in_the_inbox_until_answered_and_late_after_the_promise(practice: Practice) -> None:
    asked = write(practice, "Is this usual?", day(1))
    newest = write(practice, "Please say.", day(1, 12))
    (item,) = inbox.list_inbox(practice.staff, now=day(2, 8)).items
    assert (item.kind, item.id, item.group, item.level) == ("message", newest, "look_today", "watch")
    assert (item.head.client_id, item.words, item.messages) == (practice.ana.id, "Please say.", 2)
    assert (item.waiting_since, item.overdue) == (day(1), False)
    (item,) = inbox.list_inbox(practice.staff, now=day(2, 9, 1)).items  # 24 hours are promised
    assert item.overdue
    messages.answer(practice.staff, practice.ana.id, "It is.", asked, now=day(2, 10))
    (item,) = inbox.list_inbox(practice.staff, now=day(2, 10)).items
    assert (item.waiting_since, item.messages) == (day(1, 12), 1)
    messages.set_aside(practice.staff, practice.ana.id, newest, now=day(2, 10))
    assert inbox.list_inbox(practice.staff, now=day(2, 10)).items == ()


def test_nobody_reads_or_marks_what_is_somebody_elses(practice: Practice) -> None:
    joe = make_practitioner(make_clinic("Second Look"), "Dr Joe", role="owner")
    cleo = make_client(joe, "Cleo")
    elsewhere, phone = StaffScope(joe.clinic_id, joe.id), ClientScope(cleo.clinic_id, cleo.id)
    ben = make_client(practice.ida, "Ben")
    own = write(practice, "Only for Dr Ida.", day(1))
    answered = messages.answer(practice.staff, practice.ana.id, "Only for Ana.", None, now=day(1)).id
    for stranger in (phone, ClientScope(ben.clinic_id, ben.id)):
        assert messages.get_thread(stranger).lines == ()
        with pytest.raises(NotFound):
            messages.note_seen(stranger, answered, now=day(1))
    for act in (
        lambda: messages.open_thread(elsewhere, practice.ana.id, now=day(1)),
        lambda: messages.answer(elsewhere, practice.ana.id, "Hello", own, now=day(1)),
        lambda: messages.set_aside(elsewhere, practice.ana.id, own, now=day(1)),
        lambda: messages.set_aside(practice.staff, ben.id, own, now=day(1)),
    ):
        with pytest.raises(NotFound):
            act()
    assert [line.seen_at for line in read(practice).messages] == [None, None]


def test_the_audit_knows_who_wrote_and_no_word_of_it(practice: Practice) -> None:
    asked = write(practice, "It smells odd.", day(1))
    messages.set_aside(practice.staff, practice.ana.id, asked, now=day(1, 10))
    messages.answer(practice.staff, practice.ana.id, "Please come in.", asked, now=day(1, 11))
    with transaction(practice.staff, write=False) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "message").order_by(AuditEntry.at))
        kept = [(row.actor_kind, row.act, row.client_id == practice.ana.id, dict(row.details)) for row in rows]
    assert kept == [
        ("client", "message.send", True, {}),
        ("practitioner", "message.set_aside", True, {}),
        ("practitioner", "message.send", True, {}),
    ]
