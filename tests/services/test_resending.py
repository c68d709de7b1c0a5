"""DESIGN section 7: what matters and no device has confirmed is sent again once, under the same collapse id (T3)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from backend.db import ClientScope, StaffScope, transaction
from backend.ids import new_id
from backend.models import CarePlan, Client, DeliveryAttempt, Flag, Reminder, StepLog
from backend.services import flags, ledger, reminders, resending, trails
from tests.factories import (
    NOW,
    make_care_plan,
    make_clinic_protocol,
    make_device,
    make_flag,
    make_reminder,
    make_treatment,
    save,
    scope_of,
)
from tests.people import make_ana, make_ida
from tests.services.practice import day, open_practice, sign, start_plan, tap

SENT_AT = NOW - timedelta(hours=1)
MASK = "recovery_mask@d1#1"


class Care:
    """Ana with a running plan, an open red flag, and a mask whose timer has run."""

    def __init__(self, **client: Any) -> None:
        self.ida = make_ida()
        self.ana: Client = make_ana(self.ida)
        for name, value in client.items():
            setattr(self.ana, name, value)
        with transaction(StaffScope(self.ana.clinic_id)) as session:
            session.merge(self.ana)
        self.plan: CarePlan = make_care_plan(make_treatment(self.ana), make_clinic_protocol(self.ida))
        self.flag: Flag = make_flag(self.plan)
        self.log("started")

    def log(self, event: str, at: datetime = SENT_AT) -> None:
        key = {"clinic_id": self.ana.clinic_id, "client_id": self.ana.id, "care_plan_id": self.plan.id}
        times = {"at": at, "claimed_at": at, "received_at": at}
        save(StepLog(**key, id=new_id(at), occurrence_key=MASK, event=event, **times))

    def push(self, kind: str, *, minutes_ago: int, channel: str = "web_push", **values: Any) -> Reminder:
        """A push that a provider took so many minutes ago."""
        at = NOW - timedelta(minutes=minutes_ago)
        given = {"state": "sent", "settled_at": at, "send_at": at, "care_plan_id": self.plan.id, **values}
        row = make_reminder(self.ana, kind=kind, **given)
        if row.state == "sent":
            attempt = {
                "channel": channel,
                "attempt": 1,
                "outcome": "accepted",
                "detail": "",
                "provider_id": "",
                "at": at,
            }
            save(DeliveryAttempt(clinic_id=row.clinic_id, reminder_id=row.id, **attempt))
        return row

    def call(self, rung: int, *, minutes_ago: int, **values: Any) -> Reminder:
        """The ladder's call to Dr Ida."""
        who = {"recipient_kind": "practitioner", "recipient_id": self.ida.id, "flag_id": self.flag.id, "lane": 0}
        return self.push("act_now", minutes_ago=minutes_ago, rung=rung, **who, **values)

    def repeats(self) -> list[Reminder]:
        with transaction(StaffScope(self.ana.clinic_id), write=False) as session:
            return list(
                session.scalars(select(Reminder).where(Reminder.resend_of.is_not(None)).order_by(Reminder.kind))
            )


def test_a_timer_that_nobody_heard_rings_once_more_and_no_more(database: Engine) -> None:
    care = Care()
    first = care.push("mask_done", minutes_ago=4, occurrence_key=MASK)
    assert resending.resend_unconfirmed(now=NOW) == 1
    (second,) = care.repeats()
    assert (second.resend_of, second.collapse_id, second.kind) == (first.id, first.collapse_id, "mask_done")
    assert (second.state, second.send_at, second.expires_at) == ("planned", NOW, first.expires_at)
    assert resending.resend_unconfirmed(now=NOW + timedelta(minutes=10)) == 0
    assert ledger.check_conservation(now=NOW).holds


@pytest.mark.parametrize(("event", "state"), [("done", "withdrawn"), ("resumed", "planned")])
def test_the_second_ring_is_taken_back_when_the_step_is_done_before_it_left(
    database: Engine, event: str, state: str
) -> None:
    practice = open_practice()
    sign(practice, "undo")
    plan = start_plan(practice, "undo")
    mask, rung = "recovery_mask_early@d1#1", day(1, 19, 15)
    tap(practice, plan, mask, "started", day(1, 19), ends_at=rung)
    with transaction(practice.staff) as session:
        first = session.scalars(select(Reminder).where(Reminder.kind == "mask_done")).one()
        first.state, first.settled_at = "sent", rung
        taken = {"channel": "web_push", "attempt": 1, "outcome": "accepted", "detail": "", "provider_id": ""}
        session.add(DeliveryAttempt(clinic_id=first.clinic_id, reminder_id=first.id, at=rung, **taken))
    assert resending.resend_unconfirmed(now=rung + timedelta(minutes=3)) == 1
    again = rung + timedelta(minutes=4)
    tap(practice, plan, mask, event, again, ends_at=None if event == "done" else again + timedelta(minutes=5))
    with transaction(practice.staff, write=False) as session:
        second = session.scalars(select(Reminder).where(Reminder.resend_of == first.id)).one()
        assert (second.state, second.reason) == (state, "done" if state == "withdrawn" else None)


def test_the_second_person_of_the_ladder_is_called_again_and_the_first_by_the_ladder_alone(database: Engine) -> None:
    care = Care()
    care.call(1, minutes_ago=36)
    care.call(2, minutes_ago=21)
    third = care.call(3, minutes_ago=6)
    assert resending.resend_unconfirmed(now=NOW) == 1
    assert [(row.resend_of, row.rung, row.lane) for row in care.repeats()] == [(third.id, 3, 0)]
    with transaction(scope_of(care.ida)) as session:
        flags.acknowledge_all(session, scope_of(care.ida), [care.flag.id], NOW)
    assert [row.state for row in care.repeats()] == ["withdrawn"], "whoever has seen it is not called again"
    assert resending.resend_unconfirmed(now=NOW) == 0


@pytest.mark.parametrize(
    ("kind", "minutes", "again"),
    [("mask_done", 2, 0), ("mask_done", 3, 1), ("help_followup", 29, 0), ("help_followup", 30, 1)],
)
def test_it_waits_for_a_word_of_the_phone_first(sqlite: Engine, kind: str, minutes: int, again: int) -> None:
    Care().push(kind, minutes_ago=minutes, occurrence_key=MASK)
    assert resending.resend_unconfirmed(now=NOW) == again


def test_the_tick_reads_the_index_made_for_it_and_not_the_whole_table(sqlite: Engine) -> None:
    asked = resending.UNCONFIRMED.compile(dialect=sqlite.dialect, compile_kwargs={"render_postcompile": True})
    with sqlite.connect() as connection:
        given = tuple(None for _ in asked.positiontup or ())
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", given).all()
    assert "SEARCH reminder USING INDEX ix_reminder_unconfirmed" in steps[0].detail


def test_a_push_that_was_shown_is_not_repeated(database: Engine) -> None:
    care = Care()
    row = care.push("help_followup", minutes_ago=40)
    phone = make_device(care.ana)
    reminders.record_receipt(ClientScope(care.ana.clinic_id, care.ana.id), row.id, phone.id, "shown", SENT_AT, now=NOW)
    assert resending.resend_unconfirmed(now=NOW) == 0


def test_what_is_done_closed_past_routine_or_only_a_mail_is_not_repeated(sqlite: Engine) -> None:
    care = Care()
    care.push("mask_done", minutes_ago=4, occurrence_key=MASK, expires_at=NOW)
    care.push("care_step", minutes_ago=40, occurrence_key="wash@d1#1")
    care.push("help_followup", minutes_ago=40, channel="mail")
    assert resending.resend_unconfirmed(now=NOW) == 0
    care.push("mask_done", minutes_ago=4, occurrence_key=MASK)
    care.log("done", NOW)
    care.push("help_followup", minutes_ago=40)
    with transaction(StaffScope(care.ana.clinic_id)) as session:
        session.get_one(Flag, (care.ana.clinic_id, care.flag.id)).closed_at = NOW
    assert resending.resend_unconfirmed(now=NOW) == 0


def test_quiet_hours_hold_the_second_sending_back_until_they_end(sqlite: Engine) -> None:
    care = Care(quiet_from=time(8, 30), quiet_until=time(12))  # NOW is 9:00 in Berlin
    care.push("help_followup", minutes_ago=40, expires_at=NOW + timedelta(hours=20))
    assert resending.resend_unconfirmed(now=NOW) == 0
    assert resending.resend_unconfirmed(now=NOW + timedelta(hours=3)) == 1


def test_what_was_carried_is_repeated_alone_in_the_place_of_its_carrier(database: Engine) -> None:
    care = Care()
    carrier = care.push("merged", minutes_ago=40)
    care.push(
        "help_followup", minutes_ago=40, state="merged", carrier_id=carrier.id, occurrence_key="follow_up@x",
        reason="carrier sent",
    )  # fmt: skip
    assert resending.resend_unconfirmed(now=NOW) == 1
    (second,) = care.repeats()
    assert (second.kind, second.collapse_id, second.carrier_id) == ("help_followup", carrier.collapse_id, None)
    assert ledger.check_conservation(now=NOW).holds


@pytest.mark.parametrize("wrong", [{"collapse_id": "another"}, {"resend_of": new_id(NOW)}])
def test_the_sweeper_finds_a_second_sending_that_breaks_the_rule(sqlite: Engine, wrong: dict[str, Any]) -> None:
    care = Care()
    first = care.push("help_followup", minutes_ago=40)
    given = {"resend_of": first.id, "collapse_id": first.collapse_id, **wrong}
    row = care.push("help_followup", minutes_ago=5, **given)
    found = ledger.check_conservation(now=NOW).violations
    assert [(each.reminder_id, each.law[:10]) for each in found] == [(row.id, "sent again")]


def test_the_trails_of_both_tell_the_story(sqlite: Engine) -> None:
    care = Care()
    first = care.push("mask_done", minutes_ago=4, occurrence_key=MASK)
    resending.resend_unconfirmed(now=NOW)
    (second,) = care.repeats()
    (trail,) = trails.find_trails(second.id)
    assert trail.repeats == first.id
    assert trail.steps[0].why == "no device has confirmed the first one: sent again once"
