"""CONTRACT. What all methods share, as frozen values: common.yaml with its questions, conditions and sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schedules.protocol_terms import (
    AnchorName,
    AnswerValue,
    ConditionOp,
    DayRange,
    ModifierAction,
    QuestionType,
    Site,
    StepKind,
    Urgency,
)


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    url: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class AnswerCondition:
    """One condition over an answer (red flags, anchors, follow-ups). `value` is a tuple for `in`."""

    question: str
    op: ConditionOp
    value: AnswerValue | tuple[AnswerValue, ...]
    from_day: int | None = None
    compare_days: int | None = None
    answers_in_a_row: int = 1
    methods: tuple[str, ...] = ()  # empty: all methods
    if_answered: bool = False


@dataclass(frozen=True, slots=True)
class StepDoneCondition:
    """`event: care_step_done`: true when a step of this kind was done since the last check-in."""

    care_step_kind: StepKind


@dataclass(frozen=True, slots=True)
class Trigger:
    mode: Literal["any", "all"]
    conditions: tuple[AnswerCondition, ...]


@dataclass(frozen=True, slots=True)
class Option:
    value: AnswerValue
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    help: str | None
    type: QuestionType
    min: int | None
    max: int | None
    options: tuple[Option, ...]
    est_seconds: int
    asked_from_day: int
    asked_to_day: int
    codes: tuple[Mapping[str, str | bool | None], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    id: str
    questions: tuple[str, ...]
    est_seconds: int


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """`when` is always `any` of its conditions."""

    id: str
    when: tuple[AnswerCondition | StepDoneCondition, ...]
    ask: tuple[str, ...]
    sites: tuple[Site, ...]  # all sites where the file names none


@dataclass(frozen=True, slots=True)
class AnchorRule:
    id: AnchorName
    meaning: str
    trigger: Trigger | None  # None: not observed by check-ins
    after: AnchorName | None = None


@dataclass(frozen=True, slots=True)
class UrgencyLevel:
    id: Urgency
    order: int
    label: str
    act_within_h: int
    contact: str
    tell_clinic: bool
    app_must: str
    follow_up_h: tuple[int, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhotoView:
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class PhotoProtocol:
    how: tuple[str, ...]
    distances_cm: Mapping[str, DayRange | int]
    distance_evidence: str
    views: Mapping[Site, tuple[PhotoView, ...]]
    daily_minimum: tuple[str, ...]
    retake_if: tuple[str, ...]
    privacy: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModifierEffect:
    action: ModifierAction
    add_days: int
    hold_days: int | None = None
    hold_months: int | None = None


@dataclass(frozen=True, slots=True)
class Modifier:
    """A health factor."""

    id: str
    label: str
    effects: Mapping[str, ModifierEffect]  # by method id
    note: str
    evidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """The contents of common.yaml."""

    content_version: str
    status: str
    disclaimer: str
    anchors: tuple[AnchorRule, ...]
    scales: Mapping[str, str]
    evidence_levels: Mapping[str, str]
    urgency_levels: Mapping[Urgency, UrgencyLevel]
    questions: Mapping[str, Question]
    question_sets: Mapping[str, QuestionSet]
    follow_up_rules: tuple[FollowUpRule, ...]
    photo_protocol: PhotoProtocol
    modifiers: Mapping[str, Modifier]
    modifier_actions: Mapping[ModifierAction, str]
    source_list: Mapping[str, Source]
