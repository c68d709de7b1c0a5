"""Every test of the core begins as in a fresh process: nothing another test worked out hides a fault."""

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests.remembered import forget_all

# A busy machine is no fault of the core: what a plan costs is measured by `./run bench timeline`.
settings.register_profile("by no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("by no clock")


@pytest.fixture(autouse=True)
def _begin_anew() -> None:
    forget_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Examples alone must reach every branch: what a property happens to reach depends on the draw, and costs most."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker(pytest.mark.no_cover)
