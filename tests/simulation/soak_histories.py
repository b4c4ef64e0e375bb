"""Long histories: operations one after the other and at once, with faults, as time goes by. Hypothesis shortens those
that break an invariant."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from tests.simulation.cases import Case, go_on
from tests.simulation.faults import FAULTS, Strike
from tests.simulation.history import History
from tests.simulation.operations import OPERATIONS
from tests.simulation.stage import Stage

NAMES = st.sampled_from(sorted(OPERATIONS))
STRIKES = st.lists(st.builds(Strike, st.sampled_from(FAULTS), st.integers(1, 6), st.integers(0, 1)), max_size=2)


class Histories(RuleBasedStateMachine):
    """Everybody does anything, in any order; all invariants hold after each step."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        stage.reset()
        self.history = History(stage)

    @rule(name=NAMES, strikes=STRIKES)
    def somebody_acts(self, name: str, strikes: list[Strike]) -> None:
        go_on(self.history, Case((name,), strikes=tuple(strikes)))

    @rule(names=st.tuples(NAMES, NAMES), order=st.lists(st.integers(0, 1), max_size=12), strikes=STRIKES)
    def two_act_at_once(self, names: tuple[str, str], order: list[int], strikes: list[Strike]) -> None:
        go_on(self.history, Case(names, tuple(order), tuple(strikes)))

    @rule(minutes=st.integers(1, 20))
    def time_goes_by(self, minutes: int) -> None:
        self.history.now += timedelta(minutes=minutes)


@pytest.mark.parametrize("part", range(10))
def test_long_histories_keep_the_invariants(stage: Stage, part: int) -> None:
    machine: Any = lambda: Histories(stage)  # noqa: E731
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
