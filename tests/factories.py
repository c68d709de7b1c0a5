"""Rows with sensible values, made directly; what a test cares about it says itself. They return the row, saved.

Each is written by the staff of its clinic: `save(row)`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from backend.db import StaffScope, transaction
from backend.ids import new_id
from backend.models import (
    CarePlan,
    CheckIn,
    Client,
    Clinic,
    ClinicProtocol,
    Correction,
    CorrectionReceipt,
    Course,
    DeviceSession,
    Flag,
    Invite,
    Message,
    Practitioner,
    PushAddress,
    Reminder,
    TreatedArea,
    TreatmentSession,
)
from backend.tables import Guarded

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
Row = TypeVar("Row", bound=Guarded)


def save(row: Row) -> Row:
    with transaction(StaffScope(row.clinic_key())) as session:
        session.add(row)
    return row


def make_clinic(name: str = "Clear Skin", zone: str = "Europe/Berlin", **values: Any) -> Clinic:
    emergency = {"emergency": "112", "advice": "116117", "advice_name": "medical on-call service"}
    given = {
        "id": new_id(NOW),
        "phone": "+49 30 1234567",
        "country": "DE",
        "emergency": emergency,
        "created_at": NOW,
        **values,
    }
    return save(Clinic(name=name, zone=zone, **given))


def make_practitioner(clinic: Clinic, name: str, **values: Any) -> Practitioner:
    person = new_id(NOW)
    given = {
        "email": f"{name.split()[-1].lower()}.{person.hex[-8:]}@clinic.example",
        "role": "practitioner",
        "password_hash": "not a hash",
        "created_at": NOW,
        **values,
    }
    return save(Practitioner(clinic_id=clinic.id, id=person, name=name, **given))


def make_client(practitioner: Practitioner, name: str, **values: Any) -> Client:
    given = {
        "id": new_id(NOW),
        "email": None,
        "zone": "Europe/Berlin",
        "quiet_from": time(22),
        "quiet_until": time(7, 30),
        "check_in_at": time(9),
        "step_times": {},
        "joined_at": NOW,
        "created_at": NOW,
        **values,
    }
    return save(Client(clinic_id=practitioner.clinic_id, practitioner_id=practitioner.id, name=name, **given))


def make_treatment(client: Client, method: str = "laser", site: str = "scalp", **values: Any) -> TreatmentSession:
    """A finished first treatment session with its area and course; it ended at NOW."""
    key = {"clinic_id": client.clinic_id, "client_id": client.id}
    area = save(TreatedArea(**key, id=new_id(NOW), site=site, label=site, created_at=NOW))
    course = save(Course(**key, id=new_id(NOW), area_id=area.id, method=method, started_at=NOW))
    given = {
        "number": 1,
        "state": "done",
        "started_at": NOW - timedelta(hours=1),
        "ended_at": NOW,
        "by": client.practitioner_id,
        "details": {},
        **values,
    }
    return save(TreatmentSession(**key, id=new_id(NOW), course_id=course.id, area_id=area.id, **given))


def make_clinic_protocol(
    owner: Practitioner, method: str = "laser", document: Mapping[str, Any] | None = None, **values: Any
) -> ClinicProtocol:
    """A signed version; `document` is empty unless given, for tests that never read the plan."""
    given = {
        "version": 1,
        "content_version": "1.0.0",
        "overlay": [],
        "confirmed_steps": [],
        "turned_on_steps": [],
        "clinic_min_days": None,
        "document": dict(document or {}),
        "signed_at": NOW,
        **values,
    }
    signer = {"signed_by": owner.id, "signed_by_name": owner.name}
    return save(ClinicProtocol(clinic_id=owner.clinic_id, id=new_id(NOW), method=method, **signer, **given))


def make_care_plan(treatment: TreatmentSession, protocol: ClinicProtocol, **values: Any) -> CarePlan:
    given = {
        "method": protocol.method,
        "zone": "Europe/Berlin",
        "tzdata": "2026.6",
        "care_style": "standard",
        "started_at": NOW,
        "started_by": treatment.by,
        **values,
    }
    key = {"clinic_id": treatment.clinic_id, "client_id": treatment.client_id, "clinic_protocol_id": protocol.id}
    return save(CarePlan(**key, id=new_id(NOW), treatment_id=treatment.id, area_id=treatment.area_id, **given))


def make_check_in(plan: CarePlan, **values: Any) -> CheckIn:
    given = {
        "id": new_id(NOW),
        "kind": "planned",
        "occurrence_key": "check_in@d1",
        "day": 1,
        "on": (NOW + timedelta(days=1)).date(),
        "answers": {},
        "excluded": {},
        "photo_ids": [],
        "body_hash": "0" * 64,
        "claimed_at": NOW,
        "answered_at": NOW,
        "received_at": NOW,
        **values,
    }
    return save(CheckIn(clinic_id=plan.clinic_id, client_id=plan.client_id, care_plan_id=plan.id, **given))


def make_flag(plan: CarePlan, rule_id: str = "spreading_pain", **values: Any) -> Flag:
    given = {
        "urgency": "same_day",
        "level": "today",
        "raised_by": "check_in",
        "source_id": new_id(NOW),
        "raised_at": NOW,
        **values,
    }
    key = {"clinic_id": plan.clinic_id, "client_id": plan.client_id, "care_plan_id": plan.id, "area_id": plan.area_id}
    return save(Flag(**key, id=new_id(NOW), rule_id=rule_id, **given))


def make_correction(plan: CarePlan, **values: Any) -> Correction:
    """A recall of a whole version, sent to the client of one plan, not read yet."""
    given = {"method": plan.method, "version": 1, "words": "Please stop.", "by_name": "Dr Ida", "at": NOW, **values}
    row = save(Correction(clinic_id=plan.clinic_id, id=new_id(NOW), **given))
    key = {"clinic_id": plan.clinic_id, "client_id": plan.client_id, "care_plan_id": plan.id}
    save(CorrectionReceipt(**key, id=new_id(NOW), correction_id=row.id))
    return row


def make_message(client: Client, words: str, **values: Any) -> Message:
    """A message of the client, which nobody has seen or answered."""
    given = {"id": new_id(NOW), "claimed_at": NOW, "at": NOW, "received_at": NOW, **values}
    return save(Message(clinic_id=client.clinic_id, client_id=client.id, words=words, **given))


def make_reminder(client: Client, **values: Any) -> Reminder:
    """A planned routine reminder to the client, due at NOW, for an hour."""
    number = new_id(NOW)
    given = {
        "recipient_kind": "client",
        "recipient_id": client.id,
        "kind": "check_in",
        "lane": 1,
        "dedupe_key": f"check_in@d1:{number}",
        "collapse_id": number.hex,
        "state": "planned",
        "send_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
        "created_at": NOW,
        **values,
    }
    return save(Reminder(clinic_id=client.clinic_id, id=number, client_id=client.id, **given))


def make_device(holder: Client | Practitioner, token_hash: str | None = None, **values: Any) -> DeviceSession:
    given = {
        "holder_kind": "client" if isinstance(holder, Client) else "practitioner",
        "name": "Phone",
        "platform": "android",
        "created_at": NOW,
        "seen_at": NOW,
        "expires_at": NOW + timedelta(days=90),
        **values,
    }
    number = new_id(NOW)
    key = {"clinic_id": holder.clinic_id, "id": number, "holder_id": holder.id}
    return save(DeviceSession(**key, token_hash=token_hash or number.hex, **given))


def make_push_address(device: DeviceSession, **values: Any) -> PushAddress:
    number = new_id(NOW)
    given = {
        "kind": "fcm_token",
        "endpoint": "",
        "token": f"token-{number.hex}",
        "p256dh": "",
        "auth": "",
        "address_hash": number.hex,
        "changed_at": NOW,
        **values,
    }
    holder = {"holder_kind": device.holder_kind, "holder_id": device.holder_id}
    return save(PushAddress(clinic_id=device.clinic_id, id=number, device_id=device.id, **holder, **given))


def make_invite(client: Client, code_hash: str | None = None, **values: Any) -> Invite:
    number = new_id(NOW)
    given = {"made_by": client.practitioner_id, "made_at": NOW, "expires_at": NOW + timedelta(hours=48), **values}
    key = {"clinic_id": client.clinic_id, "client_id": client.id, "id": number}
    return save(Invite(**key, code_hash=code_hash or number.hex, **given))


def scope_of(person: Practitioner) -> StaffScope:
    return StaffScope(person.clinic_id, person.id)


def unknown_id() -> UUID:
    """An id that no row has."""
    return new_id(NOW)
