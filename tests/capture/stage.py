"""What the walk stands on: a live practice, clients who are where a screen needs them, and their phones."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser

from backend.db import ClientScope
from backend.ids import new_id
from backend.services import care_plans, check_ins, clients, invites
from backend.services.check_ins import CheckInDraft
from tests.pwa.phone import Phone, build_picture, open_phone
from tests.pwa.server import ZONE, LivePractice, Patient

CALM: Mapping[str, int | str] = {"pain": 2, "itch": 2, "redness_level": 1, "fluid": "none", "scab_stage": 2}
NO_PLAN = UUID(int=0)
PATIENCE_MS = 60_000  # the walk may stand beside other work
LOCALES = {"en": "en-GB"}  # the others as their language alone
ENROL = """async ([code, zone, language]) => {
  const consent = (kind) => ({ kind, given: true, text_version: "2026-11-22.en" });
  const device = { name: "Android phone", platform: "web", zone, language };
  const body = JSON.stringify({ code, device, consents: ["care", "photos"].map(consent) });
  const headers = { "Content-Type": "application/json" };
  return (await fetch("/api/v1/enrolments", { method: "POST", headers, body })).status;
}"""
PUT = """async ([path, bytes]) => (await fetch("/api/v1" + path, {method: "PUT",
headers: {"Content-Type": "image/jpeg"}, body: Uint8Array.from(atob(bytes), one => one.charCodeAt(0))})).status"""


@dataclass(frozen=True)
class Screen:
    """A screen that somebody stands before. `target`: the design's picture of it, without theme; '' where none is."""

    name: str
    phone: Phone
    target: str = ""


@dataclass
class Stage:
    """One language's walk. `device`: what playwright knows of a phone."""

    browser: Browser
    practice: LivePractice
    language: str
    device: Mapping[str, Any]
    phones: list[Phone] = field(default_factory=list)

    def open_phone(self, **options: Any) -> Phone:
        locale = LOCALES.get(self.language, self.language)
        phone = open_phone(self.browser, self.practice, **{**self.device, "locale": locale, **options})
        phone.context.set_default_timeout(PATIENCE_MS)
        self.phones.append(phone)
        return phone

    def treat(self, method: str, day: int, name: str = "Dan") -> Patient:
        return self.practice.treat(name, method, day)

    def add(self, name: str) -> Patient:
        """A client who was invited and has no plan yet."""
        staff, now = self.practice.staff, self.practice.now
        client_id = clients.add_client(staff, name=name, now=now).id
        code = invites.make(staff, client_id, now=now).code
        return Patient(name, ClientScope(staff.clinic_id, client_id), NO_PLAN, f"{self.practice.url}/i/{code}")

    def enrol(self, patient: Patient, phone: Phone) -> None:
        """Makes it this client's phone; it still shows the invitation."""
        phone.open(patient.link)
        phone.page.locator(".btn").first.wait_for()
        code = patient.link.rpartition("/")[2]
        assert phone.page.evaluate(ENROL, [code, ZONE, self.language]) == 201

    def join(self, patient: Patient, **options: Any) -> Phone:
        """A phone of this client on Today, past the start screens. `options`: as for `open_phone`."""
        phone = self.open_phone(**options)
        self.enrol(patient, phone)
        phone.open("/")
        phone.page.locator("nav.tabs").wait_for()
        phone.page.evaluate("navigator.serviceWorker.ready")
        return phone

    def answer(self, patient: Patient, day: int, days_ago: int, **odd: int | str) -> str:
        """A check-in as it was sent that many days ago, calm but for what is odd; its id."""
        at = self.practice.now - timedelta(days=days_ago)
        answers = {**CALM, **odd}
        draft = CheckInDraft(new_id(at), patient.care_plan_id, "planned", f"check_in@d{day}", at, answers, {})
        return str(check_ins.submit(patient.scope, draft, now=at).id)

    def set_closed(self, patient: Patient, days_ago: int) -> None:
        """The scabs came off and the skin had closed on that day."""
        on, now = (self.practice.now - timedelta(days=days_ago)).date(), self.practice.now
        for anchor in ("scabs_off", "skin_closed"):
            care_plans.set_anchor(self.practice.staff, patient.care_plan_id, anchor, on, now=now)

    def keep_photo(self, phone: Phone, patient: Patient, days_ago: int) -> None:
        at = self.practice.now - timedelta(days=days_ago)
        path = f"/photos/{new_id(at)}?care_plan_id={patient.care_plan_id}&view=front&taken_at={at:%Y-%m-%dT%H:%M:%SZ}"
        picture = base64.b64encode(build_picture(f"{days_ago}")).decode()
        status = phone.page.evaluate(PUT, [path, picture])
        assert status == 201, f"PUT {path}: {status}"

    def close(self) -> None:
        for phone in self.phones:
            phone.context.close()
        self.phones.clear()
