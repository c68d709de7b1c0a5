"""Questions, question sets and follow-up rules of the shared file. Mapping -> values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from schedules.condition_parsing import ConditionReader, domain
from schedules.protocol_keys import KEYS
from schedules.protocol_terms import AnswerValue, QuestionType
from schedules.reading import Block, Node, shown
from schedules.shared_protocol import FollowUpRule, Option, Question, QuestionSet, Source
from schedules.term_parsing import SITES, read_sites, read_sources, read_span

QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
MAX_SECONDS = 600


def read_question(node: Node, source_list: Mapping[str, Source]) -> Question:
    """One question: a `number` has min and max, a `scale` options with numbers, a `choice` options with words."""
    block = node.block(KEYS["question"])
    kind = block["type"].one_of(QUESTION_TYPES)
    _check_form(block, kind)
    low, high = _limits(block) if kind == "number" else (None, None)
    from_day, to_day = read_span(block, "asked_from_day", "asked_to_day")
    question = Question(
        id=block["id"].id(),
        text=block["text"].text(),
        help=block["help"].or_none(Node.text),
        type=kind,
        min=low,
        max=high,
        options=() if kind == "number" or "options" not in block else _options(block["options"], kind),
        est_seconds=block["est_seconds"].integer(1, MAX_SECONDS),
        asked_from_day=from_day,
        asked_to_day=to_day,
        codes=(),
        sources=read_sources(block["sources"], source_list),
    )
    return replace(question, codes=tuple(_code(item, question) for item in block["codes"].items()))


def _check_form(block: Block, kind: QuestionType) -> None:
    for key in ("min", "max", "options"):
        needed = (key == "options") != (kind == "number")
        if needed != (key in block):
            problem = f"missing: a {kind} needs it" if needed else f"does not belong to a {kind}"
            block.faults.add_cross(block.path_of(key), problem)


def _limits(block: Block) -> tuple[int, int]:
    low, high = block["min"].integer(0, 1000), block["max"].integer(0, 1000)
    if low >= high:
        block.faults.add_cross(block.path_of("max"), f"must be above min {low}")
    return (low, high)


def _options(node: Node, kind: QuestionType) -> tuple[Option, ...]:
    options: list[Option] = []
    for item in node.some_items():
        block = item.block(KEYS["option"])
        value: AnswerValue = block["value"].integer(0, 1000) if kind == "scale" else block["value"].id()
        if any(value == option.value for option in options):
            block.faults.add_cross(block.path_of("value"), f"{shown(value)} is used twice")
        options.append(Option(value, block["label"].text()))
    return tuple(options)


def _code(node: Node, question: Question) -> Mapping[str, str | bool | None]:
    block = node.block(KEYS["code"])
    code: dict[str, str | bool | None] = {
        "system": block["system"].text(),
        "code": block["code"].or_none(Node.text),
        "verified": block["verified"].boolean(),
    }
    if "for_value" in block:
        code["for_value"] = value = block["for_value"].text()
        if value not in domain(question):
            block.faults.add_cross(block.path_of("for_value"), f"{shown(value)} is no answer to {question.id}")
    if "note" in block:
        code["note"] = block["note"].text()
    return code


def read_question_set(node: Node, conditions: ConditionReader) -> QuestionSet:
    """A named list of questions."""
    block = node.block(KEYS["question_set"])
    seconds = block["est_seconds"].integer(1, MAX_SECONDS)
    return QuestionSet(block["id"].id(), block["questions"].unique(conditions.question), seconds)


def read_follow_up(node: Node, conditions: ConditionReader) -> FollowUpRule:
    """A rule that asks more when an answer, or a step done, calls for it."""
    block = node.block(KEYS["follow_up_rule"])
    when = block["when"].block(KEYS["follow_up_trigger"])
    return FollowUpRule(
        id=block["id"].id(),
        when=tuple(conditions.follow_up_condition(item) for item in when["any"].some_items()),
        ask=block["ask"].unique(conditions.question),
        sites=block.maybe("sites", read_sites, SITES),
    )
