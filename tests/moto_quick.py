"""moto's DynamoDB at a fraction of its cost, with the same answers.

moto copies every table of a transaction item by item, and changes an item in place. Here an update works on a copy of
its item, so that an item, once it stands in a table, never changes, and copies of tables share them all. Besides,
moto parses each expression anew, some of them twice, compares texts as carefully as anything else, and weighs a whole
item with each of its attributes.
"""

import copy
import copyreg
import json
import pickle
from collections import defaultdict, deque
from collections.abc import Mapping
from functools import cache, lru_cache
from threading import Condition
from typing import Any

from moto.dynamodb import models
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models import table as tables
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node, UpdateExpression
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.s3.models import FakeKey

_cast = DynamoType.cast_value.fget
_lex = ConditionExpressionParser._lex_condition_expression
_update_item = DynamoDBBackend.update_item
_set_attribute = LimitedSizeDict.__setitem__
_parse = models.get_filter_expression


def install() -> None:
    """From here on, moto works so."""
    Table.__deepcopy__ = _copied
    Table.all_items = _all_items
    Item.__deepcopy__ = lambda item, _: item
    DynamoDBBackend.update_item = _updated
    DynamoType.cast_value = property(lambda self: self.value if self.type == "S" else _cast(self))
    ConditionExpressionParser._lex_condition_expression = lambda self: deque(_lexed(self.condition_expression))
    models.get_filter_expression = tables.get_filter_expression = _condition
    LimitedSizeDict.__setitem__ = _attribute_set
    # Whoever changes what the parser gives copies it first.
    UpdateExpressionParser.make = cache(UpdateExpressionParser.make)
    UpdateExpression.__deepcopy__ = lambda expression, _: pickle.loads(_pickled(expression))  # noqa: S301
    DepthFirstTraverser.traverse_node_recursively = _traversed
    # What a copy of a whole backend meets: an object in S3 never changes, and nobody holds a lock.
    FakeKey.__deepcopy__ = lambda key, _: key
    copyreg.pickle(Condition, lambda _: (Condition, ()))


def cloned(items: Mapping[Any, Mapping[Any, Any]]) -> Any:
    """A copy of a table's items."""
    clones: Any = defaultdict(dict)
    clones.update((hash_key, dict(by_range)) for hash_key, by_range in items.items())
    return clones


def _copied(table: Any, _: Any) -> Any:
    twin = copy.copy(table)
    twin.items = cloned(table.items)
    return twin


def _all_items(table: Any) -> list[Any]:
    items = [item for by_range in table.items.values() for item in by_range.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))


def _updated(backend: Any, table_name: str, key: dict[str, Any], *arguments: Any, **named: Any) -> Any:
    by_range = backend.tables[table_name].items[DynamoType(key["pk"])]
    range_key = DynamoType(key["sk"])
    if range_key in by_range:
        by_range[range_key] = _twin(by_range[range_key])
    return _update_item(backend, table_name, key, *arguments, **named)


def _twin(item: Any) -> Any:
    # Of an item, moto changes the dictionary and the sets in place, never its other values.
    twin = copy.copy(item)
    twin.__dict__.pop("shown", None)  # what the simulations keep with an item
    twin.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    values = {name: copy.deepcopy(value) if value.is_set() else value for name, value in item.attrs.items()}
    dict.update(twin.attrs, values)
    return twin


def _condition(expression: str | None, names: Any, values: Any) -> Any:
    """A condition as moto parses it. It never changes, and the same one is asked for again and again."""
    return _parsed(expression, json.dumps(names), json.dumps(values))


@lru_cache(10_000)
def _parsed(expression: str | None, names: str, values: str) -> Any:
    return _parse(expression, json.loads(names), json.loads(values))


def _attribute_set(attributes: Any, name: str, value: Any) -> None:
    """An attribute of an item. moto refuses items over 400 KB, which no few small attributes make."""
    small = isinstance(value, DynamoType) and value.type in "SN" and len(value.value) < _SMALL
    (dict.__setitem__ if small and len(attributes) < _FEW else _set_attribute)(attributes, name, value)


@cache
def _lexed(expression: str) -> list[Any]:
    return list(_lex(ConditionExpressionParser(expression, None, None)))


@cache
def _pickled(expression: Any) -> bytes:
    return pickle.dumps(expression)


def _traversed(traverser: Any, node: Any, child_id: int = -1) -> Any:
    """moto's own walk through an expression, but that it asks once for each class what it does with it."""
    pair = type(traverser), type(node)
    if pair not in _HANDLED:
        _HANDLED[pair] = isinstance(node, Node), isinstance(node, traverser.nodes_to_be_processed())
    is_node, is_processed = _HANDLED[pair]
    if not is_node:
        return node
    parent = node.parent
    for number, child in enumerate(node.children or ()):
        traverser.pre_processing_of_child(node, number)
        _traversed(traverser, child, number)
    if is_processed:
        node = traverser.process(node)
        node.parent = parent
        if parent:
            parent.children[child_id] = node
    return node


_SMALL, _FEW = 1000, 100
_HANDLED: dict[tuple[type, type], tuple[bool, bool]] = {}
"""Of each traverser and each class: whether that is a node, and whether the traverser changes it."""
