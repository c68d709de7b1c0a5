"""The document of GET /today."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from backend.services.timelines import Item
from backend.services.today import AreaToday, Today
from backend.web.fields import show_instant
from mobile_api.flags import build_flag
from mobile_api.wording import Wording
from mobile_api.words import area_name, date_text, familiar
from schedules import CareStep, DueWindow, wall_time

WAITED_FOR = ("open", "started", "upcoming")


def build_today(say: Wording, today: Today, now: datetime, *, sends: bool) -> dict[str, Any]:
    """`sends`: a reminder worker sends what is due; without one the client is told that reminders may be late."""
    return {
        "now": show_instant(now),
        "date": today.on.isoformat(),
        "areas": [_build_area(say, area, today.zone, now) for area in today.areas],
        "banner": _build_banner(today.areas, sends),
        "next_check_in": _build_next_check_in(today.areas),
        "silence": {"missed": today.missed_row.missed, "stopped": today.missed_row.stopped_at is not None},
        "asks": [],
    }


def _build_area(say: Wording, area: AreaToday, zone: str, now: datetime) -> dict[str, Any]:
    steps = [item for item in area.items if item.occurrence.kind == "care_step" and item.step is not None]
    shown = [item for item in steps if not item.occurrence.withheld]
    rules = [item for item in shown if item.occurrence.entry != "slot"]
    begun = [item for item in rules if item.occurrence.window.opens_at <= now]
    avoid = [item for item in begun if item.occurrence.step_kind == "avoid"]
    return {
        "care_plan_id": str(area.care_plan_id),
        "method_name": area.protocol.method.name,
        "label": say.treatment_number.format(number=area.treatment_number),
        "site": area.site,
        "area_name": area_name(say, area.area_label, area.site),
        "paused": area.pause is not None,
        "paused_until": _instant(area.pause.until_at) if area.pause else None,
        "day": area.day,
        "phase": {
            "name": area.phase.name if area.phase else "",
            "what_is_usual": area.phase.what_is_usual if area.phase else "",
        },
        "dots": [{"day": day, "state": state} for day, state in area.dots],
        "steps": [_build_step(item) for item in shown if item not in rules and not item.occurrence.provisional],
        "avoid": [_build_rule(say, item, area, zone) for item in avoid],
        "as_needed": [_build_rule(say, item, area, zone) for item in begun if item not in avoid],
        "not_yet": [_build_rule(say, item, area, zone) for item in rules if item not in begun],
        "last_word": area.last_word
        and {"from": familiar(area.last_word.by), "text": area.last_word.words, "at": show_instant(area.last_word.at)},
        "waiting": _list_waiting(item for item in steps if item.occurrence.withheld),
        "finished": area.day > area.protocol.phases[-1].to_day,
        "flag": build_flag(area.flag) if area.flag else None,
    }


def _build_step(item: Item) -> dict[str, Any]:
    occurrence, step = item.occurrence, item.step
    return {
        "key": occurrence.key,
        "step_id": occurrence.step_id,
        "title": occurrence.title,
        "instruction": step.instruction if step else "",
        "kind": occurrence.step_kind,
        "due_at": show_instant(occurrence.window.due_at),
        "local": occurrence.local.isoformat(timespec="minutes"),
        "opens_at": show_instant(occurrence.window.opens_at),
        "closes_at": show_instant(occurrence.window.closes_at),
        "state": item.state,
        "timer": _build_timer(step) if step else None,
        "started_at": _instant(item.started_at),
        "ends_at": _instant(item.ends_at),
        "done_at": _instant(item.settled_at),
    }


def _build_timer(step: CareStep) -> dict[str, int] | None:
    minutes = step.duration_min
    if minutes is None or step.kind != "mask":
        return None
    return {"minutes_default": minutes.default, "minutes_min": minutes.min, "minutes_max": minutes.max}


def _build_rule(say: Wording, item: Item, area: AreaToday, zone: str) -> dict[str, Any]:
    step = item.step
    return {
        "id": item.occurrence.step_id,
        "title": item.occurrence.title,
        "instruction": step.instruction if step else "",
        "until_text": _until_text(say, item, area, zone),
    }


def _until_text(say: Wording, item: Item, area: AreaToday, zone: str) -> str:
    """The date on the client's calendar, or what has to happen first where that is not known yet."""
    end = item.step.window.end if item.step else None
    on = date_text(say, wall_time(item.occurrence.window.closes_at, zone).date())
    if end is None or end.anchor not in say.until_anchor or end.anchor in area.anchors:
        return on
    return say.until_anchor[end.anchor] if end.offset_h == 0 else say.about.format(date=on)


def _list_waiting(items: Iterable[Item]) -> list[dict[str, Any]]:
    titles = {item.occurrence.step_id: item.occurrence.title for item in items}
    return [{"id": step, "title": title} for step, title in titles.items()]


def _build_banner(areas: Sequence[AreaToday], sends: bool) -> dict[str, Any] | None:
    flags = [area.flag for area in areas if area.flag is not None]
    if any(flag.alarmed for flag in flags):
        return {"kind": "nobody_seen"}
    if any(flag.level in ("today", "now") for flag in flags):
        return {"kind": "flag"}
    return None if sends else {"kind": "worker"}


def _build_next_check_in(areas: Sequence[AreaToday]) -> dict[str, Any] | None:
    """The first check-in of any area that can be answered or is still to come today."""
    waiting = [due for area in areas for due in _list_due(area)]
    return min(waiting, key=lambda due: (due["due_at"], due["key"]), default=None)


def _list_due(area: AreaToday) -> Iterator[dict[str, Any]]:
    for item in area.items:
        occurrence, window = item.occurrence, item.occurrence.window
        if occurrence.kind == "check_in" and item.state in WAITED_FOR:
            yield _build_due(area, occurrence.key, occurrence.day, window, item.state)
    again = area.check_again
    if again is not None:
        window = DueWindow(again.opens_at, again.opens_at, again.closes_at)
        yield _build_due(area, again.key, again.day, window, again.state)


def _build_due(area: AreaToday, key: str, day: int, window: DueWindow, state: str) -> dict[str, Any]:
    sets = next((each.sets for each in area.protocol.check_ins if each.day == day), ())
    return {
        "care_plan_id": str(area.care_plan_id),
        "key": key,
        "day": day,
        "opens_at": show_instant(window.opens_at),
        "due_at": show_instant(window.due_at),
        "closes_at": show_instant(window.closes_at),
        "state": state,
        "deep": "deep" in sets,
    }


def _instant(at: datetime | None) -> str | None:
    return show_instant(at) if at is not None else None
