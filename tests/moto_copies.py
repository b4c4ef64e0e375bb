"""moto deep-copies every table of a transaction, item by item and value by value; these copies cost a fraction."""

import copy
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from moto.dynamodb.models.dynamo_type import LimitedSizeDict
from moto.dynamodb.models.table import Table


def install() -> None:
    """From here on, tables are copied so."""
    Table.__deepcopy__ = _copied


def _copied(table: Any, memo: dict[int, Any]) -> Any:
    twin = copy.copy(table)
    twin.items = cloned(table.items)
    return twin


def cloned(items: Mapping[Any, Mapping[Any, Any]]) -> Any:
    """A copy of a table's items."""
    clones: Any = defaultdict(dict)
    for hash_key, by_range in items.items():
        clones[hash_key] = {range_key: _clone(item) for range_key, item in by_range.items()}
    return clones


def _clone(item: Any) -> Any:
    # moto changes an item's dictionary and sets in place, never its other values.
    twin = copy.copy(item)
    attributes = LimitedSizeDict.__new__(LimitedSizeDict)
    dict.update(
        attributes, {name: copy.deepcopy(value) if value.is_set() else value for name, value in item.attrs.items()}
    )
    twin.attrs = attributes
    return twin
