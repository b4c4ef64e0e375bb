"""The simulated practices, made once for all cases of a file: each case begins by winding them back."""

from collections.abc import Iterator

import pytest

from tests.simulation import stage as stages
from tests.simulation.stage import Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The practices of `tests/simulation/stage.py`."""
    with stages.opened() as opened:
        yield opened
