"""The console in a real Chromium: what its scripts add, that it works without them, and that the CSP holds."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from tests.chromium import QUIET, WHOLE, find_chromium, launch
from tests.console.desk import PASSWORD, Clinic, place_of
from tests.console.test_push import subscription
from tests.console.test_reminders import lose_the_phone, push
from tests.console.test_walk import CALM, join
from tests.pwa.phone import AXE, RULES, capture
from tests.services.practice import Practice, check_in, day, report, sign, start_plan

pytestmark = pytest.mark.browser
EVERY_MS = 15_000
WIDTHS = (390, 1440)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_chromium() is None or os.environ.get("FALLOW_BROWSERS") == "missing":
        lack = "chromium is not installed (apt-get install chromium, as root)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"browser tests must not be skipped in CI: {lack}")
        pytest.skip(lack)
    with launch() as chromium:
        yield chromium


@pytest.fixture
def site(clinic: Clinic) -> Iterator[str]:
    """The app on a port of this machine, on Ana's day 3."""
    clinic.clock.at = day(3)
    server = make_server("127.0.0.1", 0, clinic.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def open_console(context: BrowserContext, site: str, clinic: Clinic) -> Page:
    page = context.new_page()
    page.goto(f"{site}/console")
    page.get_by_label("Email address").fill(clinic.practice.ida.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Review").wait_for()
    return page


def test_a_new_one_is_counted_above_and_the_list_stays(browser: Browser, site: str, clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.clock.install()
    page = open_console(context, site, clinic)
    before = page.locator("a.qi").all_inner_texts()
    result = check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever"})
    page.clock.run_for(EVERY_MS)
    page.get_by_text("1 new").wait_for()
    assert page.locator("a.qi").all_inner_texts() == before
    assert page.locator(".rail [data-badge]").inner_text() == "1"
    page.get_by_role("link", name="1 new. Show").click()
    page.locator(f'a.qi[href*="{result.id}"]').wait_for()
    context.close()


def test_the_invitation_says_by_itself_that_the_phone_is_in(browser: Browser, site: str, clinic: Clinic) -> None:
    context = browser.new_context()
    page = open_console(context, site, clinic)
    page.goto(f"{site}/console/clients/{clinic.ben.id}")
    page.get_by_role("button", name="Invite").click()
    page.get_by_text("Waiting for Ben to scan").wait_for()
    join(page.locator(".code").inner_text(), clinic.clock.at)
    page.get_by_text("Ben is in.").wait_for()
    assert page.get_by_role("link", name="Open Ben").is_visible()
    assert not page.get_by_role("button", name="Revoke").is_visible()
    context.close()


def test_reviewing_needs_no_script(browser: Browser, site: str, clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever"})
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = open_console(context, site, clinic)
    page.locator("a.qi").click()
    page.get_by_label("Reply").fill("Please let 111 look at it today.")
    page.get_by_role("button", name="Send and mark reviewed").click()
    page.get_by_text("Sent and marked as reviewed").wait_for()
    context.close()


def test_alerts_that_were_allowed_go_on_after_signing_in_again(browser: Browser, site: str, clinic: Clinic) -> None:
    """The browser keeps its subscription; only the push service that it would come from is stood in for."""
    whole = browser.browser_type.launch(executable_path=shutil.which(WHOLE), args=QUIET)
    context = whole.new_context()
    context.grant_permissions(["notifications"], origin=site)
    page = open_console(context, site, clinic)
    page.goto(f"{site}/console/settings")
    page.get_by_text("Alerts are off in this browser.").wait_for()
    page.evaluate("navigator.serviceWorker.register('/console/sw.js', { scope: '/console/' })")
    keys = subscription()
    context.add_init_script(
        f"PushManager.prototype.getSubscription = async () => ({{ toJSON: () => ({json.dumps(keys)}) }});"
    )
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("button", name="Sign in").wait_for()
    with context.expect_event("response", lambda answer: answer.url.endswith("/console/push")) as handed_over:
        open_console(context, site, clinic)
    assert handed_over.value.status == 204
    whole.close()


def test_a_change_is_looked_at_and_made_without_a_script(browser: Browser, site: str, clinic: Clinic) -> None:
    sign(clinic.practice, "laser")
    start_plan(clinic.practice, "laser")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 720})
    page = open_console(context, site, clinic)
    page.goto(f"{site}/console/clients/{clinic.practice.ana.id}")
    page.get_by_text("Pause the plan…").click()
    page.get_by_label("Until").fill("2026-03-12")
    page.get_by_label("Why").first.fill("On holiday without a phone")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("heading", name="Pause the plan until 12 Mar 2026").wait_for()
    page.get_by_role("button", name="Pause the plan").click()
    page.get_by_text("Paused until 12 Mar 2026.").wait_for()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_two_areas_and_that_of_a_change_pass_axe_and_do_not_scroll_sideways(
    browser: Browser, site: str, clinic: Clinic, scheme: Literal["light", "dark"]
) -> None:
    sign(clinic.practice, "saline")
    start_plan(clinic.practice, "saline")
    start_plan(clinic.practice, "saline", site="brows", label="left", ended_at=day(1))
    context = browser.new_context(viewport={"width": 320, "height": 720}, color_scheme=scheme)
    page = open_console(context, site, clinic)
    page.goto(f"{site}/console/clients/{clinic.practice.ana.id}")
    for name in ("Set or correct a date…", "Next appointment…", "Pause the plan…", "End the course…"):
        page.get_by_text(name).first.click()
    check_page(page, f"client-{scheme}")
    page.get_by_label("On", exact=True).first.fill("2026-03-04")
    page.get_by_role("button", name="See what moves").first.click()
    page.get_by_role("heading", name="Scabs off on 4 Mar 2026").wait_for()
    check_page(page, f"change-{scheme}")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_why_she_did_not_get_it_and_the_alarm_pass_axe_and_do_not_scroll_sideways(
    browser: Browser, site: str, clinic: Clinic, scheme: Literal["light", "dark"]
) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    lose_the_phone(clinic)
    push(clinic, day(4), outcome="gone", state="unreachable", reason="address gone")
    report(clinic.practice, plan, day(3), {"unwell": "fever"})
    clinic.clock.at = day(5)
    context = browser.new_context(viewport={"width": 320, "height": 720}, color_scheme=scheme)
    page = open_console(context, site, clinic)
    page.goto(f"{site}/console/clients/{clinic.practice.ana.id}")
    page.get_by_role("link", name="Reminders").click()
    page.get_by_role("heading", name="Did Ana get it?").wait_for()
    page.get_by_text("What happened").first.click()
    check_page(page, f"reminders-{scheme}")
    page.get_by_role("link", name="Open Ana").click()
    page.get_by_role("button", name="I have seen it").first.wait_for()
    check_page(page, f"alarm-{scheme}")
    page.get_by_role("button", name="I have seen it").first.click()
    page.get_by_text("Seen by Ida Berg, today, 9:00.").wait_for()
    assert not page.get_by_text("Nobody has answered an urgent check-in").is_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site}/console/clients/{clinic.practice.ana.id}/reminders")
    capture(page, f"reminders-wide-{scheme}")
    context.close()


def check_page(page: Page, name: str) -> None:
    """No serious fault by axe, no sideways scroll at 320 px; pictured where FALLOW_CAPTURE names a folder."""
    capture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    assert found["passes"]
    assert [fault["id"] for fault in found["violations"] if fault["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_or_breaks_the_policy(
    browser: Browser, site: str, clinic: Clinic, width: int, scheme: str
) -> None:
    sign(clinic.practice, "laser")
    plan = start_plan(clinic.practice, "laser")
    ben = Practice(clinic.practice.ida, clinic.ben)
    sign(ben, "undo")
    start_plan(ben, "undo")
    result = check_in(clinic.practice, plan, 3, {**CALM, "unwell": "fever", "fluid": "cloudy"})
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page = open_console(context, site, clinic)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    ana = clinic.practice.ana.id
    for path in (
        "", f"/check-ins/{ana}/{result.id}", "/clients", f"/clients/{ana}", "/plans", f"/plans/{place_of('undo'):02}",
        "/invites", f"/clients/{ana}/treatments/new?method={place_of('undo')}", "/settings",
    ):  # fmt: skip
        page.goto(f"{site}/console{path}")
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, path
        small = page.evaluate(
            "[...document.querySelectorAll('button, a.btn, .rail a, .tabs a')].filter(e => e.offsetParent)"
            ".filter(e => e.getBoundingClientRect().height < 24).map(e => e.textContent)"
        )
        assert small == [], path
    assert complaints == []
    context.close()
