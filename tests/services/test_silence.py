"""The ladder of silence through the services (DESIGN section 7): gentle, one tap, mail, a stop, a task that ages."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from backend.db import transaction
from backend.ids import new_id
from backend.models import Client, Reminder
from backend.services import check_ins, clients, delivery, expiry, extensions, flags, inbox
from backend.services.check_ins import CheckInDraft
from backend.services.clients import Wishes
from tests.services.practice import Practice, check_in, day, open_practice, report, sign, start_plan

CALM = {"pain": 0, "itch": 0, "fluid": "none"}


@pytest.fixture
def practice(database: Engine) -> Practice:
    opened = open_practice()
    with transaction(opened.staff) as session:
        session.execute(update(Client).values(joined_at=day(0), email="ana@example.org"))
    sign(opened, "saline")
    return opened


def pass_time(practice: Practice, until: datetime) -> None:
    """What a worker does: ends what is past, and plans anew whatever is due for it, as the clock goes on."""
    now = max(row.created_at for row in rows(practice))
    while now < until:
        now = min(until, now + timedelta(hours=1))
        expiry.expire(now=now)
        for clinic_id, plan_id in extensions.list_due(now=now):
            extensions.extend(clinic_id, plan_id, now=now)


def rows(practice: Practice, *, after: datetime | None = None) -> list[Reminder]:
    with transaction(practice.staff, write=False) as session:
        query = select(Reminder).where(Reminder.recipient_kind == "client").order_by(Reminder.send_at)
        return [row for row in session.scalars(query) if after is None or row.send_at >= after]


def asked(practice: Practice, after: datetime) -> list[tuple[str, str | None, bool]]:
    """What asks for an answer from then on, and whether it, or the push that carries it, goes by mail too."""
    wanted = ("check_in_due", "one_tap", "paused")
    planned = [row for row in rows(practice, after=after) if row.state == "planned"]
    mailed = {row.id: row.by_mail for row in planned}
    return [(row.kind, row.occurrence_key, mailed[row.carrier_id or row.id]) for row in planned if row.kind in wanted]


def silent_after(practice: Practice, last: int) -> UUID:
    plan = start_plan(practice, "saline")
    for number in range(1, last + 1):
        check_in(practice, plan, number, CALM)
    return plan


def test_after_two_missed_one_tap_is_enough(practice: Practice) -> None:
    silent_after(practice, 2)
    pass_time(practice, day(4, 5))
    assert [kind for kind, _, _ in asked(practice, day(4, 5))][:1] == ["check_in_due"]
    pass_time(practice, day(5, 5))
    assert asked(practice, day(5, 5))[0] == ("one_tap", "check_in@d5", False)


def test_after_three_it_goes_by_mail_too_and_the_worker_finds_the_address(practice: Practice) -> None:
    silent_after(practice, 2)
    pass_time(practice, day(6, 5))
    assert asked(practice, day(6, 5))[0] == ("one_tap", "check_in@d6", True)
    (claim,) = (one for one in delivery.claim(1, limit=50, lease_s=60, now=day(6, 8)) if one.by_mail)
    assert delivery.list_mail_addresses(claim.clinic_id, [claim.recipient_id]) == {
        practice.ana.id: ("ana@example.org", "en")
    }


def test_after_three_missed_and_five_days_reminders_stop_with_one_word_and_the_practitioner_sees_it(
    practice: Practice,
) -> None:
    silent_after(practice, 2)
    pass_time(practice, day(8, 9))
    left = [row for row in rows(practice) if row.state == "planned" and row.expires_at > day(8, 9)]
    assert [(row.kind, row.by_mail) for row in left] == [("paused", True)]
    (item,) = (item for item in inbox.list_inbox(practice.staff, now=day(8, 9)).items if item.kind == "silence")
    assert (item.stopped, item.missed, item.waiting_since) == (True, 5, day(3, 8))
    later = next(one for one in inbox.list_inbox(practice.staff, now=day(12)).items if one.kind == "silence")
    assert (later.waiting_since, later.overdue) == (day(3, 8), True)
    pass_time(practice, day(20))
    assert [row.kind for row in rows(practice, after=day(8, 9)) if row.state == "planned"] == []
    assert [row.kind for row in rows(practice) if row.kind == "paused"] == ["paused"]


def test_opening_the_app_starts_them_again(practice: Practice) -> None:
    silent_after(practice, 2)
    pass_time(practice, day(9))
    clients.change_me(practice.phone, Wishes(resume_reminders=True), now=day(9))
    assert asked(practice, day(9))[0] == ("check_in_due", "check_in@d10", False)
    assert [item for item in inbox.list_inbox(practice.staff, now=day(9)).items if item.kind == "silence"] == []


def test_one_answer_ends_the_silence(practice: Practice) -> None:
    plan = silent_after(practice, 2)
    pass_time(practice, day(6, 5))
    check_in(practice, plan, 6, CALM, at=day(6, 10))
    assert asked(practice, day(6, 10))[0] == ("check_in_due", "check_in@d7", False)


def test_one_tap_is_an_answer_that_answers_nothing(practice: Practice) -> None:
    """ "All fine": a planned check-in of which nothing was asked; the row ends, readiness reads no answer from it."""
    plan = silent_after(practice, 2)
    pass_time(practice, day(6, 5))
    draft = CheckInDraft(new_id(day(6, 9)), plan, "planned", "check_in@d6", day(6, 9), {}, {}, partial=True)
    result = check_ins.submit(practice.phone, draft, now=day(6, 9))
    assert (result.level, result.flags) == ("on_track", ())
    assert asked(practice, day(6, 10))[0] == ("check_in_due", "check_in@d7", False)


def test_follow_ups_of_an_open_warning_never_stop(practice: Practice) -> None:
    plan = silent_after(practice, 2)
    raised = report(practice, plan, day(2, 12), {"unwell": "fever"}).flags
    assert raised
    pass_time(practice, day(3, 9))
    followed = [row for row in rows(practice) if row.kind == "help_followup"]
    assert followed
    pass_time(practice, day(8, 9))
    assert "withdrawn" not in {row.state for row in rows(practice) if row.kind == "help_followup"}
    flags.close(practice.staff, raised[0].id, "seen by a doctor", now=day(8, 10))


def test_whom_no_phone_has_joined_is_not_silent(practice: Practice) -> None:
    with transaction(practice.staff) as session:
        session.execute(update(Client).values(joined_at=None))
    start_plan(practice, "saline")
    pass_time(practice, day(9))
    assert {kind for kind, _, _ in asked(practice, day(9))} == {"check_in_due"}


def test_the_word_that_reminders_stop_is_planned_also_when_nothing_else_is_pending(practice: Practice) -> None:
    """Whoever notices the stop comes a moment after it; all that was due until then has been sent."""
    silent_after(practice, 2)
    pass_time(practice, day(8, 7))
    with transaction(practice.staff) as session:
        session.execute(
            update(Reminder).where(Reminder.send_at <= day(8, 8)).values(state="sent", settled_at=day(8, 7))
        )
    pass_time(practice, day(8, 9))
    assert [row.kind for row in rows(practice) if row.kind == "paused" and row.state == "planned"] == ["paused"]


def test_the_word_that_reminders_stop_waits_for_the_end_of_quiet_hours_that_began_meanwhile(practice: Practice) -> None:
    silent_after(practice, 2)
    pass_time(practice, day(8, 7))
    with transaction(practice.staff) as session:
        session.execute(update(Client).values(quiet_from=time(8, 30), quiet_until=time(11)))
    for noticed in (day(8, 9), day(8, 10)):
        pass_time(practice, noticed)
        assert [row.send_at for row in rows(practice) if row.kind == "paused"] == [day(8, 11)]
