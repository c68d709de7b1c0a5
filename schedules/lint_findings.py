"""One finding of the lint: how bad, where, what is wrong and what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from schedules.errors import Fault

Severity = Literal["error", "warning"]
DOCUMENT_REMEDIES = (  # by what the parser says; the first that fits
    ("unknown key", "take the key out; schedules/protocols/FORMAT.md lists the keys of each block"),
    ("missing", "add the key; schedules/protocols/FORMAT.md says what it holds"),
    ("join up with no gaps", "move this day or the last day of the item before it, so that they follow each other"),
    (": the last day", "let the last item reach this day"),
    ("only the owner may", "have the owner make this change and give a reason, or keep the shipped days"),
    ("stricter, never looser", "set the shipped value back, or one that warns earlier or more often"),
    ("may narrow it", "set the shipped highest value back, or a lower one"),
    ("which red flags need", "let this check-in ask these questions again, on its shipped day"),
    ("only raise it", "set the shipped value back, or a higher one"),
    ("a clinic may set", "choose a number inside this range"),
    ("a clinic cannot change this", "leave this change out"),
    ("has no such value", "name a value that the shipped protocol holds, by its path"),
    ("name one value inside it", "change one value inside the item, by its path"),
)


@dataclass(frozen=True, slots=True)
class LintFinding:
    """An `error` blocks publishing, a `warning` is to be read. `path` as in `Fault`; `remedy`: what to change."""

    severity: Severity
    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.path}: {self.problem}. Remedy: {self.remedy}."


def error(path: str, problem: str, remedy: str) -> LintFinding:
    """A finding that blocks publishing."""
    return LintFinding("error", path, problem, remedy)


def warning(path: str, problem: str, remedy: str) -> LintFinding:
    """A finding that is true and may stay."""
    return LintFinding("warning", path, problem, remedy)


def explain_faults(faults: Iterable[Fault]) -> Iterator[LintFinding]:
    """The parser's faults as errors, each with what to do."""
    for fault in faults:
        remedies = (remedy for words, remedy in DOCUMENT_REMEDIES if words in fault.problem)
        yield error(fault.path, fault.problem, next(remedies, "set the shipped value back, or one that fits"))
