"""Two operations at once, in every order of their AWS calls that can make a difference, and with faults at writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.simulation.cases import Case, finish, start
from tests.simulation.faults import Fault
from tests.simulation.history import History
from tests.simulation.scheduler import Scheduler
from tests.simulation.stage import Stage
from tests.simulation.traces import Exploration, Path, Ran


@dataclass
class Pair:
    """Two operations, from the stage's beginning; of sweeps the parts that they are named for, as a handler does its
    parts one after another, and each is a sweep of its own. Of cases that end alike, one is checked: what follows is
    the same.

    `ends` has the ends that were checked.
    """

    stage: Stage
    names: tuple[str, str]
    ends: set[int] = field(default_factory=set)
    _known: dict[Path, Ran] = field(default_factory=dict)

    def in_every_order(self, faults: Sequence[Fault] = ()) -> list[Ran]:
        """Run them without a fault, and with one of these. Raises Broken."""
        return list(Exploration(self._ran, self._known, faults).orders())

    def run(self, case: Case) -> tuple[History, Scheduler]:
        """Run one case of the two. Raises Broken."""
        case = replace(case, parts=True)
        self.stage.reset()
        history = History(self.stage)
        scheduler = start(history, case)
        if (end := history.end) not in self.ends:
            finish(history, case)
            self.ends.add(end)
        return history, scheduler

    def _ran(self, path: Path) -> Ran:
        history, scheduler = self.run(Case(self.names, path.order, (path.strike,) if path.strike else ()))
        one, other = history.requests[:2]
        return Ran((one.calls, other.calls), tuple(scheduler.turns), scheduler.states)
