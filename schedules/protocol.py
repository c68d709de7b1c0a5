"""CONTRACT. What a protocol is, as frozen values. Field names are those of the protocol files (protocols/README.md).

Nothing here reads a file or a clock. `parsing.py` makes these from mappings; every other module of the core only reads
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Literal

from schedules.protocol_terms import (
    AnchorName,
    AnswerValue,
    CareStyle,
    CheckType,
    ConditionGroup,
    ConditionOp,
    DayRange,
    FrequencyType,
    PhotoViews,
    PhotoWhen,
    Remind,
    Site,
    StepKind,
    Urgency,
)
from schedules.shared_protocol import Shared, Source, Trigger


@dataclass(frozen=True, slots=True)
class MethodInfo:
    id: str
    name: str
    also_covers: tuple[str, ...]
    one_line: str
    evidence_level: str
    evidence_note: str
    default_care_style: CareStyle
    allowed_care_styles: tuple[CareStyle, ...]
    zones_recommended: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InTreatmentStep:
    id: str
    order: int
    title: str
    what_happens: str
    minutes: DayRange | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    id: str
    name: str
    from_day: int
    to_day: int
    what_is_usual: str  # the files' key is `what_is_normal`; clients read "usual"
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    id: str
    typical_days: DayRange
    evidence: str
    too_early_before_day: int | None = None
    late_after_day: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """Either `low` and `high`, or `allowed`. Both days included."""

    from_day: int
    to_day: int
    low: int | None = None
    high: int | None = None
    allowed: tuple[AnswerValue, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    id: str  # a question id
    expected: tuple[ExpectedRow, ...]
    evidence: str
    note: str | None
    sources: tuple[str, ...]

    def row_on(self, day: int) -> ExpectedRow | None:
        """The expected row of a day, or None."""
        return next((row for row in self.expected if row.from_day <= day <= row.to_day), None)


@dataclass(frozen=True, slots=True)
class WindowEnd:
    anchor: AnchorName
    offset_h: int


@dataclass(frozen=True, slots=True)
class StepWindow:
    start: WindowEnd  # the files' key is `from`
    end: WindowEnd  # the files' key is `until`
    plan_days: DayRange


@dataclass(frozen=True, slots=True)
class Frequency:
    type: FrequencyType
    times: int | None
    every_n_days: int | None
    suggested_times: tuple[time, ...]  # empty for continuous and as_needed


@dataclass(frozen=True, slots=True)
class DurationMinutes:
    min: int
    default: int
    max: int


@dataclass(frozen=True, slots=True)
class CareStep:
    id: str
    title: str
    instruction: str
    kind: StepKind
    sites: tuple[Site, ...]
    care_styles: tuple[CareStyle, ...]
    window: StepWindow
    frequency: Frequency
    duration_min: DurationMinutes | None
    remind: Remind
    default_on: bool
    clinic_must_confirm: bool
    stop_when: tuple[str, ...]
    evidence: str
    note: str | None
    sources: tuple[str, ...]
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckInPlan:
    day: int
    at_h: int | None
    sets: tuple[str, ...]
    optional: bool
    condition: Literal["not_ready_yet"] | None


@dataclass(frozen=True, slots=True)
class PhotoCheckIn:
    day: int
    when: PhotoWhen
    views: PhotoViews
    optional: bool
    condition: Literal["not_ready_yet"] | None = None


@dataclass(frozen=True, slots=True)
class RedFlag:
    id: str
    title: str
    tell_client: str
    trigger: Trigger
    from_day: int
    to_day: int
    urgency: Urgency
    sites: tuple[Site, ...]
    evidence: str
    note: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerCheck:
    question: str
    op: ConditionOp
    value: AnswerValue | tuple[AnswerValue, ...]


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """One `check` of a readiness condition; only the fields of its `type` are set."""

    type: CheckType
    anchor: AnchorName | None = None
    answers: tuple[AnswerCheck, ...] = ()  # one for answer and answer_or_signoff, several for all_of
    answers_in_a_row: int = 1
    window_days: int | None = None
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class ReadinessCondition:
    id: str
    text: str
    check: ReadinessCheck
    blocking: bool
    group: ConditionGroup


@dataclass(frozen=True, slots=True)
class SkinTypeRow:
    type: str  # Fitzpatrick I to VI
    min_days: int
    recommended_days: int
    test_patch: bool


@dataclass(frozen=True, slots=True)
class TreatmentNumberRow:
    from_number: int
    to_number: int
    recommended_days: int


@dataclass(frozen=True, slots=True)
class ReadinessRule:
    base_min_days: int
    recommended_days: int
    clinic_may_set_min_between: DayRange
    min_days_after_scabs_off: int
    fitzpatrick: tuple[SkinTypeRow, ...]
    fitzpatrick_evidence: str
    by_treatment_number: tuple[TreatmentNumberRow, ...]
    by_treatment_number_evidence: str
    conditions: tuple[ReadinessCondition, ...]
    typical_total: Mapping[str, DayRange | None]
    typical_total_note: str
    interval_note: str
    evidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OverlayChange:
    """One changed value: path inside the protocol as ids (`care_steps.recovery_mask_early.duration_min.default`).

    `by_owner` and `reason` are needed where a clinic goes below the shipped minimum days; clients are shown the reason.
    """

    path: str
    value: object
    by: str
    at: str
    reason: str | None = None
    by_owner: bool = False


@dataclass(frozen=True, slots=True)
class Overlay:
    """A clinic's layer over a shipped protocol. `version` counts from 1; no overlay is version 0."""

    version: int
    changes: tuple[OverlayChange, ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """One method's plan of one version, with the shared words it needs. Built and checked whole by parsing.py."""

    schema_version: str
    content_version: str
    status: str
    method: MethodInfo
    in_treatment_steps: tuple[InTreatmentStep, ...]
    phases: tuple[Phase, ...]
    milestones: Mapping[str, Milestone]
    milestone_sources: tuple[str, ...]
    signs: Mapping[str, Sign]
    care_steps: Mapping[str, CareStep]  # in file order
    check_ins: tuple[CheckInPlan, ...]
    photo_check_ins: tuple[PhotoCheckIn, ...]
    red_flags: Mapping[str, RedFlag]  # in file order
    visit_estimate: Mapping[str, object] | None
    readiness: ReadinessRule
    source_list: Mapping[str, Source]
    shared: Shared
    overlay: Overlay | None = field(default=None)

    @property
    def id(self) -> str:
        """The method id: laser, saline, undo."""
        return self.method.id
