"""Dr Ida's studio: its people, and what a practitioner does in the console from the signature to the invitation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.services import clinics
from schedules import list_methods
from tests.acceptance.browser import Browser, Page
from tests.acceptance.handset import Handset
from tests.acceptance.story import ZONE, Story

PASSWORD = "a password of Dr Ida's own"
STEPS: Mapping[str, int] = {"laser": 5, "saline": 5, "undo": 5}


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str
    email: str


@dataclass(slots=True)
class Studio:
    """North Light in London. Dr Ida owns it; Dr Joe may be named as the second person of the ladder."""

    story: Story
    clinic_id: UUID
    ida: Person
    joe: Person
    console: Browser
    client_path: str = ""
    plan_path: str = ""

    def browser(self, person: Person, *, alerts: bool = True) -> Browser:
        """Somebody of the studio signs in on a browser of their own."""
        browser = Browser(self.story)
        browser.sign_in(person.email, PASSWORD)
        if alerts:
            browser.turn_on_alerts()
        return browser

    def sign(self, method: str, answers: Mapping[str, str] | None = None) -> Page:
        """The owner reads the plan of a method and signs it; every step to be confirmed gets a yes unless said."""
        page = self.console.open(plan_path(method))
        asked = sorted(name for name in page.form("/sign").names if re.fullmatch(r"steps-[a-z_]+", name))
        page = self.console.submit("/sign", {**dict.fromkeys(asked, "yes"), **(answers or {})})
        assert page.status == 200, page.text[:600]
        assert "Signed, version" in page.text
        return page

    def add_client(self, name: str) -> str:
        """A new client; gives the path of their page."""
        self.console.open("/console/clients")
        page = self.console.submit("/clients", {"name": name})
        assert page.status == 200
        assert name in page.text
        self.client_path = page.url
        return page.url

    def open_treatment(self, method: str, fields: Mapping[str, str] | None = None) -> Page:
        """The form of a new treatment, filled in."""
        self.console.open(f"{self.client_path}/treatments/new?method={place_of(method)}")
        return self.console.submit("/treatments", {"site": "scalp", **(fields or {})})

    def record(self, method: str, ends_at: datetime) -> Page:
        """Every step of the treatment that is open on the page: one tap for its start, one for its end."""
        steps = STEPS[method]
        for number in range(steps):
            self.story.jump(ends_at - timedelta(minutes=10 * (steps - number)))
            self.console.submit(f"{step_path(number)}/start")
            self.story.jump(ends_at - timedelta(minutes=10 * (steps - number - 1)))
            page = self.console.submit(f"{step_path(number)}/end")
        return page

    def finish(self) -> Page:
        page = self.console.submit("/finish")
        assert "that is day 0" in page.text, page.text[:600]
        return page

    def start_plan(self) -> Page:
        page = self.console.submit("/plan")
        if page.status == 200:
            self.plan_path = page.form("/hold").action.removesuffix("/hold")
        return page

    def invite(self) -> str:
        """Makes an invitation on the console; gives the code that stands on the page."""
        self.console.open("/console/invites")
        client_id = self.client_path.rsplit("/", 1)[1].partition("?")[0]
        page = self.console.send("/console/invites", {"client_id": client_id})
        assert page.status == 201
        found = re.search(r"/i/([A-Z0-9-]+)", page.html)
        assert found is not None
        return found[1]

    def treat(self, method: str, ends_at: datetime, fields: Mapping[str, str] | None = None) -> None:
        """From the form to the running plan."""
        page = self.open_treatment(method, fields)
        assert page.status == 200, page.text[:600]
        self.record(method, ends_at)
        self.finish()
        assert self.start_plan().status == 200

    def client_page(self) -> Page:
        return self.console.open(self.client_path)

    def status(self) -> str:
        """What the client's page says about readiness."""
        page = self.client_page()
        found = re.search(r'id="readiness[^"]*">.*?<span class="pill[^"]*">([^<]+)</span>', page.html, re.DOTALL)
        assert found is not None
        return found[1]


def place_of(method: str) -> int:
    """How addresses name a method: by its place among the shipped ones."""
    return list_methods().index(method) + 1


def plan_path(method: str) -> str:
    return f"/console/plans/{place_of(method):02}"


def step_path(number: int) -> str:
    """How the address of a step in the treatment ends; `number` from 0."""
    return f"/steps/{number + 1:02}"


def open_studio(story: Story) -> Studio:
    """Set up as the operator does; Dr Ida is signed in and has turned on this browser's alerts."""
    clinic_id = clinics.add_clinic(name="North Light", zone=ZONE, country="GB", phone="+44 20 7946 0018", now=story.now)
    people = []
    for name, email, role in (
        ("Dr Ida Berg", "ida@northlight.example", "owner"),
        ("Dr Joe Lind", "joe@northlight.example", "practitioner"),
    ):
        made = clinics.add_practitioner(clinic_id, name=name, email=email, role=role, password=PASSWORD, now=story.now)
        people.append(Person(made.id, name, email))
    studio = Studio(story, clinic_id, people[0], people[1], Browser(story))
    studio.console.sign_in(people[0].email, PASSWORD)
    studio.console.turn_on_alerts()
    return studio


def begin(
    story: Story, method: str, ends_at: datetime, fields: Mapping[str, str] | None = None
) -> tuple[Studio, Handset]:
    """A signed plan, a treated client, and a phone that joined ten minutes after the treatment."""
    studio = open_studio(story)
    studio.sign(method)
    studio.add_client("Ana")
    story.jump(ends_at - timedelta(hours=1))
    studio.treat(method, ends_at, fields)
    story.jump(ends_at + timedelta(minutes=10))
    phone = Handset(story)
    phone.join(studio.invite())
    story.work()
    return studio, phone
