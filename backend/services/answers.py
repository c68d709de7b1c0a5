"""Checks answers against the questions of a plan, before anything is judged or stored."""

from collections.abc import Mapping, Sequence

from backend.errors import InputFault
from schedules import AnswerValue, Protocol, Question


def answer_faults(
    protocol: Protocol, answers: Mapping[str, AnswerValue], excluded: Mapping[str, Sequence[AnswerValue]]
) -> tuple[InputFault, ...]:
    """Every fault: unknown questions, values that are no option or out of range, a question both answered and
    excluded."""
    questions = protocol.shared.questions
    faults = []
    for name, value in answers.items():
        if name not in questions:
            faults.append(InputFault(f"/answers/{name}", "there is no such question"))
        elif problem := _problem(questions[name], value):
            faults.append(InputFault(f"/answers/{name}", problem))
    for name, values in excluded.items():
        if name not in questions:
            faults.append(InputFault(f"/answers/{name}", "there is no such question"))
            continue
        wrong = [value for value in values if _problem(questions[name], value)]
        if wrong:
            faults.append(InputFault(f"/answers/{name}", f"no option of this question: {wrong}"))
        if name in answers and answers[name] in values:
            faults.append(InputFault(f"/answers/{name}", "the same value is answered and excluded"))
    return tuple(faults)


def _problem(question: Question, value: AnswerValue) -> str | None:
    if question.type == "number":
        low, high = question.min or 0, question.max or 0
        ok = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if ok else f"a whole number from {low} to {high}"
    options = [option.value for option in question.options]
    same = [option for option in options if option == value and type(option) is type(value)]
    return None if same else f"one of {', '.join(str(option) for option in options)}"
