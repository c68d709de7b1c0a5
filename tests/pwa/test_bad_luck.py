"""Bad luck in real Chromium: a browser that is killed while it sends, and a second tab (PROMISES P7).

The first is the run of `./run faults phone` in its smallest size. More bad luck: a full phone (test_walk.py), no camera
and an empty file (test_camera.py, test_screens.py), and in mobile_api/app/src a session that was ended, a server with a
fault (actions/session.test.ts, db/outbox.test.ts), reminders that are forbidden (actions/push.test.ts), a wrong clock
(lib/clock.test.ts, api/sending.test.ts; tests/api/test_wrong_clocks.py).
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, expect

from backend.models import CheckIn
from tests.bench.figures import show_figure
from tests.faults.phone import kill_while_sending
from tests.pwa.phone import Opener, Phone
from tests.pwa.server import LivePractice, list_kept
from tests.services.worker_process import until

pytestmark = pytest.mark.browser

START = re.compile("^Start check-in")


def test_a_phone_that_is_killed_twice_while_it_sends_loses_and_doubles_nothing(
    practice: LivePractice, chromium: Browser, tmp_path: Path
) -> None:
    figures = list(kill_while_sending(practice, chromium.browser_type, tmp_path, areas=1, views=2, reports=1))
    assert [show_figure(figure) for figure in figures if not figure.holds] == []


def test_two_tabs_are_one_phone_that_sends_once(practice: LivePractice, open_chromium: Opener) -> None:
    """What one tab began the other ends; back online both of them would send it."""
    ana = practice.treat("Ana", "saline", day=6)
    phone = open_chromium()
    phone.join(ana, photos=False)
    other = Phone(phone.context, phone.context.new_page(), practice)
    other.open()
    other.heading("Your care today")
    sent: list[Request] = []
    phone.context.on("requestfinished", lambda request: sent.append(request) if carries_check_in(request) else None)

    phone.go_offline()
    phone.tap(START)
    phone.tap(phone.page.locator("fieldset.sign:not(.group)").first.locator("label").first)
    other.tap(re.compile("^Go on with your check-in"))
    expect(other.page.locator("fieldset.sign input:checked")).to_have_count(1)
    other.answer_page()
    other.tap("Continue")
    other.tap("None of these")
    other.tap(re.compile("^Send to Ida"))
    other.sees("Saved on this phone.")
    phone.sees("Check-in saved on this phone")

    phone.go_online()
    phone.sees(re.compile("Checked in at"))
    other.tap("Done")
    other.sees(re.compile("Checked in at"))
    until(lambda: len(list_kept(ana, CheckIn)) == 1)
    assert len(sent) == 1


def carries_check_in(request: Request) -> bool:
    return request.url.endswith("/sync") and '"check_in"' in (request.post_data or "")
