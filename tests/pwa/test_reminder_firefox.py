"""A reminder that falls due is shown by a real Firefox: planned, claimed, encrypted, pushed, decrypted, confirmed."""

from pathlib import Path

import pytest
from sqlalchemy import select

from backend.db import transaction
from backend.models import Reminder
from backend.services.push_texts import get_text
from tests.pwa.firefox import Firefox, open_firefox
from tests.pwa.server import LivePractice, Patient
from tests.services.worker_process import until

pytestmark = pytest.mark.browser

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


def join(firefox: Firefox, patient: Patient) -> None:
    """From the link to Today, with reminders turned on."""
    firefox.open(patient.link)
    firefox.tap(f"Yes, I am {patient.name}")
    firefox.tap("Agree and continue")
    firefox.tap("Turn on reminders")
    firefox.tap("Go to Today")
    firefox.sees("Your care today")


def test_a_reminder_that_falls_due_is_shown_in_neutral_words(practice: LivePractice, tmp_path: Path) -> None:
    practice.start_push_service()
    ana = practice.treat("Ana", "saline", day=3)
    with open_firefox(tmp_path, practice.push_port) as firefox:
        join(firefox, ana)
        firefox.open("about:blank")
        planned = find_next(ana)
        practice.move_clock(planned.send_at)
        until(lambda: load(planned, ana).shown_at is not None, 15)
        assert load(planned, ana).state == "sent"

        firefox.open(practice.url)
        words = get_text("client", planned.kind).words
        assert firefox.run(SHOWN) == [{"title": "Fallow", "body": words, "id": str(planned.id)}]
        assert find_next(ana).send_at > practice.now, "the worker held something back"
        firefox.open(f"{practice.url}/o/{planned.id}")
        firefox.sees("Your care today")
