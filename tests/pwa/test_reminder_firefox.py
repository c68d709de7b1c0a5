"""A reminder that falls due is shown by a real Firefox: planned, claimed, encrypted, pushed, decrypted, confirmed.

While the app is open, while it is closed, and after the browser's subscription has changed.
"""

from pathlib import Path

import pytest
from sqlalchemy import select

from backend.db import transaction
from backend.models import PushAddress, Reminder
from backend.services.push_texts import get_text
from tests.pwa.firefox import Firefox, open_firefox
from tests.pwa.server import LivePractice, Patient
from tests.services.worker_process import until

pytestmark = pytest.mark.browser

PATIENCE_S = 30
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  return (await registration.getNotifications()).map(({title, body, data}) => ({title, body, id: data.id}));
}"""


def find_next(patient: Patient) -> Reminder:
    """The reminder that is to be pushed next to this client."""
    with transaction(patient.scope, write=False) as session:
        waiting = select(Reminder).where(
            Reminder.client_id == patient.scope.client_id,
            Reminder.recipient_kind == "client",
            Reminder.state == "planned",
            Reminder.carrier_id.is_(None),
        )
        return session.scalars(waiting.order_by(Reminder.send_at).limit(1)).one()


def load(reminder: Reminder, patient: Patient) -> Reminder:
    with transaction(patient.scope, write=False) as session:
        return session.scalars(select(Reminder).where(Reminder.id == reminder.id)).one()


def list_addresses(patient: Patient) -> list[str]:
    """Where the client's pushes go, retired addresses left out."""
    with transaction(patient.scope, write=False) as session:
        held = select(PushAddress.endpoint).where(PushAddress.holder_id == patient.scope.client_id)
        return list(session.scalars(held.where(PushAddress.retired_at.is_(None))))


def join(firefox: Firefox, patient: Patient) -> None:
    """From the link to Today, with reminders turned on."""
    firefox.open(patient.link)
    firefox.tap(f"Yes, I am {patient.name}")
    firefox.tap("Agree and continue")
    firefox.tap("Turn on reminders")
    firefox.tap("Go to Today")
    firefox.sees("Your care today")


def fall_due(practice: LivePractice, patient: Patient) -> Reminder:
    """Moves the clock to the next reminder and waits until the phone has confirmed it."""
    planned = find_next(patient)
    practice.move_clock(planned.send_at)
    until(lambda: load(planned, patient).shown_at is not None, PATIENCE_S)
    assert load(planned, patient).state == "sent"
    assert find_next(patient).send_at > practice.now, "the worker held something back"
    return planned


def describe(reminder: Reminder) -> dict[str, str]:
    return {"title": "Fallow", "body": get_text("client", reminder.kind).words, "id": str(reminder.id)}


def test_a_reminder_is_shown_in_neutral_words_with_the_app_open_or_closed_and_after_a_new_subscription(
    practice: LivePractice, tmp_path: Path
) -> None:
    service = practice.start_push_service()
    ana = practice.treat("Ana", "saline", day=3)
    with open_firefox(tmp_path, practice.push_port) as firefox:
        join(firefox, ana)
        shown = [describe(fall_due(practice, ana))]
        assert firefox.run(SHOWN) == shown

        firefox.open("about:blank")
        shown.append(describe(fall_due(practice, ana)))

        (before,) = list_addresses(ana)
        practice.end(service)
        practice.start_push_service()  # it has forgotten every browser
        until(lambda: list_addresses(ana) != [before], PATIENCE_S)
        last = fall_due(practice, ana)
        shown.append(describe(last))

        firefox.open(practice.url)
        assert sorted(firefox.run(SHOWN), key=lambda one: one["id"]) == sorted(shown, key=lambda one: one["id"])
        firefox.open(f"{practice.url}/o/{last.id}")
        firefox.sees("Your care today")
