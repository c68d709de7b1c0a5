"""Browsers and a live practice, one of each a test file."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.pwa.phone import QUIET, Opener, Phone, open_phone
from tests.pwa.server import LivePractice, open_practice
from tests.suite import BROWSERS, find_missing_browsers


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without the browsers a browser test is skipped, in CI it fails; before anything is started for it."""
    missing = find_missing_browsers()
    if item.get_closest_marker("browser") is None or not (missing or os.environ.get("FALLOW_BROWSERS") == "missing"):
        return
    lack = (
        f"{' and '.join(missing or BROWSERS)} not installed (apt-get install {' '.join(missing or BROWSERS)}, as root)"
    )
    if os.environ.get("CI") == "true":
        pytest.fail(f"browser tests must not be skipped in CI: {lack}", pytrace=False)
    pytest.skip(lack)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePractice]:
    with open_practice(tmp_path_factory.mktemp("practice")) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_chromium(chromium: Browser, practice: LivePractice) -> Iterator[Opener]:
    """Opens phones, which are silent and keep the policy until the end."""
    opened: list[Phone] = []

    def opener(**options: object) -> Phone:
        opened.append(open_phone(chromium, practice, **options))
        return opened[-1]

    yield opener
    try:
        for phone in opened:
            phone.check_silence()
    finally:
        for phone in opened:
            phone.context.close()
