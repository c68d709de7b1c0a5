"""What clients read says usual and colour, and what something can mean, never what it is (S5)."""

import re
from collections.abc import Iterator

import pytest

from schedules.catalog import get, latest, list_methods, list_versions
from schedules.protocol import Protocol

REFUSED = re.compile(
    r"\b(?:ab)?normal(?:ly)?\b|\bredness\b|\binfected\b|\byou(?:'ve| have)\b"
    r"|\b(?:is|are|be|has) (?:an? )?(?:infection|allergy|sepsis|cellulitis)\b|\bindicates?\b|\bdiagnos\w*",
    re.IGNORECASE,
)
MAX_WORDS = 25  # in one sentence: the design asks for under 15 on screens; these are instructions


def client_texts(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Every text of a protocol that a client may read, with its path."""
    yield "method.name", protocol.method.name
    yield "method.one_line", protocol.method.one_line
    yield "disclaimer", protocol.shared.disclaimer
    for treatment in protocol.in_treatment_steps:
        yield f"in_treatment_steps.{treatment.id}.title", treatment.title
        yield f"in_treatment_steps.{treatment.id}.what_happens", treatment.what_happens
    for phase in protocol.phases:
        yield f"phases.{phase.id}.name", phase.name
        yield f"phases.{phase.id}.what_is_normal", phase.what_is_usual
    for step in protocol.care_steps.values():
        yield f"care_steps.{step.id}.title", step.title
        yield f"care_steps.{step.id}.instruction", step.instruction
    for flag in protocol.red_flags.values():
        yield f"red_flags.{flag.id}.title", flag.title
        yield f"red_flags.{flag.id}.tell_client", flag.tell_client
    for condition in protocol.readiness.conditions:
        yield f"readiness.conditions.{condition.id}.text", condition.text
    yield from shared_texts(protocol)


def shared_texts(protocol: Protocol) -> Iterator[tuple[str, str]]:
    for question in protocol.shared.questions.values():
        yield f"questions.{question.id}.text", question.text
        yield f"questions.{question.id}.help", question.help or ""
        for option in question.options:
            yield f"questions.{question.id}.options.{option.value}", option.label
    for level in protocol.shared.urgency_levels.values():
        yield f"urgency_levels.{level.id}.label", level.label
        yield f"urgency_levels.{level.id}.contact", level.contact
    photos = protocol.shared.photo_protocol
    for text in (*photos.how, *photos.retake_if):
        yield "photo_protocol", text
    for site, views in photos.views.items():
        for view in views:
            yield f"photo_protocol.views.{site}.{view.id}", view.label
    for modifier in protocol.shared.modifiers.values():
        yield f"modifiers.{modifier.id}.label", modifier.label


def refused_words(protocol: Protocol) -> list[str]:
    return [f"{path}: {text}" for path, text in client_texts(protocol) if REFUSED.search(text)]


SHIPPED = [(method, version) for method in list_methods() for version in list_versions(method)]


@pytest.mark.parametrize(("method", "version"), SHIPPED)
def test_no_client_text_of_a_shipped_file_uses_a_refused_word(method: str, version: str) -> None:
    assert refused_words(get(method, version)) == []


@pytest.mark.parametrize(("method", "version"), SHIPPED)
def test_sentences_are_short_enough_to_read(method: str, version: str) -> None:
    sentences = [
        (path, sentence)
        for path, text in client_texts(get(method, version))
        for sentence in re.split(r"(?<=[.?!])\s", text)
        if len(sentence.split()) > MAX_WORDS
    ]
    assert sentences == []


@pytest.mark.parametrize("method", list_methods())
def test_notes_for_the_practitioner_say_usual_as_well(method: str) -> None:
    protocol = latest(method)
    notes = [
        item.note or ""
        for group in (protocol.signs, protocol.care_steps, protocol.red_flags)
        for item in group.values()
    ]
    assert not [note for note in notes if re.search(r"\b(?:ab)?normal\b", note, re.IGNORECASE)]


@pytest.mark.parametrize(
    "text", ["Skin looks normal.", "Redness fading.", "It can be infection.", "You have a scab.", "This is an allergy."]
)
def test_the_word_list_finds_what_the_first_files_said(text: str) -> None:
    assert REFUSED.search(text)


@pytest.mark.parametrize(
    "text", ["This can mean an infection.", "Red or darker colour is spreading.", "Blisters are not usual."]
)
def test_the_word_list_lets_the_right_words_pass(text: str) -> None:
    assert not REFUSED.search(text)
