"""The real app on a fresh SQLite database, with a clock that the test moves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backend import db
from tests.console.desk import Clinic, build_clinic


@pytest.fixture
def clinic(sqlite: Engine, tmp_path: Path) -> Iterator[Clinic]:
    """North Light on the day of Ana's treatment."""
    yield build_clinic(str(sqlite.url), tmp_path)
    db.get_engine().dispose()
