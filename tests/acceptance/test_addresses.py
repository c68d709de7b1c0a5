"""Addresses of console pages stand in histories and proxy logs: they say nothing about a client either (K2)."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.acceptance import promises
from tests.acceptance.story import local, telling
from tests.acceptance.studio import begin


@pytest.mark.xfail(strict=True, reason="the console's addresses carry the method and the steps of a treatment")
def test_no_health_word_in_the_address_of_a_console_page(sqlite: Engine, tmp_path: Path) -> None:
    with telling(str(sqlite.url), tmp_path, local(-1, "12:00")) as story:
        begin(story, "undo", local(0, "14:30"))
        assert promises.find_health_words(story.urls) == []
