"""A browser on the console: opens pages, fills in the forms that stand on them, follows where they lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.acceptance.story import Shown, Story
from tests.doubles.push_service import Subscription

ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost", "Accept": "text/html"}


@dataclass(slots=True)
class Form:
    """A form as it stands on a page, with what a browser would send for it untouched."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Page:
    """One page as it came. `text`: its words without the markup."""

    status: int
    url: str
    html: str
    title: str = ""
    text: str = ""
    forms: list[Form] = field(default_factory=list)

    def form(self, ending: str, holding: Mapping[str, str] | None = None) -> Form:
        """The first form whose action ends so, and which holds these values as it stands."""
        wanted = (holding or {}).items()
        found = [form for form in self.forms if form.action.endswith(ending) and wanted <= form.values.items()]
        assert found, f"no form to {ending} on {self.url} ({self.title}): {[form.action for form in self.forms]}"
        return found[0]

    def has_form(self, ending: str) -> bool:
        return any(form.action.endswith(ending) for form in self.forms)


class _Reader(HTMLParser):
    """Reads title, words and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.title: list[str] = []
        self.words: list[str] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("title", "script", "style", "textarea"):
            self._open.append(tag)
            self._area = given.get("name", "")
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._form)
        name = given.get("name")
        if self._form is None or not name or tag not in ("input", "textarea", "select", "button"):
            return
        self._form.names.add(name)
        if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._form.values[name] = given.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title.append(data)
        elif self._open and self._open[-1] == "textarea" and self._form is not None:
            self._form.values[self._area] = data
        elif not self._open:
            self.words.append(data)


class Browser:
    """One practitioner's browser, with its cookies and its push subscription."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._http = story.app.test_client()
        self.page = Page(0, "", "")
        self.subscription: Subscription | None = None
        self._credentials: dict[str, str] = {}
        self._confirmed = 0

    def open(self, path: str) -> Page:
        """Open an address. Where the session has ended meanwhile, the person signs in again and comes to the page."""
        page = self._follow("GET", path, None)
        if page.status == 401 and self._credentials:
            page = self.submit("/sign-in", self._credentials)
        return page

    def submit(
        self, ending: str, fields: Mapping[str, str] | None = None, holding: Mapping[str, str] | None = None
    ) -> Page:
        """Fill in the form of this page whose action ends so, and send it. A name that it lacks is an error."""
        form = self.page.form(ending, holding)
        unknown = set(fields or {}) - form.names
        assert not unknown, f"the form to {form.action} has no {unknown}: {sorted(form.names)}"
        return self._follow(form.method, form.action, {**form.values, **(fields or {})})

    def send(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form that this page does not show: what somebody with an older page, or bad intent, may try."""
        return self._follow("POST", path, dict(fields))

    def put_json(self, path: str, body: Any) -> int:
        self._story.urls.append(path)
        return self._http.put(path, json=body, headers=ORIGIN).status_code

    def get_json(self, path: str) -> Any:
        self._story.urls.append(path)
        return self._http.get(path, headers={"Accept": "application/json"}).json

    def sign_in(self, email: str, password: str) -> Page:
        self._credentials = {"email": email, "password": password}
        self.open("/console/sign-in")
        page = self.submit("/sign-in", self._credentials)
        assert (page.status, page.title) == (200, "Review – Fallow")
        return page

    def turn_on_alerts(self) -> None:
        """The browser subscribes with the key of the server, and hands the subscription over."""
        self.subscription = self._story.pushes.subscribe()
        keys = {"p256dh": self.subscription.p256dh, "auth": self.subscription.auth}
        body = {"kind": "web_push", "endpoint": self.subscription.endpoint, "keys": keys}
        assert self.put_json("/console/push", body) == 204

    @property
    def alerts(self) -> list[Shown]:
        assert self.subscription is not None
        return self._story.shown_to(self.subscription.channel)

    def confirm(self) -> None:
        """What its service worker does by itself: it says that it has shown each alert."""
        for alert in self.alerts[self._confirmed :]:
            body = {"reminder_id": str(alert.reminder_id), "event": "shown"}
            assert self._http.post("/console/receipts", json=body, headers=ORIGIN).status_code == 204
        self._confirmed = len(self.alerts)

    def _follow(self, method: str, path: str, fields: Mapping[str, str] | None) -> Page:
        url = urljoin(self.page.url or "/", path)
        for _ in range(5):
            self._story.urls.append(url)
            answer = self._http.open(url, method=method, data=fields, headers={**ORIGIN, "Referer": self.page.url})
            if answer.status_code not in (302, 303):
                break
            parts = urlsplit(answer.headers["Location"])
            url = urljoin(url, f"{parts.path}?{parts.query}" if parts.query else parts.path)
            method, fields = "GET", None
        reader = _Reader()
        reader.feed(answer.text)
        title = unescape("".join(reader.title)).strip()
        self._story.titles.append(title)
        words = " ".join(" ".join(reader.words).split())
        self.page = Page(answer.status_code, url, answer.text, title, words, reader.forms)
        return self.page
