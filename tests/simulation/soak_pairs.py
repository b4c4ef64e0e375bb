"""Every two operations at once, in every order of their AWS calls that can make a difference, undisturbed and with
faults at every write; and three at once, drawn."""

import random
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from tests.simulation.cases import Case, all_different, calls_of, drawn, run
from tests.simulation.faults import Fault, Strike
from tests.simulation.operations import OPERATIONS
from tests.simulation.stage import Stage
from tests.simulation.traces import Made, writes

FAULTS: tuple[Fault, ...] = ("crash after", "answer lost", "conflict")
LONG = ("report", "make report", "remove trial data")
"""Two of them have more orders than can be listed: some are drawn."""
DRAWN_ORDERS = 200
PAIRS = list(combinations_with_replacement(OPERATIONS, 2))


@pytest.mark.parametrize("names", [pair for pair in PAIRS if not set(pair) <= set(LONG)], ids=" + ".join)
def test_the_pair_keeps_the_invariants_in_every_order(stage: Stage, names: tuple[str, str]) -> None:
    ran = all_different(stage, names)
    if len(ran) == 1:  # they have nothing to do with each other, and each is struck by itself elsewhere
        return
    for case, made in ran:
        for strike in _strikes(made):
            run(stage, replace(case, strikes=(strike,)))


def _strikes(made: Made) -> list[Strike]:
    """The faults at each write. One at a read leaves nothing behind: whoever made it begins anew, after the other."""
    return [
        Strike(fault, index, worker)
        for worker, calls in enumerate(made)
        for index, call in enumerate(calls, 1)
        for fault in FAULTS
        if writes(call) and call.admits(fault)
    ]


@pytest.mark.parametrize("names", list(combinations_with_replacement(LONG, 2)), ids=" + ".join)
def test_two_long_ones_keep_the_invariants(stage: Stage, names: tuple[str, str]) -> None:
    chance = random.Random(str(names))  # noqa: S311 (simulated chance)
    calls = [worker for worker, name in enumerate(names) for _ in calls_of(stage, name)]
    for _ in range(DRAWN_ORDERS):
        order = tuple(chance.sample(calls, len(calls)))
        strike = Strike(chance.choice(FAULTS), chance.randint(1, len(calls) // 2), chance.randrange(2))
        run(stage, Case(names, order))
        run(stage, Case(names, order, (strike,)))


@pytest.mark.parametrize("part", range(20))
def test_three_at_once_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in range(100 * part, 100 * (part + 1)):
        run(stage, drawn(seed, length=3))
