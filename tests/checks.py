"""`./run check [NAME...]`: everything that is held by machine without running the product. One line per check.

Exit status: 0 all hold, 1 at least one does not, 2 no such check.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import setup_env

PYTHON = (sys.executable, "-m")


@dataclass(frozen=True)
class Check:
    """A program that exits 0 when what it looks at is in order."""

    name: str
    argv: tuple[str, ...]
    cwd: Path = setup_env.ROOT


@dataclass(frozen=True)
class Verdict:
    check: Check
    holds: bool
    seconds: float
    output: str


def build_checks() -> list[Check]:
    """All checks of this version, the slow ones first: two run at a time."""
    contracts = "from importlinter.cli import lint_imports_command as run; run()"
    checks = [
        Check("types", (*PYTHON, "mypy")),
        Check("architecture", (*PYTHON, "pytest", "-q", "tests/architecture")),
        Check("contracts", (sys.executable, "-c", contracts)),
        Check("lint", (*PYTHON, "ruff", "check", "--output-format", "concise")),
        Check("format", (*PYTHON, "ruff", "format", "--check", "--output-format", "concise")),
    ]
    code = ("schedules", "backend", "mobile_api", "setup_env.py", "--exclude", str(setup_env.APP))
    prettier = str(setup_env.APP / "node_modules" / ".bin" / "prettier")
    return [
        *checks,
        Check("security", (*PYTHON, "bandit", "-q", "-ll", "-r", *code)),
        Check("app-types", (str(setup_env.NODE), str(setup_env.NPM), "run", "types"), setup_env.APP),
        Check("app-format", (prettier, "--check", "."), setup_env.APP),
    ]


def run_check(check: Check) -> Verdict:
    started = time.monotonic()
    try:
        done = subprocess.run(
            check.argv,
            cwd=check.cwd,
            env=setup_env.node_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        holds, output = done.returncode == 0, done.stdout
    except OSError as fault:
        holds, output = False, str(fault)
    return Verdict(check, holds, time.monotonic() - started, output.strip())


def main(names: Sequence[str]) -> int:
    checks = build_checks()
    known = [check.name for check in checks]
    if unknown := [name for name in names if name not in known]:
        print(f"there is no check {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    chosen = [check for check in checks if not names or check.name in names]
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for done in as_completed([pool.submit(run_check, check) for check in chosen]):
            verdict = done.result()
            mark = "ok  " if verdict.holds else "FAIL"
            print(f"{mark} {verdict.check.name:<12} {verdict.seconds:5.1f} s", flush=True)
            if not verdict.holds:
                failed.append(verdict.check.name)
                print(verdict.output, flush=True)
    lack = f"; not: {', '.join(failed)}" if failed else ""
    print(f"{len(chosen) - len(failed)} of {len(chosen)} checks hold{lack}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
