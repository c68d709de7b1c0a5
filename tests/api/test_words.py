"""The app never diagnoses (PROMISES S5): every sentence the edge itself can say keeps to the words of DESIGN 6."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile_api import healing_words, readiness_words, today_document, words
from schedules import latest_protocol, list_methods

FORBIDDEN = re.compile(
    r"\b(ab)?normal|\bredness\b|\berythema|\binfected|\byou have\b|\bdiagnos(ed|e)\b|\bindicates\b|\bexudate|!", re.I
)


def list_texts(module: object) -> Iterator[str]:
    tree = ast.parse(Path(str(module.__file__)).read_text())  # type: ignore[attr-defined]
    keys = {key.value for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys
            if isinstance(key, ast.Constant)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in keys:
            yield node.value


@pytest.mark.parametrize(
    "module", [words, healing_words, readiness_words, today_document], ids=lambda module: module.__name__
)
def test_no_sentence_diagnoses_or_shouts(module: object) -> None:
    texts = list(list_texts(module))
    assert len(texts) > 5
    assert [text for text in texts if FORBIDDEN.search(text)] == []


def test_every_question_of_the_plans_has_a_short_name() -> None:
    for method in list_methods():
        assert set(latest_protocol(method).signs) <= set(words.SIGN_NAMES)
