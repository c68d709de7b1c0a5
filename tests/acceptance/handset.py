"""A client's phone: joins by an invitation, shows pushes, answers check-ins as the app would ask them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from werkzeug.test import TestResponse

from backend.ids import new_id
from tests.acceptance.story import ZONE, Shown, Story, day_on, get_json
from tests.doubles.push_service import Subscription

API = "/api/v1"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
CONSENTS = [{"kind": kind, "given": True, "text_version": "2026-11-22.en"} for kind in ("care", "photos")]
Answers = Mapping[str, int | str]


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Handset:
    """The web app on a phone: its cookie, its push subscription, the one plan that it shows."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._http = story.app.test_client()
        self.me: dict[str, Any] = {}
        self.subscription: Subscription | None = None
        self._care_plan_id = ""
        self._confirmed = 0

    # --- joining ---

    def join(self, code: str, zone: str = ZONE) -> None:
        """Open the invitation, accept it, allow notifications."""
        assert get_json(self.get(f"/invites/{code}"))["client_name"]
        device = {"name": "Phone", "platform": "web", "zone": zone, "language": "en"}
        answer = self.post("/enrolments", {"code": code, "device": device, "consents": CONSENTS})
        assert answer.status_code == 201, answer.text
        self.me = get_json(answer)["me"]
        self.subscription = self._story.pushes.subscribe()
        keys = {"p256dh": self.subscription.p256dh, "auth": self.subscription.auth}
        body = {"kind": "web_push", "endpoint": self.subscription.endpoint, "keys": keys}
        assert self.call("PUT", f"/devices/{self.me['device_id']}/push", json=body).status_code == 204
        self._story.service_workers.append(self._confirm)

    def _confirm(self) -> None:
        """What the phone's service worker does by itself: it says that it has shown each push."""
        for shown in self.lock_screen[self._confirmed :]:
            receipt = {"reminder_id": str(shown.reminder_id), "event": "shown", "at": instant(self._story.now)}
            assert self.post("/receipts", receipt).status_code == 204
        self._confirmed = len(self.lock_screen)

    @property
    def lock_screen(self) -> list[Shown]:
        """All pushes that have come so far."""
        assert self.subscription is not None
        return self._story.shown_to(self.subscription.channel)

    def pushes_on(self, day: int) -> list[tuple[str, str]]:
        """What a day's lock screen showed: (local time, words)."""
        return [(shown.local(), shown.words) for shown in self.lock_screen if shown.day() == day]

    # --- reading ---

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        self._story.urls.append(API + path)
        return self._http.open(API + path, method=method, headers=OWN_PAGE, **more)

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> TestResponse:
        return self.call("POST", path, json=body)

    @property
    def care_plan_id(self) -> str:
        """The plan that the phone shows; asked for once."""
        self._care_plan_id = self._care_plan_id or self.today()["care_plan_id"]
        return self._care_plan_id

    def today(self) -> dict[str, Any]:
        """The only area of Today."""
        document = get_json(self.get("/today"))
        (area,) = document["areas"]
        return {**area, "banner": document["banner"], "next_check_in": document["next_check_in"]}

    def plan(self) -> dict[str, Any]:
        (plan,) = get_json(self.get("/plan"))["plans"]
        found: dict[str, Any] = plan
        return found

    def timeline(self, first: int = 0, last: int = 180) -> list[dict[str, Any]]:
        occurrences: list[dict[str, Any]] = get_json(self.get(f"/timeline?from={day_on(first)}&to={day_on(last)}"))[
            "occurrences"
        ]
        return occurrences

    def readiness(self) -> dict[str, Any]:
        (area,) = get_json(self.get("/readiness"))["areas"]
        found: dict[str, Any] = area
        return found

    def open_push(self, shown: Shown) -> dict[str, Any]:
        """Tap a push: the receipt, and where it leads."""
        receipt = {"reminder_id": str(shown.reminder_id), "event": "opened", "at": instant(self._story.now)}
        assert self.post("/receipts", receipt).status_code == 204
        found: dict[str, Any] = get_json(self.get(f"/reminders/{shown.reminder_id}"))
        return found

    # --- doing ---

    def tap(self, occurrence: str, event: str = "done", minutes: int | None = None) -> dict[str, Any]:
        """One tap on a care step; `minutes` runs a timer."""
        body = self.build_tap(occurrence, event)
        if minutes is not None:
            body["ends_at"] = instant(self._story.now + timedelta(minutes=minutes))
        answer = self.post("/step-logs", body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = get_json(answer)
        return found

    def tick_all(self) -> list[str]:
        """Tick every step that is open now."""
        done = [step["key"] for step in self.today()["steps"] if step["state"] == "open"]
        for key in done:
            self.tap(key)
        return done

    def check_in(self, day: int, answers: Answers) -> dict[str, Any]:
        """Answer a planned check-in, page by page as the phone's plan has it."""
        answer = self.post("/check-ins", self.build_check_in(day, answers))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = get_json(answer)
        return found

    def report(self, answers: Answers) -> dict[str, Any]:
        """ "Something worries me": what the person ticked or answered, the rest ruled out."""
        given = self._fill(self.plan()["report"], answers, "questions")
        body = {**self._answered("report", None), "answers": given}
        answer = self.post("/check-ins", body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = get_json(answer)
        return found

    def photograph(self, views: Sequence[str]) -> None:
        """Take and send a photo of each view, out of turn."""
        picture = BytesIO()
        Image.effect_noise((160, 120), 40).convert("RGB").save(picture, "JPEG")
        for view in views:
            query = f"care_plan_id={self.care_plan_id}&view={view}&taken_at={instant(self._story.now)}"
            path = f"/photos/{self.new_id()}?{query}"
            answer = self.call("PUT", path, data=picture.getvalue(), content_type="image/jpeg")
            assert answer.status_code == 201, answer.text

    def build_tap(self, occurrence: str, event: str = "done") -> dict[str, Any]:
        """A tap as it is queued: made on the phone, at the phone's time."""
        tapped = {"id": self.new_id(), "care_plan_id": self.care_plan_id, "occurrence": occurrence, "event": event}
        return {**tapped, "at": instant(self._story.now)}

    def build_check_in(self, day: int, answers: Answers, plan: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A planned check-in as it is queued; offline from the `plan` that the phone kept."""
        key = f"check_in@d{day}"
        plan = plan or self.plan()
        (pages,) = [each["pages"] for each in plan["check_ins"] if each["key"] == key]
        return {**self._answered("planned", key), "answers": self._fill(pages, answers, "asked")}

    def new_id(self) -> str:
        return str(new_id(self._story.now))

    def _answered(self, kind: str, key: str | None) -> dict[str, Any]:
        head = {"id": self.new_id(), "care_plan_id": self.care_plan_id, "occurrence": key, "kind": kind}
        return {**head, "answered_at": instant(self._story.now), "partial": False}

    def _fill(self, pages: Mapping[str, Any], answers: Answers, asked: str) -> list[dict[str, Any]]:
        """Every question of page 1 has its answer; of page 2 what is ticked, the rest is ruled out."""
        given: list[dict[str, Any]] = []
        for question in pages[asked]:
            if question in answers:
                given.append({"question": question, "value": answers[question]})
        ruled_out: dict[str, list[int | str]] = {}
        for sign in pages["signs"]:
            question, value = sign["question"], sign["value"]
            if question not in answers or answers[question] != value:
                ruled_out.setdefault(question, []).append(value)
            else:
                given.append({"question": question, "value": value})
        return [*given, *({"question": name, "excluded": values} for name, values in ruled_out.items())]
