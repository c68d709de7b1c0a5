"""A house with people in it, and a phone that speaks to it over HTTP."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend import wiring
from backend.db import StaffScope
from backend.ids import new_id
from backend.models import Client, Practitioner
from backend.services import invites
from backend.settings import Settings, with_local_secrets
from tests.api.contract import check_answer
from tests.factories import make_client, make_clinic, make_practitioner
from tests.services.practice import Practice, day, sign, start_plan
from tests.web_app import furnish

PREFIX = "/api/v1"
CONSENTS = [
    {"kind": "care", "given": True, "text_version": "2026-11-22.en"},
    {"kind": "photos", "given": True, "text_version": "2026-11-22.en"},
]
DEVICE = {"name": "Phone", "platform": "web", "zone": "Europe/London", "language": "en"}


@dataclass
class MovableClock:
    at: datetime
    rate: float = 0.0

    def now(self) -> datetime:
        return self.at


@dataclass
class House:
    app: Flask
    clock: MovableClock
    practice: Practice
    ben: Client
    joe: Practitioner
    cleo: Client

    @property
    def ana(self) -> Client:
        return self.practice.ana

    def invite(self, client: Client) -> str:
        scope = StaffScope(client.clinic_id, client.practitioner_id)
        return invites.make(scope, client.id, now=self.clock.at).code

    def phone(self) -> "Phone":
        """A phone that nobody has signed in."""
        return Phone(self.app.test_client())

    def browser_of(self, client: Client) -> "Phone":
        """A web app that holds the client's cookie; its own pages send `Sec-Fetch-Site: same-origin`."""
        phone = self.phone()
        answer = phone.post("/enrolments", {"code": self.invite(client), "device": DEVICE, "consents": CONSENTS})
        assert answer.status_code == 201, answer.text
        phone.headers["Sec-Fetch-Site"] = "same-origin"
        phone.me = answer.json["me"]
        return phone

    def phone_of(self, client: Client) -> "Phone":
        """A native app that holds the client's token."""
        phone = self.phone()
        answer = phone.post("/enrolments", {"code": self.invite(client), "device": DEVICE, "consents": CONSENTS})
        assert answer.status_code == 201, answer.text
        phone.http.delete_cookie("fallow")
        phone.headers["Authorization"] = f"Bearer {answer.json['token']}"
        phone.me = answer.json["me"]
        return phone

    def new_id(self) -> str:
        return str(new_id(self.clock.at))

    def start_plan(self, client: Client | None = None, method: str = "saline") -> UUID:
        """A plan of a client of Dr Ida whose treatment ended on day 0."""
        practice = Practice(self.practice.ida, client or self.ana)
        sign(practice, method)
        return start_plan(practice, method)


@dataclass
class Phone:
    http: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)
    me: dict[str, Any] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        if body is not None:
            more |= {"data": json.dumps(body), "content_type": "application/json"}
        answer = self.http.open(PREFIX + path, method=method, headers=headers, **more)
        check_answer(self.http.application, method, path, answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("PUT", path, body, **more)


def build_settings(database_url: str, folder: Path, **environment: str) -> Settings:
    values = {"FALLOW_ENV": "test", "FALLOW_DATABASE_URL": database_url, "FALLOW_VAR_DIR": str(folder), **environment}
    return Settings.from_environment(values)


def build_house(database_url: str, folder: Path, **environment: str) -> House:
    settings = with_local_secrets(build_settings(database_url, folder, **environment))
    clock = MovableClock(day(6))
    real = wiring.build_ports(settings)
    app = furnish(settings, replace(real, clock=clock))
    clinic = make_clinic("North Light", zone="Europe/London", country="GB", emergency=EMERGENCY)
    ida = make_practitioner(clinic, "Ida Berg", role="owner")
    joe = make_practitioner(make_clinic("Second Look", zone="Europe/Lisbon", country="PT"), "Joe Sousa", role="owner")
    people = {"zone": "Europe/London", "joined_at": None}
    ana, ben = make_client(ida, "Ana", **people), make_client(ida, "Ben", **people)
    return House(app, clock, Practice(ida, ana), ben, joe, make_client(joe, "Cleo", zone="Europe/Lisbon"))


EMERGENCY = {"emergency": "999", "advice": "111", "advice_name": "NHS 111"}
