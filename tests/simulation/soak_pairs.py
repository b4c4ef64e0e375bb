"""Every two operations at once, in every order of their AWS calls that can make a difference, undisturbed and with
faults at every write; and three at once, drawn."""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations_with_replacement

import pytest

from chalicelib import clock
from tests.simulation.cases import Alone, Case, all_different, calls_of, drawn, run
from tests.simulation.faults import Fault, Strike
from tests.simulation.history import arrived
from tests.simulation.laboratory import Place
from tests.simulation.operations import OPERATIONS
from tests.simulation.script import NOW
from tests.simulation.stage import Stage
from tests.simulation.traces import Made, writes

FAULTS: tuple[Fault, ...] = ("crash after", "answer lost", "conflict")
MOST_ORDERS = 400
"""Pairs with more, which are sweeps with much to do, run in some that are drawn; and in every one for each thing by
itself that there is to do."""
DRAWN_ORDERS = 25
ONLY_DRAWN = [("remove trial data", "remove trial data"), ("check promises", "close solved")]
"""Even one thing to do of the first has more orders, as it is done in chunks; the others have no thing in common."""


@pytest.fixture(scope="module")
def alone(stage: Stage) -> Alone:
    """The calls of each operation by itself."""
    return {name: calls_of(stage, name) for name in OPERATIONS}


@pytest.mark.parametrize("names", list(combinations_with_replacement(OPERATIONS, 2)), ids=" + ".join)
def test_the_pair_keeps_the_invariants(stage: Stage, alone: Alone, names: tuple[str, str]) -> None:
    if _keeps_them_in_every_order(stage, names, alone):
        return
    for case in _some(names, alone):
        run(stage, case)
    if names in ONLY_DRAWN:
        return
    parts = list(_with_one_thing_to_do(stage, names))
    assert parts
    for smaller in parts:
        by_itself = {name: calls_of(smaller, name) for name in names}
        assert _keeps_them_in_every_order(smaller, names, by_itself)


@pytest.mark.parametrize("names", [("block dormant", "block dormant"), ("continue", "continue")], ids=" + ".join)
def test_a_pair_with_many_orders_keeps_the_invariants_in_each(
    stage: Stage, alone: Alone, names: tuple[str, str]
) -> None:
    assert all_different(stage, names, alone)


def _keeps_them_in_every_order(stage: Stage, names: tuple[str, str], alone: Alone) -> bool:
    """Run the pair in every order, each undisturbed and with faults at every write. False where there are too many."""
    ran = all_different(stage, names, alone, MOST_ORDERS)
    if ran is None:
        return False
    if len(ran) > 1:  # else they have nothing to do with each other, and each is struck by itself elsewhere
        for case, made in ran:
            for strike in _strikes(made):
                run(stage, replace(case, strikes=(strike,)))
    return True


def _with_one_thing_to_do(stage: Stage, names: tuple[str, str]) -> Iterator[Stage]:
    """The stage when the time of two sweeps has come, which find one alone of the rows that wait for them."""
    then = clock.to_text(NOW + max(OPERATIONS[name].ahead for name in names))
    arrival = arrived(stage, names[0])
    for place, row in arrival.before.items():
        if row.get("due_at", "9999") <= then:
            smaller = replace(arrival, reset=partial(_show, arrival, place))
            if any(map(writes, calls_of(smaller, names[0]))):
                yield smaller


def _show(arrival: Stage, place: Place) -> None:
    arrival.reset()
    arrival.lab.in_sight = place


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
