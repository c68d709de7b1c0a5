"""What became of each reminder, in a practitioner's words; and what everybody sees when nobody has answered."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from backend.console import ledger
from backend.db import transaction
from backend.ids import new_id
from backend.models import DeliveryAttempt, DeviceSession, Reminder
from backend.services import clients, flags, reminders, trails
from backend.services.clients import Wishes
from tests.console.desk import SAME_SITE, Clinic
from tests.factories import make_device, make_reminder, save
from tests.services.practice import day, report, sign, start_plan


def push(
    clinic: Clinic, at: datetime, *, channel: str = "web_push", outcome: str = "accepted", **values: Any
) -> Reminder:
    """A reminder to Ana with one try at `at`."""
    given = {"kind": "check_in_due", "state": "sent", "send_at": at, "settled_at": at, "created_at": at, **values}
    row = make_reminder(clinic.practice.ana, **given)
    answer = {"channel": channel, "attempt": 1, "outcome": outcome, "detail": "", "provider_id": ""}
    save(DeliveryAttempt(clinic_id=row.clinic_id, reminder_id=row.id, at=at, **answer))
    return row


def lose_the_phone(clinic: Clinic) -> None:
    """Four pushes over three days that no phone has confirmed, and nothing heard of it since day 0."""
    phone = make_device(clinic.practice.ana)
    with transaction(clinic.practice.staff) as session:
        session.execute(update(DeviceSession).where(DeviceSession.id == phone.id).values(seen_at=day(0)))
    for number in (1, 2, 3, 4):
        push(clinic, day(number), occurrence_key=f"check_in@d{number}")


def page_of(clinic: Clinic) -> str:
    page = clinic.desk.get(f"/console/clients/{clinic.practice.ana.id}/reminders")
    assert (page.status, page.title) == (200, "Reminders – Fallow")
    return page.text


def test_each_end_of_a_reminder_is_said_in_words(clinic: Clinic) -> None:
    clinic.clock.at = now = day(5)
    phone = make_device(clinic.practice.ana)
    shown = push(clinic, day(1))
    reminders.record_receipt(clinic.practice.phone, shown.id, phone.id, "shown", day(1), now=now)
    push(clinic, day(2), channel="mail")
    push(clinic, day(3), outcome="gone", state="unreachable", reason="address gone")
    push(clinic, day(3), outcome="retry_later", state="expired", reason="no time for another try")
    make_reminder(clinic.practice.ana, state="withdrawn", reason="done", send_at=day(4), settled_at=day(4))
    carrier = push(clinic, day(4), kind="merged")
    push(clinic, day(4), kind="care_step", state="merged", carrier_id=carrier.id, reason="carrier sent")
    text = page_of(clinic)
    for words in (
        "Shown", "The phone says that it showed it.", "Sent by mail", "A mail is not confirmed.",
        "Not reachable", "The phone’s address for notifications no longer exists.",
        "Too late", "The push service stayed busy until it was too late.", "Not needed", "It was done before.",
        "Not confirmed", "It went in one notification with others.", "Several in one", "Web Push: taken",
        "Web Push: this phone’s address no longer exists",
    ):  # fmt: skip
        assert words in text, words


def test_the_newest_stands_first_whenever_the_worker_came_to_them(clinic: Clinic) -> None:
    """After an outage all are settled at once; what was withdrawn ahead of its time stands where that happened."""
    for number in (2, 4, 1):
        push(clinic, day(number), state="expired", reason="window closed", settled_at=day(5))
    early = {"state": "withdrawn", "reason": "done", "send_at": day(9), "settled_at": day(3)}
    make_reminder(clinic.practice.ana, **early)
    listed = trails.list_trails(clinic.practice.staff, clinic.practice.ana.id, now=day(6)).trails
    assert [trail.send_at for trail in listed] == [day(4), day(9), day(2), day(1)]


def test_a_reminder_that_was_moved_says_from_when_and_why(clinic: Clinic) -> None:
    sign(clinic.practice, "saline")
    start_plan(clinic.practice, "saline")
    clients.change_me(clinic.practice.phone, Wishes(check_in_at=time(11)), now=day(1, 7))
    clinic.clock.at = day(1, 12)
    assert re.search(r"Moved: [a-z ]+ \(was today, 9:00\)", page_of(clinic))


def test_an_unknown_word_of_a_later_version_is_shown_as_it_is(clinic: Clinic) -> None:
    row = push(clinic, day(1), kind="new_kind", state="failed", outcome="rejected")
    (trail,) = trails.list_trails(clinic.practice.staff, clinic.practice.ana.id, now=day(2)).trails
    assert (trail.id, ledger.kind_of(trail)) == (row.id, "new kind")
    assert ledger.verdict_of(trail, day(2)).words == "Not sent"


def test_a_phone_that_stays_silent_is_not_reachable_rather_than_missing_check_ins(clinic: Clinic) -> None:
    sign(clinic.practice, "saline")
    start_plan(clinic.practice, "saline")
    lose_the_phone(clinic)
    clinic.clock.at = day(5, 12)
    desk = clinic.desk
    box = desk.get("/console").text
    assert "Not reachable." in box
    assert "The phone has confirmed none of the last 4 reminders." in box
    assert "missed in a row" not in box
    page = desk.get(f"/console/clients/{clinic.practice.ana.id}").text
    assert "Not reachable since 3 Mar 2026, 9:00." in page
    assert "missed in a row" not in page
    assert "does not mean that Ana did not do it" in page_of(clinic)
    with transaction(clinic.practice.staff) as session:
        session.execute(update(DeviceSession).where(DeviceSession.holder_kind == "client").values(seen_at=day(5)))
    assert "Not reachable" not in desk.get("/console").text, "the phone was heard of"
    assert "check-ins missed in a row." in desk.get("/console").text


def test_another_clinics_client_and_an_unknown_one_answer_alike(clinic: Clinic) -> None:
    desk = clinic.desk_of(clinic.joe)
    pages = [desk.get(f"/console/clients/{client}/reminders") for client in (clinic.practice.ana.id, new_id(day(0)))]
    assert [page.status for page in pages] == [404, 404]
    assert len({re.sub("request [0-9a-f]+", "", page.text) for page in pages}) == 1


def test_an_alarm_stands_on_every_page_until_somebody_has_seen_it(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    raised = report(clinic.practice, plan, day(3), {"unwell": "fever"}).flags[0]
    said = "Nobody has answered an urgent check-in"
    clinic.clock.at = day(3) + timedelta(minutes=29)
    desk, other = clinic.desk_of(clinic.kim), clinic.desk_of(clinic.joe)
    assert said not in desk.get("/console/clients").text
    clinic.clock.at = day(3) + timedelta(minutes=30)
    page = desk.get("/console/clients")
    assert said in page.text
    assert f"/console/flags/{raised.id}" in page.links
    assert said not in other.get("/console/clients").text, "another clinic's"
    flags.acknowledge(clinic.practice.staff, raised.id, now=clinic.clock.at)
    assert said not in desk.get("/console/clients").text


def test_a_browsers_word_for_an_alert_is_kept_and_nobody_elses(clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    report(clinic.practice, plan, day(3), {"unwell": "fever"})
    with transaction(clinic.practice.staff, write=False) as session:
        call = session.scalars(select(Reminder).where(Reminder.kind == "act_now", Reminder.rung == 1)).one()
    ida, kim = clinic.desk_of(clinic.practice.ida).http, clinic.desk_of(clinic.kim).http
    body = {"reminder_id": str(call.id), "event": "shown"}
    headers = {**SAME_SITE, "Accept": "application/json"}
    assert kim.post("/console/receipts", json=body, headers=headers).status_code == 404
    assert ida.post("/console/receipts", json={**body, "event": "eaten"}, headers=headers).status_code == 422
    assert [ida.post("/console/receipts", json=body, headers=headers).status_code for _ in range(2)] == [204, 204]
    with transaction(clinic.practice.staff, write=False) as session:
        assert session.get_one(Reminder, (call.clinic_id, call.id)).shown_at is not None
