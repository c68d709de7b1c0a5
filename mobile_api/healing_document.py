"""The document of GET /healing."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

from backend.services.healing import AreaHealing, Healing
from backend.services.photos import PhotoLine
from backend.web.fields import show_instant
from mobile_api.healing_words import build_sentence
from mobile_api.wording import Wording
from mobile_api.words import area_name, sign_name
from schedules import AllowedAgain, ExpectedRow, Protocol, SignSeries, Site


def build_healing(say: Wording, healing: Healing, now: datetime) -> dict[str, Any]:
    areas = [_build_area(say, area) for area in healing.areas]
    return {"now": show_instant(now), "date": healing.on.isoformat(), "areas": areas}


def _build_area(say: Wording, area: AreaHealing) -> dict[str, Any]:
    views = area.protocol.shared.photo_protocol.views[cast(Site, area.site)]
    coming = area.next_phase
    return {
        "care_plan_id": str(area.care_plan_id),
        "method_name": area.protocol.method.name,
        "area_name": area_name(say, area.area_label, area.site),
        "day": area.day,
        "sentence": build_sentence(say, area),
        "signs": [_build_sign(say, one, area.protocol) for one in area.series],
        "missed": list(area.missed),
        "unanswered": list(area.unanswered),
        "views": [{"id": view.id, "label": view.label} for view in views],
        "photos": [_build_photo(photo) for photo in area.photos],
        "coming": coming and {"from_day": coming.from_day, "name": coming.name, "what_is_usual": coming.what_is_usual},
        "held": area.is_held,
        "allowed_again": [_build_allowed(one) for one in area.allowed_again],
    }


def _build_sign(say: Wording, series: SignSeries, protocol: Protocol) -> dict[str, Any]:
    question = series.question
    return {
        "question": question.id,
        "name": sign_name(say, protocol, question.id),
        "type": question.type,
        "min": question.min,
        "max": question.max,
        "options": [{"value": option.value, "label": option.label} for option in question.options],
        "usual": [_build_row(row) for row in series.sign.expected],
        "points": [asdict(point) for point in series.points],
    }


def _build_row(row: ExpectedRow) -> dict[str, Any]:
    return {**asdict(row), "allowed": list(row.allowed) if row.allowed is not None else None}


def _build_photo(photo: PhotoLine) -> dict[str, Any]:
    return {
        "id": str(photo.id),
        "view": photo.view,
        "day": photo.day,
        "taken_at": show_instant(photo.taken_at),
        "before": (photo.occurrence or "").endswith("#before"),
    }


def _build_allowed(one: AllowedAgain) -> dict[str, Any]:
    return {
        "topic": one.topic,
        "is_now": one.is_now,
        "on": _day(one.on),
        "after": one.after,
        "after_days": one.after_days,
        "about_on": _day(one.about_on),
        "meanwhile": [] if one.is_now else [step.instruction for step in one.waits],
        "then": [{"text": later.step.instruction, "until_on": _day(later.until_on)} for later in one.then],
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None
