"""The keys of each block of the protocol files: the parser takes no others, protocols/FORMAT.md explains them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockKeys:
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


def _keys(required: str, optional: str = "") -> BlockKeys:
    return BlockKeys(tuple(required.split()), tuple(optional.split()))


KEYS: Mapping[str, BlockKeys] = {
    # --- a method file
    "method_file": _keys(
        "schema_version content_version status method in_treatment_steps phases milestones signs care_steps check_ins "
        "photo_check_ins red_flags visit_estimate readiness source_list",
        "shared_version",
    ),
    "method": _keys(
        "id name also_covers one_line evidence_level evidence_note default_care_style allowed_care_styles "
        "zones_recommended sources"
    ),
    "in_treatment_step": _keys("id order title what_happens minutes sources"),
    "phase": _keys("id name from_day to_day what_is_normal sources"),
    "milestones": _keys("scab_forms scabs_off skin_closed fully_settled result_visible sources"),
    "milestone": _keys("typical_days evidence", "too_early_before_day late_after_day"),
    "sign": _keys("id expected evidence note sources"),
    "expected_row": _keys("from_day to_day", "low high allowed"),
    "care_step": _keys(
        "id title instruction kind sites care_styles window frequency duration_min remind default_on "
        "clinic_must_confirm stop_when evidence note sources",
        "contradicts",
    ),
    "window": _keys("from until plan_days"),
    "window_end": _keys("anchor offset_h"),
    "frequency": _keys("type times every_n_days suggested_times"),
    "duration_min": _keys("min default max"),
    "check_in": _keys("day at_h sets optional condition"),
    "photo_check_in": _keys("day when views optional", "condition"),
    "red_flag": _keys("id title tell_client trigger from_day to_day urgency sites evidence note sources"),
    "trigger": _keys("", "any all"),
    "condition": _keys("question op value", "from_day compare_days answers_in_a_row"),
    "visit_estimate": _keys("id title how inputs note show_to_client evidence sources"),
    "visit_input": _keys("id options"),
    "visit_option": _keys("label points"),
    "readiness": _keys(
        "base_min_days recommended_days clinic_may_set_min_between min_days_after_scabs_off fitzpatrick "
        "fitzpatrick_evidence by_treatment_number by_treatment_number_evidence conditions typical_total "
        "typical_total_note interval_note evidence sources"
    ),
    "skin_type_row": _keys("type min_days recommended_days test_patch"),
    "treatment_number_row": _keys("from_number to_number recommended_days"),
    "readiness_condition": _keys("id text check blocking", "group"),
    "check_min_days": _keys("type"),
    "check_anchor_reached": _keys("type anchor"),
    "check_days_since_anchor": _keys("type anchor"),
    "check_answer": _keys("type question op value", "answers_in_a_row window_days"),
    "check_all_of": _keys("type answers"),
    "check_answer_or_signoff": _keys("type question op value"),
    "check_no_open_flags": _keys("type"),
    "check_photo_set": _keys("type within_days"),
    "check_practitioner_signoff": _keys("type"),
    "answer_check": _keys("question op value"),
    "typical_total": _keys("scalp brows body"),
    "source": _keys("id title url kind"),
    # --- the shared file
    "shared_file": _keys(
        "schema_version content_version status disclaimer day_rule anchors scales urgency_levels evidence_levels "
        "questions question_sets follow_up_rules photo_protocol modifiers modifier_actions source_list"
    ),
    "anchor": _keys("id meaning", "when"),
    "anchor_trigger": _keys("", "any all after"),
    "anchor_condition": _keys("question op value", "from_day answers_in_a_row methods if_answered"),
    "meaning": _keys("id meaning"),
    "urgency_level": _keys("id order label act_within_h contact tell_clinic app_must follow_up_h sources"),
    "question": _keys("id text help type est_seconds asked_from_day asked_to_day codes sources", "min max options"),
    "option": _keys("value label"),
    "code": _keys("system code verified", "for_value note"),
    "question_set": _keys("id questions est_seconds"),
    "follow_up_rule": _keys("id when ask", "sites"),
    "follow_up_trigger": _keys("any"),
    "follow_up_condition": _keys("question op value", "from_day"),
    "step_done_condition": _keys("event care_step_kind"),
    "photo_protocol": _keys("how distances_cm distance_evidence views daily_minimum retake_if privacy sources"),
    "distances_cm": _keys("overview close never_closer_than"),
    "views": _keys("scalp brows body"),
    "view": _keys("id label"),
    "modifier": _keys("id label effects note evidence sources"),
    "modifier_effect": _keys("action add_days", "hold_days hold_months"),
    # --- emergency_numbers.yaml
    "emergency_file": _keys("schema_version content_version note countries"),
    "country": _keys("country emergency advice_line advice_name source"),
}
