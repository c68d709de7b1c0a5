"""The server's neutral texts and the phone's are one list (DESIGN section 7), in every language; a push's number is the
place in it."""

import re

import pytest

from backend.languages import LANGUAGES, Language
from backend.services import push_texts, push_texts_ar, push_texts_es
from backend.services.push_texts import CLIENT_TEXTS, FALLBACK, FALLBACKS, PRACTITIONER_TEXTS, TO_CLIENTS, get_text
from setup_env import APP
from tests.word_lists import BYSTANDER

STRINGS = APP / "src" / "strings"
AWAITS = "AWAITS REVIEW BY A NATIVE READER"


@pytest.mark.parametrize("language", LANGUAGES)
def test_phone_and_server_keep_the_same_list(language: Language) -> None:
    listed = (STRINGS / "push.ts").read_text()
    kinds = re.findall(r'"(\w+)"', listed[listed.index("PUSH_KINDS") : listed.index("] as const")])
    source = (STRINGS / f"{language}_push.ts").read_text()
    block = source[source.index("texts: {") :]
    texts = dict(re.findall(r'^    (\w+): "(.*)",$', block[: block.index("},")], re.MULTILINE))
    assert kinds == list(CLIENT_TEXTS) == list(TO_CLIENTS[language])
    assert texts == TO_CLIENTS[language]
    assert re.findall(r'fallback: "(.*)"', source) == [FALLBACKS[language]]


def test_numbers_count_from_one_and_from_101_in_every_language() -> None:
    for language in LANGUAGES:
        assert [get_text("client", kind, language).number for kind in CLIENT_TEXTS] == list(range(1, 18))
        assert get_text("client", "of a later version", language) == push_texts.NeutralText(0, FALLBACKS[language])
        numbers = [get_text("practitioner", kind, language).number for kind in PRACTITIONER_TEXTS]
        assert numbers == [101, 102, 103, 104]
        assert get_text("practitioner", "act_now", language).words == PRACTITIONER_TEXTS["act_now"]
    assert get_text("client", "of a later version").words == FALLBACK


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_what_a_bystander_must_not_see(language: Language) -> None:
    mail = push_texts.build_mail_body("", "", language)
    for words in (*TO_CLIENTS[language].values(), FALLBACKS[language], mail):
        assert not BYSTANDER[language].search(words), words
    for words in PRACTITIONER_TEXTS.values():
        assert not BYSTANDER["en"].search(words), words


def test_a_translation_says_that_it_awaits_a_native_reader() -> None:
    assert all(AWAITS in str(module.__doc__) for module in (push_texts_es, push_texts_ar))
