"""The orders of two operations' AWS calls, each that can make a difference once.

Two calls are independent when neither writes what the other touches: whichever comes first, both are answered alike,
and what is there after both is the same. So an order in which a call of worker 1 comes right before an independent one
of worker 0 leads where the order leads with these two exchanged, and is left out (Mazurkiewicz's traces). And where
two orders come to the same state, with the same answers to each worker so far, the first is gone on with. Together
these leave no state out: where a call of worker 0 is left out after one of worker 1, it would have led where that one
leads after it, and a call of worker 1 is never left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product, starmap
from typing import NamedTuple

from tests.simulation.accesses import are_independent, writes
from tests.simulation.faults import AT_WRITES, Call, Fault, Strike

Order = tuple[int, ...]
Made = tuple[list[Call], list[Call]]


class Path(NamedTuple):
    """The worker of each call so far, and the fault that struck one of these."""

    order: Order = ()
    strike: Strike | None = None

    def made_by(self, worker: int) -> int:
        """How many calls a worker has made."""
        return self.order.count(worker)


class Ran(NamedTuple):
    """What two workers did: the calls that each made, the worker of each call in turn, and what tells the states after
    them apart."""

    made: Made
    turns: Order
    states: list[int]

    @property
    def meet(self) -> bool:
        """Whether they have anything to do with each other."""
        return _meet(*self.made)

    def left(self, path: Path) -> Made:
        """What each still does after a path on which this ran."""
        one, other = self.made
        return one[path.made_by(0) :], other[path.made_by(1) :]


@dataclass
class Exploration:
    """Two workers in every order of their calls that can make a difference, however many they come to make; and with
    each of the faults at each write, in every order that there is before it and after it.

    `run` simulates what begins with a path; where that is used up worker 0 goes on to its end, then worker 1. `known`
    is what ran. Each state that there is gets visited: of two ways to it the first is gone on with. A fault at a read
    leaves nothing behind: whoever made it begins anew, after the other.
    """

    run: Callable[[Path], Ran]
    known: dict[Path, Ran]
    faults: Sequence[Fault] = ()
    _states: set[int] = field(default_factory=set)

    def orders(self) -> Iterator[Ran]:
        """Run those that no earlier one stands for, and such that came to where an earlier one was."""
        assert set(self.faults) <= set(AT_WRITES), "other faults leave what no state tells"
        return self._go_on(Path())

    def _go_on(self, path: Path) -> Iterator[Ran]:
        if self._is_exchanged(path):
            return
        ran = self._ran(path)
        if self._was_here(path, ran) or self._is_settled(path, ran):
            yield ran
            return
        for step in self._steps(path, ran):
            yield from self._go_on(step)

    def _is_exchanged(self, path: Path) -> bool:
        """Whether its last two calls lead where they led in the other turn."""
        if path.order[-2:] != (1, 0):
            return False
        before = path.order[:-2]
        twin = self.known.get(Path((*before, 0, 1), path.strike))
        return twin is not None and are_independent(*(calls[0] for calls in twin.left(Path(before))))

    def _ran(self, path: Path) -> Ran:
        if path not in self.known:
            ran = self.run(path)
            for end in range(len(path.order), len(ran.turns) + 1):
                self.known[Path(ran.turns[:end], path.strike)] = ran
        return self.known[path]

    def _was_here(self, path: Path, ran: Ran) -> bool:
        if not path.order:
            return False
        state = ran.states[len(path.order) - 1]
        known = state in self._states
        self._states.add(state)
        return known

    def _is_settled(self, path: Path, ran: Ran) -> bool:
        """Whether nothing is left to try: what is left of the two does not meet. With a fault to come it might, in what
        is tried again."""
        left = ran.left(path)
        return not any(left) or (not _meet(*left) and (path.strike is not None or not self.faults))

    def _steps(self, path: Path, ran: Ran) -> Iterator[Path]:
        """The path with one call more, with and without a fault; there is one in each path at most."""
        for worker, calls in enumerate(ran.left(path)):
            if calls:
                order = (*path.order, worker)
                yield Path(order, path.strike)
                if path.strike is None and writes(calls[0]):
                    admitted = filter(calls[0].admits, self.faults)
                    yield from (Path(order, Strike(fault, path.made_by(worker) + 1, worker)) for fault in admitted)


def _meet(one: list[Call], other: list[Call]) -> bool:
    return not all(starmap(are_independent, product(one, other)))
