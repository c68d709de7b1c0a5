"""Finds the anchors that check-ins reach, and checks anchor dates (protocols/README.md, rules 6 and 26 to 29)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schedules.conditions import Judged, judge_answer, list_answers
from schedules.errors import Fault
from schedules.facts import CheckInFacts
from schedules.protocol import Protocol
from schedules.protocol_terms import AnchorName
from schedules.shared_protocol import AnchorRule, AnswerCondition, Trigger


@dataclass(frozen=True, slots=True)
class ObservedAnchor:
    """An anchor that a check-in reached: the date of that check-in's day (rule 6), and which check-in it was."""

    on: date
    check_in_id: str


def observe_anchors(
    protocol: Protocol,
    check_ins: Sequence[CheckInFacts],
    set_by_person: Mapping[AnchorName, date] | None = None,
) -> Mapping[AnchorName, ObservedAnchor]:
    """The anchors reached by a plan's check-ins, by the rules of `anchors` in common.yaml.

    `check_ins` in the order in which they were answered (rule 26), of a check-in and its correction only the newest.
    `set_by_person`: anchors that a person set or corrected; they are not looked for (rule 29), and what comes after one
    is read from the check-ins of that date on.
    """
    fixed = complete_anchors(set_by_person or {})
    found: dict[AnchorName, ObservedAnchor] = {}
    for rule in protocol.shared.anchors:
        if rule.trigger is None or rule.id in fixed:
            continue
        start = _start_of(rule, check_ins, found, fixed)
        reached = None if start is None else _reached_at(rule.trigger, protocol, check_ins[start:])
        if reached is not None:
            found[rule.id] = ObservedAnchor(max(reached.on, _date_of(rule.after, found, fixed)), reached.id)
    return found


def _date_of(
    name: AnchorName | None, found: Mapping[AnchorName, ObservedAnchor], fixed: Mapping[AnchorName, date]
) -> date:
    """The date before which an anchor cannot lie (rule 6): that of the anchor before it, where there is one."""
    if name is None:
        return date.min
    return fixed[name] if name in fixed else found[name].on


def _start_of(
    rule: AnchorRule,
    check_ins: Sequence[CheckInFacts],
    found: Mapping[AnchorName, ObservedAnchor],
    fixed: Mapping[AnchorName, date],
) -> int | None:
    """Index of the first check-in that may count: the one that reached the anchor before (rule 28). None: none may."""
    if rule.after is None:
        return 0
    if rule.after in fixed:
        return next((i for i, check_in in enumerate(check_ins) if check_in.on >= fixed[rule.after]), None)
    if rule.after in found:
        ids = [check_in.id for check_in in check_ins]
        return ids.index(found[rule.after].check_in_id)
    return None


def _reached_at(trigger: Trigger, protocol: Protocol, check_ins: Sequence[CheckInFacts]) -> CheckInFacts | None:
    """The first check-in at which the trigger is met, or None."""
    conditions = tuple(c for c in trigger.conditions if not c.methods or protocol.id in c.methods)
    if not conditions:
        return None
    if trigger.mode == "all":
        return _row_of_all(conditions, protocol, check_ins)
    for index, check_in in enumerate(check_ins):
        if any(_row_of_one(condition, protocol, check_ins[: index + 1]) for condition in conditions):
            return check_in
    return None


def _row_of_one(condition: AnswerCondition, protocol: Protocol, check_ins: Sequence[CheckInFacts]) -> bool:
    """Whether the last check-in completes a row: check-ins without an answer neither count nor break it (rule 26).

    Every answer of the row is from `from_day` or later (rule 27).
    """
    if condition.question not in check_ins[-1].answers:
        return False
    history = list_answers(condition.question, check_ins)
    row = range(len(history) - condition.answers_in_a_row, len(history))
    return row.start >= 0 and all(
        history[i].day >= (condition.from_day or 0) and judge_answer(condition, protocol, history, i) for i in row
    )


def _row_of_all(
    conditions: Sequence[AnswerCondition], protocol: Protocol, check_ins: Sequence[CheckInFacts]
) -> CheckInFacts | None:
    """The check-in that completes a row in which every condition is met together (rule 28).

    One that answers all well counts, an answer that does not fit breaks the row, and one that answers only part, and
    well, is passed over. A condition `if_answered` need not be answered.
    """
    needed = max(condition.answers_in_a_row for condition in conditions)
    row = 0
    for index, check_in in enumerate(check_ins):
        judged = Judged(check_in.answers, check_in.day, check_ins[:index])
        answered = [c for c in conditions if c.question in check_in.answers]
        if not all(_met_alone(condition, protocol, judged) for condition in answered):
            row = 0
        elif all(condition in answered or condition.if_answered for condition in conditions):
            row += 1
        if row >= needed:
            return check_in
    return None


def _met_alone(condition: AnswerCondition, protocol: Protocol, judged: Judged) -> bool:
    """Whether the answer in hand meets a condition, its row aside."""
    history = judged.list_answers(condition.question)
    in_time = judged.day >= (condition.from_day or 0)
    return in_time and judge_answer(condition, protocol, history, len(history) - 1) is not None


def complete_anchors(anchors: Mapping[AnchorName, date]) -> Mapping[AnchorName, date]:
    """The anchors, with `scabs_off` on the date of `skin_closed` where only the latter is known (rule 6)."""
    if "skin_closed" in anchors and "scabs_off" not in anchors:
        return {**anchors, "scabs_off": anchors["skin_closed"]}
    return dict(anchors)


FURTHEST_DAY = 3_650  # ten years: a date beyond it is a slip of the pen


def check_anchor_dates(anchors: Mapping[AnchorName, date], day_zero: date, today: date) -> tuple[Fault, ...]:
    """Every fault of a plan's anchor dates (rule 6); empty: they can stand.

    `day_zero` is the local date of the treatment's end. The path of a fault is the anchor's name.
    """
    faults = [
        Fault(name, f"{on} is before day 0 ({day_zero})") for name, on in sorted(anchors.items()) if on < day_zero
    ]
    faults += [
        Fault(name, f"{on} is after today ({today})")
        for name, on in sorted(anchors.items())
        if name in ("scabs_off", "skin_closed") and on > today
    ]
    furthest = day_zero + timedelta(days=FURTHEST_DAY)
    faults += [
        Fault(name, f"{on} is more than {FURTHEST_DAY} days after day 0 ({day_zero})")
        for name, on in sorted(anchors.items())
        if on > furthest
    ]
    known = complete_anchors(anchors)
    if "skin_closed" in known and known["skin_closed"] < known["scabs_off"]:
        problem = f"{known['skin_closed']} is before scabs_off ({known['scabs_off']})"
        faults.append(Fault("skin_closed", problem))
    return tuple(faults)
