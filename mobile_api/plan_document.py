"""The document of GET /plan: one plan with every text, question and rule that the phone needs without a connection."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

from backend.services.timelines import Item, WholePlan
from backend.web.fields import show_instant
from mobile_api import readiness_words
from mobile_api.wording import Wording
from schedules import (
    AnswerCondition,
    CareStep,
    CheckInFacts,
    CheckInPlan,
    ExpectedRow,
    FollowUpRule,
    Protocol,
    Question,
    RedFlag,
    Site,
    StepDoneCondition,
    WarningSign,
    asked_outright,
    problem_report_questions,
    questions_of,
    split_pages,
    warning_values,
)


def build_plan(say: Wording, plan: WholePlan) -> dict[str, Any]:
    protocol, shared = plan.protocol, plan.protocol.shared
    site = cast(Site, plan.site)
    return {
        "care_plan_id": str(plan.care_plan_id),
        "method": {"id": protocol.id, "name": protocol.method.name, "one_line": protocol.method.one_line},
        "treatment": {
            "number": plan.treatment_number,
            "steps": [{"title": step.title, "what_happens": step.what_happens} for step in plan.done_at_clinic],
        },
        "content_version": protocol.content_version,
        "overlay_version": plan.signed_version,
        "site": site,
        "started": {"ended_at": show_instant(plan.ended_at), "zone": plan.zone},
        "day0": plan.day_0.isoformat(),
        "anchors": {name: on.isoformat() for name, on in plan.anchors.items()},
        "phases": [_build_phase(phase) for phase in protocol.phases],
        "questions": {name: _build_question(question) for name, question in shared.questions.items()},
        "question_sets": {name: list(each.questions) for name, each in shared.question_sets.items()},
        "check_ins": _list_check_ins(plan, site),
        "signs": {name: [_build_row(row) for row in sign.expected] for name, sign in protocol.signs.items()},
        "rules": [rule for flag in protocol.red_flags.values() if (rule := _build_rule(flag, protocol))],
        "follow_ups": [_build_follow_up(rule, protocol) for rule in shared.follow_up_rules],
        "texts": {"levels": dict(say.levels)},
        "photo_protocol": {
            "how": list(shared.photo_protocol.how),
            "views": [{"id": view.id, "label": view.label} for view in shared.photo_protocol.views[site]],
            "retake_if": list(shared.photo_protocol.retake_if),
        },
        "steps": [_build_step(step, plan) for step in protocol.care_steps.values()],
        "occurrences": [build_occurrence(plan.care_plan_id, item) for item in plan.items],
        "report": _build_report(plan, site),
        "earlier": [_build_earlier(each) for each in plan.earlier],
        "modifiers": list(plan.modifiers),
        "open_rules": list(plan.open_rules),
        "lowered_minimum": readiness_words.lowered_minimum(plan.lowered),
    }


def build_occurrence(care_plan_id: UUID, item: Item) -> dict[str, Any]:
    occurrence = item.occurrence
    return {
        "key": occurrence.key,
        "care_plan_id": str(care_plan_id),
        "kind": occurrence.kind,
        "title": occurrence.title,
        "day": occurrence.day,
        **_build_window(item),
        "local": occurrence.local.isoformat(timespec="minutes"),
        "state": item.state,
        "provisional": occurrence.provisional,
        "withheld": occurrence.withheld,
    }


def _build_window(item: Item) -> dict[str, str]:
    window = item.occurrence.window
    return {
        "opens_at": show_instant(window.opens_at),
        "due_at": show_instant(window.due_at),
        "closes_at": show_instant(window.closes_at),
    }


def _build_phase(phase: Any) -> dict[str, Any]:
    span = {"from_day": phase.from_day, "to_day": phase.to_day}
    return {"name": phase.name, "what_is_usual": phase.what_is_usual, **span}


def _build_question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": question.text,
        "help": question.help,
        "type": question.type,
        "min": question.min,
        "max": question.max,
        "options": [{"value": option.value, "label": option.label} for option in question.options],
    }


def _list_check_ins(plan: WholePlan, site: Site) -> list[dict[str, Any]]:
    by_day = {check_in.day: check_in for check_in in plan.protocol.check_ins}
    return [
        {
            "key": item.occurrence.key,
            "day": item.occurrence.day,
            **_build_window(item),
            "deep": "deep" in by_day[item.occurrence.day].sets,
            "pages": _build_pages(plan, by_day[item.occurrence.day], site),
            "photo": _build_photo(plan, item.occurrence.day, site),
        }
        for item in plan.items
        if item.occurrence.kind == "check_in"
    ]


def _build_pages(plan: WholePlan, check_in: CheckInPlan, site: Site) -> dict[str, Any]:
    """Page 1 and page 2 of DESIGN 3.7, as the day, the known anchors and the health factors have it."""
    pages = split_pages(
        plan.protocol,
        questions_of(plan.protocol, check_in, site),
        asked_outright(plan.protocol, check_in, {}, plan.anchors),
        check_in.day,
        site,
        frozenset(plan.modifiers),
    )
    return {"asked": [question.id for question in pages.asked], "signs": _list_signs(pages.ticks)}


def _build_photo(plan: WholePlan, day: int, site: Site) -> dict[str, Any] | None:
    """The views the client takes that day; photos before a treatment are the clinic's."""
    wanted = [photo for photo in plan.protocol.photo_check_ins if photo.day == day and photo.when != "before"]
    planned = {item.occurrence.key for item in plan.items if item.occurrence.kind == "photo"}
    wanted = [photo for photo in wanted if f"photo@d{day}#{photo.when}" in planned]
    if not wanted:
        return None
    rules = plan.protocol.shared.photo_protocol
    full = any(photo.views == "full_set" for photo in wanted)
    views = [view.id for view in rules.views[site]] if full else list(rules.daily_minimum)
    return {"views": views, "optional": all(photo.optional for photo in wanted)}


def _list_signs(signs: Iterable[WarningSign]) -> list[dict[str, Any]]:
    return [asdict(sign) for sign in signs]


def _build_row(row: ExpectedRow) -> dict[str, Any]:
    return {**asdict(row), "allowed": list(row.allowed) if row.allowed is not None else None}


def _build_rule(flag: RedFlag, protocol: Protocol) -> dict[str, Any] | None:
    """A help rule as the phone runs it; None: it can never fire for this method."""
    conditions = flag.trigger.conditions
    ours = [condition for condition in conditions if not condition.methods or protocol.id in condition.methods]
    if not ours or (flag.trigger.mode == "all" and len(ours) < len(conditions)):
        return None
    return {
        "id": flag.id,
        "title": flag.title,
        "tell_client": flag.tell_client,
        "trigger": {flag.trigger.mode: [_build_condition(condition) for condition in ours]},
        "from_day": flag.from_day,
        "to_day": flag.to_day,
        "urgency": flag.urgency,
        "sites": list(flag.sites),
    }


def _build_condition(condition: AnswerCondition | StepDoneCondition) -> dict[str, Any]:
    if isinstance(condition, StepDoneCondition):
        return {"event": "care_step_done"}
    return {
        "question": condition.question,
        "op": condition.op,
        "value": list(condition.value) if isinstance(condition.value, tuple) else condition.value,
        "from_day": condition.from_day,
        "compare_days": condition.compare_days,
        "answers_in_a_row": condition.answers_in_a_row,
    }


def _build_follow_up(rule: FollowUpRule, protocol: Protocol) -> dict[str, Any]:
    ours = [
        condition
        for condition in rule.when
        if isinstance(condition, StepDoneCondition) or not condition.methods or protocol.id in condition.methods
    ]
    when = {"any": [_build_condition(condition) for condition in ours]}
    return {"id": rule.id, "when": when, "ask": list(rule.ask), "sites": list(rule.sites)}


def _build_step(step: CareStep, plan: WholePlan) -> dict[str, Any]:
    times = plan.step_times.get(step.id, step.frequency.suggested_times)
    return {
        "id": step.id,
        "title": step.title,
        "instruction": step.instruction,
        "kind": step.kind,
        "duration_min": asdict(step.duration_min) if step.duration_min else None,
        "times": [f"{at:%H:%M}" for at in times],
        "reminds": step.remind == "each_time",
    }


def _build_report(plan: WholePlan, site: Site) -> dict[str, Any]:
    """The problem report, the same on any day (rule 40): what is a tick that day, and what is asked."""
    questions = problem_report_questions(plan.protocol)
    modifiers = frozenset(plan.modifiers)
    day = max((plan.today - plan.day_0).days, 0)
    signs = warning_values(plan.protocol, site, questions, day, planned=False, modifiers=modifiers)
    ticked = {sign.question for sign in signs}
    return {"questions": [q.id for q in questions if q.id not in ticked], "signs": _list_signs(signs)}


def _build_earlier(facts: CheckInFacts) -> dict[str, Any]:
    return {
        "id": facts.id,
        "day": facts.day,
        "answered_at": show_instant(facts.answered_at),
        "answers": dict(facts.answers),
        "planned": facts.planned,
    }
