"""Two operations at once, in every order of their AWS calls that can make a difference, and with faults at writes."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.simulation.cases import TALLY, Case, finish, start
from tests.simulation.faults import Fault, Strike
from tests.simulation.history import History
from tests.simulation.scheduler import Scheduler
from tests.simulation.stage import Stage
from tests.simulation.traces import Order, Ran, different, writes


@dataclass
class Pair:
    """Two operations, from the stage's beginning. Of cases that end alike, one is checked: what follows is the same.

    `ends` has the ends that were checked.
    """

    stage: Stage
    names: tuple[str, str]
    ends: set[int] = field(default_factory=set)

    def in_every_order(self) -> list[Ran]:
        """Run them without faults. Raises Broken."""
        runs = list(different(self._undisturbed))
        one, other = map(len, runs[0].made)
        TALLY.update(orders=math.comb(one + other, one))
        return runs

    def struck(self, runs: Iterable[Ran], faults: Sequence[Fault]) -> None:
        """Run them in these orders again, with each fault at every write. Raises Broken.

        One at a read leaves nothing behind: whoever made it begins anew, after the other.
        """
        done = set()
        for ran in runs:
            for turn, strike in _strikes(ran, faults):
                rest = _rest(ran.turns[turn + 1 :], strike.fault)
                before = ran.states[turn - 1] if turn else 0
                if (before, strike, rest) not in done:  # else all was alike already, before the fault and after it
                    done.add((before, strike, rest))
                    self.run(Case(self.names, (*ran.turns[: turn + 1], *rest), (strike,)))

    def run(self, case: Case) -> tuple[History, Scheduler]:
        """Run one case of the two. Raises Broken."""
        self.stage.reset()
        history = History(self.stage)
        scheduler = start(history, case)
        if (end := history.end) not in self.ends:
            finish(history, case)
            self.ends.add(end)
        return history, scheduler

    def _undisturbed(self, order: Order) -> Ran:
        history, scheduler = self.run(Case(self.names, order))
        one, other = history.requests[:2]
        return Ran((one.calls, other.calls), tuple(scheduler.turns), scheduler.states)


def _strikes(ran: Ran, faults: Sequence[Fault]) -> Iterator[tuple[int, Strike]]:
    """The faults at each write, and in which turn it is made."""
    made = [0, 0]
    for turn, worker in enumerate(ran.turns):
        call = ran.made[worker][made[worker]]
        made[worker] += 1
        if writes(call):
            yield from ((turn, Strike(fault, made[worker], worker)) for fault in faults if call.admits(fault))


def _rest(turns: Order, fault: Fault) -> Order:
    """The order after a fault, without what happens anyway: worker 0 goes first, and who died goes no further."""
    if fault == "crash after":
        return ()
    end = len(turns)
    for worker in (1, 0):
        while end and turns[end - 1] == worker:
            end -= 1
    return turns[:end]
