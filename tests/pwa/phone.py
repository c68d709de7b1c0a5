"""A phone for the stories: a real Chromium page in the hand of one person, whose taps are counted.

It notes every error that the browser says aloud, every breach of the content security policy and every request to
another host.
"""

import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

import setup_env
from tests.pwa.server import ZONE, LivePractice, Patient

AXE = setup_env.APP / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # all that a theme can change
CALMEST = {"q-mood": -1, "q-scab_stage": 2}  # the place of the calmest answer where it is not the first
HAS_ANSWERS = re.compile("^Ida.* has your answers")
RECEIVED = re.compile("^Your clinic received it")
PATIENCE_MS = 30_000  # for what must come to pass; where a promise says how soon, its test does
NO_CONNECTION = re.compile(r"net::ERR_INTERNET_DISCONNECTED")
WATCH_POLICY = """
window.breaches = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.breaches.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Phone:
    """One person's phone. `taps` counts what the person touches."""

    context: BrowserContext
    page: Page
    practice: LivePractice
    taps: int = 0
    said: list[str] = field(default_factory=list)

    def open(self, address: str = "/") -> None:
        self.page.goto(address if "://" in address else self.practice.url + address)

    def tap(self, thing: str | re.Pattern[str] | Locator, role: Any = "button") -> None:
        """Touches what carries this name."""
        found = thing if isinstance(thing, Locator) else self.page.get_by_role(role, name=thing)
        found.click()
        self.taps += 1

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", name=text).first).to_be_visible()

    def join(self, patient: Patient, *, photos: bool = True) -> None:
        """From the link to Today, reminders and installing left for later."""
        self.open(patient.link)
        self.tap(f"Yes, I am {patient.name}")
        if photos:
            self.tap(re.compile("Share my photos"), "switch")
        self.tap("Agree and continue")
        self.leave_reminders_and_install()
        self.page.evaluate("navigator.serviceWorker.ready")

    def leave_reminders_and_install(self) -> None:
        """Whatever this browser offers is left for later; it ends on Today."""
        self.heading(re.compile("nudge"))
        self.tap(re.compile("^(Not now|Continue)$"))
        self.heading(re.compile("Keep Fallow close|One more step"))
        self.tap(re.compile("^(Do this later|Go to Today)$"))
        self.heading("Your care today")

    def answer_page(self) -> None:
        """The calmest answer to every question of a page, then on."""
        questions = self.page.locator("fieldset.sign:not(.group)")
        questions.first.wait_for()  # the check-in is a chunk of its own: it may still be coming
        for question in questions.all():
            answers = question.locator("label")
            self.tap(answers.nth(CALMEST.get(question.get_attribute("id") or "", 0)))

    def take_photo(self, picture: bytes) -> None:
        """The system's camera hands over its picture."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(self.page.locator("label.file", has_text="Take photo"))
        chooser.value.set_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture})

    def go_offline(self) -> None:
        self.context.set_offline(True)

    def go_online(self) -> None:
        self.context.set_offline(False)

    def get(self, path: str) -> Any:
        """What the API answers to this phone."""
        return self.page.evaluate("path => fetch('/api/v1' + path).then(answer => answer.json())", path)

    def check_screen(self, name: str) -> None:
        """No serious fault by axe in light and in dark, no sideways scroll at 320 px; pictured where wanted."""
        size = self.page.viewport_size
        assert size is not None
        schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            capture(self.page, f"{name}-{scheme}")
            self._show_whole_page()
            faults = self.find_faults(RULES if scheme == "light" else COLOUR_RULES)
            assert not faults, f"{name}, {scheme}: {faults}"
            self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 320, "height": 720})
        capture(self.page, f"{name}-320")
        wide = self.page.evaluate("document.scrollingElement.scrollWidth")
        self.page.set_viewport_size(size)
        assert wide <= 320, f"{name} is {wide} px wide on a phone of 320 px"

    def _show_whole_page(self) -> None:
        """So tall that the dock covers nothing: axe would take what lies half under it for too small to touch."""
        tall = self.page.evaluate("document.scrollingElement.scrollHeight")
        self.page.set_viewport_size({"width": 390, "height": tall + 300})

    def find_faults(self, rules: Sequence[str]) -> list[str]:
        """What axe calls serious or critical, each with where. `rules`: its tags or the rules themselves."""
        return [fault for impact, fault in run_axe(self.page, rules) if impact in ("serious", "critical")]

    def check_silence(self) -> None:
        """No error, no warning, nothing thrown, no other host asked, and the policy was kept."""
        assert not self.said, self.said
        breaches = self.page.evaluate("window.breaches")
        assert not breaches, breaches

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not NO_CONNECTION.search(message.text):
            self.said.append(f"{message.type}: {message.text} ({message.location})")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((self.practice.url, "data:", "blob:")):
            self.said.append(f"asked another host: {request.url}")


def open_phone(browser: Browser, practice: LivePractice, **options: Any) -> Phone:
    context = browser.new_context(**{**describe_phone(), **options})
    return hold(context, context.new_page(), practice)


def describe_phone() -> dict[str, Any]:
    """What a browser context is told to be like a phone."""
    return {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2 if os.environ.get("FALLOW_CAPTURE") else 1,
        "timezone_id": ZONE,
        "locale": "en-GB",
    }


def hold(context: BrowserContext, page: Page, practice: LivePractice) -> Phone:
    """A phone whose faults are noted, before anything is opened on it."""
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    context.add_init_script(WATCH_POLICY)
    phone = Phone(context, page, practice)
    page.on("console", phone._hear)
    context.on("request", phone._see_request)
    page.on("pageerror", lambda error: phone.said.append(f"thrown: {error}"))
    return phone


def run_axe(page: Page, rules: Sequence[str]) -> list[tuple[str, str]]:
    """All that axe finds: how bad, and what and where. `rules`: its tags or the rules themselves."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", list(rules))
    assert found["passes"], "axe looked at nothing"
    return [
        (one["impact"], f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']]}")
        for one in found["violations"]
    ]


def capture(page: Page, name: str) -> None:
    """A picture of the whole screen in the folder FALLOW_CAPTURE, to be looked at beside the design."""
    folder = os.environ.get("FALLOW_CAPTURE")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def build_picture(mark: str = "skin") -> bytes:
    """A photograph of 1200 x 900 as a camera would write it, with the place in its hidden data."""
    colour = tuple(90 + sum(mark.encode()) * step % 120 for step in (3, 5, 7))
    picture = Image.linear_gradient("L").resize((1200, 900)).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", picture.size, colour), 0.6)
    for x in range(0, 1200, 40):  # edges: a smooth picture would look blurred to the phone
        picture.paste((40, 40, 40), (x, 0, x + 6, 900))
    hidden = Image.Exif()
    hidden[0x010E] = "taken at home"
    hidden.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, exif=hidden)
    return file.getvalue()


Opener = Callable[..., Phone]
