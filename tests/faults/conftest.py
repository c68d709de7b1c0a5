"""Grounds for the smallest runs: the SQLite template and the PostgreSQL server that the other tests use too."""

from pathlib import Path

import pytest

from tests.faults.house import Grounds


@pytest.fixture
def grounds(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Grounds:
    def get_server():  # type: ignore[no-untyped-def]
        return request.getfixturevalue("postgres")

    return Grounds(tmp_path, get_server, asks_cli=False, template=sqlite_template)
