"""What `make soak` runs is not run by `make test`, but must be there."""

from importlib import import_module
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", [path.stem for path in sorted(Path(__file__).parent.glob("soak_*.py"))])
def test_the_files_of_make_soak_can_be_loaded(name: str) -> None:
    loaded = import_module(f"tests.simulation.{name}")
    assert any(each.startswith("test_") for each in vars(loaded))
