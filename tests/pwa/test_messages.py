"""The thread in real Chromium: written without a connection, sent by itself, seen by both sides."""

import re

import pytest
from playwright.sync_api import expect

from backend.services import care_plans, messages
from backend.services.threads import Thread
from tests.pwa.phone import Opener, build_picture
from tests.pwa.server import STUDIO_PHONE, LivePractice, Patient
from tests.services.worker_process import until

pytestmark = pytest.mark.browser
ASKED = "The scabs look darker today. Is that ok?"
ANSWERED = "That is usual on day 6."
# What the phone keeps of the message in hand.
KEPT = """async () => {
  const opened = await new Promise((done) => {
    const asked = indexedDB.open("fallow");
    asked.onsuccess = () => done(asked.result);
  });
  const kept = await new Promise((done) => {
    const asked = opened.transaction("kept").objectStore("kept").get("message_draft");
    asked.onsuccess = () => done(asked.result);
  });
  opened.close();
  return kept;
}"""


def thread_of(patient: Patient) -> Thread:
    return messages.get_thread(patient.scope)


def test_a_message_is_written_offline_sent_by_itself_answered_and_seen(
    practice: LivePractice, open_chromium: Opener
) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana, photos=False)
    phone.tap("Messages", "link")
    phone.sees("Say hello, or ask Ida anything about your skin.")
    phone.sees(re.compile("Replies within 24 hours"))
    expect(phone.page.get_by_role("link", name="Get help now")).to_be_visible()
    call = phone.page.get_by_role("link", name="Call North Light")
    assert call.get_attribute("href") == f"tel:{STUDIO_PHONE.replace(' ', '')}"

    phone.go_offline()
    phone.page.get_by_role("textbox", name="Write to Ida").fill(ASKED)
    phone.tap("Send")
    phone.sees(re.compile("Saved on this phone"))
    phone.page.get_by_role("textbox", name="Write to Ida").fill("A second thought, not yet sent")
    until(lambda: phone.page.evaluate(KEPT) == "A second thought, not yet sent")
    phone.page.reload()  # killed, still without a connection
    phone.sees(ASKED)
    expect(phone.page.get_by_role("textbox", name="Write to Ida")).to_have_value("A second thought, not yet sent")
    assert thread_of(ana).lines == ()
    phone.go_online()
    phone.sees(re.compile(r"\. Sent$"))
    (asked,) = thread_of(ana).messages
    assert (asked.words, asked.seen_at) == (ASKED, None)

    phone.tap("Today", "link")
    messages.open_thread(practice.staff, ana.scope.client_id, now=practice.now)
    messages.answer(practice.staff, ana.scope.client_id, ANSWERED, asked.id, now=practice.now)
    care_plans.pause(practice.staff, ana.care_plan_id, reason="a cold", now=practice.now)
    phone.page.reload()
    tab = phone.page.get_by_role("link", name="Messages 1 new message")
    expect(tab).to_be_visible()
    phone.tap(phone.page.get_by_role("link", name=re.compile(ANSWERED)))
    phone.sees(re.compile(r"\. Seen$"))
    phone.sees("Your plan is paused.")
    expect(tab).to_have_count(0)
    until(lambda: thread_of(ana).unread == 0)
    phone.check_screen("messages")


def test_a_photo_is_put_to_a_message_without_a_connection_and_arrives_with_it(
    practice: LivePractice, open_chromium: Opener
) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana)
    phone.tap("Messages", "link")
    phone.go_offline()
    phone.tap("Add a photo", "link")
    phone.heading("A photo for Ida")
    phone.take_photo(build_picture())
    phone.sees("This photo goes with your message")
    phone.page.reload()  # killed, still without a connection
    phone.sees("This photo goes with your message")
    phone.tap("Send")
    phone.sees(re.compile("Saved on this phone"))
    phone.tap("Your photo, covered. Tap to show it")
    phone.page.get_by_role("button", name="Your photo", exact=True).locator("img").wait_for()
    assert thread_of(ana).lines == ()
    phone.go_online()
    phone.sees(re.compile(r"\. Sent$"))
    (line,) = thread_of(ana).messages
    assert (line.words, len(line.photo_ids)) == ("", 1)
    phone.check_screen("messages-photo")
