"""The hunt for sabotage: the same cases and the same invariants, on code that is broken on purpose."""

from contextlib import ExitStack
from itertools import combinations_with_replacement

from tests.simulation.cases import Broken, all_different, run, struck_cases
from tests.simulation.sabotage import Sabotage
from tests.simulation.stage import Stage


def caught(stage: Stage, sabotage: Sabotage) -> str:
    """The check that catches the sabotage; "" if the simulations notice nothing."""
    with ExitStack() as stack:
        for each in sabotage.patches(stage):
            stack.enter_context(each)
        try:
            hunt(stage, sabotage.names)
        except Broken as broken:
            return broken.check
    return ""


def hunt(stage: Stage, names: tuple[str, ...]) -> None:
    """Each operation with every fault at every call, and every two of them in every order. Raises Broken."""
    for name in names:
        for case in struck_cases(stage, name):
            run(stage, case)
    for pair in combinations_with_replacement(names, 2):
        all_different(stage, pair)
