"""`./run bench`: a line per promise, and an exit status that agrees with them. The figures themselves are not asked."""

import json
import subprocess
from xml.etree import ElementTree

import pytest

import setup_env
from tests.bench import delivery, queues, scheduler, webpush
from tests.bench.figures import Figure, Series, compare, show_figure, write_figures
from tests.bench.plot import draw
from tests.postgres import Server


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


@pytest.mark.parametrize(("seen", "holds"), [(9.0, True), (8.999, False)])
def test_a_ratio_must_reach_what_is_promised_in_the_median_of_its_passes(seen: float, holds: bool) -> None:
    figure = compare(("F1", "a rate", 9.0), [seen, 1.0, 20.0], at_least=True)
    assert figure.holds == holds
    assert "at least 9 x, 1 to 20" in show_figure(figure)
    assert write_figures([figure])["figures"] == [
        {
            "promise": "F1",
            "what": "a rate",
            "seen": round(seen, 3),
            "promised_at_least": 9.0,
            "unit": "x",
            "spread": [1.0, 20.0],
            "note": "",
            "holds": holds,
        }
    ]


@pytest.mark.postgres
def test_the_smallest_bench_of_delivery_sends_every_row_once_over_http_2(postgres: Server) -> None:
    measured = list(delivery.measure_on(postgres, delivery.SMALLEST))
    figures = {each.what: each for each in measured if isinstance(each, Figure)}
    assert figures["rows claimed twice or not sent"].holds
    provider = figures["messages that the provider took twice, not, or refused"]
    assert provider.holds
    assert " 0 requests over HTTP/2" not in provider.note
    assert len(figures) == 5
    named = [each.name for each in measured if isinstance(each, Series) and each.rates]
    assert named[:2] == ["Fallow, one worker", "Fallow, two workers"]
    assert "firebase-admin send_each" in named
    plot = ElementTree.fromstring(draw("delivery", [each for each in measured if isinstance(each, Series)]))
    assert [name in "".join(plot.itertext()) for name in named] == [True] * len(named)


@pytest.mark.postgres
def test_the_smallest_bench_of_the_scheduler_claims_ticks_and_weighs(postgres: Server) -> None:
    measured = list(scheduler.measure_claims(postgres, scheduler.SMALLEST))
    figures = [each for each in measured if isinstance(each, Figure)]
    assert [each.promise for each in figures] == ["F2"] * 4
    assert all(each.seen > 0 for each in figures[:3])


@pytest.mark.postgres
def test_the_smallest_bench_of_due_jobs_handles_them_all(postgres: Server) -> None:
    (ours,) = queues.measure_on(postgres, queues.SMALLEST)
    assert isinstance(ours, Series)
    assert ours.name == "Fallow, sender with no-op work"
    assert len(ours.rates) == 1


def test_the_smallest_bench_of_web_push_is_refused_nothing() -> None:
    measured = list(webpush.measure_at(webpush.SMALLEST))
    figures = [each for each in measured if isinstance(each, Figure)]
    assert [each.promise for each in figures] == ["F4"] * 3
    assert figures[2].seen == 0


def test_a_bench_that_does_not_exist_is_named() -> None:
    done = run("sun")
    assert done.returncode == 2
    assert done.stderr == "there is no bench sun; there are timeline, delivery, scheduler, webpush, phone\n"
