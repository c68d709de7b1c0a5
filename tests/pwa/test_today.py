"""Today in real Chromium: several areas as one day, a tap after a silence, a plan that rests, another time zone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from backend.models import CheckIn
from backend.services import care_plans, clients
from backend.services.clients import Wishes
from tests.pwa.phone import Opener
from tests.pwa.server import LivePractice, list_kept
from tests.services.worker_process import until

pytestmark = pytest.mark.browser


def test_several_areas_are_one_list_by_moment_and_rules_are_named_once(
    practice: LivePractice, open_chromium: Opener
) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    practice.treat_also(ana, "laser", 3, site="brows", label="Left brow")
    phone = open_chromium()
    phone.join(ana, photos=False)
    expect(phone.page.locator(".hero")).to_have_count(2)
    expect(phone.page.get_by_role("heading", name="Your care today")).to_have_count(1)
    moments = phone.page.locator(".tasks .moment").all_inner_texts()
    assert len(moments) >= 2
    assert moments == sorted(moments, key=lambda text: ("pm" in text, int(re.findall(r"\d+", text)[0]) % 12))
    areas = phone.page.locator(".tasks .pill").all_inner_texts()
    assert {"Left brow", "Scalp"} == set(areas)
    chips = phone.page.locator(".chips .chip summary").all_inner_texts()
    assert len(chips) == len(set(chips))
    expect(phone.page.get_by_role("button", name=re.compile("^Something worries me: "))).to_have_count(2)
    phone.check_screen("today-areas")
    phone.tap(re.compile("^Start check-in"))
    phone.heading("How is it today?")
    expect(phone.page.locator("main .pill").first).to_have_text(re.compile("^(Left brow|Scalp)$"))


def test_after_a_silence_one_tap_is_enough_and_reminders_start_again(
    practice: LivePractice, open_chromium: Opener
) -> None:
    ana = practice.treat("Ana", "saline", day=2)
    phone = open_chromium()
    phone.join(ana, photos=False)
    practice.move_clock(practice.now + timedelta(days=2))
    phone.page.reload()
    phone.heading("One tap is enough today")
    phone.check_screen("today-one-tap")
    phone.tap("All fine")
    phone.sees("Thank you.")
    phone.sees(re.compile("Checked in at"))
    until(lambda: len(list_kept(ana, CheckIn)) == 1)
    (said,) = list_kept(ana, CheckIn)
    assert (said.answers, said.excluded, said.partial) == ({}, {}, True)
    expect(phone.page.get_by_role("button", name="All fine")).to_have_count(0)

    practice.move_clock(practice.now + timedelta(days=8))
    phone.page.reload()
    phone.sees("Reminders are on again.")
    assert phone.get("/today")["silence"] == {"missed": 0, "stopped": False}


def test_a_plan_that_rests_is_said_calmly(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana, photos=False)
    until_on = (practice.now + timedelta(days=5)).date()
    care_plans.pause(practice.staff, ana.care_plan_id, until_on=until_on, reason="Holiday", now=practice.now)
    practice.move_clock(practice.now + timedelta(days=2))
    phone.page.reload()
    phone.sees(f"Your plan is paused until {until_on:%A} {until_on.day} {until_on:%B}.")
    expect(phone.page.get_by_text("Start check-in")).to_have_count(0)
    phone.check_screen("today-paused")


def test_another_time_zone_is_asked_about_once(practice: LivePractice, open_chromium: Opener) -> None:
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana, photos=False)
    clients.change_me(ana.scope, Wishes(zone="Asia/Tokyo"), now=practice.now)  # where another phone of hers was
    phone.page.reload()
    phone.sees("You are on London time now.")
    phone.check_screen("today-zone")
    phone.page.reload()
    phone.go_offline()
    phone.sees("You are on London time now.")
    phone.tap("Keep Tokyo times")
    expect(phone.page.get_by_text("You are on London time now.")).to_have_count(0)
    phone.go_online()
    until(lambda: clients.get_me(ana.scope).zone == "Asia/Tokyo")
    phone.page.reload()
    phone.heading("Your care today")
    phone.open("/settings")
    phone.sees("You keep these times for now")
    phone.tap("Follow this phone again")
    until(lambda: clients.get_me(ana.scope).zone == "Europe/London")
