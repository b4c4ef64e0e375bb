"""Many threads at one thing: they start together and are left to race."""

import contextvars
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
THREADS = 32


def raced(works: Sequence[Callable[[], T]], threads: int = THREADS) -> list[T]:
    """What each work gives, in order. So many run at a time, the first of them from one moment on.

    Raises what a work raises. Each sees the clock and the function that stand when `raced` is called.
    """
    together = threading.Barrier(min(threads, len(works)))

    def run(number: int, work: Callable[[], T]) -> T:
        if number < together.parties:
            together.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(max_workers=together.parties) as pool:
        futures = [pool.submit(contextvars.copy_context().run, run, number, work) for number, work in enumerate(works)]
        return [future.result() for future in futures]
