"""Orders that are left out lead nowhere else than those that run."""

import random

import pytest

from tests.simulation.accesses import writes
from tests.simulation.cases import Case, calls_of
from tests.simulation.faults import AT_WRITES, Strike
from tests.simulation.pairs import Pair
from tests.simulation.scheduler import orders
from tests.simulation.stage import Stage
from tests.simulation.traces import Ran


@pytest.mark.parametrize(
    ("names", "ends"),
    [
        (("sign in", "order"), 1),
        (("cancel", "claim"), 2),
        (("set password", "change password"), None),
        (("sign out", "look"), None),
        (("guess", "guess"), None),
        (("charge", "cancel"), None),
        (("relay", "order"), None),
    ],
)
def test_the_orders_that_run_end_in_all_the_ways_there_are(
    stage: Stage, names: tuple[str, str], ends: int | None
) -> None:
    pair = Pair(stage, names)
    runs = pair.in_every_order()
    found = set(pair.ends)
    assert len(found) == ends or (ends is None and len(found) > 1)
    for order in orders(*(max(len(each.made[worker]) for each in runs) for worker in (0, 1))):
        pair.run(Case(names, order))
    assert pair.ends == found


@pytest.mark.parametrize(
    "names", [("cancel", "charge"), ("edit", "edit type"), ("continue", "undo with patients"), ("sign out", "look")]
)
def test_no_order_with_a_fault_ends_in_another_way(stage: Stage, names: tuple[str, str]) -> None:
    pair = Pair(stage, names)
    undisturbed, runs = pair.in_every_order(), pair.in_every_order(AT_WRITES)
    found = set(pair.ends)
    chance = random.Random(0)  # noqa: S311 (simulated chance)
    longest = [max(len(ran.made[worker]) for ran in runs) for worker in (0, 1)]
    strikes = [strike for ran in undisturbed for strike in _at_writes(ran)]
    for _ in range(60):
        order = chance.sample([worker for worker in (0, 1) for _ in range(longest[worker])], sum(longest))
        pair.run(Case(names, tuple(order), (chance.choice(strikes),)))
    assert pair.ends == found


def _at_writes(ran: Ran) -> list[Strike]:
    calls = [(worker, index, call) for worker in (0, 1) for index, call in enumerate(ran.made[worker], 1)]
    return [
        Strike(fault, index, worker)
        for worker, index, call in calls
        for fault in AT_WRITES
        if writes(call) and call.admits(fault)
    ]


def test_calls_that_a_worker_makes_as_it_lost_a_race_have_their_turns_too(stage: Stage) -> None:
    names = ("complete upload", "complete upload")
    runs = Pair(stage, names).in_every_order()
    longest = max(len(made) for ran in runs for made in ran.made)
    assert longest > len(calls_of(stage, names[0]))
    assert {ran.turns[-1] for ran in runs if len(ran.made[0]) == longest} == {0, 1}
