"""What the clinic puts right, in real Chromium: asked to be read, read without a connection, the receipt sent once."""

import re

import pytest
from playwright.sync_api import expect

from backend.models import Reminder
from backend.services import protocols, recall
from backend.services.recall import Reader
from tests.pwa.phone import Opener
from tests.pwa.server import LivePractice, list_kept
from tests.services.worker_process import until

pytestmark = pytest.mark.browser
WORDS = "Please do not use the sponge any more.\nUse a <b>clean</b> towel."
REASON = "We treat <i>small</i> areas only"


def sign_fewer_days(practice: LivePractice) -> int:
    """Dr Ida signs saline anew, with fewer days than shipped; gives the version."""
    status = protocols.get_method(practice.staff, "saline")
    answers = [protocols.StepAnswer(step.id, True) for step in status.must_confirm]
    content = status.protocol.content_version
    signed = protocols.sign(
        practice.staff, "saline", content, answers, clinic_min_days=49, clinic_min_reason=REASON, now=practice.now
    )
    return signed.version


def test_a_correction_is_read_offline_and_the_clinic_hears_of_it_once(
    practice: LivePractice, open_chromium: Opener
) -> None:
    def reader() -> Reader:
        (sent,) = recall.list_corrections(practice.staff)
        (one,) = sent.readers
        return one

    version = sign_fewer_days(practice)
    ana = practice.treat("Ana", "saline", day=2)
    recall.send_correction(practice.staff, "saline", version, "blot", WORDS, now=practice.now)
    told = recall.get_words(practice.staff, "saline", version, "blot")
    phone = open_chromium()
    phone.join(ana, photos=False)
    phone.heading("Please read: a correction")
    phone.check_screen("today-correction")
    phone.tap("Read it")
    phone.heading(told.title)
    place = phone.page.url
    push = next(one for one in list_kept(ana, Reminder) if one.kind == "correction")
    phone.open(f"/o/{push.id}")
    expect(phone.page).to_have_url(place)
    phone.sees("Use a <b>clean</b> towel.")
    phone.sees(told.instruction)
    phone.check_screen("correction")

    phone.go_offline()
    phone.tap("I have read this")
    phone.heading("Your care today")
    expect(phone.page.get_by_text("Please read: a correction")).to_have_count(0)
    assert reader().read_at is None
    phone.open("/next")  # killed, still without a connection
    phone.sees("Ida set at least 49 days here. The plan as written says 56.")
    phone.sees(f"Ida says why: “{REASON}”")
    phone.tap("Today", "link")
    phone.heading("Your care today")
    expect(phone.page.get_by_text("Please read: a correction")).to_have_count(0)
    phone.go_online()
    until(lambda: reader().read_at == practice.now)
    phone.tap("Next session", "link")
    phone.sees(re.compile("^Your date above also counts your skin type"))
    phone.check_screen("next-fewer-days")
