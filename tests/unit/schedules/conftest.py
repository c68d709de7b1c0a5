"""Every test of the core begins as in a fresh process: nothing another test worked out hides a fault."""

import pytest

from tests.remembered import forget_all


@pytest.fixture(autouse=True)
def _begin_anew() -> None:
    forget_all()
