"""The hunt for sabotage: the same cases and the same invariants, on code that is broken on purpose."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, combinations_with_replacement

from tests.simulation.cases import Broken, Case, run, struck_cases, undisturbed
from tests.simulation.sabotage import Sabotage
from tests.simulation.stage import Stage


def cases(stage: Stage, names: tuple[str, ...]) -> Iterator[Case]:
    """Each operation with every fault at every call, and every two of them in every order."""
    yield from chain.from_iterable(struck_cases(stage, name) for name in names)
    for pair in combinations_with_replacement(names, 2):
        yield from undisturbed(stage, pair)


def caught(stage: Stage, sabotage: Sabotage) -> str:
    """What the simulations say of the sabotage; "" if they notice nothing."""
    with ExitStack() as stack:
        for each in sabotage.patches(stage):
            stack.enter_context(each)
        try:
            for case in cases(stage, sabotage.names):
                run(stage, case)
        except Broken as broken:
            return str(broken)
    return ""
