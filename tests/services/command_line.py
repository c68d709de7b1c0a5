"""The commands as a shell would call them, in this process."""

import json

import pytest

from backend.cli import main


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Exit status, standard output, lines on standard error."""
    status = main(list(arguments))
    out, err = capsys.readouterr()
    return status, out, err.splitlines()


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    status, out, err = call(capsys, *arguments, "--json")
    assert err == []
    return status, json.loads(out)
