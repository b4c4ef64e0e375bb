"""Every two operations at once, in every order of their AWS calls that can make a difference, undisturbed and with
faults at every write; and three at once, drawn."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from tests.simulation.cases import Alone, Case, all_different, calls_of, drawn, run
from tests.simulation.faults import Fault, Strike
from tests.simulation.operations import OPERATIONS
from tests.simulation.stage import Stage
from tests.simulation.traces import Made, writes

FAULTS: tuple[Fault, ...] = ("crash after", "answer lost", "conflict")
MOST_ORDERS = 60
"""Of pairs with more, which are long sweeps, some are drawn."""
DRAWN_ORDERS = 25


@pytest.fixture(scope="module")
def alone(stage: Stage) -> Alone:
    """The calls of each operation by itself."""
    return {name: calls_of(stage, name) for name in OPERATIONS}


@pytest.mark.parametrize("names", list(combinations_with_replacement(OPERATIONS, 2)), ids=" + ".join)
def test_the_pair_keeps_the_invariants(stage: Stage, alone: Alone, names: tuple[str, str]) -> None:
    ran = all_different(stage, names, alone, MOST_ORDERS)
    if ran is None:
        for case in _some(names, alone):
            run(stage, case)
        return
    if len(ran) == 1:  # they have nothing to do with each other, and each is struck by itself elsewhere
        return
    for case, made in ran:
        for strike in _strikes(made):
            run(stage, replace(case, strikes=(strike,)))


@pytest.mark.parametrize("names", [("continue copies", "continue copies")], ids=" + ".join)
def test_a_pair_with_many_orders_keeps_the_invariants_in_each(
    stage: Stage, alone: Alone, names: tuple[str, str]
) -> None:
    assert all_different(stage, names, alone)


def _strikes(made: Made) -> list[Strike]:
    """The faults at each write. One at a read leaves nothing behind: whoever made it begins anew, after the other."""
    return [
        Strike(fault, index, worker)
        for worker, calls in enumerate(made)
        for index, call in enumerate(calls, 1)
        for fault in FAULTS
        if writes(call) and call.admits(fault)
    ]


def _some(names: tuple[str, str], alone: Alone) -> Iterator[Case]:
    """Drawn orders, each once undisturbed and once with a fault."""
    chance = random.Random(str(names))  # noqa: S311 (simulated chance)
    calls = [worker for worker, name in enumerate(names) for _ in alone[name]]
    for _ in range(DRAWN_ORDERS):
        case = Case(names, tuple(chance.sample(calls, len(calls))))
        worker = chance.randrange(2)
        strike = Strike(chance.choice(FAULTS), chance.randint(1, len(alone[names[worker]])), worker)
        yield case
        yield replace(case, strikes=(strike,))


@pytest.mark.parametrize("part", range(20))
def test_three_at_once_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in range(100 * part, 100 * (part + 1)):
        run(stage, drawn(seed, length=3))
