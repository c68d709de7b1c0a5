"""Browsers and a live practice, one of each a test file."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.pwa.phone import Opener, Phone, open_phone
from tests.pwa.server import LivePractice, open_practice

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser(name: str) -> str:
    """Where the browser is; without it the test is skipped, in CI it fails."""
    path = shutil.which(name)
    if path and os.environ.get("FALLOW_BROWSERS") != "missing":
        return path
    lack = f"{name} is not installed (apt-get install {name}, as root)"
    if os.environ.get("CI") == "true":
        pytest.fail(f"browser tests must not be skipped in CI: {lack}")
    pytest.skip(lack)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePractice]:
    with open_practice(tmp_path_factory.mktemp("practice")) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_browser("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
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
