"""The fault scheduler: workers run in threads, but only one AWS call happens at a time, in an order we choose.

A worker is any function that makes AWS calls. Each call waits at a gate until the scheduler picks its worker, and
there a fault may strike it. Everything is reproducible from (order, strikes).
"""

import contextvars
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Literal

import botocore.client
from botocore.exceptions import ClientError, ConnectionClosedError

from chalicelib import due, store

Fault = Literal["crash before", "crash after", "request lost", "answer lost", "sent twice", "throttled", "conflict"]
FAULTS: tuple[Fault, ...] = (
    "crash before",
    "crash after",
    "request lost",
    "answer lost",
    "sent twice",
    "throttled",
    "conflict",
)


class Crash(BaseException):
    """The function's process died. Not an Exception, so that no handler of ours outlives it."""


@dataclass(frozen=True)
class Strike:
    """`fault` strikes the `call`-th AWS call (from 1) of worker number `worker`."""

    fault: Fault
    call: int
    worker: int = 0


@dataclass
class Outcome:
    """How a worker ended: its value, the exception it raised, or a crash; and how many AWS calls it made."""

    value: Any = None
    error: Exception | None = None
    crashed: bool = False
    calls: list[str] = field(default_factory=list)


class Scheduler:
    """Runs workers once."""

    def __init__(self, order: Sequence[int] = (), strikes: Sequence[Strike] = ()) -> None:
        self._order = list(order)
        self._strikes = {(strike.worker, strike.call): strike.fault for strike in strikes}
        self._turn = threading.Condition()
        self._waiting: set[int] = set()
        self._done: set[int] = set()
        self._picked: int | None = None
        self._number = threading.local()
        self._outcomes: list[Outcome] = []
        self.struck: list[Strike] = []

    def run(self, *workers: Callable[[], Any]) -> list[Outcome]:
        """Run them to their ends. Where `order` is used up or names a worker that is done, the lowest goes first."""
        self._outcomes = [Outcome() for _ in workers]
        with _gate(self._call):
            threads = [
                threading.Thread(target=contextvars.copy_context().run, args=(self._work, number, worker))
                for number, worker in enumerate(workers)
            ]
            for thread in threads:
                thread.start()
            while self._release_one(len(workers)):
                pass
            for thread in threads:
                thread.join()
        return self._outcomes

    def _work(self, number: int, worker: Callable[[], Any]) -> None:
        self._number.value = number
        outcome = self._outcomes[number]
        try:
            outcome.value = worker()
        except Crash:
            outcome.crashed = True
        except Exception as error:  # handed to the test, which decides
            outcome.error = error
        with self._turn:
            self._done.add(number)
            self._turn.notify_all()

    def _release_one(self, count: int) -> bool:
        with self._turn:
            settled = self._turn.wait_for(
                lambda: self._picked is None and len(self._waiting | self._done) == count, timeout=60
            )
            if not settled:
                raise TimeoutError("a worker neither calls AWS nor ends")
            if len(self._done) == count:
                return False
            wanted = next((number for number in self._order if number in self._waiting), min(self._waiting))
            if wanted in self._order:
                self._order.remove(wanted)
            self._picked = wanted
            self._turn.notify_all()
            return True

    def _call(self, proceed: Callable[[], Any], operation: str, writes: int) -> Any:
        number = getattr(self._number, "value", None)
        if number is None:  # not one of our workers
            return proceed()
        with self._turn:
            self._waiting.add(number)
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._picked == number)
            self._waiting.discard(number)
        try:
            calls = self._outcomes[number].calls
            calls.append(operation)
            return self._struck_call(proceed, operation, writes, number, len(calls))
        finally:
            with self._turn:
                self._picked = None
                self._turn.notify_all()

    def _struck_call(self, proceed: Callable[[], Any], operation: str, writes: int, number: int, call: int) -> Any:
        fault = self._strikes.get((number, call))
        if fault is None or (fault == "conflict" and operation != "TransactWriteItems"):
            return proceed()
        self.struck.append(Strike(fault, call, number))
        if fault == "crash before":
            raise Crash
        if fault == "request lost":
            raise ConnectionClosedError(endpoint_url="simulated")
        if fault in ("throttled", "conflict"):
            raise _refusal(fault, operation, writes)
        answer = proceed()
        if fault == "crash after":
            raise Crash
        if fault == "answer lost":
            raise ConnectionClosedError(endpoint_url="simulated")
        return proceed() if fault == "sent twice" else answer


def _refusal(fault: Fault, operation: str, writes: int) -> ClientError:
    if operation != "TransactWriteItems":
        return ClientError({"Error": {"Code": "ThrottlingException", "Message": "simulated"}}, operation)
    code = "TransactionConflict" if fault == "conflict" else "ThrottlingError"
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": "simulated"},
        "CancellationReasons": [{"Code": code}, *[{"Code": "None"}] * (writes - 1)],
    }
    return ClientError(response, operation)


@contextmanager
def _gate(call: Callable[[Callable[[], Any], str, int], Any]) -> Iterator[None]:
    client = botocore.client.BaseClient
    inner, pause = client._make_api_call, store.pause  # type: ignore[attr-defined]

    def gated(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        return call(lambda: inner(self, operation, arguments), operation, len(arguments.get("TransactItems", ())))

    client._make_api_call = gated  # type: ignore[attr-defined]
    store.pause = lambda _: None
    first, due.first_shard = due.first_shard, lambda count: 0
    try:
        yield
    finally:
        client._make_api_call, store.pause, due.first_shard = inner, pause, first  # type: ignore[attr-defined]


def orders(*calls: int) -> list[tuple[int, ...]]:
    """Every interleaving of workers that make so many calls each."""
    return sorted(set(permutations([number for number, count in enumerate(calls) for _ in range(count)])))
