"""A part of a scheduled handler: of those that do several kinds of due work, one after another, one of these."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from chalicelib.dynamo import due_shards

_KIND: ContextVar[str] = ContextVar("_KIND", default="")


@contextmanager
def only(kind: str) -> Iterator[None]:
    """Inside, a handler does this kind of due work, and looks for no other; "" for all."""
    before = _KIND.set(kind)
    try:
        yield
    finally:
        _KIND.reset(before)


def shards(kind: str) -> list[str]:
    """Where a handler looks for a kind of work."""
    return due_shards(kind) if _KIND.get() in ("", kind) else []
