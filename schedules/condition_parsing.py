"""Conditions over answers, as red flags, anchors, follow-ups and readiness checks write them. Mapping -> values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import get_args

from schedules.protocol import AnswerCheck
from schedules.protocol_keys import KEYS
from schedules.protocol_terms import AnswerValue, ConditionOp, StepKind
from schedules.reading import Block, Node, shown
from schedules.shared_protocol import AnswerCondition, Question, StepDoneCondition, Trigger
from schedules.term_parsing import MAX_DAY

MAX_ROW = 60
OPS: tuple[ConditionOp, ...] = get_args(ConditionOp)
ANSWER_OPS: tuple[ConditionOp, ...] = ("==", "!=", "in", ">=", "<=")
NUMBER_OPS: frozenset[ConditionOp] = frozenset({">=", "<=", "rise_by", "above_expected"})
STEP_KINDS: tuple[StepKind, ...] = get_args(StepKind)


def domain(question: Question) -> tuple[AnswerValue, ...]:
    """Every answer a question can have."""
    if question.type == "number":
        return tuple(range(question.min or 0, (question.max or 0) + 1))
    return tuple(option.value for option in question.options)


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads conditions against the questions they speak of."""

    questions: Mapping[str, Question]

    def question(self, node: Node) -> str:
        """The id of a question that exists."""
        name = node.id()
        if name and name not in self.questions:
            node.faults.add_cross(node.path, f"no question {shown(name)}")
        return name

    def answer(self, node: Node, question_id: str) -> AnswerValue:
        """A value that is a possible answer to the question."""
        value = node.value
        if not isinstance(value, (int, str)) or isinstance(value, bool):
            node.fault(f"must be an answer value, not {shown(value)} (put quotes around yes and no)")
            return ""
        question = self.questions.get(question_id)
        if question is not None and value not in domain(question):
            node.faults.add_cross(node.path, f"{shown(value)} is no answer to {question_id}")
        return value

    def value(self, node: Node, op: ConditionOp, question_id: str) -> AnswerValue | tuple[AnswerValue, ...]:
        """The value of a condition, of the type that its `op` needs."""
        if op == "in":
            return node.unique(lambda item: self.answer(item, question_id))
        if op == "rise_by":
            return node.integer(1, 1000)
        if op == "above_expected":
            return node.integer(0, 1000)
        return self.answer(node, question_id)

    def check(self, block: Block, ops: tuple[ConditionOp, ...] = ANSWER_OPS) -> AnswerCheck:
        """question, op and value of a block."""
        question_id = self.question(block["question"])
        op = block["op"].one_of(ops)
        question = self.questions.get(question_id)
        if question is not None and question.type == "choice" and op in NUMBER_OPS:
            block.faults.add_cross(block.path_of("op"), f"'{op}' needs a number or a scale; {question_id} is a choice")
            op = "=="
        return AnswerCheck(question_id, op, self.value(block["value"], op, question_id))

    def flag_condition(self, node: Node) -> AnswerCondition:
        """A condition of a red flag."""
        block = node.block(KEYS["condition"])
        check = self.check(block, OPS)
        if (check.op == "rise_by") != ("compare_days" in block):
            block.faults.add_cross(block.path_of("compare_days"), "belongs to 'rise_by', and 'rise_by' needs it")
        return AnswerCondition(
            check.question,
            check.op,
            check.value,
            from_day=block.maybe("from_day", _day, None),
            compare_days=block.maybe("compare_days", lambda item: item.integer(1, MAX_DAY), None),
            answers_in_a_row=block.maybe("answers_in_a_row", _row, 1),
        )

    def anchor_condition(self, node: Node) -> AnswerCondition:
        """A condition by which check-ins reach an anchor."""
        block = node.block(KEYS["anchor_condition"])
        check = self.check(block)
        return AnswerCondition(
            check.question,
            check.op,
            check.value,
            from_day=block.maybe("from_day", _day, None),
            answers_in_a_row=block.maybe("answers_in_a_row", _row, 1),
            methods=block.maybe("methods", lambda item: item.unique(Node.id), ()),
            if_answered=block.maybe("if_answered", Node.boolean, False),
        )

    def follow_up_condition(self, node: Node) -> AnswerCondition | StepDoneCondition:
        """A condition of a follow-up rule: over an answer, or `event: care_step_done`."""
        if isinstance(node.value, Mapping) and "event" in node.value:
            block = node.block(KEYS["step_done_condition"])
            block["event"].one_of(("care_step_done",))
            return StepDoneCondition(block["care_step_kind"].one_of(STEP_KINDS))
        block = node.block(KEYS["follow_up_condition"])
        check = self.check(block)
        return AnswerCondition(check.question, check.op, check.value, from_day=block.maybe("from_day", _day, None))

    def trigger(self, block: Block, read: Callable[[Node], AnswerCondition]) -> Trigger:
        """`any` or `all` of a list of conditions, exactly one of the two."""
        if ("any" in block) == ("all" in block):
            block.fault("must have either any or all")
        if "all" in block:
            return Trigger("all", tuple(read(node) for node in block["all"].some_items()))
        if "any" in block:
            return Trigger("any", tuple(read(node) for node in block["any"].some_items()))
        return Trigger("any", ())


def _day(node: Node) -> int | None:
    return node.integer(0, MAX_DAY)


def _row(node: Node) -> int:
    return node.integer(1, MAX_ROW)
