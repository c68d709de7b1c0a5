"""The sentences a client reads about a check-in (DESIGN 3.8, 6). Words only: what is said was decided by the rules.

Short, "usual" and "colour", never a diagnosis; a rule's own words come from the plan that the clinic signed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.services.check_in_results import CheckInResult
from backend.services.emergency import Numbers
from schedules import AnswerValue, ExpectedRow, Protocol, Question

DISCLAIMER = "This is not a diagnosis."
MOST_REASONS = 3
LEVEL_TITLES = {
    "on_track": "On track",
    "watch": "Keep an eye on it",
    "today": "Get this checked today",
    "now": "Call emergency help now",
}
SIGN_NAMES = {
    "pain": "Soreness",
    "itch": "Itch",
    "redness_level": "Colour",
    "redness_spread": "Where the colour is",
    "swelling": "Swelling",
    "warmth": "Warmth",
    "fluid": "Fluid",
    "blisters": "Blisters",
    "scab_stage": "Scab",
    "picked": "Picked or knocked",
    "tightness": "Tightness",
    "unwell": "Feeling unwell",
    "allergy": "Allergy signs",
    "bleeding": "Bleeding",
    "skin_open": "Open or wet skin",
    "skin_tone": "New skin colour",
    "skin_shine": "Shine",
    "raised": "Raised or hard skin",
    "pigment_look": "The old dots or lines",
    "hair": "Missing hair",
    "sun": "Sun",
    "health_change": "A change in your health",
    "eyes_open": "Both eyes open",
    "mask_burned": "The mask burned",
    "mood": "Coping",
}


def build_title(level: str, day: int, numbers: Sequence[Numbers]) -> str:
    """The title of a result."""
    if level == "on_track":
        return f"On track for day {day}"
    return f"Call {numbers[0].emergency} now" if level == "now" else LEVEL_TITLES[level]


def list_reasons(result: CheckInResult) -> list[dict[str, Any]]:
    """Why: each rule that fired on its numbers, then what is more than usual; for a calm day, up to three readings."""
    protocol = result.protocol
    reasons = [_rule_reason(protocol, finding) for finding in result.findings]
    for reading in result.more_than_usual:
        text = f"{_reading_text(protocol, reading)} A little more than usual, we look again tomorrow."
        reasons.append({"text": text, "rule_id": None})
    if not reasons:
        reasons = [{"text": text, "rule_id": None} for text in _calm_texts(result)]
    return reasons


def list_do_now(result: CheckInResult) -> list[str]:
    """What to do now, most urgent first."""
    numbers = result.emergency[0]
    if result.level == "now":
        return [f"Call {numbers.emergency} now.", "Do not wait for an answer here."]
    if result.level == "today":
        first = [f"Call {_advice_line(numbers)} or a doctor today."] if numbers.advice else ["Call a doctor today."]
        return [*first, "Leave out masks, creams and oils until somebody has looked.", build_emergency_line(numbers)]
    if result.level == "watch":
        return ["Keep to your care steps.", f"{familiar(result.practitioner_name)} looks at your answers."]
    return ["Keep to your care steps for today."]


def build_emergency_line(numbers: Numbers) -> str:
    return f"If you get much worse or cannot breathe well, call {numbers.emergency}."


def sign_name(protocol: Protocol, question: str) -> str:
    """The short name of a question."""
    return SIGN_NAMES.get(question) or protocol.shared.questions[question].text


def value_text(question: Question, value: AnswerValue) -> str:
    """An answer as its options say it."""
    if question.type == "number":
        return f"{value} of {question.max}"
    label = next((option.label for option in question.options if option.value == value), str(value))
    return label[:1].lower() + label[1:]


TITLES = frozenset({"dr", "mr", "mrs", "ms", "mx", "miss", "prof"})


def familiar(name: str) -> str:
    """How a client is told of a practitioner: the first name, or the whole name where it begins with a title."""
    first, _, rest = name.strip().partition(" ")
    return name.strip() if first.rstrip(".").lower() in TITLES and rest else first


def capital(words: str) -> str:
    """The words as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def date_text(on: date) -> str:
    """`3 December`."""
    return f"{on.day} {on:%B}"


def _advice_line(numbers: Numbers) -> str:
    name, advice = numbers.advice_name or "", numbers.advice or ""
    return name if advice in name else f"{name} on {advice}".removeprefix(" on ")


def _rule_reason(protocol: Protocol, finding: Mapping[str, Any]) -> dict[str, Any]:
    readings = " ".join(_reading_text(protocol, reading) for reading in finding["readings"])
    return {"text": f"{finding['title']}. {readings}", "rule_id": finding["rule_id"]}


def _reading_text(protocol: Protocol, reading: Mapping[str, Any]) -> str:
    """`Itch 7 of 10. Usual on day 6: up to 6.`"""
    name, value, day = reading["question"], reading["value"], reading["day"]
    question = protocol.shared.questions[name]
    text = _said(protocol, name, value)
    if reading.get("earlier_value") is not None:
        text += f", day {reading['earlier_day']}: {value_text(question, reading['earlier_value'])}"
    usual = _usual_text(question, reading.get("usual_high"), reading.get("usual_allowed"))
    return f"{text}. Usual on day {day}: {usual}." if usual else f"{text}."


def _said(protocol: Protocol, name: str, value: AnswerValue) -> str:
    question = protocol.shared.questions[name]
    mark = "" if question.type == "number" else ":"
    return f"{sign_name(protocol, name)}{mark} {value_text(question, value)}"


def _usual_text(question: Question, high: int | None, allowed: Sequence[AnswerValue] | None) -> str:
    if allowed is not None:
        return " / ".join(value_text(question, value) for value in allowed)
    if high is None:
        return ""
    if question.type == "number":
        return f"up to {high}" if high else "0"
    lowest = min((option.value for option in question.options if isinstance(option.value, int)), default=0)
    return value_text(question, high) if high == lowest else f"up to {value_text(question, high)}"


def _calm_texts(result: CheckInResult) -> list[str]:
    """The first answers that the plan knows a usual range for."""
    texts = []
    for name, sign in result.protocol.signs.items():
        row = sign.row_on(result.day)
        if row is not None and name in result.answers:
            texts.append(_reading_text(result.protocol, _plain_reading(name, result, row)))
    return texts[:MOST_REASONS] or ["Nothing you ticked or answered is outside the usual range."]


def _plain_reading(name: str, result: CheckInResult, row: ExpectedRow) -> dict[str, Any]:
    usual = {"usual_high": row.high, "usual_allowed": row.allowed}
    return {"question": name, "value": result.answers[name], "day": result.day, **usual}
