"""A practitioner's browser: signs in with a password, reads pages, fills in the forms that stand on them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend import wiring
from backend.models import Client, Practitioner
from backend.ports import Ports
from backend.settings import Settings, with_local_secrets
from schedules import list_methods
from tests.factories import make_client, make_clinic, make_practitioner
from tests.services.practice import TREATED_AT, Practice
from tests.web_app import furnish

PASSWORD = "a long enough password"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class MovableClock:
    at: datetime
    rate: float = 0.0

    def now(self) -> datetime:
        return self.at


@dataclass
class Form:
    """A form of a page with what the browser would send untouched."""

    action: str
    sent: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a test looks at: the forms, the links, the text, and markup that the CSP would refuse."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__()
        self.status, self.text = answer.status_code, answer.get_data(as_text=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.title = ""
        self.refused: list[str] = []
        self._form: Form | None = None
        self._tag = ""
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._tag = tag
        self.refused += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.refused.append(f"inline {tag}")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self._form = Form(given.get("action", ""))
            self.forms.append(self._form)
        if self._form is not None and tag == "input":
            self._take(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._tag == "title":
            self.title += data.strip()
            self._tag = ""

    def form(self, ending: str) -> Form:
        """The first form whose action ends like this."""
        found = [form for form in self.forms if form.action.endswith(ending)]
        assert found, f"no form ends with {ending}; there are {[form.action for form in self.forms]}"
        return found[0]

    def has_form(self, ending: str) -> bool:
        return any(form.action.endswith(ending) for form in self.forms)

    def _take(self, given: dict[str, str]) -> None:
        assert self._form is not None
        ticked = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if ticked and given.get("name"):
            self._form.sent[given["name"]] = given.get("value", "")


@dataclass
class Desk:
    """A browser at the clinic."""

    http: FlaskClient

    def get(self, path: str) -> Page:
        return Page(self.http.get(path))

    def submit(self, page: Page, ending: str, **fields: str) -> Page:
        """Sends a form that stands on the page, and follows where it leads."""
        form = page.form(ending)
        return self.post(form.action, {**form.sent, **fields})

    def post(self, path: str, fields: dict[str, str]) -> Page:
        answer = self.http.post(path, data=fields, headers=SAME_SITE)
        if answer.status_code != 303:
            return Page(answer)
        target = urlsplit(answer.headers["Location"])
        return self.get(target.path + (f"?{target.query}" if target.query else ""))


@dataclass
class Clinic:
    """North Light with Dr Ida, her colleague Dr Kim, Ana and Ben; Dr Joe and Cleo are of another clinic."""

    app: Flask
    ports: Ports
    clock: MovableClock
    practice: Practice
    kim: Practitioner
    ben: Client
    joe: Practitioner
    cleo: Client

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def desk_of(self, person: Practitioner) -> Desk:
        """A browser in which this person has signed in."""
        http = self.browser()
        form = {"email": person.email, "password": PASSWORD}
        answer = http.post("/console/sign-in", data=form, headers=SAME_SITE)
        assert answer.status_code == 303, answer.text
        return Desk(http)

    @property
    def desk(self) -> Desk:
        return self.desk_of(self.practice.ida)


def plan_path(method: str) -> str:
    """Where the plan of a method is read: addresses name a method by its place alone."""
    return f"/console/plans/{place_of(method):02}"


def place_of(method: str) -> int:
    return list_methods().index(method) + 1


def build_clinic(database_url: str, folder: Path, now: datetime = TREATED_AT) -> Clinic:
    environment = {"FALLOW_ENV": "test", "FALLOW_DATABASE_URL": database_url, "FALLOW_VAR_DIR": str(folder)}
    settings = with_local_secrets(Settings.from_environment(environment))
    clock = MovableClock(now)
    ports = replace(wiring.build_ports(settings), clock=clock)
    app = furnish(settings, ports)
    clinic = make_clinic("North Light", zone="Europe/London", country="GB")
    ida = make_practitioner(clinic, "Ida Berg", role="owner", password_hash=_hash())
    kim = make_practitioner(clinic, "Kim Roe", password_hash=_hash())
    elsewhere = make_clinic("Second Look", zone="Europe/Lisbon", country="PT")
    joe = make_practitioner(elsewhere, "Joe Sousa", role="owner", password_hash=_hash())
    ana = make_client(ida, "Ana", zone="Europe/London")
    ben = make_client(ida, "Ben", zone="Europe/London", joined_at=None)
    return Clinic(app, ports, clock, Practice(ida, ana), kim, ben, joe, make_client(joe, "Cleo"))


@cache
def _hash() -> str:
    """A real argon2id hash, at the least cost: it is checked often here."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
