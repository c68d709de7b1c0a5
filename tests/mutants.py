"""`python -m tests.mutants [--every N] [MODULE...]`: which faults planted in the core its unit tests notice. By hand.

The faults are mutmut's (CONTRIBUTING.md says how to install it). Each module is mutated in a copy of the tree; its
tests are collected once, then run in a fork for each mutant until one fails. Made-up cases (hypothesis) are slow, and
slower when they fail: the examples alone must notice. What survived is written to mutants/MODULE.diff.

Exit status: 0 at least 85 % of the mutants of each module were noticed, 1 not.
"""

import argparse
import ast
import difflib
import gc
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest

from schedules import catalog

ROOT = Path(__file__).parent.parent
OUTPUT = ROOT / "mutants"
CORE_TESTS = "tests/unit/schedules"
LEAST_SHARE = 0.85
MEMORY_BYTES = 4 * 1024**3  # an endless plan must fail before the machine does

# Nobody reads why a mutant's test failed, and finding out is slow: no traceback, no words for an assertion. The core
# needs no conftest above its own and no plugin but the one that marks made-up cases.
PYTEST = (
    *(sys.executable, "-m", "pytest", "-q", "--tb=no", "--assert=plain"),
    *("--basetemp=pytest", f"--confcutdir={CORE_TESTS}", "-p", "no:cacheprovider"),
    *("-p", "tests.mutants", "-p", "_hypothesis_pytestplugin", "-m", "not hypothesis"),
)
ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONTZPATH": "", "MUTANT_UNDER_TEST": ""}

REMINDERS = ("reminders", "missed", "reminders_together", "reminders_merging", "reminders_quiet_hours")

# Each module that decides, and the test files that hold it, the nearest first.
TESTS = {
    "adherence": ("adherence",),
    "allowed_again": ("allowed_again",),
    "anchors": ("anchors",),
    "asking": ("asking", "lint_questions"),
    "conditions": ("conditions", "triage", "anchors"),
    "contradictions": ("contradictions",),
    "diff": ("diff",),
    "due": ("due",),
    "escalation": ("escalation",),
    "healing": ("healing",),
    "instants": ("instants",),
    "lint": ("lint",),
    "lint_findings": ("lint", "lint_steps", "lint_questions"),
    "lint_plans": ("lint_plans", "lint"),
    "lint_questions": ("lint_questions", "lint"),
    "lint_readiness": ("lint_readiness", "lint"),
    "lint_steps": ("lint_steps", "lint"),
    "merging": ("reminders_merging", "reminders_together", "reminders"),
    "missed": ("missed",),
    "overlay_changes": ("overlay_changes", "overlays"),
    "overlays": ("overlays",),
    "questions": ("questions",),
    "quiet_hours": ("reminders_quiet_hours", "reminder_candidates", "reminders"),
    "readiness": ("readiness",),
    "readiness_checks": ("readiness_checks", "readiness"),
    "readiness_dates": ("readiness_dates", "readiness"),
    "readiness_strictness": ("readiness_strictness",),
    "recurrence": ("recurrence", "timeline"),
    "reminder_candidates": ("reminder_candidates", *REMINDERS),
    "reminders": REMINDERS,
    "lateness": ("lateness",),
    "reach": ("reach",),
    "resend": ("resend",),
    "retry": ("retry",),
    "strictness": ("strictness", "overlays"),
    "timeline": ("timeline", "golden"),
    "triage": ("triage",),
    "wall_clock": ("wall_clock", "timeline"),
    "windows": ("windows", "timeline"),
    "workload": ("workload",),
}


# --- inside pytest, in the copy: one fork for each mutant -------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the collected tests once unchanged, then once for each name in mutants.json; answer in verdicts.json."""
    if session.testsfailed:
        return None  # pytest itself says what could not be collected
    names = json.loads(Path("mutants.json").read_text(encoding="utf-8"))
    for method in catalog.list_methods():
        catalog.latest(method)  # the forks share the compiled protocols; a module that compiles them is not among TESTS
    gc.freeze()
    verdict, cpu_s = run_in_fork(session, "", cpu_limit_s=600)
    if verdict != "survived":
        raise pytest.UsageError("the tests fail without a fault")
    limit_s = math.ceil(10 + 3 * cpu_s)
    tried = {name: run_in_fork(session, name, limit_s) for name in names}
    total_s = time.process_time() + sum(seconds for _, seconds in tried.values())
    Path("cpu_s.json").write_text(json.dumps(total_s), encoding="utf-8")
    Path("verdicts.json").write_text(json.dumps({name: tried[name][0] for name in names}), encoding="utf-8")
    return True


def run_in_fork(session: pytest.Session, mutant: str, cpu_limit_s: int) -> tuple[str, float]:
    """killed, survived or timeout, and the processor seconds that it took."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit_s, cpu_limit_s + 1))
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
            os.environ["MUTANT_UNDER_TEST"] = mutant
            status = 0 if do_all_pass(session) else 1
        finally:
            os._exit(status)
    _, wait_status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(wait_status)
    verdict = {0: "survived", -signal.SIGXCPU: "timeout", -signal.SIGKILL: "timeout"}.get(code, "killed")
    return verdict, used.ru_utime + used.ru_stime


def do_all_pass(session: pytest.Session) -> bool:
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return False
    return True


# --- by hand: a copy for each module, two at a time -------------------------------------------------------------------


def plant(module: str, every: int) -> tuple[Path, str, list[str]]:
    """A copy of the tree with the module's mutants in it: its folder, the mutated source, the names to run."""
    from mutmut.mutation.file_mutation import mutate_file_contents  # not among the requirements

    tree = OUTPUT / module
    shutil.rmtree(tree, ignore_errors=True)
    for part in ("schedules", "tests"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "backend").symlink_to(ROOT / "backend")
    shutil.copy(ROOT / "pyproject.toml", tree)
    source = tree / "schedules" / f"{module}.py"
    mutated = mutate_file_contents(str(source), source.read_text(encoding="utf-8"))
    source.write_text(mutated.code, encoding="utf-8")
    names = list(mutated.mutant_names)[::every]
    (tree / "mutants.json").write_text(json.dumps([f"schedules.{module}.{name}" for name in names]), encoding="utf-8")
    return tree, mutated.code, names


def try_module(module: str, every: int) -> tuple[dict[str, str], float]:
    """The verdict on each mutant of the module by name, and the processor seconds that they took."""
    tree, code, names = plant(module, every)
    files = [f"{CORE_TESTS}/test_{name}.py" for name in TESTS[module]]
    done = subprocess.run(
        [*PYTEST, *files], cwd=tree, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=False
    )
    if not (tree / "verdicts.json").exists():
        raise SystemExit(f"{module}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    found = json.loads((tree / "verdicts.json").read_text(encoding="utf-8"))
    verdicts = {name: found[f"schedules.{module}.{name}"] for name in names}
    alive = [name for name, verdict in verdicts.items() if verdict == "survived"]
    (OUTPUT / f"{module}.diff").write_text("\n".join(show_mutants(code, alive)), encoding="utf-8")
    cpu_s = json.loads((tree / "cpu_s.json").read_text(encoding="utf-8"))
    shutil.rmtree(tree)
    return verdicts, cpu_s


def show_mutants(code: str, names: Sequence[str]) -> list[str]:
    """What each of these mutants changed, as lines of a diff."""
    functions = {node.name: node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
    lines = []
    for name in names:
        original = functions[f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"]
        old, new = (ast.unparse(node).replace(node.name, "", 1).splitlines() for node in (original, functions[name]))
        lines += [f"# {name}", *list(difflib.unified_diff(old, new, n=1, lineterm=""))[2:], ""]
    return lines


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="of schedules/; none named: all that decide")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth mutant")
    parser.add_argument("--jobs", type=int, default=2, help="modules at a time")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.modules) - set(TESTS)):
        parser.error(f"not among the modules that decide: {', '.join(unknown)}")
    return asked


def main() -> int:
    asked = read_arguments()
    OUTPUT.mkdir(exist_ok=True)
    holds = True
    heads = ("mutants", "killed", "survived", "timeout", "noticed", "cpu s")
    print(f"{'module':21}{''.join(f'{head:>9}' for head in heads)}", flush=True)
    with ThreadPoolExecutor(asked.jobs) as pool:
        running = {pool.submit(try_module, module, asked.every): module for module in asked.modules or TESTS}
        for done in as_completed(running):
            verdicts, seconds = done.result()
            count = Counter(verdicts.values())
            share = 1 - count["survived"] / max(len(verdicts), 1)
            holds = holds and share >= LEAST_SHARE
            columns = "".join(f"{n:9}" for n in (len(verdicts), count["killed"], count["survived"], count["timeout"]))
            print(f"{running[done]:21}{columns}{share:9.1%}{seconds:9.0f}", flush=True)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
