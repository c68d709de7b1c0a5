"""`./run bench`: a line per promise, and an exit status that agrees with them. The figures themselves are not asked."""

import json
import subprocess

import pytest

import setup_env
from tests.bench.figures import Figure, show_figure, write_figures


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [setup_env.PYTHON, "-m", "tests.bench", *arguments]
    return subprocess.run(
        command, cwd=setup_env.ROOT, env=setup_env.build_environment(), capture_output=True, text=True, timeout=120
    )


def test_the_quick_bench_says_for_each_method_whether_its_plan_is_fast_enough() -> None:
    done = run("timeline", "--quick", "--json")
    found = json.loads(done.stdout)
    assert [(each["promise"], each["what"].split(":")[0]) for each in found["figures"]] == [
        ("F6", "laser"),
        ("F6", "saline"),
        ("F6", "undo"),
    ]
    for each in found["figures"]:
        assert each["holds"] == (each["seen"] <= each["promised_at_most"])
    assert done.returncode == (0 if found["holds"] else 1)


def test_lines_carry_the_figure_the_promise_and_the_verdict() -> None:
    done = run("timeline", "--quick")
    lines = done.stdout.splitlines()
    assert len(lines) == 3
    assert all("at most 5 ms" in line and line.endswith(("  holds", "  FALLS SHORT")) for line in lines)
    assert done.returncode == (1 if any("FALLS SHORT" in line for line in lines) else 0)


@pytest.mark.parametrize(("seen", "holds"), [(5.0, True), (5.001, False)])
def test_a_figure_holds_up_to_what_is_promised(seen: float, holds: bool) -> None:
    figure = Figure("F6", "a plan", seen, 5, "ms")
    assert figure.holds == holds
    assert show_figure(figure).endswith("holds" if holds else "FALLS SHORT")
    assert write_figures([Figure("F6", "another", 1, 5, "ms"), figure])["holds"] == holds


def test_a_bench_that_does_not_exist_is_named() -> None:
    done = run("sun")
    assert done.returncode == 2
    assert done.stderr == "there is no bench sun; there are timeline\n"
