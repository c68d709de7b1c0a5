"""The commands of `./run cli`, one module per noun. A module with `register(subparsers)` is found by its name.

    def register(subparsers: Subparsers) -> None:
        commands = add_noun(subparsers, "ledger", "the delivery ledger")
        check = add_command(commands, "check", check_ledger, "prove the conservation law")
        check.add_argument("--clinic")

    def check_ledger(arguments: Namespace) -> Answer: ...

Modules import what is heavy (database, services) inside their functions, so that every command starts fast.
"""

from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = _SubParsersAction[ArgumentParser]
else:
    Subparsers = _SubParsersAction


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: one JSON document, lines for people, and whether it holds (exit 0) or not (exit 1)."""

    document: Mapping[str, object]
    lines: Iterable[str]
    holds: bool = True


class WrongUsage(Exception):
    """The command was called with values that cannot be right. `faults`: one clear line for each (exit 2)."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class Unavailable(Exception):
    """What the command needs is not there: one line that says what, and what to do (exit 1)."""


def add_noun(subparsers: Subparsers, name: str, summary: str) -> Subparsers:
    """A noun (`plan`) whose commands (`preview`) are to be added."""
    noun = subparsers.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    return noun.add_subparsers(dest="command", metavar="COMMAND", required=True)


def add_command(subparsers: Subparsers, name: str, run: Callable[[Namespace], Answer], summary: str) -> ArgumentParser:
    """One command with `--json`; `run` gets the parsed arguments and may raise WrongUsage."""
    command = subparsers.add_parser(name, help=summary, description=summary, allow_abbrev=False)
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=run)
    return command
