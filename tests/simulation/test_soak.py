"""What `make soak` runs is not run by `make test`, but must be there."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.simulation.cases import Case, go_on
from tests.simulation.history import History
from tests.simulation.stage import Stage


@pytest.mark.parametrize("name", [path.stem for path in sorted(Path(__file__).parent.glob("soak_*.py"))])
def test_the_files_of_make_soak_can_be_loaded(name: str) -> None:
    loaded = import_module(f"tests.simulation.{name}")
    assert any(each.startswith("test_") for each in vars(loaded))


def test_who_was_let_in_for_a_time_was_rightly_touched(stage: Stage) -> None:
    stage.reset()
    history = History(stage)
    for name in ("accept invitation", "they add a code to ours", "deactivate", "expire"):
        go_on(history, Case((name,)))


def test_a_history_goes_on_after_sweeps_of_a_later_day(stage: Stage) -> None:
    stage.reset()
    history = History(stage)
    for name in ("deactivate due", "quote"):
        go_on(history, Case((name,)))
