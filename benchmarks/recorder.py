"""Records the AWS calls of the program with what they consume, on moto, by the items before and after each."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any, NamedTuple

import botocore.client

from benchmarks.capacity import Item, Units, index_units, read_units, size, total, write_units
from deploy.functions import TABLES
from deploy.tables import table_definition
from tests.world import client


class Call(NamedTuple):
    """One AWS call. `touch`: it notes the last use of a session, at most once a minute."""

    name: str
    units: Units = Units()
    touch: bool = False


class _Change(NamedTuple):
    table: str
    key: Item
    before: Item | None
    after: Item | None


@contextmanager
def recorded() -> Iterator[list[Call]]:
    """Every AWS call inside the block, in order."""
    calls: list[Call] = []
    kind: Any = botocore.client.BaseClient
    inner = kind._make_api_call

    def watched(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        service = self.meta.service_model.service_name
        if service != "dynamodb":
            calls.append(Call(f"{service}:{operation}"))
            return inner(self, operation, arguments)
        written = list(_written(operation, arguments))
        before = [_item(table, key) for table, key in written]
        answer = inner(self, operation, arguments)
        changes = [_Change(*place, old, _item(*place)) for place, old in zip(written, before, strict=True)]
        touch = operation == "UpdateItem" and arguments["Key"]["sk"]["S"].startswith("session#")
        calls.append(Call(f"dynamodb:{operation}", _units(operation, arguments, answer, changes), touch))
        return answer

    def _item(table: str, key: Item) -> Item | None:
        # In a context of its own: a look of ours, for which no function needs a permission.
        found: Item | None = (
            Context().run(inner, client("dynamodb"), "GetItem", {"TableName": table, "Key": key}).get("Item")
        )
        return found

    kind._make_api_call = watched
    try:
        yield calls
    finally:
        kind._make_api_call = inner


def _written(operation: str, arguments: dict[str, Any]) -> Iterator[tuple[str, Item]]:
    """Table and key of every item that a call writes, or checks in a transaction."""
    if operation == "TransactWriteItems":
        for item in arguments["TransactItems"]:
            ((_, write),) = item.items()
            yield write["TableName"], _key(write.get("Key") or write["Item"])
    elif operation in ("PutItem", "UpdateItem", "DeleteItem"):
        yield arguments["TableName"], _key(arguments.get("Key") or arguments["Item"])


def _key(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _units(operation: str, arguments: dict[str, Any], answer: Any, changes: list[_Change]) -> Units:
    if operation == "BatchGetItem":
        asked = sum(len(table["Keys"]) for table in arguments["RequestItems"].values())
        found = [size(item) for items in answer["Responses"].values() for item in items]
        # Each item is a read of its own, and one that isn't there costs as much as the smallest.
        return Units(read=sum(read_units([each], strong=True) for each in [*found, *[0] * (asked - len(found))]))
    if operation in ("Query", "GetItem"):
        items = answer.get("Items") or [answer.get("Item") or {}]
        return Units(read=read_units(map(size, items), strong=bool(arguments.get("ConsistentRead"))))
    return total(_change_units(each, transaction=operation == "TransactWriteItems") for each in changes)


def _change_units(change: _Change, *, transaction: bool) -> Units:
    write = write_units(change.before, change.after, transaction=transaction)
    idle = write if change.before == change.after else 0
    return Units(0, write, idle, index_units(change.before, change.after, _index_keys(change.table)))


def _index_keys(table: str) -> list[tuple[str, str]]:
    (definition,) = [table_definition(each) for each in TABLES if each.name == table]
    schemas = [index["KeySchema"] for index in definition.get("GlobalSecondaryIndexes", [])]
    return [(first["AttributeName"], second["AttributeName"]) for first, second in schemas]
