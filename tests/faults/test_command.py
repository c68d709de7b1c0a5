"""`./run faults`: a line per promise, one JSON document, and an exit status that agrees with them."""

import json
from collections.abc import Iterator

import pytest

from tests.bench.figures import Figure
from tests.faults import __main__ as command
from tests.faults.house import Grounds


def short(_grounds: Grounds, *, quick: bool) -> Iterator[Figure]:
    yield Figure("P3", "lost", 0 if quick else 1, 0, "rows")


@pytest.fixture(autouse=True)
def _one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "FAULTS", {"short": short})


def test_a_promise_that_falls_short_is_said_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["short"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split() == ["P3", "lost", "1", "rows", "(at", "most", "0", "rows)", "FALLS", "SHORT"]


def test_what_holds_ends_with_0_and_can_be_read_by_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--quick", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["figures"][0]["holds"] is True
    assert "short ..." in said.err


def test_a_run_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["sun"]) == 2
    assert capsys.readouterr().err == "there is no run sun; there are short\n"
