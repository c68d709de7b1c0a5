"""One person's walk through the phone app in real Chromium, with and without a connection."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.models import CheckIn, Flag, Photo, StepLog
from tests.pwa.phone import HAS_ANSWERS, RECEIVED, Opener, Phone, build_picture
from tests.pwa.server import LivePractice, list_kept
from tests.services.worker_process import until

pytestmark = pytest.mark.browser

ON_TRACK = re.compile("^On track")
SAVED_STEP = "Saved on this phone"
START = re.compile("Start check-in")
WORRIED = "Something worries me"
SIGNS = "Any of these today?"
# A phone without room refuses whatever is put on it.
FILL = """() => {
  const full = () => { throw new DOMException("no room", "QuotaExceededError") };
  IDBObjectStore.prototype.put = full;
  IDBObjectStore.prototype.add = full;
}"""
LEFT = """async () => {
  const opened = await new Promise((done) => {
    const asked = indexedDB.open("fallow");
    asked.onsuccess = () => done(asked.result);
  });
  const stores = [...opened.objectStoreNames];
  const counts = stores.map((name) => new Promise((done) => {
    const asked = opened.transaction(name).objectStore(name).count();
    asked.onsuccess = () => done(asked.result);
  }));
  const rows = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
  return { rows, own: localStorage.length + sessionStorage.length };
}"""


def check_in(phone: Phone, mark: str) -> None:
    """From Today to sent, everything as calm as can be, with a photo."""
    phone.tap(START)
    phone.heading("How is it today?")
    phone.answer_page()
    phone.tap("Continue")
    phone.heading(SIGNS)
    phone.tap("None of these")
    phone.take_photo(build_picture(mark))
    phone.tap(re.compile("^Send to Ida"))


def tick_first_open_step(phone: Phone) -> None:
    phone.tap(phone.page.locator(".tasks li:not(.done) label").first)


def test_from_the_link_to_a_result_and_on_without_a_connection(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "laser", day=2)
    phone = open_chromium()
    phone.join(ana)

    tick_first_open_step(phone)
    expect(phone.page.locator(".tasks li.done")).to_have_count(1)
    check_in(phone, "day 2")
    phone.heading(ON_TRACK)
    phone.sees(HAS_ANSWERS)
    until(lambda: len(list_kept(ana, Photo)) == 1)
    assert [one.event for one in list_kept(ana, StepLog)] == ["done"]
    assert [one.occurrence_key for one in list_kept(ana, CheckIn)] == ["check_in@d2"]

    practice.move_clock(practice.now + timedelta(days=1))
    phone.tap("Done")
    phone.page.reload()
    expect(phone.page.get_by_role("button", name=START)).to_be_visible()
    phone.go_offline()
    tick_first_open_step(phone)
    phone.sees(SAVED_STEP)
    check_in(phone, "day 3")
    phone.heading(ON_TRACK)
    phone.sees("Saved on this phone.")
    phone.page.reload()
    phone.sees("Saved on this phone.")
    phone.tap("Done")
    phone.sees("You are offline.")
    phone.sees("Check-in saved on this phone")
    assert len(list_kept(ana, CheckIn)) == 1

    phone.go_online()
    phone.sees(re.compile("Checked in at"))
    until(lambda: len(list_kept(ana, Photo)) == 2)
    phone.page.reload()
    phone.sees(re.compile("Checked in at"))
    assert [one.occurrence_key for one in list_kept(ana, CheckIn)] == ["check_in@d2", "check_in@d3"]
    assert [one.event for one in list_kept(ana, StepLog)] == ["done", "done"]
    assert len(list_kept(ana, Photo)) == 2


def test_a_spent_link_says_so_and_whom_to_call(practice: LivePractice, open_chromium: Opener) -> None:
    ben = practice.treat("Ben", "saline", day=4)
    open_chromium().join(ben)
    other = open_chromium()
    other.open(ben.link)
    other.heading("This link has been used")
    expect(other.page.get_by_role("link", name=re.compile("Call"))).to_be_visible()
    other.said.clear()  # the browser notes the 410 that the page speaks of


def test_a_warning_sign_shows_its_advice_at_once_also_offline(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana, photos=False)
    phone.go_offline()
    phone.tap(WORRIED)
    phone.heading(SIGNS)
    phone.tap(phone.page.get_by_text("It smells bad"))
    expect(phone.page.get_by_role("alert")).to_contain_text("Get this checked today", timeout=1000)
    expect(phone.page.get_by_role("alert").get_by_role("link").first).to_have_attribute("href", "tel:111")
    phone.tap("Save and close")
    phone.sees("Not sent yet. Call, do not wait.")
    assert list_kept(ana, Flag) == []
    phone.go_online()
    phone.sees(RECEIVED)
    assert [flag.rule_id for flag in list_kept(ana, Flag)] == ["pus_or_smell"]


def test_an_emergency_fills_the_screen_at_once_also_offline(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "laser", day=3)
    phone = open_chromium()
    phone.join(ana, photos=False)
    phone.go_offline()
    phone.tap(WORRIED)
    phone.tap(phone.page.get_by_text(re.compile("hard to breathe|swollen", re.IGNORECASE)).first)
    expect(phone.page.get_by_role("link", name="Call 999 now")).to_be_visible(timeout=1000)
    phone.heading("Get emergency help now")


def test_a_mask_that_burns_is_stopped_at_once(practice: LivePractice, open_chromium: Opener) -> None:
    practice.move_clock(practice.now.replace(hour=19))
    ana = practice.treat("Ana", "undo", day=3)
    phone = open_chromium()
    phone.join(ana, photos=False)
    phone.tap(re.compile("^Start$"))
    expect(phone.page.get_by_role("timer")).to_be_visible()
    phone.tap("Stop, it burns")
    phone.sees("Rinse it off now")
    expect(phone.page.get_by_role("alert").first).to_contain_text("cool water")
    phone.sees(re.compile("^Ida.* is told"))
    assert [one.event for one in list_kept(ana, StepLog)] == ["started", "stopped_burning"]
    assert [flag.rule_id for flag in list_kept(ana, Flag)] == ["burning"]


def test_a_plain_check_in_takes_at_most_nine_taps(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "laser", day=2))
    phone.taps = 0
    check_in(phone, "plain")
    phone.heading(ON_TRACK)
    assert phone.taps <= 9


def test_the_deep_check_in_takes_at_most_sixteen_taps(practice: LivePractice, open_chromium: Opener) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "laser", day=3))
    phone.taps = 0
    check_in(phone, "deep")
    phone.heading(ON_TRACK)
    assert phone.taps <= 16


def test_a_worry_in_the_middle_of_a_check_in_loses_neither_and_a_nurse_can_be_shown(
    practice: LivePractice, open_chromium: Opener
) -> None:
    phone = open_chromium()
    phone.join(practice.treat("Ana", "saline", day=6))
    phone.tap(START)
    phone.tap(phone.page.locator("fieldset.sign:not(.group)").first.locator("label").nth(1))
    phone.tap("Save and close")
    phone.go_offline()
    phone.tap(WORRIED)
    phone.tap(phone.page.get_by_text("It smells bad"))
    phone.tap("Continue")
    phone.answer_page()
    phone.tap("Continue")
    phone.take_photo(build_picture())
    phone.page.get_by_role("textbox").fill("Since last night")
    phone.tap(re.compile("^Send to Ida"))
    phone.sees("Not sent yet. Call, do not wait.")

    phone.tap("Show this to a nurse")
    phone.heading("For the nurse or doctor")
    for words in (
        "Saline removal",
        "Salt water is put into the skin",
        "It smells bad",
        "Since last night",
        "North Light",
    ):
        phone.sees(re.compile(words))
    phone.tap(re.compile("^Show the photo"))
    expect(phone.page.locator("img.whole")).to_be_visible()
    assert phone.page.title() == "Show this to a nurse – Fallow"
    phone.check_screen("card")

    phone.open("/")
    phone.tap(re.compile("^Go on with your check-in"))
    expect(phone.page.locator("fieldset.sign input:checked")).to_have_count(1)


def test_a_full_phone_says_what_to_do_and_the_answers_reach_the_clinic(
    practice: LivePractice, open_chromium: Opener
) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana, photos=False)
    phone.page.evaluate(FILL)
    phone.tap(START)
    phone.answer_page()
    phone.tap("Continue")
    phone.go_offline()
    phone.tap("None of these")
    phone.tap(re.compile("^Send to Ida"))
    phone.tap("Done")
    phone.sees(re.compile("Keep Fallow open until it has sent"))
    phone.sees("Your check-in waits to be sent")
    phone.check_screen("today-full")
    phone.go_online()
    phone.sees(re.compile("Checked in at"))
    assert [one.occurrence_key for one in list_kept(ana, CheckIn)] == ["check_in@d6"]


def test_signing_out_warns_and_leaves_nothing_on_the_phone(practice: LivePractice, open_chromium: Opener) -> None:
    """Without a connection: what has not been sent would be lost, and another tab must not go on showing it."""
    phone = open_chromium()
    phone.join(practice.treat("Ana", "saline", day=9))
    other = phone.context.new_page()
    other.goto(practice.url)
    expect(other.get_by_role("button", name=START)).to_be_visible()
    phone.page.bring_to_front()  # what lies behind is drawn once a second
    phone.go_offline()
    check_in(phone, "not sent")
    phone.sees("Saved on this phone.")
    expect(other.get_by_text("Check-in saved on this phone")).to_be_visible()
    phone.open("/settings")
    phone.tap("Sign out on this phone")
    phone.sees(re.compile("have not been sent. They would be lost"))
    phone.tap("Yes, sign out")
    phone.heading("Open your invitation")
    expect(other.get_by_role("heading", name="Open your invitation")).to_be_visible()
    assert phone.page.evaluate(LEFT) == {"rows": 1, "own": 0}  # that the server has to end the session
    phone.go_online()
    phone.page.reload()
    phone.heading("Open your invitation")
    until(lambda: phone.page.evaluate(LEFT) == {"rows": 0, "own": 0})
    phone.said.clear()  # the browser notes the 401 of a session that is over
