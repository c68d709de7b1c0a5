"""`./run cli NOUN COMMAND ...`: human view by default, one document with `--json`.

Exit status: 0 it holds or worked, 1 it does not, 2 wrong usage. A wrong value gets one clear line, never a traceback.
"""

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

from backend import commands
from backend.commands import Answer, WrongUsage

HOLDS, DOES_NOT_HOLD, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


class CommandParser(ArgumentParser):
    """Says in one line what is wrong, without the whole usage."""

    def error(self, message: str) -> NoReturn:
        """One line on stderr, exit 2."""
        self.exit(WRONG_USAGE, f"{self.prog}: {message} (see: {self.prog} --help)\n")


def build_parser() -> ArgumentParser:
    """The parser of all commands: each module of `backend.commands` that has `register` adds its noun."""
    parser = CommandParser(prog="cli", description="Fallow from the command line.", allow_abbrev=False)
    nouns = parser.add_subparsers(dest="noun", metavar="NOUN", required=True)
    for found in iter_modules(commands.__path__):
        register = getattr(import_module(f"{commands.__name__}.{found.name}"), "register", None)
        if register is not None:
            register(nouns)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status. SystemExit 2 where the command line itself cannot be read."""
    arguments = build_parser().parse_args(argv)
    try:
        answer: Answer = arguments.run(arguments)
        print_answer(answer, arguments.json)
        sys.stdout.flush()
    except WrongUsage as wrong:
        for fault in wrong.faults:
            print(f"cli {arguments.noun} {arguments.command}: {fault}", file=sys.stderr)
        return WRONG_USAGE
    except BrokenPipeError:  # the reader (`| head`) has enough; keep the interpreter from saying so at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return HOLDS
    except KeyboardInterrupt:
        return INTERRUPTED
    return HOLDS if answer.holds else DOES_NOT_HOLD


def print_answer(answer: Answer, as_json: bool) -> None:
    """The document, or the lines for people."""
    if as_json:
        print(json.dumps(answer.document, indent=2))
        return
    for line in answer.lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
