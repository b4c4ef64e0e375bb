"""A part of a scheduled handler: of those that do several kinds of due work, one after another, one of these; and of
what is due of it the first few."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import repeat
from typing import Any

from chalicelib.dynamo import DueIndex, due_shards, rows_due

_KIND: ContextVar[str] = ContextVar("_KIND", default="")
_LEFT: ContextVar[Iterator[None]] = ContextVar("_LEFT", default=repeat(None))  # noqa: B039 (endless, so never changed)


@contextmanager
def only(kind: str, most: int | None = None) -> Iterator[None]:
    """Inside, a handler does this kind of due work, and looks for no other; "" for all. `most`: so many rows of it."""
    kind_before = _KIND.set(kind)
    left_before = _LEFT.set(repeat(None) if most is None else repeat(None, most))
    try:
        yield
    finally:
        _KIND.reset(kind_before)
        _LEFT.reset(left_before)


def shards(kind: str) -> list[str]:
    """Where a handler looks for a kind of work."""
    return due_shards(kind) if _KIND.get() in ("", kind) else []


def rows(index: DueIndex, shard: str, until: str) -> Iterator[Any]:
    """What it finds there."""
    for row, _ in zip(rows_due(index, shard, until), _LEFT.get(), strict=False):
        yield row
