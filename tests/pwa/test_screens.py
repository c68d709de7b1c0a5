"""Every screen in real Chromium: without a serious fault by axe in light and dark, and 320 px wide without sideways
scroll. FALLOW_CAPTURE=folder keeps each as a picture, to be looked at beside the design."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from backend.services import flags
from tests.pwa.phone import HAS_ANSWERS, RECEIVED, Opener, build_picture
from tests.pwa.server import LivePractice

pytestmark = pytest.mark.browser


def test_from_invitation_to_today(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "laser", day=2)
    phone = open_chromium()
    phone.open(ana.link)
    phone.heading(re.compile("Hi Ana"))
    phone.check_screen("welcome")
    phone.tap("Yes, I am Ana")
    phone.heading("Who can see your check-ins?")
    phone.check_screen("consent")
    phone.tap("Agree and continue")
    phone.heading(re.compile("nudge"))
    phone.check_screen("reminders")
    phone.tap(re.compile("^(Not now|Continue)$"))
    phone.heading("Keep Fallow close")
    phone.check_screen("install")
    phone.tap(re.compile("^(Do this later|Go to Today)$"))
    phone.heading("Your care today")
    phone.check_screen("today-laser")


def test_the_check_in_and_its_result(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "saline", day=6))
    phone.check_screen("today-saline")
    phone.tap(re.compile("Start check-in"))
    phone.heading("How is it today?")
    phone.check_screen("checkin-1")
    phone.tap("Continue")
    expect(phone.page.get_by_role("alert")).to_be_visible()
    phone.check_screen("checkin-1-error")
    phone.answer_page()
    phone.tap("Continue")
    phone.heading("Any of these today?")
    phone.check_screen("checkin-2")
    phone.tap("None of these")
    phone.heading("Check and send")
    phone.check_screen("checkin-4")
    phone.tap(re.compile("^Send to Ida"))
    phone.sees(HAS_ANSWERS)
    phone.check_screen("result-ok")
    phone.tap("Done")
    phone.sees(re.compile("Checked in at"))
    phone.check_screen("today-done")
    phone.tap("Next session", "link")
    phone.heading(re.compile("What it depends on"))
    phone.check_screen("next")
    phone.open("/settings")
    phone.heading("Settings")
    phone.check_screen("settings")
    phone.open("/help")
    phone.heading("Get help")
    phone.check_screen("help")


def test_the_photo_page(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "saline", day=9))
    phone.tap(re.compile("Start check-in"))
    phone.heading("How is it today?")
    phone.answer_page()
    phone.tap("Continue")
    phone.tap("None of these")
    expect(phone.page.get_by_text("Skip photo")).to_be_visible()
    phone.check_screen("checkin-3")
    phone.take_photo(b"")
    phone.sees("That file is empty. Take the photo again.")
    phone.take_photo(build_picture())
    phone.heading("Check and send")
    phone.check_screen("checkin-4-photo")


def test_warnings(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "laser", day=9), photos=False)
    phone.tap("Something worries me")
    phone.tap(phone.page.get_by_text("It smells bad"))
    phone.sees("Get this checked today")
    phone.check_screen("checkin-2-flag")
    phone.tap("Save and close")
    phone.sees(RECEIVED)
    phone.check_screen("result-red")
    phone.tap("Done")
    phone.sees("Get this checked today")
    phone.check_screen("today-flag")
    phone.tap("I have got help")
    phone.tap(phone.page.get_by_text("The advice line"))
    phone.tap("Save")
    phone.sees("A warning is still open.")
    expect(phone.page.locator(".hero")).to_be_visible()
    phone.check_screen("today-helped")
    phone.tap("Something worries me")
    phone.tap(phone.page.get_by_text(re.compile("hard to breathe|swollen", re.IGNORECASE)).first)
    phone.heading("Get emergency help now")
    phone.check_screen("checkin-2-now")


def test_who_has_seen_a_warning_and_when_or_that_nobody_has(practice: LivePractice, open_chromium: Opener) -> None:
    """On this phone, received, seen by whom and when; after the last rung, whom to call (PROMISES S2)."""
    phone = open_chromium()
    ana = practice.treat("Ana", "laser", day=9)
    phone.join(ana, photos=False)
    phone.go_offline()
    phone.tap("Something worries me")
    phone.tap(phone.page.get_by_text("It smells bad"))
    phone.tap("Save and close")
    phone.sees("Not sent yet. Call, do not wait.")
    phone.go_online()
    phone.sees(RECEIVED)
    practice.move_clock(practice.now + timedelta(minutes=61))
    phone.open("/")
    phone.sees("Nobody at the clinic has seen this yet.")
    expect(phone.page.get_by_role("link", name=re.compile("^Call North Light now"))).to_be_visible()
    phone.check_screen("today-nobody-seen")
    result = phone.get("/check-ins")["items"][0]
    flags.acknowledge(practice.staff, UUID(result["flags"][0]["id"]), now=practice.now)
    phone.page.reload()
    phone.sees(re.compile("^Ida saw it today"))
    phone.check_screen("today-seen")
    phone.open(f"/check-in/{result['id']}")
    phone.sees(re.compile("^Ida saw it today"))
    phone.check_screen("result-seen")


def test_the_mask(practice: LivePractice, open_chromium: Opener) -> None:
    practice.move_clock(practice.now.replace(hour=19))
    phone = open_chromium()
    phone.join(practice.treat("Chloe", "undo", day=3), photos=False)
    phone.check_screen("today-undo")
    phone.tap(re.compile("^Start$"))
    expect(phone.page.get_by_role("timer")).to_be_visible()
    phone.check_screen("timer")
    phone.tap("Stop, it burns")
    phone.sees("Rinse it off now")
    phone.check_screen("timer-burning")


def test_without_a_connection(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "saline", day=6), photos=False)
    phone.go_offline()
    phone.page.reload()
    phone.sees("You are offline.")
    phone.check_screen("today-offline")
