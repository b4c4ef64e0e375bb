"""The hunt for sabotage: the same cases and the same invariants, on code that is broken on purpose."""

from contextlib import ExitStack
from itertools import combinations

from tests.simulation.cases import Broken, calls_of, run, struck_cases
from tests.simulation.history import arrived
from tests.simulation.pairs import Pair
from tests.simulation.sabotage import Sabotage
from tests.simulation.stage import Stage


def caught(stage: Stage, sabotage: Sabotage) -> str:
    """The check that catches the sabotage; "" if the simulations notice nothing."""
    arrivals = {name: arrived(stage, name) for name in sabotage.names}
    with ExitStack() as stack:
        for each in sabotage.patches(stage):
            stack.enter_context(each)
        try:
            hunt(stage, arrivals)
        except Broken as broken:
            return broken.check
    return ""


def hunt(stage: Stage, arrivals: dict[str, Stage]) -> None:
    """Every two of the operations in every order, each of them with every fault at every call, and each beside itself.
    Raises Broken."""
    length = {name: len(calls_of(stage, name)) for name in arrivals}
    for pair in sorted(combinations(arrivals, 2), key=lambda pair: sum(length[name] for name in pair)):
        Pair(stage, pair).in_every_order()
    for name, arrival in arrivals.items():
        for case in struck_cases(name, calls_of(arrival, name)):
            run(arrival, case)
    for name in sorted(arrivals, key=lambda name: length[name]):
        Pair(stage, (name, name)).in_every_order()
