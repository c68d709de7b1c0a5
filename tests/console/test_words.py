"""What practitioners read: short names for all that is asked, evidence for all that is checked, no forbidden words."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.console import assets, evidence, history, words
from backend.services import push_texts
from schedules import ExpectedRow, latest_protocol, list_methods

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
CONSOLE = Path(words.__file__).parent
FORBIDDEN = re.compile(r"\b(abnormal|redness|infected|diagnosed|you have an? )\b|\bnormal\b", re.IGNORECASE)


@pytest.mark.parametrize("method", list_methods())
def test_every_question_has_a_short_name(method: str) -> None:
    asked = latest_protocol(method).shared.questions
    assert {key for key in asked if key not in words.SIGNS} == set()
    assert all(len(words.sign_name(question)) <= 24 for question in asked.values())


@pytest.mark.parametrize("method", list_methods())
def test_every_kind_of_condition_has_its_evidence_in_words(method: str) -> None:
    kinds = {condition.check.type for condition in latest_protocol(method).readiness.conditions}
    assert kinds <= set(evidence._WORDS)


@pytest.mark.parametrize(
    ("waited", "shown"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (60 * 47, "47 h"), (60 * 48, "2 d"), (-5, "0 min")],
)
def test_waiting_times_are_short(waited: int, shown: str) -> None:
    assert words.ago(NOW - timedelta(minutes=waited), NOW) == shown


def test_times_are_those_of_the_clinics_clock() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert words.local_day(summer, "Europe/London") == "2 Jul 2026"
    assert words.when(summer, "Europe/London", summer + timedelta(hours=1)) == "today, 0:30"
    assert words.when(summer, "Europe/London", summer + timedelta(days=1)) == "yesterday, 0:30"


def test_usual_ranges_in_words() -> None:
    questions = latest_protocol("laser").shared.questions
    assert words.usual(ExpectedRow(0, 1, 0, 3), questions["pain"]) == "up to 3"
    assert words.usual(ExpectedRow(0, 1, 0, 0), questions["swelling"]) == "None"
    assert words.usual(ExpectedRow(0, 1, 0, 2), questions["swelling"]) == "None to Quite a lot"
    assert words.usual(ExpectedRow(0, 1, allowed=("none", "small")), questions["blisters"]) == "None · Small ones"
    assert words.usual(None, questions["pain"]) == "–"


def test_no_page_and_no_word_of_ours_says_what_fallow_never_says() -> None:
    texts = [*CONSOLE.rglob("*.html"), *CONSOLE.rglob("*.js")]
    assert len(texts) > 15
    for path in texts:
        assert not FORBIDDEN.search(path.read_text()), path.name
    own = [*words.SIGNS.values(), *evidence.ACTIONS.values(), *history.ACTS.values()]
    assert not [text for text in own if FORBIDDEN.search(text)]


def test_the_service_worker_says_what_the_server_means() -> None:
    script = (assets.FOLDER / "sw.js").read_text()
    shown = {int(number): text for number, text in re.findall(r'(\d{3}): "([^"]+)"', script)}
    meant = [push_texts.get_text("practitioner", kind) for kind in push_texts.PRACTITIONER_TEXTS]
    assert shown == {text.number: text.words for text in meant}
    assert push_texts.FALLBACK in script
