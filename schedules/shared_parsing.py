"""The shared file (common.yaml) as a mapping -> `Shared`, or every fault in it. Reads no file."""

from collections.abc import Mapping
from typing import get_args

from schedules.condition_parsing import ConditionReader
from schedules.protocol_keys import KEYS
from schedules.protocol_terms import AnchorName, ModifierAction, Urgency
from schedules.question_parsing import read_follow_up, read_question, read_question_set
from schedules.reading import ID_PATTERN, Faults, Node, shown
from schedules.shared_protocol import (
    AnchorRule,
    Modifier,
    ModifierEffect,
    PhotoProtocol,
    PhotoView,
    Shared,
    Source,
    UrgencyLevel,
)
from schedules.term_parsing import MAX_DAY, SITES, read_reference, read_source_list, read_sources, read_versions

ANCHORS: tuple[AnchorName, ...] = get_args(AnchorName)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
ACTIONS: tuple[ModifierAction, ...] = get_args(ModifierAction)
MAX_HOURS = 24 * 30
MAX_CM = 500


def parse_shared(document: Mapping[str, object]) -> Shared:
    """The shared words of all methods. Raises ProtocolError with all faults."""
    faults = Faults()
    block = Node(document, "document", faults).block(KEYS["shared_file"])
    source_list = read_source_list(block["source_list"])
    evidence = _meanings(block["evidence_levels"])
    questions = {q.id: q for q in (read_question(node, source_list) for node in block["questions"].named_items())}
    conditions = ConditionReader(questions)
    sets = (read_question_set(node, conditions) for node in block["question_sets"].named_items())
    modifiers = (_modifier(node, evidence, source_list) for node in block["modifiers"].named_items())
    block["day_rule"].text()  # words for readers; what counts is protocols rule 1
    shared = Shared(
        content_version=read_versions(block),
        status=block["status"].id(),
        disclaimer=block["disclaimer"].text(),
        anchors=_anchors(block["anchors"], conditions),
        scales=_meanings(block["scales"]),
        evidence_levels=evidence,
        urgency_levels=_urgency_levels(block["urgency_levels"], source_list),
        questions=questions,
        question_sets={one.id: one for one in sets},
        follow_up_rules=tuple(read_follow_up(node, conditions) for node in block["follow_up_rules"].named_items()),
        photo_protocol=_photo_protocol(block["photo_protocol"], source_list),
        modifiers={one.id: one for one in modifiers},
        modifier_actions=_modifier_actions(block["modifier_actions"]),
        source_list=source_list,
    )
    faults.raise_any()
    return shared


def _require(node: Node, names: tuple[str, ...], found: set[str]) -> None:
    for name in names:
        if name not in found:
            node.faults.add_cross(f"{node.path}.{name}", "missing")


def _meanings(node: Node) -> Mapping[str, str]:
    blocks = [item.block(KEYS["meaning"]) for item in node.named_items()]
    return {block["id"].id(): block["meaning"].text() for block in blocks}


def _modifier_actions(node: Node) -> Mapping[ModifierAction, str]:
    blocks = [item.block(KEYS["meaning"]) for item in node.named_items()]
    actions = {block["id"].one_of(ACTIONS): block["meaning"].text() for block in blocks}
    _require(node, ACTIONS, set(actions))
    return actions


def _anchors(node: Node, conditions: ConditionReader) -> tuple[AnchorRule, ...]:
    rules: list[AnchorRule] = []
    for item in node.named_items():
        block = item.block(KEYS["anchor"])
        name, meaning = block["id"].one_of(ANCHORS), block["meaning"].text()
        if "when" not in block:
            rules.append(AnchorRule(name, meaning, None))
            continue
        when = block["when"].block(KEYS["anchor_trigger"])
        after = when["after"].one_of(ANCHORS) if "after" in when else None
        if after is not None and after not in {rule.id for rule in rules}:
            when.faults.add_cross(when.path_of("after"), "must be an anchor that stands above")
        rules.append(AnchorRule(name, meaning, conditions.trigger(when, conditions.anchor_condition), after))
    _require(node, ANCHORS, {rule.id for rule in rules})
    return tuple(rules)


def _urgency_levels(node: Node, source_list: Mapping[str, Source]) -> Mapping[Urgency, UrgencyLevel]:
    levels: dict[Urgency, UrgencyLevel] = {}
    for item in node.named_items():
        block = item.block(KEYS["urgency_level"])
        level = UrgencyLevel(
            id=block["id"].one_of(URGENCIES),
            order=block["order"].integer(1, len(URGENCIES)),
            label=block["label"].text(),
            act_within_h=block["act_within_h"].integer(0, MAX_HOURS),
            contact=block["contact"].text(),
            tell_clinic=block["tell_clinic"].boolean(),
            app_must=block["app_must"].text(),
            follow_up_h=block["follow_up_h"].unique(lambda hour: hour.integer(1, MAX_HOURS), empty=True),
            sources=read_sources(block["sources"], source_list),
        )
        place = URGENCIES.index(level.id) + 1
        if level.order != place:
            block.faults.add_cross(block.path_of("order"), f"must be {place}")
        levels[level.id] = level
    _require(node, URGENCIES, set(levels))
    return levels


def _photo_protocol(node: Node, source_list: Mapping[str, Source]) -> PhotoProtocol:
    block = node.block(KEYS["photo_protocol"])
    distances = block["distances_cm"].block(KEYS["distances_cm"])
    views_block = block["views"].block(KEYS["views"])
    views = {site: _views(views_block[site]) for site in SITES}
    everywhere = set.intersection(*({view.id for view in views[site]} for site in SITES))
    minimum = block["daily_minimum"].unique(Node.id)
    for item, view_id in zip(block["daily_minimum"].items(), minimum, strict=True):
        if view_id not in everywhere:
            item.faults.add_cross(item.path, f"{shown(view_id)} is not a view of every site")
    return PhotoProtocol(
        how=block["how"].unique(Node.text),
        distances_cm={
            "overview": distances["overview"].day_range(1, MAX_CM),
            "close": distances["close"].day_range(1, MAX_CM),
            "never_closer_than": distances["never_closer_than"].integer(1, MAX_CM),
        },
        distance_evidence=block["distance_evidence"].text(),
        views=views,
        daily_minimum=minimum,
        retake_if=block["retake_if"].unique(Node.text),
        privacy=block["privacy"].text(),
        sources=read_sources(block["sources"], source_list),
    )


def _views(node: Node) -> tuple[PhotoView, ...]:
    blocks = [item.block(KEYS["view"]) for item in node.named_items()]
    return tuple(PhotoView(block["id"].id(), block["label"].text()) for block in blocks)


def _modifier(node: Node, evidence_levels: Mapping[str, str], source_list: Mapping[str, Source]) -> Modifier:
    block = node.block(KEYS["modifier"])
    return Modifier(
        id=block["id"].id(),
        label=block["label"].text(),
        effects=_effects(block["effects"]),
        note=block["note"].text(),
        evidence=read_reference(block["evidence"], evidence_levels, "evidence level"),
        sources=read_sources(block["sources"], source_list),
    )


def _effects(node: Node) -> Mapping[str, ModifierEffect]:
    if not isinstance(node.value, Mapping):
        node.fault(f"must be a mapping of method ids to effects, not {shown(node.value)}")
        return {}
    effects: dict[str, ModifierEffect] = {}
    for method, value in node.value.items():
        if not isinstance(method, str) or not ID_PATTERN.fullmatch(method):
            node.fault(f"the key {shown(method)} must be a method id")
            continue
        block = Node(value, f"{node.path}.{method}", node.faults).block(KEYS["modifier_effect"])
        effects[method] = ModifierEffect(
            action=block["action"].one_of(ACTIONS),
            add_days=block["add_days"].integer(0, MAX_DAY),
            hold_days=block.maybe("hold_days", _count, None),
            hold_months=block.maybe("hold_months", _count, None),
        )
    return effects


def _count(node: Node) -> int | None:
    return node.integer(1, MAX_DAY)
