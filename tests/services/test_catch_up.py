"""PROMISES P6: a backlog after an outage is not a flood. On both databases, through the worker's own claim."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, update

from backend.db import StaffScope, WorkerScope, transaction
from backend.models import Client, Practitioner, Reminder
from backend.ports import PushResult
from backend.services import care_plans, catch_up, delivery, expiry, ledger
from backend.services.delivery_results import CHANNEL_STOPPED, Claim, Try, resolve_settlement
from tests.factories import NOW, make_device, make_push_address, make_reminder
from tests.people import make_ana, make_ben, make_ida
from tests.services.practice import Practice, day, open_practice, sign, start_plan, tap

SIX_HOURS = timedelta(hours=6)
NIGHT = NOW - timedelta(hours=5)  # 4 am in Berlin


def claim(now: object = NOW, limit: int = 100) -> tuple[Claim, ...]:
    return delivery.claim(1, limit=limit, lease_s=60, now=now)  # type: ignore[arg-type]


def claim_and_gather(now: object = NOW) -> tuple[Claim, ...]:
    """What the worker does before it sends."""
    return catch_up.gather_late(claim(now), now=now)  # type: ignore[arg-type]


def accept(claims: Sequence[Claim], now: object = NOW) -> None:
    answers = [(each, tuple(Try("fcm", PushResult("accepted"), of) for of in each.addresses)) for each in claims]
    settled = [resolve_settlement(each, tries, held=False, now=NOW, jitter=0.5) for each, tries in answers]
    delivery.record(settled, now=now)  # type: ignore[arg-type]


def rows_of(client: Client) -> dict[str, list[Reminder]]:
    """All rows of a client by kind."""
    with transaction(WorkerScope(), write=False) as session:
        found: dict[str, list[Reminder]] = {}
        for row in session.scalars(select(Reminder).where(Reminder.client_id == client.id).order_by(Reminder.id)):
            found.setdefault(row.kind, []).append(row)
        return found


def read(reminder_id: UUID) -> Reminder:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalars(select(Reminder).where(Reminder.id == reminder_id)).one()


def ana_with_phone() -> Client:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    return ana


def make_ben_beside(ana: Client) -> Client:
    """One more client of Ana's practitioner, with a phone."""
    with transaction(StaffScope(ana.clinic_id), write=False) as session:
        ida = session.get_one(Practitioner, (ana.clinic_id, ana.practitioner_id))
    ben = make_ben(ida)
    make_push_address(make_device(ben))
    return ben


def make_late(client: Client, kind: str = "care_step", hours: float = 5, **values: object) -> Reminder:
    sent = {"send_at": NOW - timedelta(hours=hours), "expires_at": NOW + timedelta(hours=1), **values}
    return make_reminder(client, kind=kind, **sent)


def test_six_hours_of_reminders_are_one_push_and_what_is_past_expires(database: Engine) -> None:
    ana = ana_with_phone()
    late = [make_late(ana, kind, hours) for kind, hours in (("check_in_due", 5), ("care_step", 3), ("mask_due", 1))]
    fresh = make_reminder(ana, kind="care_step")
    past = make_late(ana, expires_at=NOW)
    assert claim_and_gather() == ()
    (carrier,) = claim_and_gather()
    assert (carrier.kind, carrier.send_at, carrier.expires_at) == ("merged", NOW, NOW + timedelta(hours=1))
    assert all(read(row.id).state == "planned" for row in late)  # until the provider has said yes
    accept([carrier])
    expiry.expire(now=NOW)
    assert [(read(row.id).state, read(row.id).reason) for row in (*late, fresh)] == [("merged", "carrier sent")] * 4
    assert (read(past.id).state, read(past.id).reason) == ("expired", "window closed")
    assert claim() == ()
    assert ledger.check_conservation(now=NOW).holds


def test_each_row_s_trail_says_what_became_of_it(database: Engine) -> None:
    ana = ana_with_phone()
    told = make_late(ana, trail="at 9:00")
    silent = make_late(ana, trail="x" * 200)
    claim_and_gather()
    assert read(told.id).trail == "at 9:00; late, merged with 1 other"
    assert read(silent.id).trail == "x" * 200
    (carrier,) = rows_of(ana)["merged"]
    assert carrier.trail == "carries 2 messages that were late"
    assert len(carrier.collapse_id) == 32
    assert carrier.id.hex not in carrier.collapse_id


def test_a_carrier_planned_before_the_outage_goes_with_all_that_it_carries(database: Engine) -> None:
    ana = ana_with_phone()
    planned = make_late(ana, "merged")
    carried = [make_late(ana, carrier_id=planned.id) for _ in range(2)]
    alone = make_late(ana, "check_in_due")
    claim_and_gather()
    (carrier,) = claim_and_gather()
    accept([carrier])
    assert {read(row.id).state for row in (planned, alone, *carried)} == {"merged"}
    assert {read(row.id).carrier_id for row in (planned, alone, *carried)} == {carrier.id}
    assert ledger.check_conservation(now=NOW).holds


def test_one_late_push_goes_alone_and_under_its_own_name(database: Engine) -> None:
    ana = ana_with_phone()
    row = make_late(ana, "check_in_due")
    carrier = make_late(ben := make_ben_beside(ana), "merged")
    make_late(ben, carrier_id=carrier.id)
    assert {each.id for each in claim_and_gather()} == {row.id, carrier.id}
    assert read(row.id).reason == catch_up.LOOKED_AT


@pytest.mark.parametrize("kind", ["message", "correction", "plan_changed", "help_followup", "mask_done", "paused"])
def test_what_must_not_drown_in_a_list_goes_alone(database: Engine, kind: str) -> None:
    ana = ana_with_phone()
    row = make_late(ana, kind)
    for _ in range(2):
        make_late(ana)
    assert [each.id for each in claim_and_gather()] == [row.id]


def test_a_practitioner_s_pushes_are_left_alone(database: Engine) -> None:
    ana = ana_with_phone()
    to_ida = {"recipient_kind": "practitioner", "recipient_id": ana.practitioner_id}
    alerts = [make_late(ana, "digest", **to_ida), make_late(ana, "message", **to_ida)]
    red = [make_late(ana, "act_now", lane=0, **to_ida), make_late(ana, "alarm", lane=0, **to_ida)]
    make_late(ana)
    make_late(ana)
    assert {each.id for each in claim_and_gather()} == {row.id for row in alerts}
    assert {each.id for each in delivery.claim(0, limit=9, lease_s=60, now=NOW)} == {row.id for row in red}


def test_an_outage_that_ends_at_night_wakes_nobody(database: Engine) -> None:
    ana, window = ana_with_phone(), {"expires_at": NOW + timedelta(hours=3)}
    two = [make_late(ana, hours=hours, **window) for hours in (8, 9)]
    ben = make_ben_beside(ana)
    one = make_late(ben, "message", 9, **window)
    short = make_late(make_ben_beside(ana), hours=9, expires_at=NIGHT + timedelta(minutes=5))
    timer = make_late(ben, "mask_done", 5.1, **window)
    assert [each.id for each in claim_and_gather(NIGHT)] == [timer.id]
    assert claim(NIGHT) == ()
    quiet_until = NOW - timedelta(hours=1.5)  # 7:30 in Berlin
    (carrier,) = rows_of(ana)["merged"]
    assert (carrier.send_at, read(one.id).send_at) == (quiet_until, quiet_until)
    expiry.expire(now=NIGHT + timedelta(minutes=5))
    assert (read(short.id).state, read(short.id).reason) == ("expired", "window closed")
    morning = claim_and_gather(quiet_until)
    assert {each.id for each in morning} == {carrier.id, one.id}
    accept(morning, quiet_until)
    assert {read(row.id).state for row in two} == {"merged"}
    assert ledger.check_conservation(now=quiet_until).holds


def test_what_was_tried_keeps_its_collapse_id(database: Engine) -> None:
    ana = ana_with_phone()
    tried = make_late(ana, attempts=1, reason="provider busy")
    for _ in range(2):
        make_late(ana)
    assert [(each.id, each.collapse_id) for each in claim_and_gather()] == [(tried.id, tried.collapse_id)]


def test_what_a_stopped_channel_held_up_is_merged_when_it_goes_on(database: Engine) -> None:
    ana = ana_with_phone()
    held = {"send_at": NOW, "expires_at": NOW + timedelta(hours=1), "reason": CHANNEL_STOPPED}
    rows = [make_reminder(ana, kind="care_step", **held) for _ in range(3)]
    assert claim_and_gather() == ()
    (carrier,) = claim_and_gather()
    assert {read(row.id).carrier_id for row in rows} == {carrier.id}


def test_two_workers_that_share_a_client_s_backlog_make_one_push(database: Engine) -> None:
    ana = ana_with_phone()
    rows = [make_late(ana, hours=number + 1) for number in range(6)]
    first, second = claim(limit=3), claim(limit=3)
    assert (len(first), len(second)) == (3, 3)
    for claimed in (first, second):
        assert delivery.look_again(catch_up.gather_late(claimed, now=NOW), now=NOW) == ()
    (carrier,) = rows_of(ana)["merged"]
    assert {read(row.id).carrier_id for row in rows} == {carrier.id}
    catch_up.gather_late(first, now=NOW)
    assert len(rows_of(ana)["merged"]) == 1  # again changes nothing


def test_what_another_worker_may_be_sending_is_not_taken_from_it(database: Engine) -> None:
    ana = ana_with_phone()
    in_the_air = make_late(ana, hours=0.4)
    (other,) = claim()
    alone = make_late(ana, hours=2)
    (looked_at,) = claim_and_gather()
    make_late(ana, hours=3)
    assert [each.send_at for each in claim_and_gather()] == [NOW - timedelta(hours=3)]
    assert (other.id, looked_at.id) == (in_the_air.id, alone.id)
    assert [each.id for each in delivery.look_again([other], now=NOW)] == [in_the_air.id]
    assert [each.id for each in delivery.look_again([looked_at], now=NOW)] == [alone.id]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_workers_that_catch_up_at_the_same_moment_send_each_client_one_push(database: Engine) -> None:
    ana = ana_with_phone()
    people = [ana, *(make_ben_beside(ana) for _ in range(7))]
    for person in people:
        for hours in range(1, 5):
            make_late(person, hours=hours)
    start = threading.Barrier(3)
    taken: list[Claim] = []

    def work() -> None:
        start.wait()
        while claims := claim(limit=3):
            taken.extend(delivery.look_again(catch_up.gather_late(claims, now=NOW), now=NOW))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert Counter(each.recipient_id for each in taken) == Counter(person.id for person in people)
    assert {each.kind for each in taken} == {"merged"}


def test_a_backlog_under_stale_leases_is_caught_up_too(database: Engine) -> None:
    ana = ana_with_phone()
    rows = [make_late(ana, hours=number + 1) for number in range(4)]
    claim(limit=3)  # and then its process was killed
    claimed = claim()
    assert catch_up.gather_late(claimed, now=NOW) == ()
    with transaction(WorkerScope()) as session:
        leases = session.execute(update(Reminder).where(Reminder.lease_token.is_not(None)).values(lease_token=None))
    assert leases.rowcount == 0  # type: ignore[attr-defined]
    assert len(rows_of(ana)["merged"]) == 1
    assert len({read(row.id).carrier_id for row in rows}) == 1


def test_a_change_of_plan_after_the_outage_keeps_what_was_merged_and_takes_out_what_is_done(database: Engine) -> None:
    practice = open_practice()
    sign(practice, "saline")
    plan = start_plan(practice, "saline")
    evening = day(1, 21)
    expiry.expire(now=evening)
    claim_and_gather(evening)
    (carrier,) = pending_carriers(practice)
    carried = rows_on(practice, carrier)
    assert len(carried) > 1
    first = next(row for row in carried if row.kind == "care_step")
    assert first.occurrence_key is not None
    tap(practice, plan, first.occurrence_key, "done", evening)
    assert [row.id for row in pending_carriers(practice)] == [carrier.id]
    said = {(row.kind, row.occurrence_key) for row in carried if row.kind != "merged"}
    left = {(row.kind, row.occurrence_key) for row in rows_on(practice, carrier) if row.kind != "merged"}
    assert left == said - {(first.kind, first.occurrence_key)}
    care_plans.pause(practice.staff, plan, reason="in hospital", now=evening)
    assert pending_carriers(practice) == []
    assert rows_on(practice, carrier) == []
    assert ledger.check_conservation(now=evening).holds


def pending_carriers(practice: Practice) -> list[Reminder]:
    """What catching up has made and nobody has sent."""
    with transaction(practice.staff, write=False) as session:
        made = select(Reminder).where(Reminder.dedupe_key.startswith("catch_up:"), Reminder.state == "planned")
        return list(session.scalars(made))


def rows_on(practice: Practice, carrier: Reminder) -> list[Reminder]:
    with transaction(practice.staff, write=False) as session:
        return list(session.scalars(select(Reminder).where(Reminder.carrier_id == carrier.id).order_by(Reminder.id)))
