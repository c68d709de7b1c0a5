"""The app never diagnoses (PROMISES S5): every sentence the edge itself can say keeps to the words of DESIGN 6, in
every language, and a translation says all that English says."""

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest

from backend.languages import LANGUAGES, Language
from mobile_api import wording_ar, wording_es
from mobile_api.languages import WORDINGS
from mobile_api.wording import Wording
from schedules import latest_protocol, list_methods
from tests.word_lists import REFUSED


def list_texts(say: Wording) -> Iterator[tuple[str, str]]:
    """Each sentence with its place."""
    for field in fields(say):
        value = getattr(say, field.name)
        if isinstance(value, str):
            yield field.name, value
        else:
            items = value.items() if hasattr(value, "items") else enumerate(value)
            yield from ((f"{field.name}.{key}", text) for key, text in items)


def gaps_of(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_diagnoses_or_shouts(language: Language) -> None:
    texts = dict(list_texts(WORDINGS[language]))
    assert len(texts) > 100
    assert [text for text in texts.values() if not text.strip() or REFUSED[language].search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_gaps(language: Language) -> None:
    english, ours = (dict(list_texts(WORDINGS[one])) for one in ("en", language))
    assert {place: gaps_of(text) for place, text in ours.items()} == {
        place: gaps_of(text) for place, text in english.items()
    }


def test_every_question_and_site_of_the_plans_has_a_short_name() -> None:
    for say in WORDINGS.values():
        for method in list_methods():
            protocol = latest_protocol(method)
            assert set(protocol.signs) <= set(say.sign_names)
            assert set(protocol.shared.photo_protocol.views) <= set(say.sites)


def test_a_translation_says_that_it_awaits_a_native_reader() -> None:
    for module in (wording_es, wording_ar):
        assert "AWAITS REVIEW BY A NATIVE READER" in str(module.__doc__)
