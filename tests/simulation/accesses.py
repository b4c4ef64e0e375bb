"""What an AWS call touches, and so which calls have nothing to do with each other."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.simulation.faults import Call

_HARMLESS = {"Publish", "SendEmail", "Encrypt", "Decrypt", "GetSecretValue"}
"""Whose order nobody can tell."""
_OF_OBJECTS = {"PutObject", "GetObject"}
S3 = "S3"
_FILES = ("source", "image", "thumbnail", "attachment")
_PARTITION = re.compile(r"^\W*\w+ = (:\w+)")
_PREFIX = re.compile(r"begins_with\s*\(\W*\w+, (:\w+)\)")


class Access(NamedTuple):
    """What a call touches: one row, or, unless `exact`, all whose sort keys begin so. An empty table or partition
    stands for every one. S3 is a table of buckets and keys; so is each index."""

    writes: bool
    table: str = ""
    pk: str = ""
    sk: str = ""
    exact: bool = False


def are_independent(one: Call, other: Call) -> bool:
    """Whether neither writes what the other touches."""
    return not any(_clash(left, right) for left in accesses(one) for right in accesses(other))


def writes(call: Call) -> bool:
    """Whether the call may leave something behind."""
    return bool(call.writes) or any(access.writes for access in _others(call))


def _clash(left: Access, right: Access) -> bool:
    if not (left.writes or right.writes):
        return False
    if left.writes and right.writes and "." in left.table:
        return False  # entries of an index stand beside each other; if they are of one row, that clashes
    same = all(not here or not there or here == there for here, there in zip(left[1:3], right[1:3], strict=True))
    return same and (_covers(left, right.sk) or _covers(right, left.sk))


def _covers(access: Access, sk: str) -> bool:
    return sk == access.sk if access.exact else sk.startswith(access.sk)


def accesses(call: Call) -> Iterator[Access]:
    """All that a call touches."""
    yield from named(call)
    if call.effects:
        yield from (Access(True, index, key) for index, key in call.entries)
        yield from (Access(True, "in turn", about) for _, about in call.in_turn)


def named(call: Call) -> Iterator[Access]:
    """What the call itself says that it touches. A write that was refused has only read."""
    for table, pk, sk, _ in call.writes:
        yield Access(call.effects > 0, table, pk, sk, exact=True)
    yield from _others(call)


def _others(call: Call) -> Iterator[Access]:
    """All but the rows that the call writes."""
    arguments = call.arguments
    if call.operation == "BatchGetItem":
        for table, part in arguments["RequestItems"].items():
            yield from (Access(False, table, *_place(key), exact=True) for key in part["Keys"])
    elif call.is_transaction:
        checks = (item["ConditionCheck"] for item in arguments["TransactItems"] if "ConditionCheck" in item)
        yield from (Access(False, each["TableName"], *_place(each["Key"]), exact=True) for each in checks)
    elif call.operation == "Query":
        yield _queried(arguments)
    elif call.operation == "Scan":
        yield Access(False, arguments["TableName"])
    elif call.operation == "DeleteObjects":
        keys = (each["Key"] for each in arguments["Delete"]["Objects"])
        yield from (Access(True, S3, arguments["Bucket"], key, exact=True) for key in keys)
    elif call.operation in _OF_OBJECTS:
        yield Access(call.operation == "PutObject", S3, arguments["Bucket"], arguments["Key"], exact=True)
    elif call.operation == "Invoke":  # it reads and writes the objects that it is told of, in whichever bucket
        told = json.loads(arguments["Payload"])
        yield from (Access(True, S3, "", told[name], exact=True) for name in _FILES if name in told)
    elif call.operation not in _HARMLESS and not call.writes:
        yield Access(True)


def _queried(arguments: dict[str, Any]) -> Access:
    condition, values = arguments["KeyConditionExpression"], arguments["ExpressionAttributeValues"]
    partition, prefix = _PARTITION.search(condition), _PREFIX.search(condition)
    if partition is None:
        raise ValueError(f"a query of no partition: {condition}")
    table, pk = arguments["TableName"], values[partition[1]]["S"]
    if "IndexName" in arguments:
        return Access(False, f"{table}.{arguments['IndexName']}", pk)
    return Access(False, table, pk, values[prefix[1]]["S"] if prefix else "")


def _place(key: dict[str, dict[str, str]]) -> tuple[str, str]:
    return key["pk"]["S"], key["sk"]["S"]
