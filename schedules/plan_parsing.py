"""The parts of a method file: clinic steps, healing, care steps, check-ins, red flags. Mapping -> values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from schedules.condition_parsing import STEP_KINDS, ConditionReader, domain
from schedules.protocol import (
    CareStep,
    CheckInPlan,
    DurationMinutes,
    ExpectedRow,
    Frequency,
    InTreatmentStep,
    Milestone,
    Phase,
    PhotoCheckIn,
    RedFlag,
    Sign,
    StepWindow,
    WindowEnd,
)
from schedules.protocol_keys import KEYS
from schedules.protocol_terms import AnswerValue, CareStyle, FrequencyType, PhotoViews, PhotoWhen, Remind
from schedules.reading import ID_PATTERN, Block, Node, shown
from schedules.shared_parsing import ANCHORS, URGENCIES
from schedules.shared_protocol import Shared, Source
from schedules.term_parsing import MAX_DAY, read_reference, read_sites, read_sources, read_span

CARE_STYLES: tuple[CareStyle, ...] = get_args(CareStyle)
FREQUENCIES: tuple[FrequencyType, ...] = get_args(FrequencyType)
REMINDS: tuple[Remind, ...] = get_args(Remind)
PHOTO_WHENS: tuple[PhotoWhen, ...] = get_args(PhotoWhen)
PHOTO_VIEWS: tuple[PhotoViews, ...] = get_args(PhotoViews)
LAST_PHASE_DAY = 180
LAST_SIGN_DAY = 90
MAX_MINUTES = 24 * 60
MAX_TIMES = 24
MAX_OFFSET_H = 24 * MAX_DAY
STEP_NAME = re.compile(rf"({ID_PATTERN.pattern}\.)?{ID_PATTERN.pattern}")


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads items of a method file against the shared file, the file's own sources and its red-flag ids."""

    shared: Shared
    source_list: Mapping[str, Source]
    red_flag_ids: frozenset[str]

    @property
    def conditions(self) -> ConditionReader:
        """The reader of conditions over the shared questions."""
        return ConditionReader(self.shared.questions)

    def sources(self, block: Block) -> tuple[str, ...]:
        """The block's `sources`."""
        return read_sources(block["sources"], self.source_list)

    def evidence(self, block: Block) -> str:
        """The block's `evidence`, one of the evidence levels."""
        return read_reference(block["evidence"], self.shared.evidence_levels, "evidence level")

    def in_treatment_step(self, node: Node) -> InTreatmentStep:
        """What happens at the clinic."""
        block = node.block(KEYS["in_treatment_step"])
        return InTreatmentStep(
            id=block["id"].id(),
            order=block["order"].integer(1, 100),
            title=block["title"].text(),
            what_happens=block["what_happens"].text(),
            minutes=block["minutes"].or_none(lambda item: item.day_range(0, MAX_MINUTES)),
            sources=self.sources(block),
        )

    def phase(self, node: Node) -> Phase:
        """A named part of healing."""
        block = node.block(KEYS["phase"])
        from_day, to_day = read_span(block)
        text = block["what_is_normal"].text()
        return Phase(block["id"].id(), block["name"].text(), from_day, to_day, text, self.sources(block))

    def milestone(self, node: Node, name: str) -> Milestone:
        """A healing milestone; its id is its key."""
        block = node.block(KEYS["milestone"])
        return Milestone(
            id=name,
            typical_days=block["typical_days"].day_range(0, MAX_DAY),
            evidence=self.evidence(block),
            too_early_before_day=block.maybe("too_early_before_day", _day_or_none, None),
            late_after_day=block.maybe("late_after_day", _day_or_none, None),
        )

    def sign(self, node: Node) -> Sign:
        """The expected range of one sign by day."""
        block = node.block(KEYS["sign"])
        name = self.conditions.question(block["id"])
        return Sign(
            id=name,
            expected=tuple(self._row(item, name) for item in block["expected"].some_items()),
            evidence=self.evidence(block),
            note=block["note"].or_none(Node.text),
            sources=self.sources(block),
        )

    def _row(self, node: Node, question_id: str) -> ExpectedRow:
        block = node.block(KEYS["expected_row"])
        from_day, to_day = read_span(block)
        if ("low" in block, "high" in block, "allowed" in block) not in ((True, True, False), (False, False, True)):
            block.fault("must have either low and high, or allowed")
        if "allowed" in block:
            allowed = block["allowed"].unique(lambda item: self.conditions.answer(item, question_id))
            return ExpectedRow(from_day, to_day, allowed=allowed)
        low, high = self._limit(block, "low", question_id), self._limit(block, "high", question_id)
        if low > high:
            block.faults.add_cross(block.path_of("high"), f"{high} is below low {low}", block.path_of("low"))
        return ExpectedRow(from_day, to_day, low=low, high=high)

    def _limit(self, block: Block, key: str, question_id: str) -> int:
        if key not in block:
            return 0
        node = block[key]
        limit = node.integer(0, 1000)
        question = self.shared.questions.get(question_id)
        answers: tuple[AnswerValue, ...] = () if question is None else domain(question)
        if answers and limit not in answers:
            node.faults.add_cross(node.path, f"{shown(limit)} is no answer to {question_id}")
        return limit

    def care_step(self, node: Node) -> CareStep:
        """One instruction with its window, frequency and timer."""
        block = node.block(KEYS["care_step"])
        return CareStep(
            id=block["id"].id(),
            title=block["title"].text(),
            instruction=block["instruction"].text(),
            kind=block["kind"].one_of(STEP_KINDS),
            sites=read_sites(block["sites"]),
            care_styles=block["care_styles"].unique(lambda item: item.one_of(CARE_STYLES)),
            window=_window(block["window"]),
            frequency=_frequency(block["frequency"]),
            duration_min=block["duration_min"].or_none(_duration),
            remind=block["remind"].one_of(REMINDS),
            default_on=block["default_on"].boolean(),
            clinic_must_confirm=block["clinic_must_confirm"].boolean(),
            stop_when=block["stop_when"].unique(self._flag_id, empty=True),
            evidence=self.evidence(block),
            note=block["note"].or_none(Node.text),
            sources=self.sources(block),
            contradicts=block.maybe("contradicts", lambda item: item.unique(_step_name, empty=True), ()),
        )

    def _flag_id(self, node: Node) -> str:
        return read_reference(node, dict.fromkeys(self.red_flag_ids), "red flag")

    def check_in(self, node: Node) -> CheckInPlan:
        """A planned check-in."""
        block = node.block(KEYS["check_in"])
        sets = self.shared.question_sets
        return CheckInPlan(
            day=block["day"].integer(0, MAX_DAY),
            at_h=block["at_h"].or_none(lambda item: item.integer(0, MAX_OFFSET_H)),
            sets=block["sets"].unique(lambda item: read_reference(item, sets, "question set")),
            optional=block["optional"].boolean(),
            condition=block["condition"].or_none(_not_ready_yet),
        )

    def photo_check_in(self, node: Node) -> PhotoCheckIn:
        """A planned set of photos."""
        block = node.block(KEYS["photo_check_in"])
        return PhotoCheckIn(
            day=block["day"].integer(0, MAX_DAY),
            when=block["when"].one_of(PHOTO_WHENS),
            views=block["views"].one_of(PHOTO_VIEWS),
            optional=block["optional"].boolean(),
            condition=block.maybe("condition", lambda item: item.or_none(_not_ready_yet), None),
        )

    def red_flag(self, node: Node) -> RedFlag:
        """A warning rule."""
        block = node.block(KEYS["red_flag"])
        from_day, to_day = read_span(block)
        trigger = block["trigger"].block(KEYS["trigger"])
        return RedFlag(
            id=block["id"].id(),
            title=block["title"].text(),
            tell_client=block["tell_client"].text(),
            trigger=self.conditions.trigger(trigger, self.conditions.flag_condition),
            from_day=from_day,
            to_day=to_day,
            urgency=block["urgency"].one_of(URGENCIES),
            sites=read_sites(block["sites"]),
            evidence=self.evidence(block),
            note=block["note"].or_none(Node.text),
            sources=self.sources(block),
        )


def _step_name(node: Node) -> str:
    """The id of a care step, of whatever method has it, or `method.id` for that of one method alone."""
    name = node.text()
    if name and not STEP_NAME.fullmatch(name):
        node.fault("must be the id of a care step, or a method's id, a dot and the id")
    return name


def _not_ready_yet(node: Node) -> Literal["not_ready_yet"]:
    allowed: tuple[Literal["not_ready_yet"], ...] = ("not_ready_yet",)
    return node.one_of(allowed)


def _day_or_none(node: Node) -> int | None:
    return node.or_none(lambda item: item.integer(0, MAX_DAY))


def _window(node: Node) -> StepWindow:
    block = node.block(KEYS["window"])
    return StepWindow(_window_end(block["from"]), _window_end(block["until"]), block["plan_days"].day_range(0, MAX_DAY))


def _window_end(node: Node) -> WindowEnd:
    block = node.block(KEYS["window_end"])
    end = WindowEnd(block["anchor"].one_of(ANCHORS), block["offset_h"].integer(-MAX_OFFSET_H, MAX_OFFSET_H))
    if end.anchor != "treatment_end" and end.offset_h % 24:
        block.faults.add_cross(block.path_of("offset_h"), f"after {end.anchor} it must be a multiple of 24 (rule 5)")
    return end


def _frequency(node: Node) -> Frequency:
    block = node.block(KEYS["frequency"])
    kind = block["type"].one_of(FREQUENCIES)
    every = ("times", "every_n_days", "suggested_times")
    keys = {"times_per_day": ("times", "suggested_times"), "every_n_days": every}.get(kind, ())
    for key in every:
        if (block[key].value is None) == (key in keys):
            problem = f"'{kind}' needs it" if key in keys else f"must be null for '{kind}'"
            block.faults.add_cross(block.path_of(key), problem)
    times = block["times"].integer(1, MAX_TIMES) if block["times"].value is not None else None
    gap = block["every_n_days"].integer(1, MAX_DAY) if block["every_n_days"].value is not None else None
    suggested = block["suggested_times"]
    clock_times = suggested.unique(Node.local_time) if suggested.value is not None else ()
    if times is not None and keys and len(clock_times) != times:
        block.faults.add_cross(suggested.path, f"must hold as many times as times: {times}", block.path_of("times"))
    return Frequency(kind, times, gap, clock_times)


def _duration(node: Node) -> DurationMinutes:
    block = node.block(KEYS["duration_min"])
    low, default, high = (block[key].integer(1, MAX_MINUTES) for key in ("min", "default", "max"))
    if not low <= default <= high:
        block.faults.add_cross(block.path, "min, default and max must rise")
    return DurationMinutes(low, default, high)
