"""A method file as a mapping -> `Protocol`, checked whole, or every fault in it. Reads no file.

A clinic's overlay is a layer of changes over the mapping (overlays.py); the changed document passes the same checks.
"""

from collections.abc import Mapping, Sequence

from schedules.overlays import apply_overlay
from schedules.plan_parsing import CARE_STYLES, LAST_PHASE_DAY, LAST_SIGN_DAY, PlanReader
from schedules.protocol import ExpectedRow, MethodInfo, Overlay, Phase, Protocol
from schedules.protocol_keys import KEYS
from schedules.readiness_parsing import read_readiness
from schedules.reading import Block, Faults, Node, shown
from schedules.shared_parsing import parse_shared
from schedules.shared_protocol import Shared, Source
from schedules.strictness import refuse_loosened
from schedules.term_parsing import read_content_version, read_source_list, read_sources, read_versions

__all__ = ["parse_protocol", "parse_shared"]

EVIDENCE_STRENGTHS = ("high", "moderate", "low", "very_low")


def parse_protocol(
    document: Mapping[str, object], shared: Shared, overlay: Overlay | None = None, *, signed: bool = False
) -> Protocol:
    """The protocol of one method, with the clinic's overlay applied. Raises ProtocolError with all faults.

    A fault of the overlay stands under the path of the change, and the shipped document must be whole by itself.
    `signed`: the overlay was agreed to before, under the strictness of that day. It is read as it was signed, so that
    the plans that run by it go on; a new plan is started only from one that parses without it.
    """
    faults = Faults()
    protocol = _read(document, shared, None, faults)
    faults.raise_any()
    if overlay is None:
        return protocol
    changed_document = apply_overlay(document, overlay, faults)
    changed = _read(changed_document, shared, overlay, faults)
    if not signed:
        refuse_loosened(protocol, changed, faults)
    faults.raise_any()
    return changed


def _read(document: Mapping[str, object], shared: Shared, overlay: Overlay | None, faults: Faults) -> Protocol:
    block = Node(document, "document", faults).block(KEYS["method_file"])
    source_list = read_source_list(block["source_list"])
    plan = PlanReader(shared, source_list, _flag_ids(block["red_flags"]))
    _check_shared_version(block, shared)
    milestones = block["milestones"].block(KEYS["milestones"])
    protocol = Protocol(
        schema_version="1.0",
        content_version=read_versions(block),
        status=block["status"].id(),
        method=_method(block["method"], source_list),
        in_treatment_steps=tuple(plan.in_treatment_step(item) for item in block["in_treatment_steps"].named_items()),
        phases=tuple(plan.phase(item) for item in block["phases"].named_items()),
        milestones={
            key: plan.milestone(milestones[key], key) for key in KEYS["milestones"].required if key != "sources"
        },
        milestone_sources=read_sources(milestones["sources"], source_list),
        signs={sign.id: sign for sign in (plan.sign(item) for item in block["signs"].named_items())},
        care_steps={step.id: step for step in (plan.care_step(item) for item in block["care_steps"].named_items())},
        check_ins=tuple(plan.check_in(item) for item in block["check_ins"].some_items()),
        photo_check_ins=tuple(plan.photo_check_in(item) for item in block["photo_check_ins"].some_items()),
        red_flags={flag.id: flag for flag in (plan.red_flag(item) for item in block["red_flags"].named_items())},
        visit_estimate=block["visit_estimate"].or_none(lambda node: _visit_estimate(node, plan)),
        readiness=read_readiness(block["readiness"], plan),
        source_list=source_list,
        shared=shared,
        overlay=overlay,
    )
    _check_across(protocol, block)
    return protocol


def _flag_ids(node: Node) -> frozenset[str]:
    items = node.value if isinstance(node.value, (list, tuple)) else ()
    ids = (item.get("id") for item in items if isinstance(item, Mapping))
    return frozenset(name for name in ids if isinstance(name, str))


def _check_shared_version(block: Block, shared: Shared) -> None:
    if "shared_version" in block:
        version = read_content_version(block["shared_version"])
        if version != shared.content_version:
            problem = f"needs the shared file of {shown(version)}, got that of {shown(shared.content_version)}"
            block.faults.add_cross(block.path_of("shared_version"), problem)


def _method(node: Node, source_list: Mapping[str, Source]) -> MethodInfo:
    block = node.block(KEYS["method"])
    info = MethodInfo(
        id=block["id"].id(),
        name=block["name"].text(),
        also_covers=block["also_covers"].unique(Node.text, empty=True),
        one_line=block["one_line"].text(),
        evidence_level=block["evidence_level"].one_of(EVIDENCE_STRENGTHS),
        evidence_note=block["evidence_note"].text(),
        default_care_style=block["default_care_style"].one_of(CARE_STYLES),
        allowed_care_styles=block["allowed_care_styles"].unique(lambda item: item.one_of(CARE_STYLES)),
        zones_recommended=block["zones_recommended"].boolean(),
        sources=read_sources(block["sources"], source_list),
    )
    if info.default_care_style not in info.allowed_care_styles:
        block.faults.add_cross(block.path_of("default_care_style"), "is not one of allowed_care_styles")
    return info


def _visit_estimate(node: Node, plan: PlanReader) -> Mapping[str, object]:
    block = node.block(KEYS["visit_estimate"])
    return {
        "id": block["id"].id(),
        "title": block["title"].text(),
        "how": block["how"].text(),
        "inputs": tuple(_visit_input(item) for item in block["inputs"].named_items()),
        "note": block["note"].text(),
        "show_to_client": block["show_to_client"].boolean(),
        "evidence": plan.evidence(block),
        "sources": plan.sources(block),
    }


def _visit_input(node: Node) -> Mapping[str, object]:
    block = node.block(KEYS["visit_input"])
    options = [item.block(KEYS["visit_option"]) for item in block["options"].some_items()]
    read = tuple({"label": option["label"].text(), "points": option["points"].integer(0, 100)} for option in options)
    return {"id": block["id"].id(), "options": read}


def _check_across(protocol: Protocol, block: Block) -> None:
    """The faults that lie between items, not inside one."""
    check_spans(protocol, block.faults)
    _check_unlike([step.order for step in protocol.in_treatment_steps], block["in_treatment_steps"], "order")
    _check_unlike([check_in.day for check_in in protocol.check_ins], block["check_ins"], "day")
    _check_unlike([(photo.day, photo.when) for photo in protocol.photo_check_ins], block["photo_check_ins"], "day")
    _check_ranges(protocol, block.faults)


def check_spans(protocol: Protocol, faults: Faults) -> None:
    """A fault for each gap between phases and between the usual ranges of a sign."""
    phases = [f"phases.{phase.id}" for phase in protocol.phases]
    _check_joined(protocol.phases, phases, "phases", LAST_PHASE_DAY, faults)
    for sign in protocol.signs.values():
        path = f"signs.{sign.id}.expected"
        rows = [f"{path}[{number}]" for number in range(len(sign.expected))]
        _check_joined(sign.expected, rows, path, LAST_SIGN_DAY, faults)


def _check_joined(
    spans: Sequence[ExpectedRow | Phase], paths: list[str], path: str, last_day: int, faults: Faults
) -> None:
    """Spans join up with no gaps from day 0 to the last day."""
    expected, before = 0, path + "[]"
    for span, place in zip(spans, paths, strict=True):
        if span.from_day != expected:
            faults.add_cross(f"{place}.from_day", f"must be {expected}: days join up with no gaps", before)
        expected, before = span.to_day + 1, f"{place}.to_day"
    if expected != last_day + 1:
        faults.add_cross(before if paths else path, f"must be {last_day}: the last day")


def _check_unlike(keys: Sequence[object], node: Node, key_name: str) -> None:
    items = node.named_items() if key_name == "order" else node.items()
    for number, (key, item) in enumerate(zip(keys, items, strict=True)):
        if key in keys[:number]:
            node.faults.add_cross(f"{item.path}.{key_name}", f"{shown(key)} is used twice")


def _check_ranges(protocol: Protocol, faults: Faults) -> None:
    """`above_expected` needs a sign with numbers to be above of."""
    for flag in protocol.red_flags.values():
        for number, condition in enumerate(flag.trigger.conditions):
            sign = protocol.signs.get(condition.question)
            if condition.op == "above_expected" and (sign is None or any(row.high is None for row in sign.expected)):
                path = f"red_flags.{flag.id}.trigger.{flag.trigger.mode}[{number}].question"
                faults.add_cross(path, f"'above_expected' needs a sign {shown(condition.question)} with low and high")
