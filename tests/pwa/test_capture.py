"""A sample of `./run capture`: its walk, its eye, and the phone that can be installed."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.capture.__main__ import CHAPTERS, list_languages
from tests.capture.looking import Observer
from tests.capture.sheet import write_sheet
from tests.capture.stage import Stage
from tests.chromium import QUIET, WHOLE
from tests.pwa.server import LivePractice

pytestmark = pytest.mark.browser

SPOILED = """() => {
  document.querySelector("h1").style.width = "2000px";
  document.querySelector("h1").style.whiteSpace = "nowrap";
  document.querySelector("main").append(document.createElement("button"));
  const narrow = document.querySelector("main").appendChild(document.createElement("p"));
  narrow.textContent = "Unbreakable";
  narrow.style.width = "20px";
  document.title = "After your laser: costra";
  console.error("spoiled");
  void fetch("https://elsewhere.example/").catch(() => undefined);
}"""


def test_the_sample_is_without_fault_and_a_spoiled_screen_is_not(
    practice: LivePractice, chromium: Browser, tmp_path: Path
) -> None:
    assert list_languages()[0] == "en"
    stage = Stage(chromium, practice, "es", {})
    observer = Observer(tmp_path, thorough=False, language="es")
    try:
        screens = CHAPTERS["start"](stage)
        welcome = next(screens)
        observer.look(welcome)
        observer.look(next(screens))
        assert observer.faults == []
        assert (tmp_path / "welcome-dark.png").exists()

        welcome.phone.page.evaluate(SPOILED)
        welcome.phone.page.wait_for_function("window.breaches.length")
        observer.look(welcome)
        found = "\n".join(observer.faults)
        for fault in (
            "light: axe: button-name",
            "sideways at 320 px",
            "box at 320 px: 'Unbreakable'",
            "reads 'laser'",
            "reads 'costra'",
            "spoiled",
            "elsewhere.example",
        ):
            assert fault in found
    finally:
        stage.close()
    sheet = write_sheet(tmp_path, "sample", observer.seen, observer.faults, None).read_text()
    assert "consent-light.png" in sheet


def test_the_app_can_be_installed(practice: LivePractice, chromium: Browser, tmp_path: Path) -> None:
    """In a profile that is kept: a browser that forgets everything offers no installation."""
    context = chromium.browser_type.launch_persistent_context(tmp_path, executable_path=shutil.which(WHOLE), args=QUIET)
    page = context.new_page()
    page.goto(practice.url)
    page.evaluate("navigator.serviceWorker.ready")
    asked = context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    context.close()
    assert asked["installabilityErrors"] == []
