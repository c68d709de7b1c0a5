"""The face of the pure core: values in, values out. Other packages import these names from here and nothing deeper."""

from schedules.adherence import (
    Outcome,
    Share,
    measure_adherence,
)
from schedules.anchors import (
    ObservedAnchor,
    check_anchor_dates,
    complete_anchors,
    observe_anchors,
)
from schedules.assumptions import (
    AssumptionItem,
    assumption_items,
)
from schedules.catalog import (
    check_shipped,
    country_of,
    emergency_numbers,
    list_methods,
    list_versions,
    load_protocol,
    numbers_for,
)
from schedules.catalog import (
    documents as shipped_documents,
)
from schedules.catalog import (
    get as get_protocol,
)
from schedules.catalog import (
    latest as latest_protocol,
)
from schedules.due import (
    state_of,
)
from schedules.emergency import (
    EmergencyNumbers,
)
from schedules.errors import (
    Fault,
    ProtocolError,
)
from schedules.escalation import (
    LadderPeople,
    Rung,
    next_rung,
    plan_ladder,
)
from schedules.facts import (
    Assessment,
    CheckInFacts,
    ConditionResult,
    DayWindow,
    DueWindow,
    Finding,
    FlagSpan,
    HealthFactor,
    Horizon,
    Occurrence,
    OccurrenceKind,
    OccurrenceState,
    PauseSpan,
    PhotoTaken,
    PlanFacts,
    PlannedReminder,
    Readiness,
    ReadinessFacts,
    ReadinessStatus,
    Reading,
    ReminderFacts,
    ReminderKind,
    ReminderPreferences,
    RunningTimer,
    SignOff,
    StepEvent,
    Timeline,
    WatchResult,
    ZoneChange,
)
from schedules.instants import (
    app_date,
    check_zone,
    plan_date,
    resolve_local,
    wall_time,
    zone_at,
)
from schedules.lint import (
    lint as lint_protocol,
)
from schedules.parsing import (
    parse_protocol,
    parse_shared,
)
from schedules.preview import (
    Preview,
    VirtualClient,
    build_preview,
)
from schedules.protocol import (
    LEVEL_OF_URGENCY,
    LEVELS_BY_URGENCY,
    AnchorName,
    AnchorRule,
    AnswerCheck,
    AnswerCondition,
    AnswerValue,
    CareStep,
    CareStyle,
    CheckInPlan,
    CheckType,
    ConditionGroup,
    ConditionOp,
    DayRange,
    DurationMinutes,
    ExpectedRow,
    FollowUpRule,
    Frequency,
    FrequencyType,
    InTreatmentStep,
    Level,
    MethodInfo,
    Milestone,
    Modifier,
    ModifierAction,
    ModifierEffect,
    Option,
    Overlay,
    OverlayChange,
    Phase,
    PhotoCheckIn,
    PhotoProtocol,
    PhotoView,
    PhotoViews,
    PhotoWhen,
    Protocol,
    Question,
    QuestionSet,
    QuestionType,
    ReadinessCheck,
    ReadinessCondition,
    ReadinessRule,
    RedFlag,
    Remind,
    Shared,
    Sign,
    Site,
    SkinTypeRow,
    Source,
    StepDoneCondition,
    StepKind,
    StepWindow,
    TreatmentNumberRow,
    Trigger,
    Urgency,
    UrgencyLevel,
    WindowEnd,
)
from schedules.questions import (
    WarningSign,
    follow_ups,
    problem_report_questions,
    questions_of,
    warning_values,
)
from schedules.readiness import (
    combine_readiness,
    evaluate_readiness,
)
from schedules.reminders import (
    plan_reminders,
)
from schedules.retry import (
    Failure,
    GiveUp,
    RetryAt,
    decide_retry,
)
from schedules.timeline import (
    build_timeline,
    is_in_plan,
)
from schedules.triage import (
    assess,
)

# fmt: off
__all__ = [
    "LEVELS_BY_URGENCY", "LEVEL_OF_URGENCY", "AnchorName", "AnchorRule", "AnswerCheck", "AnswerCondition",
    "AnswerValue", "Assessment", "AssumptionItem", "CareStep", "CareStyle", "CheckInFacts", "CheckInPlan",
    "CheckType", "ConditionGroup", "ConditionOp", "ConditionResult", "DayRange", "DayWindow", "DueWindow",
    "DurationMinutes", "EmergencyNumbers", "ExpectedRow", "Failure", "Fault", "Finding", "FlagSpan", "FollowUpRule",
    "Frequency", "FrequencyType", "GiveUp", "HealthFactor", "Horizon", "InTreatmentStep", "LadderPeople", "Level",
    "MethodInfo", "Milestone", "Modifier", "ModifierAction", "ModifierEffect", "ObservedAnchor", "Occurrence",
    "OccurrenceKind", "OccurrenceState", "Option", "Outcome", "Overlay", "OverlayChange", "PauseSpan", "Phase",
    "PhotoCheckIn", "PhotoProtocol", "PhotoTaken", "PhotoView", "PhotoViews", "PhotoWhen", "PlanFacts",
    "PlannedReminder", "Preview", "Protocol", "ProtocolError", "Question", "QuestionSet", "QuestionType",
    "Readiness", "ReadinessCheck", "ReadinessCondition", "ReadinessFacts", "ReadinessRule", "ReadinessStatus",
    "Reading", "RedFlag", "Remind", "ReminderFacts", "ReminderKind", "ReminderPreferences", "RetryAt", "Rung",
    "RunningTimer", "Share", "Shared", "Sign", "SignOff", "Site", "SkinTypeRow", "Source", "StepDoneCondition",
    "StepEvent", "StepKind", "StepWindow", "Timeline", "TreatmentNumberRow", "Trigger", "Urgency", "UrgencyLevel",
    "VirtualClient", "WarningSign", "WatchResult", "WindowEnd", "ZoneChange", "app_date", "assess",
    "assumption_items", "build_preview", "build_timeline", "check_anchor_dates", "check_shipped", "check_zone",
    "combine_readiness", "complete_anchors", "country_of", "decide_retry", "emergency_numbers",
    "evaluate_readiness", "follow_ups", "get_protocol", "is_in_plan", "latest_protocol", "lint_protocol",
    "list_methods", "list_versions", "load_protocol", "measure_adherence", "next_rung", "numbers_for",
    "observe_anchors", "parse_protocol", "parse_shared", "plan_date", "plan_ladder", "plan_reminders",
    "problem_report_questions", "questions_of", "resolve_local", "shipped_documents", "state_of", "wall_time",
    "warning_values", "zone_at",
]
