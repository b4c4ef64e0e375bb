"""Lists that somebody chooses from: more than one page of what the API lists page by page."""

from collections.abc import Callable
from typing import Final, TypeVar

from msgspec.structs import replace

from chalicelib.cursors import Page
from chalicelib.validation import ListQuery

T = TypeVar("T")
Q = TypeVar("Q", bound=ListQuery)
MOST: Final = 500
"""Entries that a list of choices offers: with more of them it is no help any more."""
PAGE: Final = 100
"""The most that a page of a list has."""


def gathered(list_: Callable[[Q], Page[T]], query: Q) -> list[T]:
    """The first `MOST` of a list, or a few more, read in pages of the query's size."""
    found = list_(query)
    items = found.items
    while found.next_cursor is not None and len(items) < MOST:
        found = list_(replace(query, cursor=found.next_cursor))
        items = items + found.items
    return items
