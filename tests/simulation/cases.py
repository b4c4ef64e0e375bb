"""One simulated case: which operations run, in which order their AWS calls happen, and which faults strike them.

A case is a line of text, so that it can be replayed: `cancel + charge / 0 1 1 0 / answer lost @ 0.2`.
"""

import random
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import get_args

from tests.simulation.faults import FAULTS, Call, Fault, Strike
from tests.simulation.history import History, recover, simulate
from tests.simulation.invariants import check
from tests.simulation.operations import OPERATIONS
from tests.simulation.scheduler import Scheduler, orders
from tests.simulation.stage import Stage

_PARTS = "parts of "
TALLY: Counter[str] = Counter()
"""How many cases were simulated, with how many faults; how many different ends were checked; how often an invariant
broke."""


class Broken(AssertionError):
    """An invariant does not hold after a case. Says which, and how to see it again. `check` is its name."""

    def __init__(self, case: "Case", history: History, why: AssertionError) -> None:
        super().__init__(f'{why}\nReplay: .venv/bin/python -m tests.simulation.replay "{case}"')
        self.history = history
        self.check = traceback.extract_tb(why.__traceback__)[-1].name


@dataclass(frozen=True)
class Case:
    """What to simulate. Its text says all about it. `parts`: of a sweep's handler only what the sweep is named for."""

    names: tuple[str, ...]
    order: tuple[int, ...] = ()
    strikes: tuple[Strike, ...] = ()
    parts: bool = False

    def __str__(self) -> str:
        strikes = ", ".join(f"{strike.fault} @ {strike.worker}.{strike.call}" for strike in self.strikes)
        of = _PARTS if self.parts else ""
        return f"{of}{' + '.join(self.names)} / {' '.join(map(str, self.order))} / {strikes}".strip()

    @staticmethod
    def parse(text: str) -> "Case":
        """The case of a text. Raises ValueError for any other text."""
        if text.count("/") != 2:
            raise ValueError("a case is: operations / order / strikes")
        names, order, strikes = (part.strip() for part in text.removeprefix(_PARTS).split("/"))
        operations = tuple(name.strip() for name in names.split("+"))
        if unknown := set(operations) - set(OPERATIONS):
            raise ValueError(f"no operation {unknown}")
        return Case(
            operations,
            tuple(map(int, order.split())),
            tuple(_strike(text) for text in strikes.split(",") if text),
            text.startswith(_PARTS),
        )


def _strike(text: str) -> Strike:
    found = re.fullmatch(r"\s*(.+?) @ (\d+)\.(\d+)\s*", text)
    if found is None or found[1] not in get_args(Fault):
        raise ValueError(f"no strike: {text}")
    return Strike(found[1], int(found[3]), int(found[2]))  # type: ignore[arg-type]


def run(stage: Stage, case: Case) -> History:
    """Simulate the case from the stage's beginning, let everybody recover, and check. Raises Broken."""
    stage.reset()
    return go_on(History(stage), case)


def go_on(history: History, case: Case) -> History:
    """The same, on from wherever the history stands."""
    start(history, case)
    finish(history, case)
    return history


def start(history: History, case: Case) -> Scheduler:
    """Let the operations of the case happen."""
    lab = history.stage.lab
    lab.remembers = any(strike.fault == "stale index" for strike in case.strikes)
    scheduler = Scheduler(case.order, case.strikes, lab.stale, lab.state)
    simulate(history, case.names, scheduler, case.parts)
    TALLY.update(cases=1, faults=len(history.struck))
    return scheduler


def finish(history: History, case: Case) -> None:
    """Let everybody recover, and check. Raises Broken."""
    TALLY.update(ends=1)
    try:
        recover(history)
        check(history)
    except AssertionError as error:
        TALLY.update(broken=1)
        raise Broken(case, history, error) from error


def calls_of(stage: Stage, name: str) -> list[Call]:
    """The AWS calls that an operation makes when nothing goes wrong."""
    return run(stage, Case((name,))).requests[0].calls


def struck_cases(name: str, calls: list[Call]) -> Iterator[Case]:
    """The operation with every fault that can happen at each of its AWS calls."""
    for index, call in enumerate(calls, 1):
        for fault in FAULTS:
            if call.admits(fault):
                yield Case((name,), strikes=(Strike(fault, index),))


def undisturbed(stage: Stage, names: tuple[str, ...]) -> Iterator[Case]:
    """The operations at once, in every order of their AWS calls, without faults."""
    for order in orders(*(len(calls_of(stage, name)) for name in names)):
        yield Case(names, order)


def drawn(seed: int, length: int = 2, among: Iterable[str] = OPERATIONS) -> Case:
    """Some operations in some order with up to two faults, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (simulated chance)
    names = tuple(chance.choice(sorted(among)) for _ in range(length))
    order = tuple(chance.randrange(length) for _ in range(8 * length))
    strikes = tuple(
        Strike(chance.choice(FAULTS), chance.randint(1, 4), chance.randrange(length))
        for _ in range(chance.choice((0, 1, 1, 2)))
    )
    return Case(names, order, strikes)
