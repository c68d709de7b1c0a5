"""CONTRACT. The words that protocol files choose from, each as a type, and how urgencies and levels rank."""

from collections.abc import Mapping
from typing import Literal

Site = Literal["scalp", "brows", "body"]
CareStyle = Literal["dry", "moist"]
AnchorName = Literal["treatment_end", "scabs_off", "skin_closed", "next_treatment"]
StepKind = Literal["do", "avoid", "apply", "clean", "mask", "protect"]
FrequencyType = Literal["times_per_day", "every_n_days", "continuous", "as_needed"]
Remind = Literal["each_time", "window_start", "none"]
Urgency = Literal["emergency", "same_day", "practitioner_review"]
Level = Literal["on_track", "watch", "today", "now"]
QuestionType = Literal["number", "scale", "choice"]
PhotoWhen = Literal["before", "after", "any"]
PhotoViews = Literal["full_set", "daily_minimum"]
ConditionOp = Literal["==", "!=", "in", ">=", "<=", "rise_by", "above_expected"]
CheckType = Literal[
    "min_days",
    "anchor_reached",
    "days_since_anchor",
    "answer",
    "all_of",
    "answer_or_signoff",
    "no_open_flags",
    "photo_set",
    "practitioner_signoff",
]
ConditionGroup = Literal["time", "scabs", "skin", "colour", "health", "photos", "yes"]
ModifierAction = Literal["inform", "test_patch", "practitioner_decides", "doctor_letter", "hold", "refer_doctor"]
AnswerValue = int | str
DayRange = tuple[int, int]

LEVEL_OF_URGENCY: Mapping[Urgency, Level] = {"emergency": "now", "same_day": "today", "practitioner_review": "watch"}
LEVELS_BY_URGENCY: tuple[Level, ...] = ("now", "today", "watch", "on_track")
