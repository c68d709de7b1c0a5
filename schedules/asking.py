"""Which questions a protocol can ask and when: in planned check-ins, or any day in reports, timers and follow-ups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schedules.protocol import Protocol
from schedules.protocol_terms import StepKind
from schedules.shared_protocol import AnswerCondition, StepDoneCondition

MASK_SET = "mask_done"  # asked when a mask timer ends (rule 60)
ANY_DAY_SETS = ("report_problem", MASK_SET)


@dataclass(frozen=True, slots=True)
class Asking:
    """`planned`: by day of a planned check-in, what it asks. `left_out`: what its sets hold and its day leaves out
    (rule 21). `any_day`: what a report, a mask timer or a follow-up can ask on any day. `follow_ups`: the rules that
    can come up."""

    planned: Mapping[int, frozenset[str]]
    left_out: Mapping[int, frozenset[str]]
    any_day: frozenset[str]
    follow_ups: frozenset[str]

    def days_of(self, question: str, from_day: int = 0, to_day: int | None = None) -> list[int]:
        """The days of planned check-ins that ask a question, within the given days, both included."""
        days = (day for day, asked in self.planned.items() if question in asked)
        return sorted(day for day in days if from_day <= day and (to_day is None or day <= to_day))

    def is_asked(self, question: str) -> bool:
        """Whether anything asks it at all."""
        return question in self.any_day or bool(self.days_of(question))


def read_asking(protocol: Protocol) -> Asking:
    """What the protocol can ask, and when."""
    shared = protocol.shared
    planned: dict[int, frozenset[str]] = {}
    left_out: dict[int, frozenset[str]] = {}
    for check_in in protocol.check_ins:
        names = {name for set_id in check_in.sets for name in shared.question_sets[set_id].questions}
        asked = {
            name
            for name in names
            if shared.questions[name].asked_from_day <= check_in.day <= shared.questions[name].asked_to_day
        }
        planned[check_in.day] = frozenset(asked)
        left_out[check_in.day] = frozenset(names - asked)
    kinds = {step.kind for step in protocol.care_steps.values()}
    any_day = {
        name
        for set_id in ANY_DAY_SETS
        if set_id in shared.question_sets and (set_id != MASK_SET or "mask" in kinds)
        for name in shared.question_sets[set_id].questions
    }
    follow_ups, followed = _reach_follow_ups(protocol, any_day.union(*planned.values()), kinds)
    return Asking(planned, left_out, frozenset(any_day | followed), frozenset(follow_ups))


def _reach_follow_ups(protocol: Protocol, asked: set[str], kinds: set[StepKind]) -> tuple[set[str], set[str]]:
    """The follow-up rules that can come up and what they ask; one may reach the next."""
    rules: set[str] = set()
    followed: set[str] = set()
    for _ in protocol.shared.follow_up_rules:
        for rule in protocol.shared.follow_up_rules:
            if _comes_up(rule.when, asked | followed, kinds):
                rules.add(rule.id)
                followed |= set(rule.ask)
    return rules, followed


def _comes_up(when: Iterable[AnswerCondition | StepDoneCondition], asked: set[str], kinds: set[StepKind]) -> bool:
    return any(
        condition.care_step_kind in kinds if isinstance(condition, StepDoneCondition) else condition.question in asked
        for condition in when
    )
