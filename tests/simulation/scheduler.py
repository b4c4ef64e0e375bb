"""The fault scheduler: workers run side by side, but only one AWS call happens at a time, in an order we choose.

A worker is any function that makes AWS calls. Each call waits at a gate until the scheduler picks its worker, and
there a fault may strike it. Everything is reproducible from (order, strikes).
"""

import contextvars
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import botocore.client
import msgspec
from botocore.exceptions import ClientError, ConnectionClosedError
from greenlet import getcurrent, greenlet

from chalicelib import clock, due, store
from tests.simulation.accesses import writes
from tests.simulation.faults import STEP, Call, Crash, Strike, refusal
from tests.simulation.laboratory import entries

Proceed = Callable[[], Any]
MOST_CALLS = 10_000
_TURNS = count()


@dataclass
class Outcome:
    """How a worker ended: its value, the exception it raised, or a crash; its AWS calls; and how its copies ended.
    `seen` tells two workers apart that were not answered alike."""

    value: Any = None
    error: Exception | None = None
    crashed: bool = False
    calls: list[Call] = field(default_factory=list)
    twins: "list[Outcome]" = field(default_factory=list)
    seen: int = 0


def as_it_is(proceed: Proceed) -> Any:
    """An index that is up to date."""
    return proceed()


def nobody_asks() -> int:
    """Of states, of which none need be told from another."""
    return 0


class Scheduler:
    """Runs workers once. `stale` makes a query of an index see earlier writes only; `state` tells what is there.

    `turns` has the worker of each call in turn, and `states` what tells whether all was the same after it as in another
    run: what is there, and what each worker had seen. From there on both are the same, in the same order.
    """

    def __init__(
        self,
        order: Sequence[int] = (),
        strikes: Sequence[Strike] = (),
        stale: Callable[[Proceed], Any] = as_it_is,
        state: Callable[[], int] = nobody_asks,
    ) -> None:
        self._order = list(order)
        self._strikes = {(strike.worker, strike.call): strike.fault for strike in strikes}
        self._stale, self._state = stale, state
        self._workers: Sequence[Callable[[], Any]] = ()
        self._outcomes: list[Outcome] = []
        self._outcome = Outcome()  # of who runs: a worker, or a worker's copy, whose calls wait for nobody (no number)
        self._number: int | None = None
        self._home = getcurrent()
        self._there = 0
        self.struck: list[Strike] = []
        self.turns: list[int] = []
        self.states: list[int] = []

    def run(self, *workers: Callable[[], Any]) -> list[Outcome]:
        """Run them to their ends: who is next in `order` and not done, and the lowest where nobody is."""
        self._workers, self._outcomes = workers, [Outcome() for _ in workers]
        with _gate(self._call):
            running = [self._begun(number) for number in range(len(workers))]
            while waiting := [number for number, worker in enumerate(running) if not worker.dead]:
                wanted = next((number for number in self._order if number in waiting), waiting[0])
                if wanted in self._order:
                    self._order.remove(wanted)
                self._go_on(running[wanted], wanted)
                assert len(self.turns) < MOST_CALLS, "a worker goes on for ever"
        return self._outcomes

    def _begun(self, number: int) -> greenlet:
        """A worker that stands at the gate, or has ended."""
        worker = greenlet(lambda: _finish(self._outcomes[number], self._workers[number]))
        worker.gr_context = contextvars.copy_context()
        self._go_on(worker, number)
        return worker

    def _go_on(self, worker: greenlet, number: int) -> None:
        self._number, self._outcome = number, self._outcomes[number]
        worker.switch()

    def _call(self, proceed: Proceed, operation: str, arguments: dict[str, Any]) -> Any:
        call = Call(operation, arguments)
        if self._number is None:
            self._outcome.calls.append(call)
            return _effective(call, proceed)
        self._home.switch()
        return self._made(proceed, call, self._number, self._outcome)

    def _made(self, proceed: Proceed, call: Call, number: int, outcome: Outcome) -> Any:
        outcome.calls.append(call)
        answer: Any = None
        try:
            answer = self._struck_call(lambda: _effective(call, proceed), call, number, len(outcome.calls))
            return answer
        except BaseException as error:
            answer, outcome.crashed = error, isinstance(error, Crash)
            raise
        finally:
            outcome.seen = hash((outcome.seen, call.operation, call.effects, _told(answer)))
            if call.effects and writes(call):
                self._there = self._state()
            self.turns.append(number)
            self.states.append(hash((self._there, *((each.seen, each.crashed) for each in self._outcomes))))

    def _struck_call(self, proceed: Proceed, call: Call, number: int, index: int) -> Any:
        fault = self._strikes.get((number, index))
        if fault is None or not call.admits(fault):
            return proceed()
        self.struck.append(Strike(fault, index, number))
        if fault == "crash before":
            raise Crash
        if fault == "request lost":
            raise ConnectionClosedError(endpoint_url="simulated")
        if fault in ("throttled", "conflict"):
            raise refusal(fault, call)
        if fault == "delivered twice":
            self._run_twin(number)
        if fault == "clock step":
            clock._frozen.set(clock.now() + STEP)
        if fault == "stale index":
            return self._stale(proceed)
        if fault == "token replayed":
            call.arguments.setdefault("ClientRequestToken", f"{number}-{index}")
        if fault in ("crash after", "answer lost"):
            with suppress(ClientError):  # nobody hears whether it was refused
                proceed()
            raise Crash if fault == "crash after" else ConnectionClosedError(endpoint_url="simulated")
        answer = proceed()
        if fault in ("sent twice", "token replayed"):
            answer = proceed()
        if fault == "token replayed":
            call.effects = 1  # the second time it was only told so
        return answer

    def _run_twin(self, number: int) -> None:
        original = self._outcomes[number]
        twin = self._outcome = Outcome()
        original.twins.append(twin)
        self._number = None
        try:
            _finish(twin, self._workers[number])
        finally:
            self._number, self._outcome = number, original


def _finish(outcome: Outcome, worker: Callable[[], Any]) -> None:
    try:
        outcome.value = worker()
    except Crash:
        outcome.crashed = True
    except Exception as error:  # handed to the test, which decides
        outcome.error = error


def _told(answer: Any) -> Any:
    """What tells an answer from others."""
    if isinstance(answer, ClientError):
        return json.dumps(answer.response, sort_keys=True)
    if isinstance(answer, BaseException):
        return ""
    told = {name: value for name, value in (answer or {}).items() if name != "ResponseMetadata"}
    return msgspec.json.encode(told, order="deterministic", enc_hook=lambda body: body.getvalue())


def _effective(call: Call, proceed: Proceed) -> Any:
    call.entries |= entries(call)
    answer = proceed()
    call.entries |= entries(call)
    call.effects += 1
    call.turn = next(_TURNS)
    return answer


@contextmanager
def _gate(call: Callable[[Proceed, str, dict[str, Any]], Any]) -> Iterator[None]:
    client = botocore.client.BaseClient
    inner, pause = client._make_api_call, store.pause  # type: ignore[attr-defined]

    def gated(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        return call(lambda: inner(self, operation, arguments), operation, arguments)

    client._make_api_call = gated  # type: ignore[attr-defined]
    store.pause = lambda _: None
    first, due.first_shard = due.first_shard, lambda _: 0
    try:
        yield
    finally:
        client._make_api_call, store.pause, due.first_shard = inner, pause, first  # type: ignore[attr-defined]


def orders(*calls: int) -> list[tuple[int, ...]]:
    """Every interleaving of workers that make so many calls each."""
    if not any(calls):
        return [()]
    return [
        (number, *rest)
        for number, count in enumerate(calls)
        if count
        for rest in orders(*calls[:number], count - 1, *calls[number + 1 :])
    ]
