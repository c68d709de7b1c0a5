"""PROMISES P2, K1: what a tap opens, receipts, the trail, and the conservation law with the ways it can be broken."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from backend.db import ClientScope, StaffScope, WorkerScope, transaction
from backend.errors import InvalidInput, NotFound
from backend.models import Client, DeliveryAttempt, Receipt, Reminder
from backend.services import ledger, reminders, trails
from tests.factories import (
    NOW,
    make_device,
    make_practitioner,
    make_reminder,
    save,
    scope_of,
    unknown_id,
)
from tests.people import make_ana, make_ben, make_cleo, make_ida, make_joe

SOON = NOW + timedelta(minutes=1)


def scope(client: Client) -> ClientScope:
    return ClientScope(client.clinic_id, client.id)


def make_attempt(row: Reminder, outcome: str = "accepted") -> DeliveryAttempt:
    given = {"channel": "fcm", "attempt": 1, "outcome": outcome, "detail": "200", "provider_id": "", "at": NOW}
    return save(DeliveryAttempt(clinic_id=row.clinic_id, reminder_id=row.id, **given))


def make_sent(client: Client, **values: object) -> Reminder:
    row = make_reminder(client, state="sent", settled_at=NOW, **values)
    make_attempt(row)
    return row


def test_a_tap_opens_what_the_push_spoke_of(database: Engine) -> None:
    ana = make_ana(make_ida())
    carrier = make_sent(ana, kind="merged")
    for key, state in (("wash@d3#1", "merged"), ("check_in@d3", "merged"), ("oil@d3#1", "withdrawn")):
        make_reminder(ana, carrier_id=carrier.id, occurrence_key=key, state=state, settled_at=NOW)
    seen = reminders.get_reminder(scope(ana), carrier.id)
    assert (seen.kind, seen.state, seen.occurrences) == ("merged", "sent", ("check_in@d3", "wash@d3#1"))


def test_a_reminder_of_somebody_else_is_like_an_unknown_one(database: Engine) -> None:
    ida = make_ida()
    ana, ben, cleo = make_ana(ida), make_ben(ida), make_cleo(make_joe())
    row, device = make_sent(ana), make_device(ben)
    alert = make_sent(ana, recipient_kind="practitioner", recipient_id=ida.id)
    joe = make_practitioner(type("Own", (), {"id": ida.clinic_id})(), "Dr Joe")
    for who, wanted in ((ben, row.id), (cleo, row.id), (ben, unknown_id()), (ana, alert.id)):
        with pytest.raises(NotFound, match="no such reminder"):
            reminders.get_reminder(scope(who), wanted)
        with pytest.raises(NotFound, match="no such reminder"):
            reminders.record_receipt(scope(who), wanted, device.id, "shown", NOW, now=NOW)
    with pytest.raises(NotFound):
        reminders.get_reminder(scope_of(joe), alert.id)
    assert reminders.get_reminder(scope_of(ida), alert.id).client_id == ana.id


def test_receipts_count_once_and_the_first_time_stays(database: Engine) -> None:
    ana = make_ana(make_ida())
    row, phone, tablet = make_sent(ana), make_device(ana), make_device(ana)
    assert reminders.record_receipt(scope(ana), row.id, phone.id, "shown", NOW, now=SOON)
    assert not reminders.record_receipt(scope(ana), row.id, phone.id, "shown", SOON, now=SOON)
    assert reminders.record_receipt(scope(ana), row.id, tablet.id, "opened", SOON, now=SOON)
    with transaction(scope(ana), write=False) as session:
        kept = session.scalars(select(Reminder)).one()
        assert (kept.state, kept.shown_at, kept.opened_at) == ("sent", NOW, SOON)
        assert len(session.scalars(select(Receipt)).all()) == 2


def test_a_phone_whose_clock_is_ahead_is_believed_up_to_now(sqlite: Engine) -> None:
    ana = make_ana(make_ida())
    row, phone = make_sent(ana), make_device(ana)
    reminders.record_receipt(scope(ana), row.id, phone.id, "opened", NOW + timedelta(days=2), now=SOON)
    with transaction(scope(ana), write=False) as session:
        assert session.scalars(select(Reminder.opened_at)).one() == SOON


def test_a_receipt_that_cannot_be_changes_nothing(sqlite: Engine) -> None:
    ida = make_ida()
    ana, ben = make_ana(ida), make_ben(ida)
    row, foreign = make_sent(ana), make_device(ben)
    with pytest.raises(InvalidInput) as refused:
        reminders.record_receipt(scope(ana), row.id, foreign.id, "eaten", NOW, now=NOW)
    assert refused.value.faults[0].pointer == "/event"
    with pytest.raises(NotFound, match="no such device"):
        reminders.record_receipt(scope(ana), row.id, foreign.id, "shown", NOW, now=NOW)
    with transaction(scope(ana), write=False) as session:
        assert session.scalars(select(Receipt)).all() == []


def test_the_trail_tells_the_way_of_a_reminder_without_what_it_is_about(database: Engine) -> None:
    ana = make_ana(make_ida())
    row = make_sent(ana, kind="care_step", trail="at the chosen time", occurrence_key="wash@d3#1")
    reminders.record_receipt(scope(ana), row.id, make_device(ana).id, "opened", SOON, now=SOON)
    (trail,) = trails.find_trails(row.id)
    assert [(step.what, step.why) for step in trail.steps] == [
        ("planned", "at the chosen time"),
        ("try 1", "fcm: accepted"),
        ("sent", ""),
        ("shown", "the device says so"),
        ("opened", "the device says so"),
    ]
    assert "wash" not in repr(trail)
    assert trails.find_trails(ana.id) == (trail,)
    assert trails.list_trails(StaffScope(ana.clinic_id), ana.id, now=NOW).trails == (trail,)
    assert trails.find_trails(unknown_id()) == ()


def laws(now: object = NOW) -> set[str]:
    return {violation.law for violation in ledger.check_conservation(now=now).violations}  # type: ignore[arg-type]


def test_every_reminder_is_counted_once_per_clinic(database: Engine) -> None:
    ana, cleo = make_ana(make_ida()), make_cleo(make_joe())
    make_sent(ana)
    make_reminder(ana)
    make_reminder(ana, lease_token=UUID(int=1), leased_until=NOW)
    make_reminder(ana, state="withdrawn", settled_at=NOW)
    make_reminder(cleo, state="unreachable", settled_at=NOW)
    checked = ledger.check_conservation(now=NOW)
    mine = next(clinic for clinic in checked.clinics if clinic.clinic_id == ana.clinic_id)
    assert (mine.planned_ever, mine.pending, mine.claimed, mine.difference) == (4, 2, 1, 0)
    assert {state: count for state, count in mine.settled.items() if count} == {"sent": 1, "withdrawn": 1}
    assert checked.holds
    own = ledger.get_ledger(StaffScope(cleo.clinic_id), now=NOW)
    assert [clinic.clinic_id for clinic in own.clinics] == [cleo.clinic_id]


def test_sent_without_a_provider_s_yes_is_found(database: Engine) -> None:
    ana = make_ana(make_ida())
    make_attempt(make_reminder(ana, state="sent", settled_at=NOW), "retry_later")
    assert laws() == {"sent without a provider's yes"}


def test_what_waits_past_its_window_is_found_after_the_grace(database: Engine) -> None:
    make_reminder(make_ana(make_ida()))
    end = NOW + timedelta(hours=1)
    assert laws(end + ledger.GRACE) == set()
    assert laws(end + ledger.GRACE + timedelta(seconds=1)) == {"pending past its window"}


def test_carried_rows_without_their_carrier_are_found(database: Engine) -> None:
    ana = make_ana(make_ida())
    failed = make_reminder(ana, kind="merged", state="failed", settled_at=NOW)
    make_reminder(ana, carrier_id=failed.id, state="merged", settled_at=NOW)
    make_reminder(ana, carrier_id=failed.id)
    later = NOW + ledger.GRACE + timedelta(seconds=1)
    assert laws(later) == {"merged into what was not sent", "waits for a carrier that has ended"}


def test_one_kind_twice_for_one_occurrence_is_found(database: Engine) -> None:
    from tests.factories import make_care_plan, make_clinic_protocol, make_treatment

    ida = make_ida()
    ana = make_ana(ida)
    plan = make_care_plan(make_treatment(ana), make_clinic_protocol(ida))
    for kind in ("care_step", "check_in_open"):
        make_sent(ana, kind=kind, care_plan_id=plan.id, occurrence_key="wash@d3#1")
    assert laws() == set()
    again = make_sent(ana, kind="care_step", care_plan_id=plan.id, occurrence_key="wash@d3#1")
    assert laws() == {"one kind twice for one occurrence"}
    with transaction(WorkerScope()) as session:
        session.execute(update(Reminder).where(Reminder.id == again.id).values(state="withdrawn"))
    assert laws() == set()


def test_a_state_that_no_state_accounts_for_is_found(sqlite: Engine) -> None:
    row = make_reminder(make_ana(make_ida()))
    with sqlite.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql(f"UPDATE reminder SET state = 'lost' WHERE id = '{row.id.hex}'")
        connection.commit()
    checked = ledger.check_conservation(now=NOW)
    assert (checked.holds, checked.clinics[0].difference) == (False, 1)
