"""What several tests of the services stand on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backend import db
from tests.factories import NOW


@pytest.fixture
def installation(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A migrated database that the commands find by their settings; gives its folder."""
    for name in [name for name in os.environ if name.startswith("FALLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FALLOW_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("FALLOW_TEST_CLOCK", NOW.isoformat())
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    yield tmp_path
    if db._engine is not sqlite:
        db.get_engine().dispose()
