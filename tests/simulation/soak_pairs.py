"""Every two operations at once, in every order of their AWS calls that can make a difference, undisturbed and with
faults at every write; and three at once, drawn."""

from itertools import combinations_with_replacement

import pytest

from tests.simulation.cases import drawn, run
from tests.simulation.faults import AT_WRITES
from tests.simulation.operations import OPERATIONS
from tests.simulation.pairs import Pair
from tests.simulation.stage import Stage


@pytest.mark.parametrize("names", list(combinations_with_replacement(OPERATIONS, 2)), ids=" + ".join)
def test_the_pair_keeps_the_invariants(stage: Stage, names: tuple[str, str]) -> None:
    pair = Pair(stage, names)
    if any(ran.meet for ran in pair.in_every_order()):  # else each is struck by itself elsewhere
        pair.in_every_order(AT_WRITES)


@pytest.mark.parametrize("part", range(20))
def test_three_at_once_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in range(100 * part, 100 * (part + 1)):
        run(stage, drawn(seed, length=3))
