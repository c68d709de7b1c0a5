"""F7: the phone app on a slow phone with a slow connection: when the largest thing is drawn, and how far things move.

Real: Chromium, the built app, the web server. Slowed by Chromium's own means: 1.6 Mbit/s, 150 ms, a processor four
times slower. Cold: nothing cached, no service worker. Sizes and taps: tests/pwa.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from tests.bench.figures import Figure
from tests.chromium import launch
from tests.pwa.phone import Phone, describe_phone, hold
from tests.pwa.server import LivePractice, Patient, open_practice

MOST_LCP_S, MOST_CLS = 1.8, 0.02
BYTES_A_SECOND = 1_600_000 / 8
LATENCY_MS = 150
SLOWER = 4
PASSES, QUICK_PASSES = 7, 3
STILL_S = 1.5  # nothing of these screens is drawn later
OBSERVE = """
window.drawn = {lcp: 0, cls: 0};
new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.drawn.lcp = one.startTime)))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (!one.hadRecentInput) window.drawn.cls += one.value;
})).observe({type: "layout-shift", buffered: true});
"""


def measure(*, quick: bool) -> Iterator[Figure]:
    """The first screen that anybody sees, and the one that they see each day, in turn."""
    passes = QUICK_PASSES if quick else PASSES
    folder = tempfile.TemporaryDirectory(prefix="fallow-bench-")
    with folder as name, open_practice(Path(name)) as practice, launch() as browser:
        yield from measure_on(browser, practice, passes)


def measure_on(browser: Browser, practice: LivePractice, passes: int) -> Iterator[Figure]:
    """Each pass opens both screens in a browser that has seen neither."""
    waiting, ana = practice.treat("Ben", "saline", day=6), practice.treat("Ana", "saline", day=6)
    cookies = _join(browser, practice, ana)
    seen: dict[str, list[dict[str, float]]] = {"invitation": [], "Today": []}
    for _ in range(passes):
        seen["invitation"].append(_open_cold(browser, practice, waiting.link, [], f"Hi {waiting.name}"))
        seen["Today"].append(_open_cold(browser, practice, "/", cookies, "Your care today"))
    for screen, drawn in seen.items():
        times, shifts = ([each[name] for each in drawn] for name in ("lcp", "cls"))
        yield _judge(f"{screen}, cold: largest thing drawn", [each / 1000 for each in times], MOST_LCP_S, "s")
        yield _judge(f"{screen}, cold: layout shift", shifts, MOST_CLS, "")


def _judge(what: str, seen: Sequence[float], most: float, unit: str) -> Figure:
    return Figure("F7", what, median(seen), most, unit, spread=(min(seen), max(seen)))


def _join(browser: Browser, practice: LivePractice, patient: Patient) -> list[Any]:
    phone = _take(browser, practice)
    phone.join(patient)
    cookies = phone.context.cookies()
    phone.context.close()
    return cookies


def _take(browser: Browser, practice: LivePractice) -> Phone:
    context = browser.new_context(**describe_phone())
    return hold(context, context.new_page(), practice)


def _open_cold(
    browser: Browser, practice: LivePractice, address: str, cookies: Sequence[Any], heading: str
) -> dict[str, float]:
    """What is drawn when, in ms, and how much of it moves."""
    phone = _take(browser, practice)
    phone.context.add_cookies(cookies)
    phone.context.add_init_script(OBSERVE)
    slowed = phone.context.new_cdp_session(phone.page)
    slowed.send("Network.enable")
    slowed.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    slowed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    phone.open(address)
    phone.heading(re.compile(heading))
    phone.page.wait_for_timeout(STILL_S * 1000)
    drawn: dict[str, float] = phone.page.evaluate("window.drawn")
    phone.context.close()
    assert drawn["lcp"] > 0, "nothing was drawn"
    return drawn
