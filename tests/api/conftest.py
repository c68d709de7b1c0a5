"""The real app on a fresh SQLite database, with a clock that the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backend import db
from tests.api.phone import House, build_house


@pytest.fixture
def house(sqlite: Engine, tmp_path: Path) -> Iterator[House]:
    """North Light, with Ana and Ben of Dr Ida, and Cleo of Dr Joe's clinic; day 6 after Ana's treatment."""
    built = build_house(str(sqlite.url), tmp_path)
    yield built
    db.get_engine().dispose()
