"""The clinic of a simulation: an owner and a second person, every method signed, both reachable."""

from backend.db import StaffScope
from backend.services import access, clinics, devices, protocols
from backend.services.devices import NewPushAddress
from backend.simulate.deliveries import STAFF, no_web_push
from backend.simulate.people import BEGUN_AT

ZONE = "Europe/London"
PASSWORD = "nobody-signs-in-here"


def open_clinic() -> StaffScope:
    """Open it in the database that is in use; gives its owner."""
    clinic_id = clinics.add_clinic(name="Simulated Studio", zone=ZONE, country="GB", phone=None, now=BEGUN_AT)
    people = [
        clinics.add_practitioner(
            clinic_id, name=name, email=f"{role}@studio.example", role=role, password=PASSWORD, now=BEGUN_AT
        )
        for name, role in (("Dr Ida", "owner"), ("Dr Joe", "practitioner"))
    ]
    staff = StaffScope(clinic_id, people[0].id)
    clinics.name_second(staff, people[1].id, now=BEGUN_AT)
    for status in protocols.list_methods(staff):
        answers = [protocols.StepAnswer(step.id, True) for step in status.must_confirm]
        protocols.sign(staff, status.protocol.id, status.protocol.content_version, answers, now=BEGUN_AT)
    for person in people:
        signed_in, _ = access.sign_in(person.email, PASSWORD, origin="simulation", name="desk", now=BEGUN_AT)
        address = NewPushAddress("fcm_token", token=f"{STAFF}{person.role}")
        devices.register_push_address(
            signed_in.staff_scope, signed_in.device_id, address, check=no_web_push, now=BEGUN_AT
        )
    return staff
