"""The sentences a client reads about a check-in (DESIGN 3.8, 6). Words only: what is said was decided by the rules.

The sentences themselves stand in the wording of a language (`wording_en.py` and its like), which is the first argument;
a rule's own words come from the plan that the clinic signed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.services.check_in_results import CheckInResult
from backend.services.emergency import Numbers
from mobile_api.wording import Wording
from schedules import AnswerValue, ExpectedRow, Protocol, Question

MOST_REASONS = 3


def build_title(say: Wording, level: str, day: int, numbers: Sequence[Numbers]) -> str:
    """The title of a result."""
    if level == "on_track":
        return say.on_track_on.format(day=day)
    return say.call_now.format(number=numbers[0].emergency) if level == "now" else say.levels[level]


def list_reasons(say: Wording, result: CheckInResult) -> list[dict[str, Any]]:
    """Why: each rule that fired on its numbers, then what is more than usual; for a calm day, up to three readings."""
    protocol = result.protocol
    reasons = [_rule_reason(say, protocol, finding) for finding in result.findings]
    for reading in result.more_than_usual:
        text = say.more_than_usual.format(reading=_reading_text(say, protocol, reading))
        reasons.append({"text": text, "rule_id": None})
    if not reasons:
        reasons = [{"text": text, "rule_id": None} for text in _calm_texts(say, result)]
    return reasons


def list_do_now(say: Wording, result: CheckInResult) -> list[str]:
    """What to do now, most urgent first."""
    numbers = result.emergency[0]
    if result.level == "now":
        return [say.call_now_line.format(number=numbers.emergency), say.do_not_wait]
    if result.level == "today":
        advice = say.call_advice_or_doctor.format(advice=_advice_line(say, numbers)) if numbers.advice else None
        return [advice or say.call_doctor, say.leave_out, build_emergency_line(say, numbers)]
    if result.level == "watch":
        return [say.keep_to_steps, say.looks_at_answers.format(name=familiar(result.practitioner_name))]
    return [say.keep_to_steps_today]


def build_emergency_line(say: Wording, numbers: Numbers) -> str:
    return say.emergency_line.format(number=numbers.emergency)


def sign_name(say: Wording, protocol: Protocol, question: str) -> str:
    """The short name of a question."""
    return say.sign_names.get(question) or protocol.shared.questions[question].text


def area_name(say: Wording, label: str | None, site: str) -> str:
    """The clinic's name for a treated area, else that of its site."""
    return label or say.sites[site]


def value_text(say: Wording, question: Question, value: AnswerValue) -> str:
    """An answer as its options say it."""
    if question.type == "number":
        return say.number_value.format(value=value, most=question.max)
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


def date_text(say: Wording, on: date) -> str:
    """`3 December`."""
    return say.date.format(day=on.day, month=say.months[on.month - 1])


def _advice_line(say: Wording, numbers: Numbers) -> str:
    name, advice = numbers.advice_name or "", numbers.advice or ""
    if advice in name or not name:
        return name or advice
    return say.advice_line_on.format(name=name, number=advice)


def _rule_reason(say: Wording, protocol: Protocol, finding: Mapping[str, Any]) -> dict[str, Any]:
    readings = " ".join(_reading_text(say, protocol, reading) for reading in finding["readings"])
    return {"text": f"{finding['title']}. {readings}", "rule_id": finding["rule_id"]}


def _reading_text(say: Wording, protocol: Protocol, reading: Mapping[str, Any]) -> str:
    """`Itch 7 of 10. Usual on day 6: up to 6.`"""
    name, value, day = reading["question"], reading["value"], reading["day"]
    question = protocol.shared.questions[name]
    form = say.reading_number if question.type == "number" else say.reading_choice
    text = form.format(sign=sign_name(say, protocol, name), value=value_text(say, question, value))
    if reading.get("earlier_value") is not None:
        earlier = value_text(say, question, reading["earlier_value"])
        text = say.reading_earlier.format(reading=text, day=reading["earlier_day"], value=earlier)
    usual = _usual_text(say, question, reading.get("usual_high"), reading.get("usual_allowed"))
    return say.reading_usual.format(reading=text, day=day, usual=usual) if usual else f"{text}."


def _usual_text(say: Wording, question: Question, high: int | None, allowed: Sequence[AnswerValue] | None) -> str:
    if allowed is not None:
        return " / ".join(value_text(say, question, value) for value in allowed)
    if high is None:
        return ""
    if question.type == "number":
        return say.up_to.format(value=high) if high else "0"
    lowest = min((option.value for option in question.options if isinstance(option.value, int)), default=0)
    most = value_text(say, question, high)
    return most if high == lowest else say.up_to.format(value=most)


def _calm_texts(say: Wording, result: CheckInResult) -> list[str]:
    """The first answers that the plan knows a usual range for."""
    texts = []
    for name, sign in result.protocol.signs.items():
        row = sign.row_on(result.day)
        if row is not None and name in result.answers:
            texts.append(_reading_text(say, result.protocol, _plain_reading(name, result, row)))
    return texts[:MOST_REASONS] or [say.nothing_unusual]


def _plain_reading(name: str, result: CheckInResult, row: ExpectedRow) -> dict[str, Any]:
    usual = {"usual_high": row.high, "usual_allowed": row.allowed}
    return {"question": name, "value": result.answers[name], "day": result.day, **usual}
