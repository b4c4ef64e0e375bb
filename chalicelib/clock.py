"""The one place that reads the time. Rules get `now` as an argument; everything else asks here."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import TypeVar

pause: Callable[[float], None] = time.sleep
"""How time goes by."""
T = TypeVar("T")
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present instant in UTC, or the one set by `frozen`."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` inside the block: tests, and `python -m local tick --at`."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def to_text(instant: datetime) -> str:
    """RFC 3339 in UTC with whole seconds; texts of this form sort as the instants do."""
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_text(text: str) -> datetime:
    """The instant of an RFC 3339 text. Raises ValueError for any other text or one without an offset."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset from UTC")
    return instant.astimezone(UTC)


def next_step(end: datetime, ahead: Iterable[timedelta], now: datetime) -> datetime:
    """When a countdown is to be looked at next: at the first of the times `ahead` of its end, longest first, that is
    still to come; else at the end. What was missed is not made up for."""
    return next((end - each for each in ahead if end - each > now), end)


def answer_in(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives, and not before so long: for an answer that must not tell by its time what it found."""
    started = time.monotonic()
    answer = work()
    pause(max(0.0, seconds - (time.monotonic() - started)))
    return answer
