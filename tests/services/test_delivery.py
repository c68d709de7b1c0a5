"""PROMISES P3-P5, T3: claim, last look and record on both databases, one outcome at a time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from backend.db import StaffScope, WorkerScope, transaction
from backend.models import Client, DeliveryAttempt, PushAddress, Reminder
from backend.ports import Outcome, PushResult
from backend.services import delivery, delivery_sql, expiry, ledger
from backend.services.delivery_results import Claim, Settlement, Try, resolve_settlement
from tests.factories import NOW, make_device, make_message, make_push_address, make_reminder
from tests.people import make_ana, make_ben, make_cleo, make_ida, make_joe

LATER = NOW + timedelta(minutes=1)


def claim(lane: int = 1, limit: int = 10, lease_s: int = 60, now: Any = NOW) -> tuple[Claim, ...]:
    return delivery.claim(lane, limit=limit, lease_s=lease_s, now=now)


def answer(claimed: Claim, *outcomes: Outcome, held: bool = False, **more: Any) -> Settlement:
    """What the addresses of a claim answered, one outcome each."""
    tries = tuple(
        Try("fcm", PushResult(outcome, **more), address)
        for outcome, address in zip(outcomes, claimed.addresses, strict=True)
    )
    return resolve_settlement(claimed, tries, held=held, now=NOW, jitter=0.5)


def read(reminder_id: UUID) -> Reminder:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalars(select(Reminder).where(Reminder.id == reminder_id)).one()


def attempts(reminder_id: UUID) -> Sequence[DeliveryAttempt]:
    with transaction(WorkerScope(), write=False) as session:
        wanted = select(DeliveryAttempt).where(DeliveryAttempt.reminder_id == reminder_id)
        return session.scalars(wanted.order_by(DeliveryAttempt.id)).all()


def retired() -> dict[UUID, str | None]:
    with transaction(WorkerScope(), write=False) as session:
        rows = session.scalars(select(PushAddress).where(PushAddress.retired_at.is_not(None)))
        return {row.id: row.retire_reason for row in rows}


def end_leases() -> None:
    """What database time does to a lease whose worker hangs."""
    with transaction(WorkerScope()) as session:
        long_ago = NOW - timedelta(days=4000)
        session.execute(update(Reminder).where(Reminder.lease_token.is_not(None)).values(leased_until=long_ago))


def ana_with_phones(count: int = 1) -> tuple[Client, list[PushAddress]]:
    ana = make_ana(make_ida())
    return ana, [make_push_address(make_device(ana)) for _ in range(count)]


def test_a_claim_brings_what_is_due_with_its_addresses_oldest_first(database: Engine) -> None:
    ana, phones = ana_with_phones(2)
    gone = make_push_address(make_device(ana), retired_at=NOW, retire_reason="gone")
    second = make_reminder(ana, send_at=NOW - timedelta(minutes=1))
    first = make_reminder(ana, send_at=NOW - timedelta(minutes=5))
    make_reminder(ana, send_at=LATER)
    make_reminder(ana, send_at=NOW - timedelta(hours=2), expires_at=NOW)
    make_reminder(ana, carrier_id=first.id)
    make_reminder(ana, lane=0)
    claimed = claim()
    assert [each.id for each in claimed] == [first.id, second.id]
    for each in claimed:
        assert {address.target.id for address in each.addresses} == {phone.id for phone in phones}
    assert gone.id not in {address.target.id for each in claimed for address in each.addresses}


def test_the_lanes_are_claimed_apart_and_a_limit_holds(database: Engine) -> None:
    ana, _ = ana_with_phones()
    red = make_reminder(ana, lane=0)
    for _ in range(3):
        make_reminder(ana)
    assert [each.id for each in claim(lane=0)] == [red.id]
    assert len(claim(limit=2)) == 2
    assert len(claim(limit=2)) == 1


def test_addresses_of_another_client_or_clinic_are_never_taken(database: Engine) -> None:
    ida = make_ida()
    ana, ben, cleo = make_ana(ida), make_ben(ida), make_cleo(make_joe())
    phones = {person.id: make_push_address(make_device(person)).id for person in (ana, ben, cleo)}
    for person in (ana, ben, cleo):
        make_reminder(person)
    for each in claim():
        assert [address.target.id for address in each.addresses] == [phones[each.recipient_id]]


def test_what_is_claimed_is_not_claimed_again_until_its_lease_ends_by_database_time(database: Engine) -> None:
    ana, _ = ana_with_phones()
    make_reminder(ana, expires_at=NOW.replace(year=2195))
    first = claim()
    assert claim(now=NOW.replace(year=2190)) == ()  # the product's clock may be ahead: leases do not go by it
    end_leases()
    second = claim()
    assert [each.id for each in second] == [each.id for each in first]
    assert second[0].token != first[0].token


def test_accepted_is_sent_with_its_attempt(database: Engine) -> None:
    ana, phones = ana_with_phones()
    row = make_reminder(ana)
    (claimed,) = claim()
    assert read(row.id).state == "planned"  # marked only after the provider said so
    assert delivery.record([answer(claimed, "accepted", provider_id="m/1")], now=LATER) == 1
    sent = read(row.id)
    assert (sent.state, sent.settled_at, sent.lease_token, sent.attempts) == ("sent", LATER, None, 1)
    (tried,) = attempts(row.id)
    assert (tried.outcome, tried.address_id, tried.attempt, tried.provider_id) == ("accepted", phones[0].id, 1, "m/1")
    assert claim() == ()


def test_one_phone_that_is_gone_retires_alone_and_the_other_counts(database: Engine) -> None:
    ana, phones = ana_with_phones(2)
    row = make_reminder(ana)
    (claimed,) = claim()
    delivery.record([answer(claimed, "gone", "accepted")], now=NOW)
    assert read(row.id).state == "sent"
    assert retired() == {claimed.addresses[0].target.id: "gone"}
    assert len(attempts(row.id)) == 2
    assert len(phones) == 2


def test_the_last_phone_gone_is_unreachable(database: Engine) -> None:
    ana, phones = ana_with_phones()
    row = make_reminder(ana)
    delivery.record([answer(claim()[0], "gone")], now=NOW)
    assert (read(row.id).state, read(row.id).reason) == ("unreachable", "address gone")
    assert retired() == {phones[0].id: "gone"}


def test_an_address_that_changed_since_the_claim_is_not_retired(database: Engine) -> None:
    ana, phones = ana_with_phones()
    make_reminder(ana)
    (claimed,) = claim()
    with transaction(StaffScope(ana.clinic_id)) as session:  # the phone hands over a new address meanwhile
        session.execute(update(PushAddress).values(address_hash="another"))
    delivery.record([answer(claimed, "gone")], now=NOW)
    assert retired() == {}
    assert len(phones) == 1


def test_nobody_to_send_to_is_unreachable(database: Engine) -> None:
    row = make_reminder(make_ana(make_ida()))
    delivery.record([answer(claim()[0])], now=NOW)
    assert (read(row.id).state, read(row.id).reason) == ("unreachable", "no address")
    assert attempts(row.id) == []


def test_retry_later_moves_the_row_and_keeps_its_collapse_id(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana)
    (claimed,) = claim()
    delivery.record([answer(claimed, "retry_later", retry_after_s=120)], now=NOW)
    waiting = read(row.id)
    assert (waiting.state, waiting.lease_token, waiting.attempts) == ("planned", None, 1)
    assert NOW + timedelta(seconds=120) < waiting.send_at < NOW + timedelta(seconds=130)
    assert claim(now=NOW + timedelta(seconds=119)) == ()
    (again,) = claim(now=waiting.send_at)
    assert (again.collapse_id, again.attempts) == (claimed.collapse_id, 1)


def test_without_time_for_another_try_it_expires(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana, expires_at=LATER)
    delivery.record([answer(claim()[0], "retry_later", retry_after_s=120)], now=NOW)
    assert (read(row.id).state, read(row.id).reason) == ("expired", "no time for another try")


def test_rejected_fails_alone(database: Engine) -> None:
    ana, _ = ana_with_phones()
    bad, good = make_reminder(ana, send_at=NOW - timedelta(minutes=1)), make_reminder(ana)
    first, second = claim()
    delivery.record([answer(first, "rejected"), answer(second, "accepted")], now=NOW)
    assert (read(bad.id).state, read(bad.id).reason) == ("failed", "rejected")
    assert read(good.id).state == "sent"
    assert retired() == {}


def test_a_wrong_key_of_ours_retires_nothing_and_the_row_waits(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana)
    delivery.record([answer(claim()[0], "misconfigured")], now=NOW)
    assert (read(row.id).state, read(row.id).reason) == ("planned", "channel stopped")
    assert read(row.id).send_at > NOW
    assert retired() == {}


def test_a_held_row_waits_without_an_attempt(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana)
    (claimed,) = claim()
    delivery.record([resolve_settlement(claimed, (), held=True, now=NOW, jitter=1)], now=NOW)
    assert (read(row.id).state, read(row.id).attempts, attempts(row.id)) == ("planned", 0, [])


def test_a_worker_that_lost_its_lease_cannot_write_but_its_try_is_kept(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana)
    (slow,) = claim()
    end_leases()
    (quick,) = claim()
    assert delivery.record([answer(slow, "rejected")], now=NOW) == 0
    assert read(row.id).state == "planned"
    assert delivery.record([answer(quick, "accepted")], now=NOW) == 1
    assert delivery.record([answer(slow, "rejected")], now=NOW) == 0
    assert read(row.id).state == "sent"
    assert [tried.outcome for tried in attempts(row.id)] == ["rejected", "accepted", "rejected"]


def withdraw(row: Reminder) -> None:
    with transaction(WorkerScope()) as session:
        kept = session.get_one(Reminder, (row.clinic_id, row.id))
        kept.state, kept.reason, kept.settled_at = "withdrawn", "done", NOW
        kept.lease_token, kept.leased_until = None, None


def test_withdrawn_between_claim_and_send_is_not_sent(database: Engine) -> None:
    ana, _ = ana_with_phones()
    done, other = make_reminder(ana), make_reminder(ana)
    claimed = claim()
    withdraw(done)
    assert [each.id for each in delivery.look_again(claimed, now=NOW)] == [other.id]
    assert [each.id for each in delivery.look_again(claimed, now=NOW, renew_s=60)] == [other.id]


def test_moved_between_claim_and_send_is_given_back(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana)
    claimed = claim()
    with transaction(WorkerScope()) as session:
        session.get_one(Reminder, (row.clinic_id, row.id)).send_at = LATER
    assert delivery.look_again(claimed, now=NOW) == ()
    assert [each.id for each in claim(now=LATER)] == [row.id]


def test_a_lease_that_has_ended_is_no_right_to_send(database: Engine) -> None:
    ana, _ = ana_with_phones()
    make_reminder(ana)
    claimed = claim()
    end_leases()
    assert delivery.look_again(claimed, now=NOW) == ()


def test_what_was_claimed_ahead_is_given_back_by_token(database: Engine) -> None:
    ana, _ = ana_with_phones()
    make_reminder(ana)
    claimed = claim()
    delivery.release(claimed)
    (again,) = claim()
    delivery.release(claimed)  # an old token frees nothing
    assert claim() == ()
    assert again.token != claimed[0].token


@pytest.mark.parametrize(
    ("outcome", "state", "carried_state"),
    [("accepted", "sent", "merged"), ("rejected", "failed", "failed"), ("gone", "unreachable", "unreachable")],
)
def test_what_a_carrier_carries_ends_with_it(
    database: Engine, outcome: Outcome, state: str, carried_state: str
) -> None:
    ana, _ = ana_with_phones()
    carrier = make_reminder(ana, kind="merged")
    carried = make_reminder(ana, carrier_id=carrier.id)
    past = make_reminder(ana, carrier_id=carrier.id, expires_at=NOW)
    apart = make_reminder(ana, send_at=LATER)
    delivery.record([answer(claim()[0], outcome)], now=NOW)
    assert (read(carrier.id).state, read(carried.id).state) == (state, carried_state)
    assert (read(past.id).state, read(past.id).reason) == ("expired", "window closed")
    assert read(apart.id).state == "planned"
    assert ledger.check_conservation(now=NOW).holds


def test_a_carrier_that_waits_keeps_what_it_carries(database: Engine) -> None:
    ana, _ = ana_with_phones()
    carrier = make_reminder(ana, kind="merged")
    carried = make_reminder(ana, carrier_id=carrier.id)
    delivery.record([answer(claim()[0], "retry_later")], now=NOW)
    assert (read(carried.id).state, read(carried.id).carrier_id) == ("planned", carrier.id)


def test_past_its_window_it_expires_but_not_while_it_is_in_the_air(database: Engine) -> None:
    ana, _ = ana_with_phones()
    row = make_reminder(ana, expires_at=LATER)
    other = make_reminder(ana, send_at=LATER, expires_at=LATER + timedelta(hours=1))
    (claimed,) = claim()
    assert expiry.expire(now=LATER) == 0
    delivery.release([claimed])
    assert expiry.expire(now=LATER) == 1
    assert (read(row.id).state, read(row.id).reason, read(row.id).settled_at) == ("expired", "window closed", LATER)
    assert read(other.id).state == "planned"


def test_carried_rows_expire_each_by_its_own_time(database: Engine) -> None:
    ana, _ = ana_with_phones()
    carrier = make_reminder(ana, kind="merged", expires_at=NOW + timedelta(hours=2))
    short = make_reminder(ana, carrier_id=carrier.id, expires_at=LATER)
    long = make_reminder(ana, carrier_id=carrier.id, expires_at=NOW + timedelta(hours=2))
    assert expiry.expire(now=LATER) == 1
    assert (read(short.id).state, read(long.id).state) == ("expired", "planned")


def test_a_row_hung_on_a_carrier_that_had_just_gone_out_is_not_lost(database: Engine) -> None:
    ana, _ = ana_with_phones()
    sent = make_reminder(ana, kind="merged", state="sent", settled_at=NOW)
    withdrawn = make_reminder(ana, kind="merged", state="withdrawn", settled_at=NOW)
    told, left = make_reminder(ana, carrier_id=sent.id), make_reminder(ana, carrier_id=withdrawn.id)
    assert claim() == ()
    expiry.expire(now=NOW)
    assert (read(told.id).state, read(told.id).reason) == ("merged", "carrier sent")
    assert [each.id for each in claim()] == [left.id]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_two_claims_at_once_share_no_row_and_wait_for_none(database: Engine) -> None:
    ana, _ = ana_with_phones()
    for _ in range(4):
        make_reminder(ana)
    with transaction(WorkerScope()) as session:
        held = session.scalars(select(Reminder).order_by(Reminder.id).limit(2).with_for_update()).all()
        claimed = claim()
    assert {each.id for each in claimed}.isdisjoint(row.id for row in held)
    assert len(claimed) == 2


def test_the_claim_reads_the_partial_index_alone(sqlite: Engine) -> None:
    given = {"lane": 1, "now": NOW, "until": NOW, "token": UUID(int=1), "lease_s": 60}
    explained = delivery_sql.typed(f"EXPLAIN QUERY PLAN {delivery_sql.claim('sqlite', 5).element.text}")
    with transaction(WorkerScope(), write=False) as session:
        steps = [row[-1] for row in session.execute(explained, given)]
    assert any("ix_reminder_due (lane=? AND send_at<?)" in step for step in steps), steps
    assert not any(step.startswith("SCAN reminder") for step in steps), steps


def test_the_number_on_the_icon_counts_unread_messages_and_what_the_push_is_about(database: Engine) -> None:
    ana = make_ana(make_ida())
    device = make_device(ana)
    make_push_address(device, kind="web_push", endpoint="https://push.example/1")
    make_message(ana, "Hers, which is no news to her")
    for words in ("One", "Two"):
        make_message(ana, words, by=ana.practitioner_id, by_name="Ida")
    make_message(ana, "Read", by=ana.practitioner_id, by_name="Ida", seen_at=NOW)
    for kind in ("message", "check_in_due"):
        make_reminder(ana, kind=kind, send_at=NOW)
    assert {row.kind: row.badge for row in claim(now=LATER)} == {"message": 2, "check_in_due": 3}
