"""What `./run bench` and `./run faults` are asked for: names, size and form."""

import argparse
import sys
from collections.abc import Collection, Sequence


def read_arguments(
    command: str, noun: str, summary: str, known: Collection[str], given: Sequence[str]
) -> argparse.Namespace | None:
    """`names` (all of `known` when none is given), `quick`, `json`; None, and a line on stderr, for an unknown name.

    `noun`: what one of `known` is called.
    """
    parser = argparse.ArgumentParser(prog=f"./run {command}", description=summary)
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"{', '.join(known)}; all when absent")
    parser.add_argument("--quick", action="store_true", help="within five minutes")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    asked = parser.parse_args(given)
    if unknown := [name for name in asked.names if name not in known]:
        print(f"there is no {noun} {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return None
    asked.names = asked.names or list(known)
    return asked
