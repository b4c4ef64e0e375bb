"""The hunt for sabotage: the same cases and the same invariants, on code that is broken on purpose."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, combinations_with_replacement
from typing import Any

from tests.simulation.cases import Broken, Case, run, struck_cases, undisturbed
from tests.simulation.stage import Stage


@dataclass(frozen=True)
class Sabotage:
    """What is broken, and the operations that miss it. `patches(stage)` are in force while they are simulated."""

    patches: Callable[[Stage], list[Any]]
    names: tuple[str, ...]


SABOTAGES: dict[str, Sabotage] = {}


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


def sabotage(name: str, *names: str) -> Callable[[Callable[[Stage], list[Any]]], None]:
    def declare(patches: Callable[[Stage], list[Any]]) -> None:
        SABOTAGES[name] = Sabotage(patches, names)

    return declare
