"""The audit trail as a second book: the facts that the tables show, and the facts that each event tells of.

What the tables gained in a simulation must be what its events tell. Each room writes its own pages of the book.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.simulation.laboratory import Rows, parsed
from tests.simulation.rooms import of_each_room

Fact = tuple[str, ...]
Facts = Iterator[tuple[Fact, int]]


def changed(before: Rows, after: Rows) -> "Counter[Fact]":
    """How much more often than before each fact is true. What is the same row as before shows the same."""
    changes = _counted(_shown(after, before))
    changes.subtract(_counted(_shown(before, after)))
    return changes


def _shown(rows: Rows, others: Rows) -> Facts:
    """The facts of those rows that are others elsewhere."""
    rooms = of_each_room("audit")
    for place, row in rows.items():
        if others.get(place) is not row:
            for room in rooms:
                yield from room.shown(place[1], place[2], row)


def told(before: Rows, after: Rows) -> "Counter[Fact]":
    """What the new events say has changed. Raises KeyError for an event that no room's book knows."""
    tells = {event: tell for room in of_each_room("audit") for event, tell in room.TOLD.items()}
    return _counted(
        fact
        for place, row in after.of("event")
        if place not in before
        for fact in tells[row["type"]](place[1], row["subject"], row)
    )


def value(row: dict[str, Any], name: str) -> str:
    """What an event says a value is afterwards."""
    return str(parsed(row["after"])[name])


def _counted(found: Facts) -> "Counter[Fact]":
    counts: Counter[Fact] = Counter()
    for fact, count in found:
        counts[fact] += count
    return counts
