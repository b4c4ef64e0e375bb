"""The fault scheduler: workers run in threads, but only one AWS call happens at a time, in an order we choose.

A worker is any function that makes AWS calls. Each call waits at a gate until the scheduler picks its worker, and
there a fault may strike it. Everything is reproducible from (order, strikes).
"""

import contextvars
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import botocore.client
from botocore.exceptions import ConnectionClosedError

from chalicelib import clock, due, store
from tests.simulation.faults import STEP, Call, Crash, Strike, refusal
from tests.simulation.laboratory import entries

Proceed = Callable[[], Any]
_TURNS = count()


@dataclass
class Outcome:
    """How a worker ended: its value, the exception it raised, or a crash; its AWS calls; and how its copy ended."""

    value: Any = None
    error: Exception | None = None
    crashed: bool = False
    calls: list[Call] = field(default_factory=list)
    twin: "Outcome | None" = None


class _Here(threading.local):
    """What the present thread is: a worker, or a worker's copy, whose calls wait for nobody (no number)."""

    number: int | None = None
    outcome: Outcome | None = None


def as_it_is(proceed: Proceed) -> Any:
    """An index that is up to date."""
    return proceed()


class Scheduler:
    """Runs workers once. `stale` makes a query of an index see earlier writes only."""

    def __init__(
        self,
        order: Sequence[int] = (),
        strikes: Sequence[Strike] = (),
        stale: Callable[[Proceed], Any] = as_it_is,
    ) -> None:
        self._order = list(order)
        self._strikes = {(strike.worker, strike.call): strike.fault for strike in strikes}
        self._stale = stale
        self._turn = threading.Condition()
        self._waiting: set[int] = set()
        self._done: set[int] = set()
        self._picked: int | None = None
        self._here = _Here()
        self._workers: Sequence[Callable[[], Any]] = ()
        self._outcomes: list[Outcome] = []
        self.struck: list[Strike] = []

    def run(self, *workers: Callable[[], Any]) -> list[Outcome]:
        """Run them to their ends. Where `order` is used up or names a worker that is done, the lowest goes first."""
        self._workers, self._outcomes = workers, [Outcome() for _ in workers]
        with _gate(self._call):
            if len(workers) == 1:  # has nobody to wait for
                contextvars.copy_context().run(self._work, 0)
                return self._outcomes
            threads = [
                threading.Thread(target=contextvars.copy_context().run, args=(self._work, number))
                for number in range(len(workers))
            ]
            for started, thread in enumerate(threads, 1):
                thread.start()
                self._settle(started)
            while len(self._done) < len(threads):
                self._release_one()
                self._settle(len(threads))
            for thread in threads:
                thread.join()
        return self._outcomes

    def _work(self, number: int) -> None:
        self._here.number, self._here.outcome = number, self._outcomes[number]
        _finish(self._outcomes[number], self._workers[number])
        with self._turn:
            self._done.add(number)
            self._turn.notify_all()

    def _settle(self, count: int) -> None:
        """Wait until so many workers stand at the gate or have ended."""
        with self._turn:
            if not self._turn.wait_for(
                lambda: self._picked is None and len(self._waiting | self._done) == count, timeout=60
            ):
                raise TimeoutError("a worker neither calls AWS nor ends")

    def _release_one(self) -> None:
        with self._turn:
            wanted = next((number for number in self._order if number in self._waiting), min(self._waiting))
            if wanted in self._order:
                self._order.remove(wanted)
            self._picked = wanted
            self._turn.notify_all()

    def _call(self, proceed: Proceed, operation: str, arguments: dict[str, Any]) -> Any:
        number, outcome = self._here.number, self._here.outcome
        if outcome is None:  # not one of our workers
            return proceed()
        call = Call(operation, arguments)
        if number is None:
            outcome.calls.append(call)
            return _effective(call, proceed)
        if len(self._workers) > 1:
            self._wait(number)
        try:
            outcome.calls.append(call)
            return self._struck_call(lambda: _effective(call, proceed), call, number, len(outcome.calls))
        finally:
            with self._turn:
                self._picked = None
                self._turn.notify_all()

    def _wait(self, number: int) -> None:
        with self._turn:
            self._waiting.add(number)
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._picked == number)
            self._waiting.discard(number)

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
        answer = proceed()
        if fault == "crash after":
            raise Crash
        if fault == "answer lost":
            raise ConnectionClosedError(endpoint_url="simulated")
        if fault in ("sent twice", "token replayed"):
            answer = proceed()
        if fault == "token replayed":
            call.effects = 1  # the second time it was only told so
        return answer

    def _run_twin(self, number: int) -> None:
        original = self._outcomes[number]
        original.twin = self._here.outcome = Outcome()
        self._here.number = None
        try:
            _finish(original.twin, self._workers[number])
        finally:
            self._here.number, self._here.outcome = number, original


def _finish(outcome: Outcome, worker: Callable[[], Any]) -> None:
    try:
        outcome.value = worker()
    except Crash:
        outcome.crashed = True
    except Exception as error:  # handed to the test, which decides
        outcome.error = error


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
