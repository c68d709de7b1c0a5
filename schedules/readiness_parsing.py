"""The readiness rule of a method file. Mapping -> values."""

from collections.abc import Mapping
from typing import get_args

from schedules.plan_parsing import PlanReader
from schedules.protocol import (
    AnswerCheck,
    ReadinessCheck,
    ReadinessCondition,
    ReadinessRule,
    SkinTypeRow,
    TreatmentNumberRow,
)
from schedules.protocol_keys import KEYS
from schedules.protocol_terms import AnchorName, CheckType, ConditionGroup, DayRange
from schedules.reading import MISSING, Block, Node, shown
from schedules.shared_parsing import ANCHORS
from schedules.term_parsing import MAX_DAY, SITES

CHECK_TYPES: tuple[CheckType, ...] = get_args(CheckType)
GROUPS: tuple[ConditionGroup, ...] = get_args(ConditionGroup)
SKIN_TYPES = ("I", "II", "III", "IV", "V", "VI")
MAX_TREATMENTS = 999
GROUP_OF_CHECK: Mapping[CheckType, ConditionGroup] = {
    "min_days": "time",
    "anchor_reached": "scabs",
    "days_since_anchor": "scabs",
    "answer": "skin",
    "all_of": "skin",
    "answer_or_signoff": "skin",
    "no_open_flags": "health",
    "photo_set": "photos",
    "practitioner_signoff": "yes",
}


def read_readiness(node: Node, plan: PlanReader) -> ReadinessRule:
    """The whole readiness block."""
    block = node.block(KEYS["readiness"])
    total = block["typical_total"].block(KEYS["typical_total"])
    return ReadinessRule(
        base_min_days=block["base_min_days"].integer(0, MAX_DAY),
        recommended_days=block["recommended_days"].integer(0, MAX_DAY),
        clinic_may_set_min_between=block["clinic_may_set_min_between"].day_range(0, MAX_DAY),
        min_days_after_scabs_off=block["min_days_after_scabs_off"].integer(0, MAX_DAY),
        fitzpatrick=_skin_types(block["fitzpatrick"]),
        fitzpatrick_evidence=block["fitzpatrick_evidence"].text(),
        by_treatment_number=_treatment_numbers(block["by_treatment_number"]),
        by_treatment_number_evidence=block["by_treatment_number_evidence"].text(),
        conditions=tuple(_condition(item, plan) for item in block["conditions"].named_items()),
        typical_total={site: total[site].or_none(_visits) for site in SITES},
        typical_total_note=block["typical_total_note"].text(),
        interval_note=block["interval_note"].text(),
        evidence=plan.evidence(block),
        sources=plan.sources(block),
    )


def _visits(node: Node) -> DayRange:
    return node.day_range(0, MAX_TREATMENTS)


def _skin_types(node: Node) -> tuple[SkinTypeRow, ...]:
    rows: list[SkinTypeRow] = []
    items = node.items()
    if isinstance(node.value, (list, tuple)) and len(items) != len(SKIN_TYPES):
        node.fault(f"must hold one row for each skin type: {', '.join(SKIN_TYPES)}")
    for item, skin_type in zip(items, SKIN_TYPES, strict=False):
        block = item.block(KEYS["skin_type_row"])
        rows.append(
            SkinTypeRow(
                type=block["type"].one_of((skin_type,)),
                min_days=block["min_days"].integer(0, MAX_DAY),
                recommended_days=block["recommended_days"].integer(0, MAX_DAY),
                test_patch=block["test_patch"].boolean(),
            )
        )
    return tuple(rows)


def _treatment_numbers(node: Node) -> tuple[TreatmentNumberRow, ...]:
    rows: list[TreatmentNumberRow] = []
    expected = 1
    for item in node.some_items():
        block = item.block(KEYS["treatment_number_row"])
        row = TreatmentNumberRow(
            from_number=block["from_number"].integer(1, MAX_TREATMENTS),
            to_number=block["to_number"].integer(1, MAX_TREATMENTS),
            recommended_days=block["recommended_days"].integer(0, MAX_DAY),
        )
        if row.from_number != expected:
            block.faults.add_cross(block.path_of("from_number"), f"must be {expected}: rows join up from 1")
        if row.to_number < row.from_number:
            problem = f"is below from_number {row.from_number}"
            block.faults.add_cross(block.path_of("to_number"), problem, block.path_of("from_number"))
        expected = row.to_number + 1
        rows.append(row)
    return tuple(rows)


def _condition(node: Node, plan: PlanReader) -> ReadinessCondition:
    block = node.block(KEYS["readiness_condition"])
    check = _check(block["check"], plan)
    return ReadinessCondition(
        id=block["id"].id(),
        text=block["text"].text(),
        check=check,
        blocking=block["blocking"].boolean(),
        group=block.maybe("group", lambda item: item.one_of(GROUPS), _group_of(check)),
    )


def _group_of(check: ReadinessCheck) -> ConditionGroup:
    """The group of a condition whose file names none."""
    return "skin" if check.anchor == "skin_closed" else GROUP_OF_CHECK[check.type]


def _check(node: Node, plan: PlanReader) -> ReadinessCheck:
    named = node.value.get("type", MISSING) if isinstance(node.value, Mapping) else MISSING
    kind: CheckType | None = next((name for name in CHECK_TYPES if name == named), None)
    if kind is None:
        problem = "missing" if named is MISSING else f"must be one of {', '.join(CHECK_TYPES)}, not {shown(named)}"
        node.fault_inside("type", problem)
        return ReadinessCheck("min_days")
    block = node.block(KEYS[f"check_{kind}"])
    return ReadinessCheck(
        type=kind,
        anchor=_anchor(block) if kind in ("anchor_reached", "days_since_anchor") else None,
        answers=_answers(block, kind, plan),
        answers_in_a_row=block.maybe("answers_in_a_row", lambda item: item.integer(1, 60), 1),
        window_days=block.maybe("window_days", _days, None),
        within_days=_days(block["within_days"]) if kind == "photo_set" else None,
    )


def _anchor(block: Block) -> AnchorName:
    return block["anchor"].one_of(ANCHORS)


def _days(node: Node) -> int | None:
    return node.integer(0, MAX_DAY)


def _answers(block: Block, kind: CheckType, plan: PlanReader) -> tuple[AnswerCheck, ...]:
    conditions = plan.conditions
    if kind == "all_of":
        items = block["answers"].some_items()
        return tuple(conditions.check(item.block(KEYS["answer_check"])) for item in items)
    if kind in ("answer", "answer_or_signoff"):
        return (conditions.check(block),)
    return ()
