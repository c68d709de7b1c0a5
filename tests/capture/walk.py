"""The walk through the phone app: each chapter yields the screens in the order in which a person meets them.

It goes by what things are, never by their words, so that it walks in every language.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from backend.ids import new_id
from backend.services import care_plans, messages, readiness
from backend.services.messages import MessageDraft
from tests.capture.stage import Screen, Stage
from tests.pwa.phone import Phone, build_picture

PICTURES = "main input[type=file]:not([capture])"  # takes a picture that is there already, opens no camera
Chapter = Callable[[Stage], Iterator[Screen]]


def press(phone: Phone, selector: str, place: int = 0) -> None:
    phone.tap(phone.page.locator(selector).nth(place))


def wait(phone: Phone, selector: str) -> None:
    phone.page.locator(selector).first.wait_for()


def go(phone: Phone, path: str, selector: str) -> None:
    phone.open(path)
    wait(phone, selector)


def at_path(phone: Phone, pattern: str) -> None:
    phone.page.wait_for_url(re.compile(pattern))
    wait(phone, "h1")


def answer_questions(phone: Phone) -> None:
    phone.answer_page()
    press(phone, "main .dock .btn")


def pick(phone: Phone, picture: bytes) -> None:
    """Chooses this picture on the photo page."""
    phone.page.locator(PICTURES).set_input_files({"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture})


def show_what_the_server_said(phone: Phone) -> None:
    """The result once more, when the server has the check-in."""
    path = phone.page.url.replace("/check-in/", "/api/v1/check-ins/")
    phone.page.wait_for_function("path => fetch(path).then((answer) => answer.ok)", arg=path, polling=500)
    phone.said.clear()  # the browser notes each 404 until then
    phone.page.reload()


def start(stage: Stage) -> Iterator[Screen]:
    """From the invitation to the first day."""
    patient = stage.treat("laser", 2)
    phone = stage.open_phone()
    go(phone, patient.link, ".dock .btn")
    yield Screen("welcome", phone, "welcome")
    press(phone, ".dock .btn")
    at_path(phone, "/start/consent")
    yield Screen("consent", phone, "consent")
    press(phone, "[role=switch]")
    press(phone, ".dock .btn")
    at_path(phone, "/start/reminders")
    yield Screen("reminders", phone, "reminders")
    press(phone, ".dock .btn", -1)
    at_path(phone, "/start/install")
    yield Screen("install", phone, "install")
    press(phone, ".dock .btn", -1)
    wait(phone, ".hero")
    yield Screen("today-laser", phone, "today-laser")
    other = stage.open_phone()
    go(other, patient.link, "h1")
    other.said.clear()  # the browser notes the 410 that the page speaks of
    yield Screen("welcome-used", other)
    with other.page.expect_console_message(lambda said: "session/refresh" in said.location["url"]):
        go(other, "/", "h1")
    other.said.clear()  # and the 401s of a phone that nobody is signed in on; this is the last of them
    yield Screen("signed-out", other)


def plain_day(stage: Stage) -> Iterator[Screen]:
    """A calm check-in, with what came before and after it."""
    patient = stage.treat("saline", 9)
    for day in (1, 2, 4, 5, 6, 7):
        stage.answer(patient, day, 9 - day)
    phone = stage.join(patient)
    go(phone, "/", ".hero")
    yield Screen("today", phone, "today")
    press(phone, ".tasks li:not(.done) label")
    press(phone, ".dock .btn")
    at_path(phone, "/check-in/1")
    wait(phone, "fieldset.sign")
    yield Screen("checkin-1", phone, "checkin-1")
    press(phone, "main .dock .btn")
    wait(phone, ".errsum")
    yield Screen("checkin-1-error", phone, "checkin-1-error")
    answer_questions(phone)
    at_path(phone, "/check-in/2")
    yield Screen("checkin-2", phone, "checkin-2")
    press(phone, "main .dock .btn")
    at_path(phone, "/check-in/3")
    yield Screen("checkin-3", phone, "checkin-3")
    pick(phone, build_picture("today"))
    at_path(phone, "/check-in/4")
    yield Screen("checkin-4", phone, "checkin-4")
    press(phone, "main .dock .btn")
    wait(phone, ".verdict.ok")
    show_what_the_server_said(phone)
    wait(phone, ".verdict.ok")
    yield Screen("result-ok", phone, "result-ok")
    go(phone, "/", ".hero")
    wait(phone, ".dock a")
    yield Screen("today-done", phone, "today-done")
    phone.go_offline()
    press(phone, ".tasks li:not(.done) label")
    wait(phone, ".banner")
    yield Screen("today-offline", phone, "today-offline")
    phone.go_online()


def healing(stage: Stage) -> Iterator[Screen]:
    """Curves, photos, dates."""
    patient = stage.treat("saline", 6)
    for day in (1, 2, 4, 5, 6):
        stage.answer(patient, day, 6 - day)
    phone = stage.join(patient)
    for days_ago in (4, 1, 0):
        stage.keep_photo(phone, patient, days_ago)
    go(phone, "/healing", ".plot canvas")
    wait(phone, ".strip")
    yield Screen("healing-covered", phone, "healing-covered")
    press(phone, ".sec-h .linklike")
    press(phone, ".tabsel button", 1)
    yield Screen("healing", phone, "healing")
    for topic in phone.page.locator("details.topic summary").all():
        phone.tap(topic)
    press(phone, "header .icon-btn", -1)
    wait(phone, "table.days")
    yield Screen("healing-list", phone)
    go(phone, "/healing/compare", "input[type=range]")
    if phone.page.locator(".cmp.cov").count():
        press(phone, "main .linklike")
    yield Screen("compare", phone, "compare")
    go(phone, "/next", "h1")
    wait(phone, "main section")
    yield Screen("next", phone, "ready")
    phone.go_offline()
    phone.open("/healing")
    wait(phone, ".plot canvas")
    yield Screen("healing-stale", phone)
    phone.go_online()


def talk(stage: Stage) -> Iterator[Screen]:
    """Messages, settings, help."""
    patient = stage.treat("saline", 6)
    phone = stage.join(patient)
    go(phone, "/messages", ".composer")
    yield Screen("messages-empty", phone)
    practice, client = stage.practice, patient.scope.client_id
    asked = MessageDraft(new_id(practice.now), "The scabs look darker today. Is that ok?", practice.now)
    line, _ = messages.send(patient.scope, asked, now=practice.now - timedelta(minutes=30))
    messages.open_thread(practice.staff, client, now=practice.now - timedelta(minutes=20))
    words = "Dark and dry is what we want to see on these days. Keep it dry, and no oil yet."
    messages.answer(practice.staff, client, words, line.id, now=practice.now - timedelta(minutes=10))
    care_plans.pause(practice.staff, patient.care_plan_id, reason="a cold", now=practice.now)
    go(phone, "/messages", ".thread .msg.change")
    yield Screen("messages", phone, "messages")
    phone.go_offline()
    phone.page.locator(".composer textarea").fill("And may I wear a hat?")
    press(phone, ".composer button")
    wait(phone, "main .banner")
    yield Screen("messages-offline", phone)
    phone.go_online()
    go(phone, "/settings", "h1")
    wait(phone, "main .list, main section")
    yield Screen("settings", phone, "settings")
    go(phone, "/help", "h1")
    yield Screen("help", phone)


def warning(stage: Stage) -> Iterator[Screen]:
    """A warning sign, its advice, and what stands open after it."""
    patient = stage.treat("saline", 6)
    phone = stage.join(patient)
    go(phone, "/report/1", "input.box")
    yield Screen("report", phone, "checkin-2")
    tick(phone, "[role=alert]")
    yield Screen("checkin-2-flag", phone, "checkin-2-flag")
    press(phone, "header .icon-btn", -1)
    at_path(phone, "/check-in/")
    show_what_the_server_said(phone)
    wait(phone, "main .verdict, main [role=alert]")
    yield Screen("result-red", phone, "result-red")
    press(phone, "main .btn.line")
    at_path(phone, "/card/")
    wait(phone, ".facts")
    yield Screen("nurse-card", phone)
    go(phone, "/", "[role=alert]")
    yield Screen("today-flag", phone)
    go(phone, "/healing", "main .sentence, main .card")
    yield Screen("healing-held", phone)
    go(phone, "/next", "main section")
    yield Screen("next-hold", phone)


def tick(phone: Phone, until: str) -> None:
    """Ticks one sign after the other until what is waited for is there; the last tick stays alone."""
    signs = phone.page.locator("label.pick")
    for place in range(signs.count()):
        phone.tap(signs.nth(place))
        phone.page.wait_for_timeout(150)
        if phone.page.locator(until).count():
            return
        phone.tap(signs.nth(place))
    raise AssertionError(f"no sign led to {until}")


def emergency(stage: Stage) -> Iterator[Screen]:
    """A sign that fills the screen, and a day to keep an eye on."""
    patient = stage.treat("laser", 9)
    phone = stage.join(patient)
    watched = stage.answer(patient, 9, 0, itch=8)
    go(phone, f"/check-in/{watched}", "main .verdict")
    yield Screen("result-watch", phone, "result-watch")
    go(phone, "/report/1", "input.box")
    tick(phone, "a.btn[href='tel:999']")
    yield Screen("result-now", phone)


def other_days(stage: Stage) -> Iterator[Screen]:
    """Today as it is on other days: several areas, a silence, a finished plan, another method."""
    several = stage.treat("saline", 6)
    stage.practice.treat_also(several, "laser", 3, site="brows", label="Left brow")
    phone = stage.join(several)
    wait(phone, ".hero")
    yield Screen("today-areas", phone)
    first = stage.treat("undo", 3)
    phone = stage.join(first)
    wait(phone, ".hero")
    yield Screen("today-undo", phone, "today-undo")
    go(phone, "/healing", "main .card")
    yield Screen("healing-empty", phone, "states")
    late = stage.treat("saline", 70)
    stage.set_closed(late, 56)
    phone = stage.join(late)
    wait(phone, ".hero")
    yield Screen("today-late", phone)
    readiness.hold(stage.practice.staff, late.care_plan_id, "I want to see it first.", now=stage.practice.now)
    go(phone, "/next", "main section")
    yield Screen("next-held", phone)


def evening(stage: Stage) -> Iterator[Screen]:
    """A plan that was paused two days ago, the mask's timer, and a morning two days on."""
    resting = stage.treat("saline", 6)
    long_ago = stage.practice.now - timedelta(days=2)
    until_on = (stage.practice.now + timedelta(days=5)).date()
    care_plans.pause(stage.practice.staff, resting.care_plan_id, until_on=until_on, reason="Holiday", now=long_ago)
    phone = stage.join(resting)
    wait(phone, ".hero")
    yield Screen("today-paused", phone)
    stage.practice.move_clock(stage.practice.now.replace(hour=19))
    phone = stage.join(stage.treat("undo", 3))
    wait(phone, ".tasks")
    press(phone, ".tasks .btn.clay")
    wait(phone, ".dial")
    yield Screen("timer", phone, "timer")
    press(phone, ".dock .btn")
    yield Screen("timer-paused", phone)
    press(phone, ".timer-body .btn")
    wait(phone, "[role=alert]")
    yield Screen("timer-burning", phone)
    other = stage.join(stage.treat("undo", 3))
    wait(other, ".tasks")
    press(other, ".tasks .btn.clay")
    wait(other, ".dial")
    place = other.page.url
    go(other, "/", ".tasks .btn.clay")
    yield Screen("today-timer", other)
    stage.practice.move_clock(stage.practice.now + timedelta(minutes=21))
    go(other, place, ".timer-body .grand")
    yield Screen("timer-over", other)
    silent = stage.join(stage.treat("saline", 2))
    stage.practice.move_clock((stage.practice.now + timedelta(days=2)).replace(hour=9))
    go(silent, "/", "main > section.card .btn")
    yield Screen("today-one-tap", silent)


CHAPTERS: dict[str, Chapter] = {
    one.__name__: one for one in (start, plain_day, healing, talk, warning, emergency, other_days, evening)
}
