"""PROMISES P3, P4, P6: real worker processes, real databases, a provider double over HTTP."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, insert, select, update

from backend.db import StaffScope, WorkerScope, transaction
from backend.failpoints import EXIT_STATUS
from backend.models import Client, DeliveryAttempt, Reminder
from backend.services import health, ledger
from tests.doubles.fcm import FcmDouble
from tests.doubles.loopback_server import HANG
from tests.doubles.push_service import PushServiceDouble
from tests.factories import NOW, make_client, make_device, make_push_address, make_reminder
from tests.people import make_ana, make_ida
from tests.services.worker_process import WorkerProcess, until

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
Start = Callable[..., WorkerProcess]


@pytest.fixture
def fcm() -> Iterator[FcmDouble]:
    with FcmDouble() as double:
        yield double


@pytest.fixture
def start(database: Engine, fcm: FcmDouble, tmp_path: Path) -> Iterator[Start]:
    """Starts workers on the test's database, which send to the double."""
    account = tmp_path / "account.json"
    account.write_text(json.dumps(fcm.service_account()))
    url = database.url.render_as_string(hide_password=False)
    started: list[WorkerProcess] = []

    def start_worker(**settings: str) -> WorkerProcess:
        given = {"fcm_credentials": str(account), "fcm_url": fcm.url, **settings}
        started.append(WorkerProcess(url, tmp_path, **given))
        return started[-1]

    yield start_worker
    for worker in started:
        worker.clean_up()


def states() -> dict[str, int]:
    with transaction(WorkerScope(), write=False) as session:
        rows = session.execute(select(Reminder.state, func.count().label("rows")).group_by(Reminder.state))
        return {row.state: row.rows for row in rows}


def accepted_tries() -> Counter[UUID]:
    with transaction(WorkerScope(), write=False) as session:
        wanted = select(DeliveryAttempt.reminder_id).where(DeliveryAttempt.outcome == "accepted")
        return Counter(session.scalars(wanted))


def make_due(ana: Client, count: int, **values: Any) -> list[UUID]:
    """Many reminders due now, each under its own collapse id."""
    ids = [uuid4() for _ in range(count)]
    rows = [
        {
            "clinic_id": ana.clinic_id,
            "id": number,
            "client_id": ana.id,
            "recipient_kind": "client",
            "recipient_id": ana.id,
            "kind": "care_step",
            "lane": 1,
            "dedupe_key": number.hex,
            "collapse_id": number.hex,
            "state": "planned",
            "send_at": NOW,
            "expires_at": NOW + timedelta(hours=1),
            "attempts": 0,
            "created_at": NOW,
            **values,
        }
        for number in ids
    ]
    with transaction(StaffScope(ana.clinic_id)) as session:
        session.execute(insert(Reminder), rows)
    return ids


def end_leases() -> None:
    """Let the lease of a dead worker end at once, instead of after a minute of database time."""
    with transaction(WorkerScope()) as session:
        long_ago = NOW - timedelta(days=4000)
        session.execute(update(Reminder).where(Reminder.lease_token.is_not(None)).values(leased_until=long_ago))


@pytest.mark.parametrize("database", ["sqlite", POSTGRESQL], indirect=True)
def test_two_workers_send_each_of_2000_due_exactly_once(database: Engine, start: Start, fcm: FcmDouble) -> None:
    """On SQLite too, where they take turns at the one writer."""
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    workers = [start(), start()]
    until(lambda: len(health.get_health(now=NOW).workers) == 2)
    ids = make_due(ana, 2000)
    until(lambda: states() == {"sent": 2000}, 30)
    assert [worker.end() for worker in workers] == [0, 0]
    assert Counter(seen.message["data"]["id"] for seen in fcm.seen) == Counter(str(number) for number in ids)
    assert accepted_tries() == Counter(ids)
    shares = [int(re.findall(r"worker ended, (\d+) sent", worker.log)[0]) for worker in workers]
    assert (min(shares) > 0, sum(shares)) == (True, 2000)
    checked = ledger.check_conservation(now=NOW)
    assert checked.holds
    assert checked.clinics[0].settled["sent"] == checked.clinics[0].planned_ever == 2000


@pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)
def test_web_push_goes_out_through_the_same_worker(database: Engine, start: Start) -> None:
    ana = make_ana(make_ida())
    with PushServiceDouble() as service:
        browser = service.subscribe()
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        make_push_address(make_device(ana), kind="web_push", endpoint=browser.endpoint, token="", **keys)
        row = make_reminder(ana, kind="check_in_due")
        worker = start()
        until(lambda: states() == {"sent": 1})
        assert worker.end() == 0
        (seen,) = service.seen
    assert (seen.payload["id"], seen.payload["t"]) == (str(row.id), 3)
    assert seen.payload["notification"]["body"] == "Time for today’s check-in"
    assert seen.headers["Topic"] == row.collapse_id


@pytest.mark.parametrize("place", ["claimed", "sending", "sent", "recorded"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_crash_on_the_way_loses_nothing_and_doubles_at_most_once(
    database: Engine, start: Start, fcm: FcmDouble, place: str
) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    row = make_reminder(ana)
    assert start(test_failpoint=f"delivery.{place}").wait() == EXIT_STATUS
    before = len(fcm.seen)
    assert before == (1 if place in ("sent", "recorded") else 0)
    assert states() == {"sent" if place == "recorded" else "planned": 1}
    end_leases()
    worker = start()
    until(lambda: "worker started" in worker.log and states() == {"sent": 1})
    assert worker.end() == 0
    assert len(fcm.seen) == (2 if place == "sent" else 1)
    assert {seen.message["android"]["collapse_key"] for seen in fcm.seen} == {row.collapse_id}
    assert accepted_tries() == Counter([row.id])
    assert ledger.check_conservation(now=NOW).holds


@pytest.mark.parametrize("database", ["sqlite", POSTGRESQL], indirect=True)
def test_sigterm_drains_what_is_in_the_air_and_gives_back_the_rest(
    database: Engine, start: Start, fcm: FcmDouble
) -> None:
    ana = make_ana(make_ida())
    make_push_address(make_device(ana))
    ids = make_due(ana, 1500)
    worker = start(worker_batch="50")
    until(lambda: len(fcm.seen) > 100)
    assert worker.end() == 0
    counted = states()
    assert counted["sent"] == len(fcm.seen)
    assert sum(counted.values()) == len(ids)
    with transaction(WorkerScope(), write=False) as session:
        assert session.scalar(select(func.count()).where(Reminder.lease_token.is_not(None))) == 0
    assert accepted_tries().total() == counted["sent"]
    with transaction(WorkerScope(), write=False) as session:
        assert health.get_health(now=NOW).workers == ()  # it took its heartbeat along


@pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)
def test_after_an_outage_two_workers_send_alerts_first_and_each_client_one_push(
    database: Engine, start: Start, fcm: FcmDouble
) -> None:
    ida = make_ida()
    make_push_address(make_device(ida))
    people = [make_client(ida, "Ana") for _ in range(40)]
    for ana in people:
        make_push_address(make_device(ana))
        for hours in (5, 3, 1):
            make_due(ana, 1, send_at=NOW - timedelta(hours=hours))
        make_due(ana, 1, send_at=NOW - timedelta(hours=2), expires_at=NOW - timedelta(hours=1))
    to_ida = {"recipient_kind": "practitioner", "recipient_id": ida.id}
    reds = make_due(people[0], 5, lane=0, kind="act_now", **to_ida)
    workers = [start(), start()]
    until(lambda: states() == {"sent": 45, "merged": 120, "expired": 40})
    assert [worker.end() for worker in workers] == [0, 0]
    told = [seen.message["data"] for seen in fcm.seen]
    assert Counter(each["t"] for each in told) == {"101": 5, "2": 40}  # alerts, and "A few things for today"
    assert len({seen.address for seen in fcm.seen}) == 41
    assert {str(number) for number in reds} <= {each["id"] for each in told[:20]}
    assert health.get_health(now=NOW).reasons == ("no reminder worker is running",)  # nothing is late any more
    assert ledger.check_conservation(now=NOW).holds


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_silent_phone_holds_up_no_other_and_no_red_flag(database: Engine, start: Start, fcm: FcmDouble) -> None:
    ida = make_ida()
    ana = make_ana(ida)
    silent = make_push_address(make_device(ana), token="silent")
    fcm.script.always("silent", HANG)
    make_due(ana, 30)
    worker = start(worker_batch="200")
    until(lambda: sum(seen.address == silent.token for seen in fcm.seen) == 30)
    make_push_address(make_device(ida))
    red = make_reminder(ana, lane=0, kind="act_now", recipient_kind="practitioner", recipient_id=ida.id)
    until(lambda: red.id in accepted_tries(), 5)
    assert states() == {"planned": 30, "sent": 1}
    assert "act_now" not in worker.log


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_says_that_it_lives_and_a_faulty_setting_ends_it_in_one_line(database: Engine, start: Start) -> None:
    assert not health.get_health(now=NOW).ready
    worker = start()
    until(lambda: health.get_health(now=NOW).ready)
    (sign,) = health.get_health(now=NOW).workers
    assert (sign.alive, sign.state.in_flight_bound) == (True, 500)
    assert worker.end() == 0
    broken = start(worker_batch="many")
    assert broken.wait() == 2
    assert broken.log.strip() == "worker: FALLOW_WORKER_BATCH must be a whole number from 1 to 5000"
