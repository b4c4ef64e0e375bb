"""What happened in a case: everybody's requests, their answers, and what is there in the end."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.events import RELAY
from tests.simulation import part
from tests.simulation.faults import IN_TURN, STEP, Call, Strike
from tests.simulation.laboratory import Rows
from tests.simulation.operations import OPERATIONS, Answer, Operation
from tests.simulation.scheduler import Outcome, Scheduler
from tests.simulation.script import NOW
from tests.simulation.stage import Stage

SWEEPS = {name: operation.waiting for name, operation in OPERATIONS.items() if operation.waiting}
"""The sweeps, and the kind of work that each does."""
_TRIES = 4
_BESIDE_ITSELF = 2


@dataclass(frozen=True)
class Request:
    """One delivery of an operation, with what it did."""

    name: str
    outcome: Outcome

    @property
    def operation(self) -> Operation:
        return OPERATIONS[self.name]

    @property
    def calls(self) -> list[Call]:
        return self.outcome.calls

    @property
    def answer(self) -> Answer | None:
        """What the caller saw; None if the process died."""
        answer: Answer | None = self.outcome.value
        return answer

    @property
    def is_answered(self) -> bool:
        """Whether the caller knows how it ended, and so does not repeat it."""
        return self.answer is not None and self.answer.status < 500

    @property
    def succeeded(self) -> bool:
        return self.answer is not None and self.answer.status < 300

    @property
    def end(self) -> tuple[object, ...]:
        """What tells it from others. To whoever waits a process that died and trouble with AWS are one."""
        answer = None if self.answer and self.answer.status == 503 else self.answer
        return self.name, self.outcome.seen, answer, repr(self.outcome.error)

    @property
    def commits(self) -> int:
        """How many changes it made: transactions with an event that took effect."""
        return sum(call.effects for call in self.calls if call.is_transaction and call.events)


@dataclass
class History:
    """A case from beginning to end. `last` is everybody's latest request, `made` are the rows that were not
    there before the case; `swept` is when the sweeps have come by, at the latest; `let_in` has who was given access to
    an account, by practice and account, whatever became of it since.
    """

    stage: Stage
    now: datetime = NOW
    swept: datetime = NOW
    requests: list[Request] = field(default_factory=list)
    last: list[Request] = field(default_factory=list)
    struck: list[Strike] = field(default_factory=list)
    after: Rows = field(default_factory=Rows)
    made: Rows = field(default_factory=Rows)
    let_in: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def end(self) -> int:
        """What tells from others how the operations ended, before anybody recovers: the rest follows from it."""
        return hash((self.stage.lab.state(), *(request.end for request in self.requests)))

    def in_turn(self, kind: str) -> list[tuple[str, str, int]]:
        """(practice, subject, turn) of the events of a kind that were committed, in turn. It is one of `IN_TURN`."""
        assert kind in IN_TURN, f"of cases that differ in the turn of {kind} only one is checked"
        calls = [call for request in self.requests for call in request.calls if call.is_transaction and call.effects]
        told = [(pk, subject, call.turn) for call in calls for type_, pk, subject in call.events if type_ == kind]
        return sorted(told, key=lambda each: each[2])

    def of(self, name: str) -> list[Request]:
        """All deliveries of an operation."""
        return [request for request in self.requests if request.name == name]

    def add(self, name: str, outcome: Outcome) -> Request:
        """Take note of a delivery, and of its copies."""
        delivered = [Request(name, each) for each in (*outcome.twins, outcome)]
        self.requests.extend(delivered)
        calls = [call for request in delivered for call in request.calls if call.is_transaction and call.effects]
        for row in (row for call in calls for row in call.puts if row["sk"]["S"].startswith("grant#")):
            place = row["practice_id"]["S"], row["sk"]["S"].removeprefix("grant#")
            self.let_in[place].add(row["pk"]["S"].removeprefix("username#"))
        return delivered[-1]


def arrived(stage: Stage, name: str) -> Stage:
    """The stage when the operation's time has come, and the sweeps of other kinds came by on their way.

    They would do it after every case as well, each time the same. A late index still shows what was before.
    """
    operation = OPERATIONS[name]
    stage.reset()
    stage.lab.remembers = False
    history, at = History(stage), NOW + operation.ahead
    others = [sweep for sweep in SWEEPS if OPERATIONS[sweep].route != operation.route]
    with clock.frozen(at):
        for sweep in others * 2:
            if sweep in _work_left(history, at):
                _again(history, sweep, ahead=False)
    own = {SWEEPS[sweep] for sweep in SWEEPS if sweep not in others}
    left = {sweep for sweep in _work_left(history, at) if SWEEPS[sweep] not in own}
    assert not left, f"before {name} begins, the others leave work for {left}"
    return replace(stage, before=stage.lab.rows(), reset=stage.lab.saved())


def simulate(history: History, names: Sequence[str], scheduler: Scheduler, parts: bool) -> None:
    """Let the operations happen at once. `parts`: of a sweep only what it is named for, and of one beside itself two
    rows each: more make many more orders, but none that is of another kind."""
    most = _BESIDE_ITSELF if parts and len(set(names)) < len(names) else None
    with clock.frozen(history.now):
        outcomes = scheduler.run(
            *(_worker(history.stage, OPERATIONS[name], f"worker {at}", parts, most) for at, name in enumerate(names)),
        )
    history.last = [history.add(name, outcome) for name, outcome in zip(names, outcomes, strict=True)]
    history.struck = scheduler.struck


def recover(history: History) -> None:
    """What happens anyway: callers repeat what was not answered, and the sweeps come by again.

    Asserts that everybody is answered, and that two rounds of sweeps leave no work.
    """
    stepped = any(strike.fault == "clock step" for strike in history.struck)
    with clock.frozen(history.now + STEP * stepped):
        history.last = [_repeated(history, request) for request in history.last]
        for request in history.last:
            if request.succeeded and request.operation.keyed:
                _again(history, request.name)
    late = max((request.operation.ahead for request in history.last), default=timedelta(0))
    at = history.now + late + STEP * stepped
    work = _work_left(history, at)
    for pause in (timedelta(0), 2 * STEP):
        if work and pause:  # what failed is tried again
            at += pause
            work = _work_left(history, at)
        with clock.frozen(at):
            for name in SWEEPS:
                if name in work:
                    _again(history, name, ahead=False)
                    work = _work_left(history, at)
    history.swept = max(history.swept, history.now + late + 3 * STEP)
    assert not work, f"after two rounds of sweeps there is still work: {work}"
    history.after, before = history.stage.lab.rows(), history.stage.before
    history.made = Rows((place, row) for place, row in history.after.items() if place not in before)


def _worker(
    stage: Stage, operation: Operation, process: str, parts: bool = False, most: int | None = None, ahead: bool = True
) -> Callable[[], Answer]:
    begins = clock.now() + operation.ahead * ahead  # its twins' time, too

    def work() -> Answer:
        kind = operation.waiting if parts else ""
        with clock.frozen(begins), stage.lab.process(process), part.only(kind, most):
            return operation.act(stage)

    return work


def _repeated(history: History, request: Request) -> Request:
    for _ in range(_TRIES):
        if request.is_answered:
            return request
        request = _again(history, request.name)
    raise AssertionError(f"{request.name} is never answered: {request.answer}")


def _again(history: History, name: str, ahead: bool = True) -> Request:
    (outcome,) = Scheduler().run(_worker(history.stage, OPERATIONS[name], "later", ahead=ahead))
    return history.add(name, outcome)


def _work_left(history: History, at: datetime) -> set[str]:
    """The sweeps that have work to do by then."""
    then = clock.to_text(at)
    waiting = {kind for kind, due_at in history.stage.lab.waiting() if kind == RELAY or due_at <= then}
    return {name for name, kind in SWEEPS.items() if kind in waiting}
