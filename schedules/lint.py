"""Faults that a protocol can have though it parses: it would run, and it would run badly. Each fault names its path.

What is known to be an assumption is no fault: assumptions.py lists it for the clinician who signs the plan.
"""

from collections.abc import Callable, Iterable, Iterator

from schedules.errors import Fault
from schedules.protocol import (
    AnswerCondition,
    CareStep,
    CheckInPlan,
    Protocol,
    RedFlag,
    Site,
    StepDoneCondition,
    StepKind,
)

MERGE_MINUTES = 45  # pushes nearer than this go out as one (DESIGN section 7)
MAX_MOMENTS_A_DAY = 8  # before the daily cap: about one in two waking hours
MAX_CHECK_IN_SECONDS = 60  # protocols README: a daily check-in with the deep set is under 60 seconds
LAST_SIGN_DAY = 90
DAY_CHECK_IN_MINUTE = 8 * 60
SITES: tuple[Site, ...] = ("scalp", "brows", "body")
ANY_DAY_SETS = ("report_problem", "mask_done")  # asked on any day, by the client or by a timer


def lint(protocol: Protocol, others: Iterable[Protocol] = ()) -> tuple[Fault, ...]:
    """All faults of one protocol. `others`: the other methods' protocols, whose step ids `contradicts` may name."""
    known_steps = {step_id for one in (protocol, *others) for step_id in one.care_steps}
    faults: list[Fault] = []
    for step in protocol.care_steps.values():
        faults += _step_faults(step, protocol, known_steps)
    for rule in RULES:
        faults += rule(protocol)
    return tuple(faults)


# --- care steps ---------------------------------------------------------------------------------------------------


def _step_faults(step: CareStep, protocol: Protocol, known_steps: set[str]) -> Iterator[Fault]:
    path = f"care_steps.{step.id}"
    if not step.sources:
        yield Fault(f"{path}.sources", "an instruction needs a source")
    if _is_empty(step, protocol):
        yield Fault(f"{path}.window", "ends before it starts: it is never due")
    if step.kind == "mask" and step.duration_min is None:
        yield Fault(f"{path}.duration_min", "a mask needs its minutes")
    if step.frequency.type in ("continuous", "as_needed") and step.remind == "each_time":
        yield Fault(f"{path}.remind", f"'{step.frequency.type}' is one entry: there is no each time")
    if list(step.frequency.suggested_times) != sorted(step.frequency.suggested_times):
        yield Fault(f"{path}.frequency.suggested_times", "must rise through the day")
    for other_id in step.contradicts:
        if other_id not in known_steps:
            yield Fault(f"{path}.contradicts", f"no care step '{other_id}' in any method")
        elif other_id in protocol.care_steps and _meet(step, protocol.care_steps[other_id]):
            yield Fault(f"{path}.contradicts", f"contradicts '{other_id}' of the same plan on the same days")


def _is_empty(step: CareStep, protocol: Protocol) -> bool:
    """Whether the window ends before it starts, an unknown anchor taken at the earliest usual day."""
    start, end = step.window.start, step.window.end
    if start.anchor == end.anchor:
        return end.offset_h <= start.offset_h
    earliest = protocol.milestones.get(start.anchor)
    if earliest is None or end.anchor != "treatment_end":
        return False
    return end.offset_h <= earliest.typical_days[0] * 24 + start.offset_h


def _meet(one: CareStep, other: CareStep) -> bool:
    first, last = one.window.plan_days
    other_first, other_last = other.window.plan_days
    same_place = set(one.sites) & set(other.sites) and set(one.care_styles) & set(other.care_styles)
    return bool(same_place) and first <= other_last and other_first <= last


# --- pushes a day -------------------------------------------------------------------------------------------------


def _pushes(protocol: Protocol) -> Iterator[Fault]:
    """Days on which the plan as shipped would speak too often, merging done and the daily cap not yet."""
    last_day = max(step.window.plan_days[1] for step in protocol.care_steps.values())
    for site in SITES:
        for day in range(last_day + 1):
            moments = _moments(protocol, site, day)
            if len(moments) > MAX_MOMENTS_A_DAY:
                problem = f"{site}, day {day}: {len(moments)} moments for a push, more than {MAX_MOMENTS_A_DAY}"
                yield Fault("care_steps", problem)


def _moments(protocol: Protocol, site: Site, day: int) -> list[int]:
    minutes = [DAY_CHECK_IN_MINUTE for check_in in protocol.check_ins if check_in.day == day and check_in.at_h is None]
    for step in protocol.care_steps.values():
        if _speaks(step, protocol, site, day):
            minutes += [at.hour * 60 + at.minute for at in step.frequency.suggested_times]
    moments: list[int] = []
    for minute in sorted(minutes):
        if not moments or minute - moments[-1] > MERGE_MINUTES:
            moments.append(minute)
    return moments


def _speaks(step: CareStep, protocol: Protocol, site: Site, day: int) -> bool:
    first, last = step.window.plan_days
    gap = step.frequency.every_n_days or 1
    planned = step.default_on and site in step.sites and protocol.method.default_care_style in step.care_styles
    return planned and step.remind == "each_time" and first <= day <= last and (day - first) % gap == 0


# --- check-ins, signs and what can be reached ---------------------------------------------------------------------


def asked_on(protocol: Protocol, check_in: CheckInPlan) -> tuple[str, ...]:
    """The questions of a planned check-in on its day (protocols rule 21)."""
    names = (name for set_id in check_in.sets for name in protocol.shared.question_sets[set_id].questions)
    questions = (protocol.shared.questions[name] for name in dict.fromkeys(names))
    return tuple(one.id for one in questions if one.asked_from_day <= check_in.day <= one.asked_to_day)


def _check_ins(protocol: Protocol) -> Iterator[Fault]:
    for number, check_in in enumerate(protocol.check_ins):
        asked = asked_on(protocol, check_in)
        seconds = sum(protocol.shared.questions[name].est_seconds for name in asked)
        if not asked:
            yield Fault(f"check_ins[{number}].sets", f"asks nothing on day {check_in.day}")
        if "deep" in check_in.sets and seconds >= MAX_CHECK_IN_SECONDS:
            problem = f"takes {seconds} seconds, and must stay under {MAX_CHECK_IN_SECONDS}"
            yield Fault(f"check_ins[{number}].sets", problem)
        for name in asked:
            sign = protocol.signs.get(name)
            if sign is not None and check_in.day <= LAST_SIGN_DAY and sign.row_on(check_in.day) is None:
                yield Fault(f"signs.{name}.expected", f"has no row for day {check_in.day}, which asks it")


def _any_day(protocol: Protocol) -> set[str]:
    """Questions that can be asked on any day: those of the problem report and of the mask timer."""
    sets = (one for one in protocol.shared.question_sets.values() if one.id in ANY_DAY_SETS)
    return {name for one in sets for name in one.questions}


def _reached(protocol: Protocol) -> tuple[set[str], set[str]]:
    """All questions that can be asked at all, and the follow-up rules that can ask."""
    asked = _any_day(protocol) | {name for check_in in protocol.check_ins for name in asked_on(protocol, check_in)}
    kinds = {step.kind for step in protocol.care_steps.values()}
    rules: set[str] = set()
    for _ in protocol.shared.follow_up_rules:  # one rule may reach the next
        for rule in protocol.shared.follow_up_rules:
            if any(_is_reached(condition, asked, kinds) for condition in rule.when):
                rules.add(rule.id)
                asked |= set(rule.ask)
    return asked, rules


def _is_reached(condition: AnswerCondition | StepDoneCondition, asked: set[str], kinds: set[StepKind]) -> bool:
    if isinstance(condition, StepDoneCondition):
        return condition.care_step_kind in kinds
    return condition.question in asked


def _reach(protocol: Protocol) -> Iterator[Fault]:
    asked, rules = _reached(protocol)
    for rule in protocol.shared.follow_up_rules:
        about_answers = any(isinstance(condition, AnswerCondition) for condition in rule.when)
        if about_answers and rule.id not in rules:  # a rule about a step kind is for the methods that have such a step
            yield Fault(f"follow_up_rules.{rule.id}", "cannot be reached: nothing asks its questions")
    for sign_id in protocol.signs:
        if sign_id not in asked:
            yield Fault(f"signs.{sign_id}", "nothing asks it")
    for flag in protocol.red_flags.values():
        if not _can_fire(flag, protocol, asked):
            yield Fault(f"red_flags.{flag.id}.trigger", "cannot fire: nothing asks its questions on its days")
    for condition in protocol.readiness.conditions:
        for check in condition.check.answers:
            if check.question not in asked:
                yield Fault(f"readiness.conditions.{condition.id}", f"cannot be met: nothing asks {check.question}")


def _can_fire(flag: RedFlag, protocol: Protocol, asked: set[str]) -> bool:
    days = [one for one in protocol.check_ins if flag.from_day <= one.day <= flag.to_day]
    planned = {name for check_in in days for name in asked_on(protocol, check_in)}
    follow_ups = {name for rule in protocol.shared.follow_up_rules for name in rule.ask if name in asked}
    reached = [c.question in planned | follow_ups | _any_day(protocol) for c in flag.trigger.conditions]
    return any(reached) if flag.trigger.mode == "any" else all(reached)


# --- readiness and the shared file --------------------------------------------------------------------------------


def _readiness(protocol: Protocol) -> Iterator[Fault]:
    rule = protocol.readiness
    low, high = rule.clinic_may_set_min_between
    if not low <= rule.base_min_days <= high:
        yield Fault("readiness.base_min_days", f"lies outside clinic_may_set_min_between {low} to {high}")
    for number, row in enumerate(rule.fitzpatrick):
        if row.min_days > row.recommended_days:
            yield Fault(f"readiness.fitzpatrick[{number}].recommended_days", f"is below min_days {row.min_days}")
    if all(condition.check.type != "practitioner_signoff" for condition in rule.conditions):
        yield Fault("readiness.conditions", "nobody is asked: the practitioner's yes is missing")


def _shared_words(protocol: Protocol) -> Iterator[Fault]:
    shared = protocol.shared
    for one in shared.question_sets.values():
        seconds = sum(shared.questions[name].est_seconds for name in one.questions)
        if seconds != one.est_seconds:
            yield Fault(f"question_sets.{one.id}.est_seconds", f"its questions take {seconds}")
    for modifier in shared.modifiers.values():
        if protocol.id not in modifier.effects:
            yield Fault(f"modifiers.{modifier.id}.effects", f"no effect for {protocol.id}")


RULES: tuple[Callable[[Protocol], Iterator[Fault]], ...] = (_pushes, _check_ins, _reach, _readiness, _shared_words)
