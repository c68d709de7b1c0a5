"""Rows for the runs, many at once. Each client has one phone under the token `token-ID`; ids are made here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.metadata import version
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from backend.db import StaffScope, WorkerScope, transaction
from backend.models import (
    CarePlan,
    Client,
    Course,
    DeliveryAttempt,
    DeviceSession,
    Practitioner,
    PushAddress,
    Reminder,
    TreatedArea,
    TreatmentSession,
)
from backend.services import protocol_versions, protocols
from backend.services.sessions import hash_of
from backend.tables import Base
from tests.factories import NOW, make_device, make_push_address

CHUNK = 5000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seeded:
    """One client of a run. `plan` and `token` (a bearer) only where plans were asked for."""

    clinic: UUID
    id: UUID
    plan: UUID | None = None
    token: str = ""

    @property
    def address(self) -> str:
        """The registration token of the client's phone."""
        return f"token-{self.id.hex}"


def seed_clients(owner: Practitioner, count: int, *, joined_at: datetime = NOW, phones: bool = True) -> list[Seeded]:
    """Clients of one practitioner, each with a phone."""
    made = [Seeded(owner.clinic_id, uuid4(), token=uuid4().hex) for _ in range(count)]
    insert_rows(owner.clinic_id, Client, (_client(owner, each, joined_at) for each in made))
    insert_rows(owner.clinic_id, DeviceSession, (_device(each, joined_at) for each in made))
    if phones:
        insert_rows(owner.clinic_id, PushAddress, (_address(each, joined_at) for each in made))
    return made


def seed_plans(
    owner: Practitioner,
    count: int,
    *,
    treated_at: datetime,
    method: str = "laser",
    practitioner: Practitioner | None = None,
) -> list[Seeded]:
    """Clients with a running plan that began at `treated_at`; their reminders are planned at the first check-in.

    The owner signs; `practitioner` looks after them, the owner where none is named.
    """
    status = protocols.get_method(StaffScope(owner.clinic_id, owner.id), method)
    answers = [protocols.StepAnswer(step.id, confirmed=True) for step in status.must_confirm]
    scope = StaffScope(owner.clinic_id, owner.id)
    protocols.sign(scope, method, status.protocol.content_version, answers, now=treated_at)
    with transaction(scope, write=False) as session:
        protocol_id = protocol_versions.latest_signed(session, owner.clinic_id, method).id
    clients = seed_clients(practitioner or owner, count, joined_at=treated_at)
    made = [Seeded(each.clinic, each.id, uuid4(), each.token) for each in clients]
    for model, build in ((TreatedArea, _area), (Course, _course), (TreatmentSession, _treatment)):
        insert_rows(owner.clinic_id, model, (build(owner, each, treated_at, method) for each in made))
    rows = ({**_plan(owner, each, treated_at, method), "clinic_protocol_id": protocol_id} for each in made)
    insert_rows(owner.clinic_id, CarePlan, rows)
    return made


def seed_due(clients: Sequence[Seeded], **values: Any) -> list[UUID]:
    """One reminder for each client, due at NOW for an hour, each under its own collapse id."""
    rows = [reminder(each, **values) for each in clients]
    insert_rows(clients[0].clinic, Reminder, rows)
    return [row["id"] for row in rows]


def reminder(client: Seeded, **values: Any) -> dict[str, Any]:
    """A planned routine reminder to a client, as a row."""
    number = uuid4()
    return {
        "clinic_id": client.clinic,
        "id": number,
        "client_id": client.id,
        "care_plan_id": client.plan,
        "recipient_kind": "client",
        "recipient_id": client.id,
        "kind": "check_in_due",
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


def give_browser(person: Practitioner) -> None:
    """A practitioner's console with a push address of the kind that the doubles serve."""
    make_push_address(make_device(person), token=f"token-{person.id.hex}")


def insert_rows(clinic: UUID, model: type[Base], rows: Iterator[dict[str, Any]] | Sequence[dict[str, Any]]) -> None:
    listed = list(rows)
    for start in range(0, len(listed), CHUNK):
        with transaction(StaffScope(clinic)) as session:
            session.execute(insert(model), listed[start : start + CHUNK])


# --- what became of them ------------------------------------------------------------------------------------------


def count_states() -> dict[str, int]:
    with transaction(WorkerScope(), write=False) as session:
        rows = session.execute(select(Reminder.state, func.count().label("rows")).group_by(Reminder.state))
        return {row.state: row.rows for row in rows}


def count_pending() -> int:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(select(func.count()).where(Reminder.state == "planned")) or 0


def count_tries(outcome: str | None = None) -> int:
    wanted = select(func.count(DeliveryAttempt.id))
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(wanted if outcome is None else wanted.where(DeliveryAttempt.outcome == outcome)) or 0


def count_retired() -> int:
    with transaction(WorkerScope(), write=False) as session:
        return session.scalar(select(func.count()).where(PushAddress.retired_at.is_not(None))) or 0


def read_reminders(*columns: Any) -> list[Any]:
    """The named columns of every reminder, oldest first."""
    with transaction(WorkerScope(), write=False) as session:
        return list(session.execute(select(*columns).select_from(Reminder).order_by(Reminder.send_at, Reminder.id)))


def end_leases() -> None:
    """Let the lease of a dead worker end at once, instead of after its seconds of database time."""
    with transaction(WorkerScope()) as session:
        long_ago = NOW - timedelta(days=4000)
        session.execute(update(Reminder).where(Reminder.lease_token.is_not(None)).values(leased_until=long_ago))


# --- rows ---------------------------------------------------------------------------------------------------------


def _client(owner: Practitioner, each: Seeded, at: datetime) -> dict[str, Any]:
    return {
        "clinic_id": each.clinic,
        "id": each.id,
        "practitioner_id": owner.id,
        "name": "A client",
        "zone": "Europe/Berlin",
        "check_in_at": time(9),
        "step_times": {},
        "joined_at": at,
        "created_at": at,
    }


def _device(each: Seeded, at: datetime) -> dict[str, Any]:
    return {
        "clinic_id": each.clinic,
        "id": each.id,
        "holder_kind": "client",
        "holder_id": each.id,
        "name": "Phone",
        "platform": "android",
        "token_hash": hash_of(each.token),
        "created_at": at,
        "seen_at": at,
        "expires_at": at + 365 * DAY,
    }


def _address(each: Seeded, at: datetime) -> dict[str, Any]:
    return {
        "clinic_id": each.clinic,
        "id": each.id,
        "device_id": each.id,
        "holder_kind": "client",
        "holder_id": each.id,
        "kind": "fcm_token",
        "endpoint": "",
        "token": each.address,
        "p256dh": "",
        "auth": "",
        "address_hash": each.id.hex,
        "changed_at": at,
    }


def _area(owner: Practitioner, each: Seeded, at: datetime, method: str) -> dict[str, Any]:
    return {**_of(each), "site": "scalp", "label": "scalp", "created_at": at}


def _course(owner: Practitioner, each: Seeded, at: datetime, method: str) -> dict[str, Any]:
    return {**_of(each), "area_id": each.id, "method": method, "started_at": at}


def _treatment(owner: Practitioner, each: Seeded, at: datetime, method: str) -> dict[str, Any]:
    made = {"course_id": each.id, "area_id": each.id, "number": 1, "state": "done", "by": owner.id, "details": {}}
    return {**_of(each), **made, "started_at": at - timedelta(hours=1), "ended_at": at}


def _plan(owner: Practitioner, each: Seeded, at: datetime, method: str) -> dict[str, Any]:
    made = {"treatment_id": each.id, "area_id": each.id, "method": method, "zone": "Europe/Berlin"}
    chosen = {"tzdata": version("tzdata"), "care_style": "standard", "started_by": owner.id}
    times = {"started_at": at, "planned_until": at + 365 * DAY}  # so that the worker's extension leaves it alone
    return {**_of(each), **made, **chosen, **times, "id": each.plan}


def _of(each: Seeded) -> dict[str, Any]:
    return {"clinic_id": each.clinic, "id": each.id, "client_id": each.id}
