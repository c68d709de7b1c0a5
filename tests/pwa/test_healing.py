"""Healing in real Chromium: curves and their list, photos covered until tapped, two of them compared, dates by
question; and all of it without a connection."""

import base64
import re
from collections.abc import Mapping
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.ids import new_id
from backend.services import check_ins
from backend.services.check_ins import CheckInDraft
from tests.pwa.phone import Opener, Phone, build_picture
from tests.pwa.server import LivePractice, Patient

pytestmark = pytest.mark.browser

CALM: Mapping[str, int | str] = {"pain": 2, "itch": 2, "redness_level": 1, "fluid": "none", "scab_stage": 2}
PUT = """async ([path, bytes]) => (await fetch("/api/v1" + path, {method: "PUT",
headers: {"Content-Type": "image/jpeg"}, body: Uint8Array.from(atob(bytes), one => one.charCodeAt(0))})).status"""


def answer(practice: LivePractice, patient: Patient, day: int, days_ago: int) -> None:
    at = practice.now - timedelta(days=days_ago)
    draft = CheckInDraft(new_id(at), patient.care_plan_id, "planned", f"check_in@d{day}", at, CALM, {})
    check_ins.submit(patient.scope, draft, now=at)


def keep_photo(phone: Phone, patient: Patient, days_ago: int) -> None:
    at = phone.practice.now - timedelta(days=days_ago)
    path = f"/photos/{new_id(at)}?care_plan_id={patient.care_plan_id}&view=front&taken_at={at:%Y-%m-%dT%H:%M:%SZ}"
    picture = base64.b64encode(build_picture(f"{days_ago}")).decode()
    assert phone.page.evaluate(PUT, [path, picture]) == 201


def test_curves_photos_and_dates_with_and_without_a_connection(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    for day in (2, 3, 5, 6):
        answer(practice, ana, day, 6 - day)
    phone = open_chromium()
    phone.join(ana)
    for days_ago in (4, 0):
        keep_photo(phone, ana, days_ago)

    phone.tap("Healing", "link")
    phone.sees("You are in the usual range for day 6 after saline removal.")
    expect(phone.page.locator(".plot canvas")).to_have_count(4)
    expect(phone.page.get_by_role("img", name="Soreness by day. Newest: day 6, 2 of 10.")).to_be_visible()
    phone.check_screen("healing-all")
    phone.tap("Soreness")
    expect(phone.page.locator(".plot canvas")).to_have_count(1)
    phone.check_screen("healing")
    phone.tap("Show as a list")
    rows = phone.page.get_by_role("table", name="Soreness").get_by_role("row").all_inner_texts()
    assert [row.split("\t")[:2] for row in rows[1:]] == [
        ["0", "No check-in"], ["1", "No check-in"], ["2", "2 of 10"], ["3", "2 of 10"], ["4", "No check-in"],
        ["5", "2 of 10"], ["Today", "2 of 10"],
    ]  # fmt: skip
    phone.check_screen("healing-list")
    phone.tap(phone.page.get_by_text("Swim", exact=True))
    phone.sees(re.compile("not before day 14"))

    phone.tap(re.compile("Day 2, covered$"))
    phone.tap(re.compile("Day 2$"))
    slider = phone.page.get_by_role("slider")
    expect(slider).to_have_value("50")
    phone.check_screen("compare")
    phone.tap("Show today")
    expect(slider).to_have_value("0")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "Only Day 2")

    phone.go_offline()
    phone.open("/healing")
    phone.sees("You are in the usual range for day 6 after saline removal.")
    phone.sees(re.compile("^Last updated today, "))
    expect(phone.page.locator(".plot canvas").first).to_be_visible()
    expect(phone.page.locator(".strip img[src^='blob:']")).to_have_count(2)


def test_before_the_first_check_in_and_while_a_warning_is_open(practice: LivePractice, open_chromium: Opener) -> None:
    ben = practice.treat("Ben", "laser", day=9)
    phone = open_chromium()
    phone.join(ben, photos=False)
    phone.tap("Healing", "link")
    phone.heading("Your curve starts with one check-in")
    phone.sees("After your skin has closed")
    phone.check_screen("healing-empty")
    draft = CheckInDraft(new_id(practice.now), ben.care_plan_id, "report", None, practice.now, {"fluid": "smelly"}, {})
    check_ins.submit(ben.scope, draft, now=practice.now)
    phone.page.reload()
    phone.sees("Outside the usual range for day 9: fluid. Ida has been told.")
    phone.sees("Get this checked first.")
    phone.check_screen("healing-held")
