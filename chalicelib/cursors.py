"""Cursors of lists: where the next page starts, signed and bound to the practice, the route and its query."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from chalicelib import signing
from chalicelib.errors import invalid
from chalicelib.validation import ListQuery

T = TypeVar("T")
_MAC_BYTES = 16
Fetch = Callable[[int, str | None], Sequence[T]]
FetchUpTo = Callable[[int, str | None], tuple[list[T], str | None]]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None


def page(query: ListQuery, scope: str, fetch: Fetch[T], place: Callable[[T], str]) -> Page[T]:
    """One page of what `fetch(limit, after)` gives in order; `place` is an item's sort key.

    `scope` names practice, route and filters: a cursor made under one is refused under any other (Invalid).
    """

    def fetch_up_to(limit: int, after: str | None) -> tuple[list[T], str | None]:
        found = fetch(limit + 1, after)
        items = list(found[:limit])
        return items, place(items[-1]) if len(found) > limit else None

    return partial_page(query, scope, fetch_up_to)


def partial_page(query: ListQuery, scope: str, fetch: FetchUpTo[T]) -> Page[T]:
    """The same of what `fetch(limit, after)` gives: as many items as it found with the work of one page, and the sort
    key behind which it goes on, None at the end."""
    items, more = fetch(query.limit, _open(query.cursor, scope) if query.cursor else None)
    return Page(items, _seal(more, scope) if more else None)


def sift(
    rows: Sequence[T], looked_at: int, limit: int, wanted: Callable[[T], bool], place: Callable[[T], str]
) -> tuple[list[T], str | None]:
    """What a `partial_page` has of the next rows, of which there are `looked_at` unless they end: those wanted, `limit`
    at most, and the place to go on behind."""
    found: list[T] = []
    for row in rows:
        if wanted(row):
            found.append(row)
            if len(found) == limit:
                return found, place(row) if row is not rows[-1] or len(rows) == looked_at else None
    return found, place(rows[-1]) if len(rows) == looked_at else None


def _mac(after: bytes, scope: str) -> bytes:
    return signing.mac("cursor", scope.encode(), after)[:_MAC_BYTES]


def _seal(after: str, scope: str) -> str:
    raw = after.encode()
    return urlsafe_b64encode(_mac(raw, scope) + raw).decode().rstrip("=")


def _open(cursor: str, scope: str) -> str:
    try:
        data = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        data = b""
    mac, after = data[:_MAC_BYTES], data[_MAC_BYTES:]
    if not after or not hmac.compare_digest(mac, _mac(after, scope)):
        raise invalid(("cursor", "This cursor was not made by this list."))
    return after.decode()
