"""The audit trail as a second book: the facts that the tables show, and the facts that each event tells of.

What the tables gained in a simulation must be what its events tell. Each room writes its own pages of the book.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.simulation.laboratory import Rows
from tests.simulation.rooms import of_each_room

Fact = tuple[str, ...]
Facts = Iterator[tuple[Fact, int]]


def facts(rows: Rows) -> "Counter[Fact]":
    """How often each fact is true."""
    rooms = of_each_room("audit")
    return _counted(fact for (_, pk, sk), row in rows.items() for room in rooms for fact in room.shown(pk, sk, row))


def told(rows: Rows) -> "Counter[Fact]":
    """What the events among the rows say has changed. Raises KeyError for an event that no room's book knows."""
    tells = {event: tell for room in of_each_room("audit") for event, tell in room.TOLD.items()}
    return _counted(
        fact
        for (_, pk, sk), row in rows.items()
        if sk.startswith("evt_")
        for fact in tells[row["type"]](pk, row["subject"], row)
    )


def value(row: dict[str, Any], name: str) -> str:
    """What an event says a value is afterwards."""
    return str(json.loads(row["after"])[name])


def _counted(found: Facts) -> "Counter[Fact]":
    counts: Counter[Fact] = Counter()
    for fact, count in found:
        counts[fact] += count
    return counts
