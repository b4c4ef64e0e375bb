"""DynamoDB's price list, by its documentation: what a call consumes, from the items that it touches.

Reads: a unit per 4 KB, half of it eventually consistent. Writes: a unit per KB of the larger of the item before and
after. Either twice in a transaction, where a condition check counts as a write. An index takes a write, never doubled,
for every item of it that changes, and two where the item moves. moto's own figures are wrong, so they are not asked.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, NamedTuple

Item = Mapping[str, Any]


class Units(NamedTuple):
    """Capacity units. `idle`: the part of `write` that changed nothing, such as checks; `indexes`: writes to them."""

    read: float = 0
    write: int = 0
    idle: int = 0
    indexes: int = 0


def total(units: Iterable[Units]) -> Units:
    """All of them together."""
    return Units(*map(sum, zip(Units(), *units, strict=True)))


def size(item: Item) -> int:
    """Bytes of an item: its attributes' names and values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: Mapping[str, Any]) -> int:
    ((kind, value),) = typed.items()
    if kind == "S":
        return len(value.encode())
    if kind == "N":
        return ceil(len(value.strip("-").replace(".", "").strip("0")) / 2) + 1
    if kind in ("SS", "NS", "BS"):
        return sum(_value({kind[0]: each}) for each in value)
    if kind == "L":
        return 3 + sum(1 + _value(each) for each in value)
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _value(each) for name, each in value.items())
    return len(value) if kind == "B" else 1


def read_units(sizes: Iterable[int], *, strong: bool) -> float:
    """One read of items together, as a query does; a read that finds nothing costs its least."""
    return max(1, ceil(sum(sizes) / 4096)) * (1 if strong else 0.5)


def write_units(before: Item | None, after: Item | None, *, transaction: bool) -> int:
    """One write of an item; None where there is none."""
    return max(1, *(ceil(size(item or {}) / 1024) for item in (before, after))) * (2 if transaction else 1)


def index_units(before: Item | None, after: Item | None, keys: Iterable[tuple[str, str]]) -> int:
    """What a write costs in indexes of such keys, which hold whole items."""
    units = 0
    for names in keys:
        old, new = (item if item and all(name in item for name in names) else None for item in (before, after))
        if old and new and any(old[name] != new[name] for name in names):
            units += write_units(old, None, transaction=False) + write_units(None, new, transaction=False)
        elif old != new:
            units += write_units(old, new, transaction=False)
    return units
