"""The walk through what not everybody meets: no connection, a fault, nothing there yet, a warning that waits, a yes."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Route

from backend.ids import new_id
from backend.services import care_plans, check_ins, protocols, readiness, recall
from backend.services.check_ins import CheckInDraft
from tests.capture.stage import Screen, Stage
from tests.capture.walk import (
    Chapter,
    answer_questions,
    at_path,
    go,
    pick,
    press,
    show_what_the_server_said,
    tick,
    wait,
)
from tests.pwa.phone import Phone, build_picture
from tests.pwa.server import Patient

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
HEALED = {
    "pain": 0, "itch": 0, "redness_level": 0, "redness_spread": "none", "swelling": 0, "fluid": "none",
    "skin_open": "no", "skin_shine": "matt", "skin_tone": "matches", "raised": "no", "sun": "no", "health_change": "no",
}  # fmt: skip
API = "**/api/v1/{}"
APPEARED = "() => getComputedStyle(document.querySelector('.skeleton')).opacity === '1'"


@contextmanager
def held(phone: Phone, path: str) -> Iterator[None]:
    """The server takes its time to answer this path; at the end the connection is gone."""
    waiting: list[Route] = []
    phone.page.route(API.format(path), lambda route: waiting.append(route))
    yield
    for route in waiting:
        route.abort("internetdisconnected")
    phone.page.unroute(API.format(path))


def refuse(phone: Phone, method: str, path: str, status: int) -> None:
    """The server answers this so; what the browser notes of it is no fault of the app."""

    def answer(route: Route) -> None:
        if route.request.method != method:
            return route.fallback()
        return route.fulfill(status=status, content_type="application/problem+json", body='{"title": "", "faults": []}')

    phone.page.route(API.format(path), answer)


def doors(stage: Stage) -> Iterator[Screen]:
    """An invitation without a connection or not for this person, and how an iPhone takes the app."""
    patient = stage.treat("saline", 2)
    phone = stage.open_phone()
    phone.page.route(API.format("invites/*"), lambda route: route.abort("internetdisconnected"))
    go(phone, patient.link, ".message .btn")
    yield Screen("welcome-offline", phone)
    phone.page.unroute_all()
    press(phone, ".message .btn")
    wait(phone, ".dock .btn")
    press(phone, ".dock .btn", -1)
    wait(phone, ".message h1")
    yield Screen("welcome-declined", phone)
    iphone = stage.join(stage.treat("saline", 2), user_agent=IPHONE)
    go(iphone, "/start/install", "ol.list")
    yield Screen("install-iphone", iphone, "install")
    denied = stage.open_phone(permissions=["camera"])  # and nothing else
    bare = stage.open_phone()
    bare.context.add_init_script("delete window.PushManager")
    for name, phone in (("denied", denied), ("unsupported", bare)):
        stage.enrol(stage.treat("saline", 2), phone)
        go(phone, "/start/reminders", "main .note")
        yield Screen(f"reminders-{name}", phone)


def trouble(stage: Stage) -> Iterator[Screen]:
    """Nothing there yet, a server that does not answer or has a fault of its own, and what it could not take."""
    slow = stage.open_phone(reduced_motion="reduce")
    stage.enrol(stage.treat("saline", 6), slow)
    with held(slow, "me"):
        go(slow, "/", ".sk")
        slow.page.wait_for_function(APPEARED)
        yield Screen("today-loading", slow)
    with held(slow, "healing*"):
        go(slow, "/healing", ".sk")
        slow.page.wait_for_function(APPEARED)
        yield Screen("healing-loading", slow)
    go(slow, "/timer/none", "main .btn")
    yield Screen("timer-gone", slow)
    waiting = stage.join(stage.add("Sam"))
    wait(waiting, "main .card")
    yield Screen("today-no-plan", waiting)
    phone = stage.open_phone(service_workers="block")  # the worker's own requests take another way
    stage.enrol(stage.treat("saline", 6), phone)
    refuse(phone, "POST", "sync", 422)
    go(phone, "/messages", ".composer")
    phone.page.locator(".composer textarea").fill("May I wear a hat?")
    press(phone, ".composer button")
    wait(phone, ".unsent")
    phone.said.clear()
    yield Screen("messages-not-sent", phone)
    refuse(phone, "GET", "today*", 503)
    go(phone, "/", "main .banner")
    phone.said.clear()
    yield Screen("today-fault", phone)
    full = stage.join(stage.treat("saline", 6))
    go(full, "/messages", ".composer")
    quota = {"origin": stage.practice.url, "quotaSize": 1}
    full.context.new_cdp_session(full.page).send("Storage.overrideQuotaForOrigin", quota)
    full.page.locator(".composer textarea").fill("May I wear a hat?")
    wait(full, ".stack [role=alert]")
    yield Screen("messages-full", full)


def unsent(stage: Stage) -> Iterator[Screen]:
    """A whole day without a connection: everything is kept, and said so wherever it matters."""
    patient = stage.treat("saline", 9)
    phone = stage.join(patient)
    go(phone, "/healing", "main section")
    go(phone, "/next", "main section")
    go(phone, "/", ".hero")
    phone.go_offline()
    press(phone, "main ~ .stack .dock .btn")
    answer_questions(phone)
    at_path(phone, "/check-in/2")
    press(phone, "main .dock .btn")
    at_path(phone, "/check-in/3")
    pick(phone, build_picture("today"))
    at_path(phone, "/check-in/4")
    press(phone, "main .dock .btn")
    wait(phone, ".verdict.ok")
    yield Screen("result-saved", phone)
    for path, selector in (("", ".hero"), ("healing", "main .note"), ("next", "main section"), ("help", "main .btn")):
        go(phone, f"/{path}", selector)
        wait(phone, "main .banner, main .btn.urg")
        yield Screen(f"{path or 'today'}-unsent", phone)
    go(phone, "/settings", "main .list")
    press(phone, "main .btn.line", -1)
    wait(phone, "[role=alertdialog]")
    yield Screen("settings-sign-out", phone)


def camera(stage: Stage) -> Iterator[Screen]:
    """The live camera over the last photo, a photo that may be blurred, and a camera that is not allowed."""
    patient = stage.treat("saline", 7)
    phone = stage.join(patient, permissions=["camera"])
    stage.keep_photo(phone, patient, 1)
    go(phone, "/check-in/1", "fieldset.sign")
    answer_questions(phone)
    at_path(phone, "/check-in/2")
    press(phone, "main .dock .btn")
    at_path(phone, "/check-in/more")
    yield Screen("checkin-more", phone)
    answer_questions(phone)
    wait(phone, "button.shutter:not([disabled])")
    wait(phone, ".ghost")
    yield Screen("camera", phone, "checkin-3")
    press(phone, "header .back")
    pick(phone, build_smooth_picture())
    wait(phone, ".review img")
    yield Screen("photo-blurred", phone)
    other = stage.join(stage.treat("saline", 9))
    go(other, "/check-in/3", ".dock .btn")
    press(other, ".dock .btn")
    wait(other, "main .note")
    yield Screen("camera-denied", other)


def changes(stage: Stage) -> Iterator[Screen]:
    """What Today says once: a plan that changed, another time zone, the Home Screen, a correction."""
    patient = stage.treat("saline", 20)
    phone = stage.join(patient, timezone_id="America/New_York", user_agent=IPHONE)
    for path in [f"/check-in/{stage.answer(patient, day, 20 - day, scab_stage=3)}" for day in (14, 17)]:
        go(phone, path, "main .verdict")
    off_on = (stage.practice.now - timedelta(days=3)).date()
    care_plans.set_anchor(stage.practice.staff, patient.care_plan_id, "scabs_off", off_on, now=stage.practice.now)
    go(phone, "/", "main [role=status] .note.pri")
    wait(phone, "section.card .btn.sec.h48")
    yield Screen("today-news", phone)
    phone = stage.join(stage.treat("saline", 2))
    signed = protocols.get_method(stage.practice.staff, "saline").signed
    assert signed is not None
    words = "Please do not use the sponge any more.\nUse a clean towel."
    recall.send_correction(stage.practice.staff, "saline", signed.version, "blot", words, now=stage.practice.now)
    go(phone, "/", "main .note.watch .btn")
    yield Screen("today-correction", phone)
    press(phone, "main .note.watch .btn")
    at_path(phone, "/correction/")
    wait(phone, ".dock .btn")
    yield Screen("correction", phone)


def agreed(stage: Stage) -> Iterator[Screen]:
    """The next session: all done and waiting for a last look, then the yes, also without a connection."""
    patient = stage.treat("laser", 56)
    for day in (7, 10, 12, 14, 17, 21, 28, 42, 56):
        scabs = {"scab_stage": 5 if day >= 12 else 3} if day < 21 else {}
        _answer_exactly(stage, patient, day, {**HEALED, **scabs})
    staff, plan, now = stage.practice.staff, patient.care_plan_id, stage.practice.now
    readiness.note_seen_in_person(staff, plan, now=now)
    phone = stage.join(patient)
    go(phone, "/next", "main .hero")
    yield Screen("next-asking", phone)
    readiness.sign_off(staff, plan, now=now)
    go(phone, "/next", "main a.btn[href^='tel:']")
    yield Screen("next-ready", phone, "ready-yes")
    go(phone, "/", ".hero")
    yield Screen("today-weeks", phone)
    old = stage.treat("saline", 190)
    stage.set_closed(old, 170)
    healed = stage.join(old)
    wait(healed, "main .note.ok")
    yield Screen("today-finished", healed)


def build_smooth_picture() -> bytes:
    """A photograph without an edge in it, as a hand that moved would take it."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(file, "JPEG")
    return file.getvalue()


def _answer_exactly(stage: Stage, patient: Patient, day: int, answers: dict[str, int | str]) -> None:
    at = stage.practice.now - timedelta(days=56 - day)
    draft = CheckInDraft(new_id(at), patient.care_plan_id, "planned", f"check_in@d{day}", at, answers, {})
    check_ins.submit(patient.scope, draft, now=at)


def unseen(stage: Stage) -> Iterator[Screen]:
    """A warning that has not been sent, one that nobody has seen, and one that help was got for."""
    phone = stage.join(stage.treat("saline", 6))
    wait(phone, ".hero")
    phone.go_offline()
    go(phone, "/report/1", "input.box")
    tick(phone, "[role=alert]")
    press(phone, "header .icon-btn", -1)
    at_path(phone, "/check-in/")
    result = phone.page.url
    yield Screen("result-red-unsent", phone)
    go(phone, "/", "[role=alert]")
    yield Screen("today-flag-unsent", phone)
    phone.go_online()
    go(phone, result, "[role=alert]")
    show_what_the_server_said(phone)
    stage.practice.move_clock(stage.practice.now + timedelta(minutes=61))
    go(phone, "/", "[role=alert]")
    wait(phone, "main > .verdict.urgent")
    yield Screen("today-nobody-seen", phone)
    press(phone, "main .btn.ghost")
    press(phone, "main input[name=who]")
    press(phone, "main fieldset .btn")
    wait(phone, "main .note.watch .links")
    yield Screen("today-helped", phone)


CHAPTERS: dict[str, Chapter] = {one.__name__: one for one in (doors, trouble, unsent, camera, changes, agreed, unseen)}
