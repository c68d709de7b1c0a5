"""The shared cases of the red flags: judged by Python, read by the phone app's unit tests.

Every shipped protocol; for every red flag its days, sites, reports and health factors at their edges, for every
condition its answers at theirs, and a sweep of whole check-ins. `python -m tests.pwa.rule_cases` writes the file anew.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args
from uuid import UUID

from backend.services.timelines import WholePlan
from mobile_api.plan_document import build_plan
from mobile_api.wording_en import ENGLISH
from schedules import (
    AnswerCondition,
    AnswerValue,
    CheckInFacts,
    Protocol,
    RedFlag,
    Site,
    assess,
    get_protocol,
    list_methods,
    list_versions,
)

CASES = Path(__file__).parents[2] / "mobile_api" / "app" / "src" / "lib" / "rules.cases.json"
ENDED_AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SITES: tuple[Site, ...] = get_args(Site)
WEAK = ("weak_immunity",)
SWEEP = 80  # whole check-ins a protocol


@dataclass(frozen=True)
class Case:
    """One check-in to judge; `earlier` oldest first."""

    name: str
    day: int
    answers: Mapping[str, AnswerValue]
    earlier: tuple[tuple[int, Mapping[str, AnswerValue]], ...] = ()
    planned: bool = True
    site: Site = "scalp"
    modifiers: tuple[str, ...] = ()


def build_document() -> dict[str, Any]:
    """The whole file: of each protocol its rules and usual ranges as GET /plan gives them, and the judged cases.

    A version whose rules and ranges are those of an earlier one is judged with it, once.
    """
    judged: dict[str, tuple[Protocol, dict[str, Any]]] = {}
    for method in list_methods():
        for version in list_versions(method):
            protocol = get_protocol(method, version)
            rules = build_rules(protocol)
            if all(rules != known for _, known in judged.values()):
                judged[f"{method} {version}"] = (protocol, rules)
    return {
        "protocols": {name: rules for name, (_, rules) in judged.items()},
        "cases": [
            _judge(name, protocol, case) for name, (protocol, _) in judged.items() for case in list_cases(protocol)
        ],
    }


def render(document: Mapping[str, Any]) -> str:
    """As text, one case a line, so that a change can be read."""

    def line(value: Any) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    sets = ",\n".join(f"{line(name)}: {line(rules)}" for name, rules in document["protocols"].items())
    lines = ",\n".join(line(case) for case in document["cases"])
    return f'{{\n"protocols": {{\n{sets}\n}},\n"cases": [\n{lines}\n]\n}}\n'


def list_cases(protocol: Protocol) -> Iterator[Case]:
    """All cases of a protocol, none before day 0."""
    return (case for case in _list_all(protocol) if min([case.day, *(day for day, _answers in case.earlier)]) >= 0)


def _list_all(protocol: Protocol) -> Iterator[Case]:
    for flag in protocol.red_flags.values():
        yield from _list_span_cases(protocol, flag)
        for number, condition in enumerate(flag.trigger.conditions):
            yield from _list_condition_cases(protocol, flag, number, condition)
    yield from _list_whole_check_ins(protocol)


def build_rules(protocol: Protocol) -> dict[str, Any]:
    """Only what judging needs; the words of the plan are tested where they are shown."""
    plan = WholePlan(
        care_plan_id=UUID(int=0), version="", protocol=protocol, signed_version=1, site="scalp", zone="UTC",
        day_0=ENDED_AT.date(), today=ENDED_AT.date(), ended_at=ENDED_AT, treatment_number=1, anchors={}, items=(),
        earlier=(), open_rules=(), modifiers=(),
    )  # fmt: skip
    document = build_plan(ENGLISH, plan)
    words = {"title", "tell_client"}
    rules = [{key: value for key, value in rule.items() if key not in words} for rule in document["rules"]]
    return {"rules": rules, "signs": document["signs"]}


def _judge(name: str, protocol: Protocol, case: Case) -> dict[str, Any]:
    earlier = [_facts(day, answers, True) for day, answers in case.earlier]
    judged = assess(
        protocol,
        _facts(case.day, case.answers, case.planned),
        case.day,
        earlier,
        site=case.site,
        modifiers=frozenset(case.modifiers),
    )
    return {
        "name": f"{name}: {case.name}",
        "protocol": name,
        "site": case.site,
        "modifiers": list(case.modifiers),
        "check_in": {"day": case.day, "answers": dict(case.answers), "planned": case.planned},
        "earlier": [{"day": day, "answers": dict(answers), "planned": True} for day, answers in case.earlier],
        "expected": {"level": judged.level, "rule_ids": [finding.rule_id for finding in judged.findings]},
    }


def _facts(day: int, answers: Mapping[str, AnswerValue], planned: bool) -> CheckInFacts:
    at = ENDED_AT + timedelta(days=day)
    return CheckInFacts(id="any", day=day, on=at.date(), answered_at=at, answers=answers, planned=planned)


def _list_span_cases(protocol: Protocol, flag: RedFlag) -> Iterator[Case]:
    """The flag met by all its conditions, at the edges of its days, sites, reports and health factors."""
    first, last = flag.from_day, flag.to_day
    for day in (first - 1, first, last, last + 1):
        yield replace(_meet(protocol, flag, day), name=f"{flag.id} on day {day}")
    for day in (first - 1, last + 1, last + 40):
        yield replace(_meet(protocol, flag, day), name=f"{flag.id} on day {day}, a report", planned=False)
    for day in sorted({0, first - 1, last + 1}):
        yield replace(_meet(protocol, flag, day), name=f"{flag.id} on day {day}, weak immunity", modifiers=WEAK)
    for site in SITES:
        yield replace(_meet(protocol, flag, flag.from_day), name=f"{flag.id} at {site}", site=site)


def _meet(protocol: Protocol, flag: RedFlag, day: int) -> Case:
    """Answers that meet the conditions which `mode` asks for, on a day."""
    conditions = flag.trigger.conditions if flag.trigger.mode == "all" else flag.trigger.conditions[:1]
    answers: dict[str, AnswerValue] = {}
    earlier: list[tuple[int, Mapping[str, AnswerValue]]] = []
    for condition in conditions:
        answers[condition.question] = _value_at(protocol, condition, day, 0)
        earlier += _lead_up(protocol, condition, day)
    return Case(flag.id, day, answers, tuple(earlier))


def _lead_up(protocol: Protocol, condition: AnswerCondition, day: int) -> list[tuple[int, Mapping[str, AnswerValue]]]:
    """The check-ins before, so that a rise rises and a row is a row."""
    before = max(day - (condition.compare_days or 1), 0)
    if condition.op == "rise_by":
        return [(before, {condition.question: 0})]
    same = _value_at(protocol, condition, before, 0)
    return [(before, {condition.question: same})] * (condition.answers_in_a_row - 1)


def _value_at(protocol: Protocol, condition: AnswerCondition, day: int, off: int) -> AnswerValue:
    """An answer `off` steps from the edge at which the condition is just met."""
    wanted = condition.value
    if condition.op == "above_expected":
        sign = protocol.signs.get(condition.question)
        row = sign.row_on(day) if sign else None
        return (row.high if row and row.high is not None else 0) + int(str(wanted)) + 1 + off
    if isinstance(wanted, tuple):
        return wanted[0]
    return wanted + off if isinstance(wanted, int) else wanted


def _list_condition_cases(protocol: Protocol, flag: RedFlag, number: int, condition: AnswerCondition) -> Iterator[Case]:
    """One condition alone, on days around its own start: every answer that its question allows, and none."""
    question = protocol.shared.questions[condition.question]
    start = max(flag.from_day, condition.from_day or 0)
    values = [option.value for option in question.options] or list(range(question.min or 0, (question.max or 10) + 1))
    about = f"{flag.id}.{number} {condition.op}"
    for value in values:
        case = Case(f"{about} {value!r}", start, {condition.question: value})
        yield case
        if condition.answers_in_a_row > 1:
            yield replace(case, name=f"{case.name} after its like", earlier=((max(start - 1, 0), case.answers),))
    yield Case(f"{about} unanswered", start, {})
    if condition.op == "rise_by":
        yield from _list_rises(about, condition, start)
    if condition.op == "above_expected":
        yield from _list_rows(protocol, about, condition)


def _list_rises(about: str, condition: AnswerCondition, start: int) -> Iterator[Case]:
    """Rule 32: against the last answer of the day to compare with, else the last before that day."""
    question, by, back = condition.question, int(str(condition.value)), condition.compare_days or 0
    day = start + 3
    befores: dict[str, tuple[tuple[int, int], ...]] = {
        "the day before": ((day - back, 1),),
        "days before": ((day - back - 2, 1),),
        "the last of two on that day": ((day - back, 6), (day - back, 1)),
        "the first of two on that day": ((day - back, 1), (day - back, 6)),
        "given late for an earlier day": ((day - back, 1), (day - back - 1, 6)),
        "only on the same day": ((day, 1),),
        "nothing": (),
    }
    for name, given in befores.items():
        earlier = tuple((on, {question: value}) for on, value in given)
        for rise in (by - 1, by, by + 1):
            yield Case(f"{about} {rise} from {name}", day, {question: 1 + rise}, earlier)
    for on in (start - 1, start):
        for modifiers in ((), WEAK):
            name = f"{about} on day {on}{', weak immunity' if modifiers else ''}"
            yield Case(name, on, {question: by}, ((on - back, {question: 0}),), modifiers=modifiers)


def _list_rows(protocol: Protocol, about: str, condition: AnswerCondition) -> Iterator[Case]:
    """Rule 34: answers in a row, each against the usual range of its own day, where ranges change."""
    question = condition.question
    sign = protocol.signs.get(question)
    days = sorted(
        {day for row in (sign.expected if sign else ()) for day in (row.from_day, row.to_day, row.to_day + 1)}
    )
    for day in (day for day in days if day >= 2):
        over, usual = (_value_at(protocol, condition, day, off) for off in (0, -1))
        before, calm = (_value_at(protocol, condition, day - 1, off) for off in (0, -1))
        row = ((day - 1, {question: before}),)
        yield Case(f"{about} twice, day {day}", day, {question: over}, row)
        yield Case(f"{about} once, day {day}", day, {question: over}, ((day - 1, {question: calm}),))
        yield Case(f"{about} no longer, day {day}", day, {question: usual}, row)
        yield Case(
            f"{about} with a check-in without it between, day {day}", day, {question: over}, (*row, (day - 1, {}))
        )


def _list_whole_check_ins(protocol: Protocol) -> Iterator[Case]:
    """Check-ins with many answers at once; the numbers come from `random()` alone, which no Python release changes."""
    chance = Random(protocol.id)

    def pick(choices: Any) -> Any:
        return choices[int(chance.random() * len(choices))]

    def answers() -> dict[str, AnswerValue]:
        given: dict[str, AnswerValue] = {}
        for question in protocol.shared.questions.values():
            least, most = question.min or 0, question.max or 10
            values = [option.value for option in question.options] or list(range(least, most + 1))
            if chance.random() < 0.4:
                given[question.id] = pick(values)
        return given

    for number in range(SWEEP):
        day = int(chance.random() * 60)
        earlier = tuple((max(day - back, 0), answers()) for back in range(int(chance.random() * 4), 0, -1))
        yield Case(
            f"whole check-in {number}", day, answers(), earlier, pick((True, False)), pick(SITES), pick(((), WEAK))
        )


if __name__ == "__main__":
    CASES.write_text(render(build_document()))
