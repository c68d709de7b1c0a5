"""What was logged without a connection arrives once, though the browser is killed while it sends (PROMISES P7).

The run of `./run faults phone` in its smallest size.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.bench.figures import show_figure
from tests.faults.phone import kill_while_sending
from tests.pwa.server import LivePractice

pytestmark = pytest.mark.browser


def test_a_phone_that_is_killed_twice_while_it_sends_loses_and_doubles_nothing(
    practice: LivePractice, chromium: Browser, tmp_path: Path
) -> None:
    figures = list(kill_while_sending(practice, chromium.browser_type, tmp_path, areas=1, views=2, reports=1))
    assert [show_figure(figure) for figure in figures if not figure.holds] == []
