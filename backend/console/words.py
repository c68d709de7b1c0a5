"""The console's words: times, levels, answers and reasons as a practitioner reads them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, cast

from flask import Blueprint

from backend.console import changes, contradictions, evidence, history
from backend.services.client_pages import PlanPage
from backend.services.inbox import ClientHead, InboxItem, PlanHead
from backend.services.threads import ChangeLine
from schedules import AnswerValue, ExpectedRow, Protocol, Question, wall_time

LEVELS = {"now": "Act now", "today": "Act now", "watch": "Look today", "on_track": "On track"}
LEVEL_CLASS = {"now": "urgent", "today": "urgent", "watch": "watch", "on_track": "ok"}
GROUPS = {"act_now": "Act now", "look_today": "Look today", "on_track": "On track"}
STATUSES = {
    "not_yet": "Not yet",
    "ready_to_ask": "Ready for your sign-off",
    "signed_off": "Signed off",
    "on_hold": "On hold",
}
STATUS_CLASS = {"not_yet": "plain", "ready_to_ask": "ok", "signed_off": "ok", "on_hold": "watch"}
INVITE_STATES = {
    "waiting": "Invited",
    "joined": "Joined",
    "expired": "Invitation expired",
    "revoked": "Invitation revoked",
}
HELPERS = {"advice_line": "the advice line", "doctor": "a doctor", "studio": "the studio", "no_one": "no one yet"}
ANCHORS = {"scabs_off": "Scabs off", "skin_closed": "Skin closed"}
CHANGES = {
    "appointment": "The next appointment changed",
    "date": "A healing date changed",
    "pause": "The plan was paused",
    "resume": "The plan went on",
    "steps": "Care steps changed",
}
# short names of the questions for tables and lists; a question without one is shown with its own text
SIGNS = {
    "pain": "Soreness",
    "itch": "Itching",
    "redness_level": "Colour",
    "redness_spread": "Where the colour is",
    "swelling": "Swelling",
    "warmth": "Heat",
    "fluid": "Fluid",
    "blisters": "Blisters",
    "scab_stage": "Scabs",
    "picked": "Picked or knocked",
    "tightness": "Tightness",
    "unwell": "Feeling unwell",
    "allergy": "Allergic signs",
    "bleeding": "Bleeding",
    "skin_open": "Open or wet skin",
    "skin_tone": "Tone of new skin",
    "skin_shine": "Shine of new skin",
    "raised": "Raised or hard",
    "pigment_look": "Old dots or lines",
    "hair": "Missing hair",
    "sun": "Sun",
    "health_change": "Health change",
    "eyes_open": "Eyes open",
    "mask_burned": "Mask burned",
    "mood": "Mood",
}


def init(console: Blueprint) -> None:
    """Give the templates their words."""
    filters: Mapping[str, Callable[..., object]] = {
        "ago": ago,
        "answer": answer,
        "change": change,
        "check_in_change": changes.check_in_words,
        "contradiction": contradictions.words,
        "day_words": day_words,
        "evidence": evidence.words,
        "history": history.words,
        "initials": initials,
        "local_day": local_day,
        "local_time": local_time,
        "when": when,
        "method_line": method_line,
        "plan_line": plan_line,
        "reading": reading_words,
        "reminder_change": changes.reminder_words,
        "reasons": reasons,
        "sentence": sentence,
        "sign_name": sign_name,
        "step_change": changes.step_words,
        "still": changes.is_still,
        "usual": usual,
    }
    for name, function in filters.items():
        console.add_app_template_filter(function, f"c_{name}")
    names = {"level": LEVELS, "level_class": LEVEL_CLASS, "group": GROUPS, "status": STATUSES}
    names |= {"status_class": STATUS_CLASS, "invite": INVITE_STATES, "helper": HELPERS, "anchor": ANCHORS}
    console.add_app_template_global(cast(Callable[..., Any], names), "console_names")
    console.add_app_template_global(signable, "signable")
    console.add_app_template_global(photo_conditions, "photo_conditions")


def initials(name: str) -> str:
    """`Dr Ida Sommer` -> `DS`."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


def sentence(said: str) -> str:
    """With a capital letter in front; the rest as it is."""
    return said[:1].upper() + said[1:]


def ago(since: datetime, now: datetime) -> str:
    """How long something waits: `12 min`, `3 h`, `2 d`."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"


def local_day(at: datetime | date, zone: str = "UTC") -> str:
    """`3 Mar 2026`: of an instant on the clinic's clock, or of a local date."""
    on = wall_time(at, zone).date() if isinstance(at, datetime) else at
    return f"{on.day} {on:%b %Y}"


def local_time(at: datetime | time, zone: str = "UTC") -> str:
    shown = wall_time(at, zone).time() if isinstance(at, datetime) else at
    return f"{shown.hour}:{shown.minute:02}"


def when(at: datetime, zone: str, now: datetime) -> str:
    """`today, 7:58`, `yesterday, 18:10`, else the date with the time, on the clinic's clock."""
    days = (wall_time(now, zone).date() - wall_time(at, zone).date()).days
    day = {0: "today", 1: "yesterday", -1: "tomorrow"}.get(days) or local_day(at, zone)
    return f"{day}, {local_time(at, zone)}"


def day_words(day: int, today: int) -> str:
    """`Day 4, today`."""
    beside = {0: ", today", 1: ", yesterday"}.get(today - day, "")
    return f"Day {day}{beside}"


def method_line(head: PlanHead | ClientHead) -> str:
    """`Laser removal, session 1, day 4`."""
    if isinstance(head, ClientHead):
        return "No plan yet"
    return f"{head.protocol.method.name}, session {head.treatment_number}, day {head.day}"


def plan_line(plan: PlanPage) -> str:
    """`Laser removal, session 1. Scalp, crown. Day 4`."""
    area = f"{plan.site.capitalize()}, {plan.label}" if plan.label else plan.site.capitalize()
    return f"{plan.protocol.method.name}, session {plan.treatment_number}. {area}. Day {plan.day}"


def sign_name(question: Question | str, protocol: Protocol | None = None) -> str:
    """The short name of what was asked."""
    key = question if isinstance(question, str) else question.id
    if key in SIGNS:
        return SIGNS[key]
    asked = question if isinstance(question, Question) else (protocol.shared.questions.get(key) if protocol else None)
    return asked.text if asked else key


def answer(value: AnswerValue | None, question: Question) -> str:
    """An answer in the words of its question; a number as it is."""
    if value is None:
        return "–"
    label = next((option.label for option in question.options if option.value == value), None)
    return label or (f"{value} of {question.max}" if question.type == "number" else str(value))


def usual(row: ExpectedRow | None, question: Question) -> str:
    """The usual range of a day in words: `up to 3`, `None to A little`, or the usual answers."""
    if row is None:
        return "–"
    if row.allowed is not None:
        return " · ".join(answer(value, question) for value in row.allowed)
    low, high = row.low or 0, row.high
    if high is None:
        return "any"
    if question.type == "number":
        return f"up to {high}" if low == 0 else f"{low} to {high}"
    first, last = answer(low, question), answer(high, question)
    return first if low == high else f"{first} to {last}"


def reading_words(reading: Mapping[str, object], protocol: Protocol) -> str:
    """One answer that a rule looked at: `Soreness 8 of 10, was 4 of 10 on day 3, usual up to 5`."""
    question = protocol.shared.questions[str(reading["question"])]
    parts = [f"{sign_name(question)}: {answer(reading['value'], question)}"]  # type: ignore[arg-type]
    if reading.get("earlier_value") is not None:
        earlier = answer(reading["earlier_value"], question)  # type: ignore[arg-type]
        parts.append(f"was {earlier} on day {reading['earlier_day']}")
    high, allowed = reading.get("usual_high"), reading.get("usual_allowed")
    if high is not None or allowed:
        row = ExpectedRow(0, 0, 0, high, tuple(allowed) if allowed else None)  # type: ignore[arg-type]
        parts.append(f"usual {usual(row, question)}")
    return ", ".join(parts)


def reasons(item: InboxItem) -> tuple[str, str]:
    """Why a row is where it is: what stands out, and the rest of the sentence."""
    if isinstance(item.head, ClientHead) or item.kind == "message":
        sent = "Sent a message." if item.messages == 1 else f"Sent {item.messages} messages."
        return sent, shortened(item.words) if item.words else "A photo without words."
    protocol = item.head.protocol
    if item.reach is not None and not item.reach.reachable:
        words = f"The phone has confirmed none of the last {item.reach.unconfirmed} reminders."
        return "Not reachable.", f"{words} Reminders have stopped." if item.stopped else words
    if item.kind == "silence":
        return f"{item.missed} check-ins missed in a row.", "Reminders have stopped." if item.stopped else ""
    if item.kind == "flag":
        seen = f"Seen by {item.seen_by}, still open." if item.seen_by else "Nobody has looked yet."
        return f"{', '.join(item.rules)}.", seen
    note = " Sent a message." if item.has_note else ""
    if item.one_tap:
        return "", f"Said “all fine” with one tap.{note}"
    if item.findings:
        titles = ", ".join(str(finding["title"]) for finding in item.findings)
        readings = item.findings[0]["readings"]
        shown = reading_words(readings[0], protocol) if readings else ""  # type: ignore[index]
        return f"{titles}.", f"{shown}.{note}" if shown else note.strip()
    if item.more_than_usual:
        names = ", ".join(sign_name(str(reading["question"]), protocol) for reading in item.more_than_usual)
        return "", f"{names}: a little more than usual.{note}"
    return "", f"Inside the usual range.{note}"


def change(line: ChangeLine) -> str:
    """A change of a plan as a line between messages."""
    return CHANGES[line.what]


def shortened(words: str, most: int = 90) -> str:
    """The beginning of a message, in one line."""
    line = " ".join(words.split())
    return f"“{line}”" if len(line) <= most else f"“{line[:most].rstrip()}…”"


def signable(protocol: Protocol) -> frozenset[str]:
    """Ids of the conditions that a practitioner may sign one by one (rule 48)."""
    return _conditions(protocol, "answer_or_signoff")


def photo_conditions(protocol: Protocol) -> frozenset[str]:
    """Ids of the conditions that seeing the skin in person meets (rule 49)."""
    return _conditions(protocol, "photo_set")


def _conditions(protocol: Protocol, kind: str) -> frozenset[str]:
    return frozenset(one.id for one in protocol.readiness.conditions if one.check.type == kind)
