"""The walk through the console's main pages, at a desk and in a hand."""

from collections.abc import Iterator

from backend.ids import new_id
from backend.services import messages
from backend.services.messages import MessageDraft
from tests.capture.stage import Screen, Stage
from tests.capture.walk import Chapter, go, press, wait
from tests.pwa.phone import Phone

DESK = {"viewport": {"width": 1440, "height": 900}, "is_mobile": False, "has_touch": False}
HAND = {"viewport": {"width": 390, "height": 844}}


def sign_in(phone: Phone) -> None:
    phone.page.locator("input[name=email]").fill("ida@northlight.example")
    phone.page.locator("input[name=password]").fill("for this test only")
    press(phone, "form .btn.full")
    wait(phone, ".qlist, main h1")


def console(stage: Stage) -> Iterator[Screen]:
    """Review, a client with messages, plans, an invitation, settings."""
    now = stage.practice.now
    patient = stage.treat("saline", 6)
    for day in (2, 4, 5, 6):
        stage.answer(patient, day, 6 - day)
    phone = stage.join(patient)
    stage.keep_photo(phone, patient, 1)
    stage.keep_photo(phone, patient, 0)
    asked = MessageDraft(new_id(now), "The scabs look darker today and it itches at night. Is that ok?", now)
    messages.send(patient.scope, asked, now=now)
    flagged = stage.treat("laser", 9, "Tom")
    stage.answer(flagged, 9, 0, fluid="smelly", pain=6)
    fresh = stage.treat("undo", 1, "Priya")
    client = f"/console/clients/{patient.scope.client_id}"
    for kind, device in (("desk", DESK), ("hand", HAND)):
        phone = stage.open_phone(**device)
        go(phone, "/console/sign-in", "input[name=email]")
        yield Screen(f"{kind}-signin", phone, "c-signin" if kind == "desk" else "")
        sign_in(phone)
        yield Screen(f"{kind}-queue", phone, "c-queue" if kind == "desk" else "p-queue")
        press(phone, "a.qi")
        wait(phone, ".open header")
        yield Screen(f"{kind}-open-check-in", phone)
        go(phone, client, "main h1")
        yield Screen(f"{kind}-client", phone, "c-client")
        go(phone, f"{client}/reminders", "main h1")
        yield Screen(f"{kind}-ledger", phone)
        go(phone, f"/console/clients/{flagged.scope.client_id}", "main h1")
        yield Screen(f"{kind}-client-flagged", phone)
        go(phone, f"/console/clients/{fresh.scope.client_id}", "main h1")
        yield Screen(f"{kind}-client-new", phone)
        for path in ("clients", "invites", "settings", "plans"):
            go(phone, f"/console/{path}", "main h1")
            yield Screen(f"{kind}-{path}", phone)
        press(phone, "main a[href*='/console/plans/']")
        phone.page.wait_for_url("**/console/plans/*")
        yield Screen(f"{kind}-plan", phone, "c-protocol")


CONSOLE: dict[str, Chapter] = {"console": console}
