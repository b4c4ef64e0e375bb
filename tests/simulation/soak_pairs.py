"""Every two operations at once, in every order of their AWS calls, undisturbed and with faults."""

import random
from itertools import combinations_with_replacement

import pytest

from tests.simulation.cases import Case, calls_of, drawn, run
from tests.simulation.faults import Fault, Strike
from tests.simulation.operations import OPERATIONS
from tests.simulation.scheduler import orders
from tests.simulation.stage import Stage

FAULTS: tuple[Fault, ...] = ("crash after", "answer lost", "conflict")
MOST_ORDERS = 70
"""Of two operations with more calls than 4 + 4, so many orders are drawn."""


PAIRS = list(combinations_with_replacement(OPERATIONS, 2))


@pytest.mark.parametrize("names", PAIRS, ids=" + ".join)
def test_the_pair_keeps_the_invariants_in_every_order(stage: Stage, names: tuple[str, str]) -> None:
    counts = [len(calls_of(stage, name)) for name in names]
    chance = random.Random(str(names))  # noqa: S311 (simulated chance)
    for order in _orders(counts, chance):
        run(stage, Case(names, order))
        for fault in FAULTS:
            worker = chance.randrange(2)
            run(stage, Case(names, order, (Strike(fault, chance.randint(1, counts[worker]), worker),)))


@pytest.mark.parametrize("part", range(20))
def test_three_at_once_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in range(100 * part, 100 * (part + 1)):
        run(stage, drawn(seed, length=3))


def _orders(counts: list[int], chance: random.Random) -> list[tuple[int, ...]]:
    if sum(counts) <= 8:
        return orders(*counts)
    calls = [number for number, count in enumerate(counts) for _ in range(count)]
    return [tuple(chance.sample(calls, len(calls))) for _ in range(MOST_ORDERS)]
