"""Lists that somebody chooses from: more than one page of what the API lists page by page."""

from collections.abc import Callable
from typing import Final, Generic, NamedTuple, TypeVar

from msgspec.structs import replace

from chalicelib.cursors import Page
from chalicelib.validation import ListQuery

T = TypeVar("T")
Q = TypeVar("Q", bound=ListQuery)
MOST: Final = 500
"""Entries that a list of choices offers, or a few more: with more of them it is no help any more."""
PAGE: Final = 90
"""Entries that are read at once: so many accounts are named, with their practices, by one batched read."""


class Choices(NamedTuple, Generic[T]):
    """What is offered; and what is said below it, if that is not all."""

    offered: list[T]
    help: str = ""


def gathered(list_: Callable[[Q], Page[T]], query: Q) -> Choices[T]:
    """The first of a list. One page after the other, of the query's size."""
    found = list_(query)
    items = found.items
    while found.next_cursor is not None and len(items) < MOST:
        found = list_(replace(query, cursor=found.next_cursor))
        items = items + found.items
    return Choices(items, "" if found.next_cursor is None else f"There are more than {MOST}: these are the first.")
