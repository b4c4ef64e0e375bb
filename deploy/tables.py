"""What tables are made of: one source for the template, the local system and the tests."""

from collections.abc import Iterable
from typing import Any

from chalicelib.dynamo import Index, Table


def table_definition(table: Table) -> dict[str, Any]:
    """The CreateTable arguments but the name."""
    indexes = [Index("due", "due_shard", "due_at")] if table.due else []
    indexes += table.indexes
    attributes: Iterable[str] = dict.fromkeys(["pk", "sk", *(name for index in indexes for name in index[1:])])
    definition: dict[str, Any] = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        "KeySchema": _key_schema("pk", "sk"),
    }
    if indexes:
        definition["GlobalSecondaryIndexes"] = [
            {"IndexName": name, "KeySchema": _key_schema(*keys), "Projection": {"ProjectionType": "ALL"}}
            for name, *keys in indexes
        ]
    return definition


def _key_schema(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]
