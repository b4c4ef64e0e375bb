"""Every two operations at once, in every order of their AWS calls that can make a difference, undisturbed and with
faults at every write; and three at once, drawn."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from tests.simulation.cases import Case, all_different, calls_of, drawn, run
from tests.simulation.faults import Fault, Strike
from tests.simulation.laboratory import Place
from tests.simulation.operations import OPERATIONS
from tests.simulation.stage import Stage
from tests.simulation.traces import Made, writes

FAULTS: tuple[Fault, ...] = ("crash after", "answer lost", "conflict")
MOST_ORDERS = 400
"""Pairs with more, which are sweeps with much to do, run in some that are drawn; and in every one for each thing by
itself that there is to do."""
DRAWN_ORDERS = 25
ONLY_DRAWN = [("remove trial data", "remove trial data")]
"""Even one thing to do has more orders, as it is done in chunks."""


@pytest.mark.parametrize("names", list(combinations_with_replacement(OPERATIONS, 2)), ids=" + ".join)
def test_the_pair_keeps_the_invariants(stage: Stage, names: tuple[str, str]) -> None:
    if _keeps_them_in_every_order(stage, names):
        return
    for case in _some(stage, names):
        run(stage, case)
    if names not in ONLY_DRAWN:
        for place in _things_to_do(stage, names):
            assert _keeps_them_in_every_order(stage, names, place)


@pytest.mark.parametrize("names", [("block dormant", "block dormant"), ("continue", "continue")], ids=" + ".join)
def test_a_pair_with_many_orders_keeps_the_invariants_in_each(stage: Stage, names: tuple[str, str]) -> None:
    assert all_different(stage, names)


def _keeps_them_in_every_order(stage: Stage, names: tuple[str, str], in_sight: Place | None = None) -> bool:
    """Run the pair in every order, each undisturbed and with faults at every write. False where there are too many."""
    ran = all_different(stage, names, MOST_ORDERS, in_sight)
    if ran is None:
        return False
    if len(ran) > 1:  # else they have nothing to do with each other, and each is struck by itself elsewhere
        for case, made in ran:
            for strike in _strikes(made):
                run(stage, replace(case, strikes=(strike,)))
    return True


def _things_to_do(stage: Stage, names: tuple[str, str]) -> list[Place]:
    """The rows that wait for both sweeps. Two different ones may have none in common."""
    waiting = [place for place, row in stage.before.items() if "due_at" in row]
    found = [place for place in waiting if all(any(map(writes, calls_of(stage, name, place))) for name in names)]
    assert found or names[0] != names[1]
    return found


def _strikes(made: Made) -> list[Strike]:
    """The faults at each write. One at a read leaves nothing behind: whoever made it begins anew, after the other."""
    return [
        Strike(fault, index, worker)
        for worker, calls in enumerate(made)
        for index, call in enumerate(calls, 1)
        for fault in FAULTS
        if writes(call) and call.admits(fault)
    ]


def _some(stage: Stage, names: tuple[str, str]) -> Iterator[Case]:
    """Drawn orders, each once undisturbed and once with a fault."""
    chance = random.Random(str(names))  # noqa: S311 (simulated chance)
    lengths = [len(calls_of(stage, name)) for name in names]
    calls = [worker for worker, length in enumerate(lengths) for _ in range(length)]
    for _ in range(DRAWN_ORDERS):
        case = Case(names, tuple(chance.sample(calls, len(calls))))
        worker = chance.randrange(2)
        strike = Strike(chance.choice(FAULTS), chance.randint(1, lengths[worker]), worker)
        yield case
        yield replace(case, strikes=(strike,))


@pytest.mark.parametrize("part", range(20))
def test_three_at_once_keep_the_invariants(stage: Stage, part: int) -> None:
    for seed in range(100 * part, 100 * (part + 1)):
        run(stage, drawn(seed, length=3))
