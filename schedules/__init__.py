"""The face of the pure core: values in, values out. Other packages import these names from here and nothing deeper."""

from schedules.adherence import Outcome, Share, measure_adherence
from schedules.allowed_again import TOPICS, AllowedAgain, LaterStep, list_allowed_again
from schedules.anchors import ObservedAnchor, check_anchor_dates, complete_anchors, observe_anchors
from schedules.assumptions import AssumptionItem, assumption_items
from schedules.catalog import (
    check_shipped,
    country_of,
    emergency_numbers,
    list_methods,
    list_versions,
    load_protocol,
    numbers_for,
)
from schedules.catalog import documents as shipped_documents
from schedules.catalog import get as get_protocol
from schedules.catalog import latest as latest_protocol
from schedules.contradictions import Contradiction, PlanOnSkin, StepOfPlan, find_contradictions
from schedules.diff import MovedOccurrence, MovedStep, Stretch, TimelineDiff, diff_timelines
from schedules.due import is_before_change, state_of
from schedules.emergency import EmergencyNumbers
from schedules.errors import Fault, ProtocolError
from schedules.escalation import ALARM_AT_LATEST, LadderPeople, Rung, next_rung, plan_ladder
from schedules.facts import (
    Assessment,
    CheckInFacts,
    ConditionResult,
    DayWindow,
    DueWindow,
    Finding,
    FlagSpan,
    HealthFactor,
    Occurrence,
    OccurrenceKind,
    OccurrenceState,
    PauseSpan,
    PhotoTaken,
    PlanFacts,
    Readiness,
    ReadinessFacts,
    ReadinessStatus,
    Reading,
    SignOff,
    StepEvent,
    Timeline,
    ZoneChange,
)
from schedules.healing import Point, SignSeries, Standing, build_series, find_standing
from schedules.instants import app_date, check_zone, plan_date, resolve_local, wall_time, zone_at
from schedules.lateness import MERGED_WHEN_LATE, ClientNight, is_late, place_late
from schedules.lint import lint as lint_protocol
from schedules.lint import lint_overlay
from schedules.lint_findings import LintFinding, explain_faults
from schedules.missed import count_missed, stops_at
from schedules.overlay_changes import ChangedValue, describe_overlay
from schedules.parsing import parse_protocol, parse_shared
from schedules.preview import Preview, VirtualClient, build_preview
from schedules.protocol import (
    AnswerCheck,
    CareStep,
    CheckInPlan,
    DurationMinutes,
    ExpectedRow,
    Frequency,
    InTreatmentStep,
    MethodInfo,
    Milestone,
    Overlay,
    OverlayChange,
    Phase,
    PhotoCheckIn,
    Protocol,
    ReadinessCheck,
    ReadinessCondition,
    ReadinessRule,
    RedFlag,
    Sign,
    SkinTypeRow,
    StepWindow,
    TreatmentNumberRow,
    WindowEnd,
)
from schedules.protocol_terms import (
    LEVEL_OF_URGENCY,
    LEVELS_BY_URGENCY,
    AnchorName,
    AnswerValue,
    CareStyle,
    CheckType,
    ConditionGroup,
    ConditionOp,
    DayRange,
    FrequencyType,
    Level,
    ModifierAction,
    PhotoViews,
    PhotoWhen,
    QuestionType,
    Remind,
    Site,
    StepKind,
    Urgency,
)
from schedules.questions import (
    Pages,
    WarningSign,
    asked_outright,
    follow_ups,
    problem_report_questions,
    questions_of,
    split_pages,
    warning_values,
)
from schedules.quiet_hours import ClientClock, QuietHours, ZoneHistory
from schedules.reach import PushOut, Reach, judge_reach
from schedules.readiness import EarlierTreatment, combine_readiness, evaluate_area, evaluate_readiness
from schedules.readiness_strictness import LoweredMinimum, find_lowered_minimum
from schedules.reminder_facts import (
    Horizon,
    MissedRow,
    PlannedReminder,
    ReminderFacts,
    ReminderKind,
    ReminderPreferences,
    RunningTimer,
    ScheduledCheckIn,
    WatchResult,
)
from schedules.reminders import plan_reminders, plan_reminders_together
from schedules.resend import may_resend, resend_after
from schedules.retry import Failure, GiveUp, RetryAt, decide_retry
from schedules.shared_protocol import (
    AnchorRule,
    AnswerCondition,
    FollowUpRule,
    Modifier,
    ModifierEffect,
    Option,
    PhotoProtocol,
    PhotoView,
    Question,
    QuestionSet,
    Shared,
    Source,
    StepDoneCondition,
    Trigger,
    UrgencyLevel,
)
from schedules.timeline import build_timeline, is_in_plan
from schedules.triage import assess
from schedules.workload import DayOfWork, PlanAhead, expect_work

# fmt: off
__all__ = [
    "ALARM_AT_LATEST", "LEVELS_BY_URGENCY", "LEVEL_OF_URGENCY", "MERGED_WHEN_LATE", "TOPICS", "AllowedAgain",
    "AnchorName", "AnchorRule", "AnswerCheck", "AnswerCondition", "AnswerValue", "Assessment", "AssumptionItem",
    "CareStep", "CareStyle", "ChangedValue", "CheckInFacts", "CheckInPlan", "CheckType", "ClientClock",
    "ClientNight", "ConditionGroup", "ConditionOp", "ConditionResult", "Contradiction", "DayOfWork", "DayRange",
    "DayWindow", "DueWindow", "DurationMinutes", "EarlierTreatment", "EmergencyNumbers", "ExpectedRow", "Failure",
    "Fault", "Finding", "FlagSpan", "FollowUpRule", "Frequency", "FrequencyType", "GiveUp", "HealthFactor",
    "Horizon", "InTreatmentStep", "LadderPeople", "LaterStep", "Level", "LintFinding", "LoweredMinimum",
    "MethodInfo", "Milestone", "MissedRow", "Modifier", "ModifierAction", "ModifierEffect", "MovedOccurrence",
    "MovedStep", "ObservedAnchor", "Occurrence", "OccurrenceKind", "OccurrenceState", "Option", "Outcome",
    "Overlay", "OverlayChange", "Pages", "PauseSpan", "Phase", "PhotoCheckIn", "PhotoProtocol", "PhotoTaken",
    "PhotoView", "PhotoViews", "PhotoWhen", "PlanAhead", "PlanFacts", "PlanOnSkin", "PlannedReminder", "Point",
    "Preview", "Protocol", "ProtocolError", "PushOut", "Question", "QuestionSet", "QuestionType", "QuietHours",
    "Reach", "Readiness", "ReadinessCheck", "ReadinessCondition", "ReadinessFacts", "ReadinessRule",
    "ReadinessStatus", "Reading", "RedFlag", "Remind", "ReminderFacts", "ReminderKind", "ReminderPreferences",
    "RetryAt", "Rung", "RunningTimer", "ScheduledCheckIn", "Share", "Shared", "Sign", "SignOff", "SignSeries",
    "Site", "SkinTypeRow", "Source", "Standing", "StepDoneCondition", "StepEvent", "StepKind", "StepOfPlan",
    "StepWindow", "Stretch", "Timeline", "TimelineDiff", "TreatmentNumberRow", "Trigger", "Urgency", "UrgencyLevel",
    "VirtualClient", "WarningSign", "WatchResult", "WindowEnd", "ZoneChange", "ZoneHistory", "app_date",
    "asked_outright", "assess", "assumption_items", "build_preview", "build_series", "build_timeline",
    "check_anchor_dates", "check_shipped", "check_zone", "combine_readiness", "complete_anchors", "count_missed",
    "country_of", "decide_retry", "describe_overlay", "diff_timelines", "emergency_numbers", "evaluate_area",
    "evaluate_readiness", "expect_work", "explain_faults", "find_contradictions", "find_lowered_minimum",
    "find_standing", "follow_ups", "get_protocol", "is_before_change", "is_in_plan", "is_late", "judge_reach",
    "latest_protocol", "lint_overlay", "lint_protocol", "list_allowed_again", "list_methods", "list_versions",
    "load_protocol", "may_resend", "measure_adherence", "next_rung", "numbers_for", "observe_anchors",
    "parse_protocol", "parse_shared", "place_late", "plan_date", "plan_ladder", "plan_reminders",
    "plan_reminders_together", "problem_report_questions", "questions_of", "resend_after", "resolve_local",
    "shipped_documents", "split_pages", "state_of", "stops_at", "wall_time", "warning_values", "zone_at",
]
