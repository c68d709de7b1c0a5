"""From the browser to the Home Screen of an iPhone, in real Chromium: by the start address, and by hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.pwa.phone import Opener
from tests.pwa.server import LivePractice

pytestmark = pytest.mark.browser
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Safari/604.1"
LINKED = "fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json())"


def test_the_app_on_the_home_screen_carries_on_where_the_browser_was(
    practice: LivePractice, open_chromium: Opener
) -> None:
    safari = open_chromium(user_agent=IPHONE)
    safari.join(practice.treat("Ana", "saline", day=6), photos=False)
    safari.open("/start/install")
    code = safari.page.get_by_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    expect(code).to_be_visible()
    first = code.inner_text()
    safari.check_screen("install")
    assert safari.page.evaluate(LINKED)["start_url"] == f"/#h={first}"

    app = open_chromium(user_agent=IPHONE)
    app.open(f"/#h={first}")
    app.heading("Your care today")
    assert app.page.evaluate("location.href") == f"{practice.url}/"

    late = open_chromium(user_agent=IPHONE)
    late.open(f"/#h={first}")  # the same icon on a second phone
    late.sees(re.compile("took too long, or was used before"))
    late.check_screen("hand-over-gone")
    safari.open("/start/install")
    expect(code).not_to_have_text(first)
    late.page.get_by_label("Your code").fill(code.inner_text().lower())
    late.tap("Open")
    late.heading("Your care today")
    # what the browser itself says of the answers "no": the spent code, and nobody signed in yet
    late.said = [
        said for said in late.said if not re.search(r"40[14] .*/(hand-overs/redeem|me|session/refresh)'", said)
    ]
