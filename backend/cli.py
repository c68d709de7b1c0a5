"""`./run cli NOUN COMMAND ...`: human view by default, one document with `--json`.

Exit status: 0 it holds or worked, 1 it does not, 2 wrong usage. A wrong value gets one clear line, never a traceback.
"""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import NoReturn

from backend import commands
from backend.commands import Answer, Unavailable, WrongUsage
from backend.errors import FallowError, InvalidInput

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
        return complain(arguments, wrong.faults, WRONG_USAGE)
    except InvalidInput as invalid:
        faults = [f"{name_option(fault.pointer)}: {fault.problem}" for fault in invalid.faults]
        return complain(arguments, faults, WRONG_USAGE)
    except (Unavailable, FallowError) as fault:
        return complain(arguments, [str(fault)], DOES_NOT_HOLD)
    except BrokenPipeError:  # the reader (`| head`) has enough; keep the interpreter from saying so at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return HOLDS
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as fault:
        says = explain_database(fault)
        if says is None:
            raise
        return complain(arguments, [says], DOES_NOT_HOLD)
    return HOLDS if answer.holds else DOES_NOT_HOLD


def complain(arguments: Namespace, faults: Iterable[str], status: int) -> int:
    """One line a fault on stderr, each with the command it belongs to; gives the exit status."""
    command = " ".join(filter(None, (arguments.noun, getattr(arguments, "command", None))))
    for fault in faults:
        print(f"cli {command}: {fault}", file=sys.stderr)
    return status


def name_option(pointer: str) -> str:
    """The option that a fault of a service belongs to: `/name` is `--name`."""
    return f"--{pointer.removeprefix('/').replace('_', '-')}"


def explain_database(fault: Exception) -> str | None:
    """One line about a database that is away, not migrated or not ours to change; None for any other fault."""
    if "sqlalchemy" not in sys.modules:
        return None
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    if isinstance(fault, CommandError):
        return f"the database cannot be migrated: {fault}"
    if not isinstance(fault, DBAPIError):
        return None
    said = str(fault.orig).strip().splitlines()[0] if str(fault.orig).strip() else type(fault.orig).__name__
    if "no such table" in said or "does not exist" in said or "no such column" in said:
        return f"the database is not migrated to this version ({said}); do: ./run cli db upgrade"
    return f"the database does not answer as it should ({said}); see: ./run cli doctor"


def print_answer(answer: Answer, as_json: bool) -> None:
    """The document, or the lines for people."""
    if as_json:
        print(json.dumps(answer.document, indent=2))
        return
    for line in answer.lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
