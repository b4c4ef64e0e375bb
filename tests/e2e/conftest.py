"""One running system for the tests that only look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import Running


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running system, shared by the tests of a process: to start one takes seconds."""
    running = Running(tmp_path_factory.mktemp("system"))
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Running]:
    """A system that the test itself starts."""
    running = Running(tmp_path / "home")
    yield running
    if running.process:
        running.stop()
