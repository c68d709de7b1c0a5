"""The strict parser: every key is read, every fault is named by its path, nothing but ProtocolError comes out."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.catalog import SHIPPED, read_document
from schedules.emergency import parse_emergency_numbers
from schedules.errors import Fault, ProtocolError
from schedules.parsing import parse_protocol, parse_shared
from schedules.shared_protocol import Shared

VERSION = "2026-11-27"
SHARED_VERSION = "2026-11-22.2"
METHODS = ("laser", "saline", "undo")
COMMON: Any = read_document(SHIPPED / f"common-{SHARED_VERSION}.yaml")
FILES: dict[str, Any] = {method: read_document(SHIPPED / f"{method}-{VERSION}.yaml") for method in METHODS}
NUMBERS: Any = read_document(SHIPPED / "emergency_numbers.yaml")
SHARED: Shared = parse_shared(COMMON)
Edit = Callable[[Any], object]


def changed(document: Any, *edits: Edit) -> Any:
    other = copy.deepcopy(document)
    for edit in edits:
        edit(other)
    return other


def faults_of(parse: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(ProtocolError) as caught:
        parse()
    assert all(fault.path and fault.problem for fault in caught.value.faults)
    assert str(caught.value).splitlines() == [f"{fault.path}: {fault.problem}" for fault in caught.value.faults]
    return {fault.path: fault.problem for fault in caught.value.faults}


def plan_faults(*edits: Edit, method: str = "undo") -> dict[str, str]:
    return faults_of(lambda: parse_protocol(changed(FILES[method], *edits), SHARED))


def shared_faults(*edits: Edit) -> dict[str, str]:
    return faults_of(lambda: parse_shared(changed(COMMON, *edits)))


def item(items: list[Any], name: str) -> Any:
    return next(one for one in items if one["id"] == name)


def put(path: str, value: object) -> Edit:
    """An edit that sets the value at a path such as `care_steps.wash.window`."""

    def edit(document: Any) -> None:
        *way, last = steps_of(path)
        holder = document
        for step in way:
            holder = go(holder, step)
        holder[last] = value

    return edit


def drop(path: str) -> Edit:
    def edit(document: Any) -> None:
        *way, last = steps_of(path)
        holder = document
        for step in way:
            holder = go(holder, step)
        del holder[last]

    return edit


def at(path: str, value: object, problem: str) -> tuple[Edit, str, str]:
    """A row of a table: this value at this path is this problem there."""
    return put(path, value), path, problem


def without(path: str, problem: str) -> tuple[Edit, str, str]:
    """A row of a table: without the value at this path, this is the problem there."""
    return drop(path), path, problem


def named(rows: list[tuple[Edit, str, str]]) -> list[Any]:
    return [pytest.param(*row, id=f"{number}-{row[1]}") for number, row in enumerate(rows)]


def steps_of(path: str) -> list[str | int]:
    steps: list[str | int] = []
    for part in path.replace("[", ".[").split("."):
        steps.append(int(part[1:-1]) if part.startswith("[") else part)
    return steps


def go(holder: Any, step: str | int) -> Any:
    return item(holder, step) if isinstance(holder, list) and isinstance(step, str) else holder[step]


# --- whole files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_shipped_file_is_whole(method: str) -> None:
    protocol = parse_protocol(FILES[method], SHARED)
    assert protocol.id == method
    assert list(protocol.care_steps) == [step["id"] for step in FILES[method]["care_steps"]]
    assert list(protocol.red_flags) == [flag["id"] for flag in FILES[method]["red_flags"]]
    assert len(protocol.check_ins) == len(FILES[method]["check_ins"])


def test_the_values_of_a_step_arrive_as_written() -> None:
    step = parse_protocol(FILES["undo"], SHARED).care_steps["recovery_mask_late"]
    assert (step.window.start.anchor, step.window.start.offset_h, step.window.end.offset_h) == (
        "treatment_end",
        168,
        672,
    )
    assert (step.frequency.type, step.frequency.every_n_days, step.frequency.times) == ("every_n_days", 3, 1)
    assert [at.isoformat("minutes") for at in step.frequency.suggested_times] == ["19:00"]
    assert step.duration_min is not None
    assert (step.duration_min.min, step.duration_min.default, step.duration_min.max) == (10, 15, 20)
    assert (step.clinic_must_confirm, step.contradicts) == (True, ())


@pytest.mark.parametrize(
    ("method", "condition", "group"),
    [
        ("laser", "min_days", "time"),
        ("laser", "scabs_off", "scabs"),
        ("laser", "after_scab_gap", "scabs"),
        ("laser", "calm", "skin"),
        ("laser", "colour_calm", "colour"),
        ("saline", "tone_ok", "colour"),
        ("saline", "no_tan", "colour"),
        ("undo", "no_flags", "health"),
        ("undo", "health_same", "health"),
        ("undo", "photos", "photos"),
        ("undo", "practitioner_yes", "yes"),
    ],
)
def test_each_condition_carries_its_group(method: str, condition: str, group: str) -> None:
    protocol = parse_protocol(FILES[method], SHARED)
    assert {one.id: one.group for one in protocol.readiness.conditions}[condition] == group


def test_without_a_group_it_follows_from_the_check() -> None:
    document = changed(
        FILES["laser"],
        *(drop(f"readiness.conditions.{c['id']}.group") for c in FILES["laser"]["readiness"]["conditions"]),
    )
    document = changed(
        document, put("readiness.conditions.photos.check", {"type": "anchor_reached", "anchor": "skin_closed"})
    )
    groups = {one.id: one.group for one in parse_protocol(document, SHARED).readiness.conditions}
    assert {groups["min_days"], groups["scabs_off"], groups["tone_ok"]} == {"time", "scabs", "skin"}
    assert (groups["photos"], groups["no_flags"], groups["practitioner_yes"]) == ("skin", "health", "yes")


# --- every key is read, none is missing, none is unknown ----------------------------------------------------------


def blocks(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of a document with its path, as the parser names it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from blocks(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            named = isinstance(inner, dict) and "id" in inner
            yield from blocks(inner, f"{path}.{inner['id']}" if named else f"{path}[{number}]")


class Junk:
    """A value of no kind that a file can hold."""


DOCUMENTS: list[tuple[str, Any, Callable[[Any], object]]] = [
    *((method, FILES[method], lambda document: parse_protocol(document, SHARED)) for method in METHODS),
    ("common", COMMON, parse_shared),
    ("numbers", NUMBERS, parse_emergency_numbers),
]
every_file = pytest.mark.parametrize(("name", "document", "parse"), DOCUMENTS, ids=[row[0] for row in DOCUMENTS])


@every_file
def test_every_key_is_read_junk_in_its_place_is_a_fault_there(
    name: str, document: Any, parse: Callable[[Any], object]
) -> None:
    broken, places = copy.deepcopy(document), []
    for path, block in list(blocks(broken)):
        for key, value in block.items():
            holds_blocks = isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict))
            if not holds_blocks and key not in ("id", "type", "event"):  # these say how the rest is read: rows below
                block[key] = Junk()
                places.append(f"{path}.{key}" if path else key)
    found = faults_of(lambda: parse(broken))
    assert [place for place in places if place not in found] == []
    assert len(places) > 50


OPTIONAL = {
    "shared_version",
    "too_early_before_day",
    "late_after_day",
    "contradicts",
    "condition",
    "from_day",
    "answers_in_a_row",
    "group",
    "window_days",
    "when",
    "after",
    "methods",
    "if_answered",
    "for_value",
    "note",
    "sites",
    "hold_days",
    "hold_months",
    "laser",
    "saline",
    "undo",
}
NEEDED_BY_CONTEXT = {"min", "max", "options", "compare_days", "low", "high", "allowed", "any", "all", "event"}


@pytest.mark.parametrize(("name", "document", "parse"), [row for row in DOCUMENTS if row[0] not in ("saline", "undo")])
def test_a_key_left_out_is_a_fault_unless_it_is_optional(
    name: str, document: Any, parse: Callable[[Any], object]
) -> None:
    left_out: set[str] = set()
    for turn in range(20):  # each turn leaves out another key of every block
        broken, places = copy.deepcopy(document), []
        for path, block in list(blocks(broken)):
            keys = [key for key in block if key != "id" and key not in NEEDED_BY_CONTEXT]
            if path.endswith(".check"):  # its type says how the rest is read, so it has a row below
                keys.remove("type")
            if turn < len(keys):
                del block[keys[turn]]
                places.append((f"{path}.{keys[turn]}" if path else keys[turn], keys[turn]))
        if not places:
            break
        held = [
            place for place, key in places if not any(place.startswith((one + ".", one + "[")) for one, _ in places)
        ]
        found = faults_of(lambda broken=broken: parse(broken))
        for place, key in places:
            assert place not in held or place in found or key in OPTIONAL, (turn, place)
            left_out.add(key)
    assert len(left_out) > 5


@every_file
def test_an_unknown_key_is_a_fault_wherever_it_stands(name: str, document: Any, parse: Callable[[Any], object]) -> None:
    broken, places = copy.deepcopy(document), []
    for path, block in list(blocks(broken)):
        if not path.endswith(".effects"):  # its keys are method ids
            block["surprise"] = 1
            places.append(f"{path}.surprise" if path else "surprise")
    found = faults_of(lambda: parse(broken))
    assert {found.get(place) for place in places} == {"unknown key"}


def test_keys_must_be_text_and_odd_names_are_shown_safely() -> None:
    found = plan_faults(put("method.shown name\n", 1), lambda d: d["readiness"].__setitem__(7, 1))
    assert found["method.'shown name\\n'"] == "unknown key"
    assert "the key 7 must be text" in found["readiness"]


# --- faults on purpose --------------------------------------------------------------------------------------------

PLAN_FAULTS: list[tuple[Edit, str, str]] = [
    at("schema_version", "2.0", "must be one of 1.0"),
    at("schema_version", 1.0, "must be one of 1.0"),
    at("content_version", "last", "must be a date"),
    at("content_version", None, "must be text, not null"),
    at("shared_version", "2020-01-01", "needs the shared file of '2020-01-01'"),
    at("status", "two words", "letters, digits and underscores"),
    at("method", [], "must be a mapping"),
    at("method.name", "", "must not be empty"),
    at("method.name", "x" * 2001, "at most 2000"),
    at("method.name", "a\0b", "cannot be shown"),
    at("method.name", "a\ud800b", "cannot be shown"),
    at("method.zones_recommended", "yes", "must be true or false"),
    at("method.zones_recommended", 1, "must be true or false"),
    at("method.evidence_level", "sure", "must be one of"),
    at("method.default_care_style", "wet", "must be one of dry, moist"),
    (put("method.allowed_care_styles", ["moist"]), "method.default_care_style", "is not one of allowed_care_styles"),
    at("method.sources", [], "must not be empty"),
    (put("method.sources", ["seed", "seed"]), "method.sources[1]", "'seed' stands there twice"),
    (put("method.sources", ["gossip"]), "method.sources[0]", "no source 'gossip'"),
    (put("method.sources", [["seed"]]), "method.sources[0]", "must be text, not a list"),
    at("method.also_covers", ["x"] * 1001, "at most 1000 items"),
    at("in_treatment_steps.serum.order", 1, "1 is used twice"),
    at("in_treatment_steps.serum.minutes", [9, 3], "must rise: 9 is after 3"),
    at("in_treatment_steps.serum.minutes", [9], "must be a range"),
    at("in_treatment_steps.serum.minutes", 9, "must be a list"),
    (put("in_treatment_steps.serum.id", "numb"), "in_treatment_steps[2].id", "'numb' is used twice"),
    (put("in_treatment_steps.serum.id", "not an id"), "in_treatment_steps[2].id", "letters, digits"),
    at("in_treatment_steps", "none", "must be a list"),
    at("in_treatment_steps[0]", 7, "must be a mapping"),
    at("phases.crust.from_day", 6, "must be 5"),
    at("phases.crust.from_day", 4, "must be 5"),
    at("phases.watch.to_day", 100, "must be 180"),
    at("phases.day_of.from_day", 1, "must be 0"),
    at("phases.crust.to_day", 2, "2 is before from_day 5"),
    at("phases", [], "must not be empty"),
    at("milestones.scabs_off.typical_days", [9, 8], "must rise"),
    at("milestones.scabs_off.evidence", "hearsay", "no evidence level 'hearsay'"),
    at("milestones.scabs_off.late_after_day", "x", "whole number"),
    (put("signs.pain.id", "aura"), "signs.aura.id", "no question 'aura'"),
    at("signs.pain.expected[2].from_day", 3, "must be 2"),
    at("signs.pain.expected[5].to_day", 80, "must be 90"),
    at("signs.pain.expected[0].high", 11, "11 is no answer to pain"),
    (put("signs.pain.expected[0].low", 8), "signs.pain.expected[0].high", "6 is below low 8"),
    (put("signs.pain.expected[0].allowed", [1]), "signs.pain.expected[0]", "either low and high, or allowed"),
    (drop("signs.pain.expected[0].low"), "signs.pain.expected[0]", "either low and high, or allowed"),
    (drop("signs.pain.expected[0].high"), "signs.pain.expected[0]", "either low and high, or allowed"),
    (
        put("signs.fluid.expected[0].allowed", ["tears"]),
        "signs.fluid.expected[0].allowed[0]",
        "'tears' is no answer to fluid",
    ),
    (
        put("signs.fluid.expected[0].allowed", [False]),
        "signs.fluid.expected[0].allowed[0]",
        "must be an answer value, not false",
    ),
    (put("signs.scab_stage.expected[0].allowed", ["0"]), "signs.scab_stage.expected[0].allowed[0]", "is no answer"),
    (
        put("signs.fluid.expected[0]", {"from_day": 0, "to_day": 1, "low": 0, "high": 1}),
        "signs.fluid.expected[0].high",
        "no answer",
    ),
    at("care_steps.wash.kind", "scrub", "must be one of do, avoid"),
    (put("care_steps.wash.sites", ["scalp", "knee"]), "care_steps.wash.sites[1]", "must be one of scalp"),
    (put("care_steps.wash.sites", ["scalp", "scalp"]), "care_steps.wash.sites[1]", "twice"),
    at("care_steps.wash.care_styles", [], "must not be empty"),
    at("care_steps.wash.title", False, "must be text, not false (put quotes"),
    at("care_steps.wash.window.from.anchor", "payday", "must be one of treatment_end"),
    at("care_steps.wash.window.until.offset_h", 12, "multiple of 24"),
    at("care_steps.wash.window.until.offset_h", True, "whole number"),
    at("care_steps.wash.window.until.offset_h", 10**40, "a huge number"),
    at("care_steps.wash.window.plan_days", [12, 2], "must rise"),
    at("care_steps.wash.frequency.type", "weekly", "must be one of times_per_day"),
    at("care_steps.wash.frequency.times", None, "'times_per_day' needs it"),
    (
        put("care_steps.wash.frequency.times", 3),
        "care_steps.wash.frequency.suggested_times",
        "as many times as times: 3",
    ),
    at("care_steps.wash.frequency.every_n_days", 2, "must be null for 'times_per_day'"),
    (
        put("care_steps.wash.frequency.suggested_times", ["24:00"]),
        "care_steps.wash.frequency.suggested_times[0]",
        "HH:MM",
    ),
    (
        put("care_steps.wash.frequency.suggested_times", ["8:00"]),
        "care_steps.wash.frequency.suggested_times[0]",
        "HH:MM",
    ),
    (put("care_steps.wash.frequency.suggested_times", [1200]), "care_steps.wash.frequency.suggested_times[0]", "HH:MM"),
    at("care_steps.clean_hands.frequency.times", 2, "must be null for 'continuous'"),
    at("care_steps.clean_bed.frequency.every_n_days", None, "needs it"),
    (put("care_steps.blot.duration_min.default", 9), "care_steps.blot.duration_min", "must rise"),
    (put("care_steps.blot.duration_min", {"min": 1}), "care_steps.blot.duration_min.max", "missing"),
    (put("care_steps.wash.stop_when", ["boredom"]), "care_steps.wash.stop_when[0]", "no red flag 'boredom'"),
    (put("care_steps.wash.contradicts", [7]), "care_steps.wash.contradicts[0]", "must be text"),
    at("care_steps.wash.remind", None, "must be one of each_time"),
    at("check_ins[1].day", 0, "0 is used twice"),
    (put("check_ins[1].sets", ["quiz"]), "check_ins[1].sets[0]", "no question set 'quiz'"),
    at("check_ins[1].sets", [], "must not be empty"),
    at("check_ins[1].condition", "always", "must be one of not_ready_yet"),
    at("check_ins[0].at_h", -1, "whole number from 0"),
    at("check_ins", {}, "must be a list"),
    (put("photo_check_ins[1].when", "before"), "photo_check_ins[1].day", "used twice"),
    at("photo_check_ins[1].views", "some", "must be one of full_set"),
    at("photo_check_ins[1].condition", "x", "must be one of not_ready_yet"),
    at("red_flags.fever.urgency", "soon", "must be one of emergency"),
    at("red_flags.fever.trigger", {}, "either any or all"),
    (put("red_flags.fever.trigger.all", []), "red_flags.fever.trigger", "either any or all"),
    at("red_flags.fever.trigger.any", [], "must not be empty"),
    at("red_flags.fever.trigger.any[0].question", "mood_ring", "no question"),
    at("red_flags.fever.trigger.any[0].op", "~", "must be one of"),
    at("red_flags.fever.trigger.any[0].op", ">=", "needs a number or a scale"),
    (put("red_flags.fever.trigger.any[0].op", "in"), "red_flags.fever.trigger.any[0].value", "must be a list"),
    at("red_flags.fever.trigger.any[0].value", "hot", "'hot' is no answer to unwell"),
    at("red_flags.fever.trigger.any[0].value", ["fever"], "must be an answer value"),
    at("red_flags.fever.trigger.any[0].compare_days", 1, "belongs to 'rise_by'"),
    without("red_flags.pain_rising.trigger.any[1].compare_days", "needs it"),
    at("red_flags.pain_rising.trigger.any[1].value", 0, "from 1"),
    at("red_flags.pain_rising.trigger.any[0].answers_in_a_row", 0, "from 1"),
    at("red_flags.fever.to_day", 1.5, "not 1.5"),
    at("red_flags.more_than_expected.trigger.any[0].question", "mood", "needs a sign"),
    at("red_flags.more_than_expected.trigger.any[0].question", "scab_stage", "low and high"),
    (put("visit_estimate", {"id": "x"}), "visit_estimate.title", "missing"),
    at("readiness.clinic_may_set_min_between", [9, 1], "must rise"),
    at("readiness.fitzpatrick[0].type", "II", "must be one of I"),
    (drop("readiness.fitzpatrick[5]"), "readiness.fitzpatrick", "one row for each skin type"),
    at("readiness.fitzpatrick", None, "must be a list"),
    at("readiness.by_treatment_number[1].from_number", 5, "must be 4"),
    at("readiness.by_treatment_number[1].to_number", 2, "below from_number 4"),
    at("readiness.conditions.calm.check.answers", [], "must not be empty"),
    at("readiness.conditions.calm.check.answers[0].value", 11, "no answer to pain"),
    at("readiness.conditions.calm.check.type", "horoscope", "must be one of min_days"),
    without("readiness.conditions.calm.check.type", "missing"),
    at("readiness.conditions.calm.check", "calm", "must be a mapping"),
    at("readiness.conditions.scabs_off.check.anchor", "moon", "must be one of"),
    at("readiness.conditions.no_fluid.check.op", "rise_by", "must be one of"),
    at("readiness.conditions.no_tan.check.window_days", "30", "not '30'"),
    at("readiness.conditions.photos.check.question", "pain", "unknown key"),
    at("readiness.conditions.photos.group", "misc", "must be one of time"),
    at("readiness.typical_total.scalp", [2], "must be a range"),
    at("source_list.seed.url", "ftp://x", "must start with http"),
    at("source_list.seed.title", "x" * 60 + "\7", "cannot be shown"),
]


@pytest.mark.parametrize(("edit", "path", "problem"), named(PLAN_FAULTS))
def test_a_fault_of_a_method_file_is_named_by_its_path(edit: Edit, path: str, problem: str) -> None:
    found = plan_faults(edit)
    assert path in found, found
    assert problem in found[path]


SHARED_FAULTS: list[tuple[Edit, str, str]] = [
    at("day_rule", 0, "must be text"),
    at("questions.pain.type", "essay", "must be one of number"),
    at("questions.pain.max", 0, "must be above min 0"),
    at("questions.pain.options", [], "does not belong to a number"),
    without("questions.pain.min", "missing: a number needs it"),
    without("questions.fluid.options", "missing: a choice needs it"),
    at("questions.fluid.min", 0, "does not belong to a choice"),
    at("questions.picked.options[0].value", False, "must be text, not false (put quotes"),
    at("questions.swelling.options[0].value", "none", "must be a whole number"),
    at("questions.swelling.options[1].value", 0, "0 is used twice"),
    at("questions.fluid.codes[1].for_value", "tears", "no answer to fluid"),
    at("questions.fluid.asked_to_day", -1, "whole number from 0"),
    at("questions.skin_open.asked_to_day", 2, "2 is before asked_from_day 5"),
    (put("question_sets.deep.questions", ["pain", "aura"]), "question_sets.deep.questions[1]", "no question 'aura'"),
    (put("follow_up_rules.ask_heat.ask", ["aura"]), "follow_up_rules.ask_heat.ask[0]", "no question 'aura'"),
    at("follow_up_rules.ask_heat.when.any", [], "must not be empty"),
    at("follow_up_rules.ask_mask.when.any[0].event", "moon", "care_step_done"),
    at("follow_up_rules.ask_mask.when.any[0].care_step_kind", "x", "one of do"),
    at("follow_up_rules.ask_heat.when.any[0].answers_in_a_row", 2, "unknown key"),
    (drop("anchors[3]"), "anchors.next_treatment", "missing"),
    (put("anchors.scabs_off.id", "dawn"), "anchors.dawn.id", "must be one of treatment_end"),
    at("anchors.skin_closed.when.after", "next_treatment", "stands above"),
    (put("anchors.scabs_off.when.any[1].methods", [1]), "anchors.scabs_off.when.any[1].methods[0]", "must be text"),
    at("anchors.scabs_off.when", {"after": "treatment_end"}, "either any or all"),
    at("urgency_levels.same_day.order", 3, "must be 2"),
    (put("urgency_levels.same_day.follow_up_h", [0]), "urgency_levels.same_day.follow_up_h[0]", "whole number from 1"),
    (drop("urgency_levels[0]"), "urgency_levels.emergency", "missing"),
    (put("photo_protocol.daily_minimum", ["top"]), "photo_protocol.daily_minimum[0]", "not a view of every site"),
    at("photo_protocol.distances_cm.close", [20, 15], "must rise"),
    at("photo_protocol.views.knee", [], "unknown key"),
    at("modifiers.smoker.evidence", "hearsay", "no evidence level"),
    at("modifiers.smoker.effects", [], "must be a mapping of method ids"),
    at("modifiers.smoker.effects", {4: {}}, "the key 4 must be a method id"),
    at("modifiers.smoker.effects.laser.action", "scold", "must be one of inform"),
    at("modifiers.smoker.effects.laser.hold_days", 0, "from 1"),
    (drop("modifier_actions[0]"), "modifier_actions.inform", "missing"),
]


@pytest.mark.parametrize(("edit", "path", "problem"), named(SHARED_FAULTS))
def test_a_fault_of_the_shared_file_is_named_by_its_path(edit: Edit, path: str, problem: str) -> None:
    found = shared_faults(edit)
    assert path in found, found
    assert problem in found[path]


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (put("countries[0].country", "Austria"), "countries[0].country"),
        (put("countries[1].country", "AT"), "countries[1].country"),
        (put("countries[0].emergency", 144), "countries[0].emergency"),
        (put("countries[0].emergency", "call me"), "countries[0].emergency"),
        (put("countries[0].advice_name", None), "countries[0].advice_name"),
        (drop("countries[0].source"), "countries[0].source"),
    ],
)
def test_a_fault_of_the_emergency_numbers_is_named_by_its_path(edit: Edit, path: str) -> None:
    assert path in faults_of(lambda: parse_emergency_numbers(changed(NUMBERS, edit)))


def test_all_faults_are_listed_at_once_and_one_slip_makes_one_fault() -> None:
    found = plan_faults(
        put("care_steps.wash.frequency.times", "2"),
        put("phases.crust.name", None),
        put("phases.shed.from_day", 12),
        drop("red_flags.fever.urgency"),
        put("readiness.surprise", 1),
        put("check_ins[2].sets", ["quiz"]),
    )
    assert set(found) == {
        "care_steps.wash.frequency.times",
        "phases.crust.name",
        "phases.shed.from_day",
        "red_flags.fever.urgency",
        "readiness.surprise",
        "check_ins[2].sets[0]",
    }


@pytest.mark.parametrize("document", [None, [], "text", 7, {}, {1: 2}])
def test_what_is_no_document_is_a_protocol_error(document: Any) -> None:
    assert faults_of(lambda: parse_protocol(document, SHARED))
    assert faults_of(lambda: parse_shared(document))
    assert faults_of(lambda: parse_emergency_numbers(document))


# --- anything at all ----------------------------------------------------------------------------------------------

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.binary(max_size=4),
    st.lists(st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=4) | st.integers(), st.none(), max_size=2),
    st.sampled_from(["no", "yes", "08:00", "pain", "scalp", "any", "in", [], {}, -1, 0, 10**30, float("nan")]),
)


def mutate(document: Any, data: st.DataObject) -> None:
    """One random change somewhere: a key left out, a value replaced by junk, a key added."""
    holder = document
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(holder[key], (dict, list)) and holder[key] and data.draw(st.integers(0, 3)):
            holder = holder[key]
            continue
        change = data.draw(st.sampled_from(["delete", "junk", "add"]))
        if change == "delete":
            del holder[key]
        elif change == "junk" or isinstance(holder, list):
            holder[key] = data.draw(JUNK)
        else:
            holder[data.draw(st.text(max_size=5) | st.integers() | st.none())] = data.draw(JUNK)
        return


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_mutated_document_gives_a_protocol_or_faults_with_paths(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*METHODS, "common"]))
    document = copy.deepcopy(COMMON if name == "common" else FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        mutate(document, data)
    faults: tuple[Fault, ...] | None = None
    try:
        parse_shared(document) if name == "common" else parse_protocol(document, SHARED)
    except ProtocolError as error:
        faults = error.faults
    assert faults is None or (faults and all(fault.path and fault.problem for fault in faults))
