"""What simulated clients answer: in the usual range, now and then with a warning sign."""

from collections.abc import Mapping

from backend.simulate.dice import Dice
from backend.simulate.people import Area, Person
from schedules import AnswerValue, CheckInPlan, Protocol, Question, questions_of, warning_values

SCAB_STAGES = ((1, 1), (4, 2), (6, 3))  # until that day: the stage, while scabs are on
CALM: Mapping[str, AnswerValue] = {"skin_shine": "matt", "skin_tone": "matches", "pigment_look": "a_bit_lighter"}


def answer_all(
    dice: Dice, person: Person, area: Area, protocol: Protocol, planned: CheckInPlan
) -> dict[str, AnswerValue]:
    """The client's answers to a planned check-in of an area."""
    questions = questions_of(protocol, planned, area.site)
    answers = {question.id: usual_answer(protocol, question, planned.day, area.scabs_off) for question in questions}
    name = (person.number, area.number, planned.day)
    if dice.chance("warning", *name) < person.warning:
        found = warning_values(protocol, area.site, questions, planned.day)
        signs = [sign for sign in found if sign.level != "on_track"]
        if signs:
            sign = dice.pick(signs, "sign", *name)
            answers[sign.question] = sign.value
    return answers


def usual_answer(protocol: Protocol, question: Question, day: int, scabs_off: int) -> AnswerValue:
    """A plausible answer inside the plan's usual range of the day."""
    if question.id == "scab_stage":
        return 5 if day >= scabs_off else next((stage for until, stage in SCAB_STAGES if day <= until), 4)
    if question.id == "skin_open":
        return "no" if day > scabs_off else "yes"
    if question.id == "mood":
        return 4
    sign = protocol.signs.get(question.id)
    row = sign.row_on(day) if sign is not None else None
    if row is not None and row.high is not None:
        return max(0, row.high - 2) if question.type == "number" else max(0, row.high - 1)
    return _calm_option(question, row.allowed if row is not None else None)


def _calm_option(question: Question, allowed: tuple[AnswerValue, ...] | None) -> AnswerValue:
    values = [option.value for option in question.options]
    wish = CALM.get(question.id)
    if wish is not None and (allowed is None or wish in allowed):
        return wish
    return next((value for value in ("none", "no", "yes") if value in values), 0)
