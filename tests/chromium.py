"""The Chromium of the tests, from Debian's packages: without its windows where that is to be had, at two thirds of the
price. What needs more of a browser (a camera, push, installing) names WHOLE.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

SHELL, WHOLE = "chromium-headless-shell", "chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The program; None where there is none."""
    return shutil.which(SHELL) or shutil.which(WHOLE)


@contextmanager
def launch(*more: str, whole: bool = False) -> Iterator[Browser]:
    """A browser; `more`: arguments of its command line."""
    program = shutil.which(WHOLE) if whole else find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *more])
        yield browser
        browser.close()
