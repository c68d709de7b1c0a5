"""What a clinician must confirm first: the values of a protocol that no source gives (`assumption`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from schedules.protocol import Protocol

ASSUMPTION = "assumption"


@dataclass(frozen=True, slots=True)
class AssumptionItem:
    """One item with an assumed value: its path in the file, what it is called, and the file's own note on it."""

    path: str
    title: str
    note: str | None


def assumption_items(protocol: Protocol) -> tuple[AssumptionItem, ...]:
    """All items whose evidence, or one of whose sources, is `assumption`, in file order: the method's, then shared."""
    return (*_plan_items(protocol), *_shared_items(protocol))


def _is_assumed(evidence: str, sources: tuple[str, ...]) -> bool:
    return evidence == ASSUMPTION or ASSUMPTION in sources


def _plan_items(protocol: Protocol) -> Iterator[AssumptionItem]:
    for in_treatment in protocol.in_treatment_steps:
        if ASSUMPTION in in_treatment.sources:
            yield AssumptionItem(f"in_treatment_steps.{in_treatment.id}", in_treatment.title, None)
    for phase in protocol.phases:
        if ASSUMPTION in phase.sources:
            yield AssumptionItem(f"phases.{phase.id}", phase.name, None)
    for milestone in protocol.milestones.values():
        if _is_assumed(milestone.evidence, ()):
            yield AssumptionItem(f"milestones.{milestone.id}", milestone.id.replace("_", " "), None)
    for sign in protocol.signs.values():
        if _is_assumed(sign.evidence, sign.sources):
            yield AssumptionItem(f"signs.{sign.id}", protocol.shared.questions[sign.id].text, sign.note)
    for step in protocol.care_steps.values():
        if _is_assumed(step.evidence, step.sources):
            yield AssumptionItem(f"care_steps.{step.id}", step.title, step.note)
    for flag in protocol.red_flags.values():
        if _is_assumed(flag.evidence, flag.sources):
            yield AssumptionItem(f"red_flags.{flag.id}", flag.title, flag.note)
    if _is_assumed(protocol.readiness.evidence, protocol.readiness.sources):
        yield AssumptionItem("readiness", "Days until the next treatment", protocol.readiness.interval_note)


def _shared_items(protocol: Protocol) -> Iterator[AssumptionItem]:
    for question in protocol.shared.questions.values():
        if ASSUMPTION in question.sources:
            yield AssumptionItem(f"questions.{question.id}", question.text, None)
    for level in protocol.shared.urgency_levels.values():
        if ASSUMPTION in level.sources:
            yield AssumptionItem(f"urgency_levels.{level.id}", level.label, level.contact)
    for modifier in protocol.shared.modifiers.values():
        if _is_assumed(modifier.evidence, modifier.sources):
            yield AssumptionItem(f"modifiers.{modifier.id}", modifier.label, modifier.note)
