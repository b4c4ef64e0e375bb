"""moto's DynamoDB at a fraction of its cost, with the same answers.

moto copies every table of a transaction item by item, and changes an item in place. Here an update works on a copy of
its item, so that an item, once it stands in a table, never changes, and copies of tables share them all. Besides,
moto parses each expression anew, some of them twice, compares texts as carefully as anything else, and weighs a whole
item with each of its attributes.
"""

import copy
import copyreg
import pickle
import re
from collections import defaultdict, deque
from collections.abc import Mapping
from functools import cache
from threading import Condition
from typing import Any

import msgspec
from moto.dynamodb import responses
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend, utilities
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node, UpdateExpression
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.validators import UpdateExpressionValidator
from moto.s3.models import FakeKey

_cast = DynamoType.cast_value.fget
_lex = ConditionExpressionParser._lex_condition_expression
_update_item = DynamoDBBackend.update_item
_set_attribute = LimitedSizeDict.__setitem__
_query, _size, _tell = Table.query, Item.size, utilities.dynamo_to_dict
_make = UpdateExpressionParser.make
_parse = ConditionExpressionParser.parse
_validate = UpdateExpressionValidator.validate
_encoded = msgspec.json.Encoder().encode


def install() -> None:
    """From here on, moto works so."""
    Table.__deepcopy__ = _copied
    Table.all_items = _all_items
    Item.__deepcopy__ = lambda item, _: item
    DynamoDBBackend.update_item = _updated
    DynamoType.cast_value = property(lambda self: self.value if self.type == "S" else _cast(self))
    ConditionExpressionParser._lex_condition_expression = lambda self: deque(_lexed(self.condition_expression))
    ConditionExpressionParser.parse = _parsed
    UpdateExpressionValidator.validate = _validated
    LimitedSizeDict.__setitem__ = _attribute_set
    Table.query = _queried
    Item.size = _weighed
    utilities.dynamo_to_dict = responses.dynamo_to_dict = _told
    # Whoever changes what the parser gives copies it first.
    UpdateExpressionParser.make = _made
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
    for name in ("shown", "hash", "weight"):  # what is kept with an item
        twin.__dict__.pop(name, None)
    twin.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    values = {name: copy.deepcopy(value) if value.is_set() else value for name, value in item.attrs.items()}
    dict.update(twin.attrs, values)
    return twin


def _queried(table: Any, *arguments: Any, **named: Any) -> Any:
    """What moto finds, but that it looks only where something can be: for an index, at the items that are in it."""
    hash_key, index_name = arguments[0], arguments[7]
    narrow = copy.copy(table)
    if index_name is None:
        narrow.items = {hash_key: table.items[hash_key]} if hash_key in table.items else {}
    else:
        (index,) = (each for each in table.all_indexes() if each.name == index_name)
        key = next(part["AttributeName"] for part in index.schema if part["KeyType"] == "HASH")
        narrow.items = {
            pk: {sk: item for sk, item in by_range.items() if key in item.attrs} for pk, by_range in table.items.items()
        }
    return _query(narrow, *arguments, **named)


def _weighed(item: Any) -> int:
    if "weight" not in item.__dict__:
        item.weight = _size(item)
    weight: int = item.weight
    return weight


def _told(value: Any) -> Any:
    """A value as callers are told of it. What there is to tell of an item's attributes is kept with them."""
    if type(value) is DynamoType and value.type in "SN":
        return {value.type: value.value}
    if type(value) is not LimitedSizeDict:
        return _tell(value)
    if not hasattr(value, "told"):
        value.told = _tell(value)
    return value.told


def _parsed(parser: Any) -> Any:
    """A condition as moto parses it. It never changes, and the same one is asked for again and again."""
    meant = _encoded([parser.expression_attribute_names, parser.expression_attribute_values])
    asked = parser.condition_expression, meant
    if asked not in _CONDITIONS:
        if len(_CONDITIONS) > _MOST:
            _CONDITIONS.clear()
        parsed = _parse(parser)
        _CONDITIONS[asked] = parsed, (*parser.expr_attr_names_found,), (*parser.expr_attr_values_found,)
    parsed, names, values = _CONDITIONS[asked]
    parser.expr_attr_names_found, parser.expr_attr_values_found = [*names], [*values]
    return parsed


def _validated(validator: Any) -> Any:
    """An update as moto validates it. What only the expression and its names decide is looked at once; and where it
    gives plain values to attributes with placeholders, there is no function, no operator and no other path to find."""
    node = validator.node_to_validate
    asked = node.text, _encoded(validator.expression_attribute_names), *validator.table.table_key_attrs
    if asked not in _SOUND:
        node = _validate(validator)
        if _PLAIN.fullmatch(node.text):
            _SOUND.add(asked)
        return node
    for processor in validator.processors:
        if isinstance(processor, _OF_PLAIN):
            node = processor.traverse(node)
    return node


def _attribute_set(attributes: Any, name: str, value: Any) -> None:
    """An attribute of an item. moto refuses items over 400 KB, which no few small attributes make."""
    small = isinstance(value, DynamoType) and value.type in "SN" and len(value.value) < _SMALL
    (dict.__setitem__ if small and len(attributes) < _FEW else _set_attribute)(attributes, name, value)


@cache
def _lexed(expression: str) -> list[Any]:
    return list(_lex(ConditionExpressionParser(expression, None, None)))


@cache
def _made(expression: str) -> Any:
    made = _make(expression)
    made.text = expression
    return made


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
_MOST = 10_000
_CONDITIONS: dict[tuple[str, bytes], tuple[Any, tuple[str, ...], tuple[str, ...]]] = {}
"""Each condition that was asked for lately, and the names and values in it."""
_SOUND: set[tuple[Any, ...]] = set()
"""Updates that give plain values to attributes, and are what they should be in a table with such a key."""
_PLAIN = re.compile(r"(\s*(SET|ADD|DELETE|REMOVE|,)\s*#\w+(\s*=?\s*:\w+)?)+")
_OF_PLAIN = validators.ExpressionAttributeValueProcessor, validators.ExecuteOperations
_HANDLED: dict[tuple[type, type], tuple[bool, bool]] = {}
"""Of each traverser and each class: whether that is a node, and whether the traverser changes it."""
