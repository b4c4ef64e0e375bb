"""The orders of two operations' AWS calls, each that can make a difference once.

Two calls are independent when neither writes what the other touches: whichever comes first, both are answered alike,
and what is there after both is the same but for the ids that chance gives. So an order in which a call of worker 1
comes right before an independent one of worker 0 leads where the order leads with these two exchanged, and is left
out. (Mazurkiewicz's traces: of each class the lexicographically first order is run.)
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tests.simulation.faults import Call

Order = tuple[int, ...]
Made = tuple[list[Call], list[Call]]
_HARMLESS = {"Publish", "SendEmail", "Encrypt", "Decrypt", "GetSecretValue"}
"""Whose order nobody can tell."""
_OF_OBJECTS = {"PutObject", "GetObject", "HeadObject"}
S3 = "S3"
_FILES = ("source", "image", "thumbnail", "attachment")
_PARTITION = re.compile(r"^\W*\w+ = (:\w+)")
_PREFIX = re.compile(r"begins_with\s*\(\W*\w+, (:\w+)\)")


class Access(NamedTuple):
    """What a call touches: one row, or, unless `whole`, all whose sort keys begin so. An empty table or partition
    stands for every one. S3 is a table of buckets and keys. Who writes touches the whole of an index, as it is chance
    that gives a new row its id, and with that its shard."""

    writes: bool
    table: str = ""
    pk: str = ""
    sk: str = ""
    whole: bool = False


def different(run: Callable[[Order], Made]) -> Iterator[tuple[Order, Made]]:
    """Run every order of two workers' calls that no earlier one stands for, however many they come to make; yields
    those that ran, with their calls.

    `run` simulates an order; where that is used up worker 0 goes on to its end, then worker 1. It gives back the calls
    that each made.
    """
    known: dict[Order, Made] = {}

    def calls(order: Order) -> Made:
        """Those of the order, or of one that is its equal."""
        if order not in known:
            ends = range(2, len(order) + 1)
            made = next((twin for end in ends if (twin := equal(order[:end], order[end:]))), None) or run(order)
            known.update(dict.fromkeys(_going_on(order, made), made))
        return known[order]

    def equal(begun: Order, rest: Order) -> Made | None:
        """The calls of the order with the last two of what is begun exchanged, where these are independent."""
        if begun[-2:] != (1, 0):
            return None
        before = begun[:-2]
        twin = calls((*before, 0, 1, *rest))
        mine, others = twin[0][before.count(0) :], twin[1][before.count(1) :]
        return twin if mine and others and are_independent(mine[0], others[0]) else None

    def go_on(begun: Order) -> Iterator[tuple[Order, Made]]:
        if equal(begun, ()):  # and so with every other rest
            return
        made = calls(begun)
        left = [worker for worker in (0, 1) if len(made[worker]) > begun.count(worker)]
        if not left:
            yield begun, made
        for worker in left:
            yield from go_on((*begun, worker))

    return go_on(())


def _going_on(order: Order, made: Made) -> Iterator[Order]:
    """The order, and the longer ones that say of its end what happens anyway."""
    yield order
    for worker in (0, 1):
        while order.count(worker) < len(made[worker]):
            order = (*order, worker)
            yield order


def are_independent(one: Call, other: Call) -> bool:
    """Whether neither writes what the other touches."""
    return not any(_clash(left, right) for left in accesses(one) for right in accesses(other))


def writes(call: Call) -> bool:
    """Whether the call may leave something behind."""
    return bool(call.writes) or any(access.writes for access in _others(call))


def _clash(left: Access, right: Access) -> bool:
    if not (left.writes or right.writes):
        return False
    same = all(not here or not there or here == there for here, there in zip(left[1:3], right[1:3], strict=True))
    return same and (_covers(left, right.sk) or _covers(right, left.sk))


def _covers(access: Access, sk: str) -> bool:
    return sk == access.sk if access.whole else sk.startswith(access.sk)


def accesses(call: Call) -> Iterator[Access]:
    """All that a call touches. A write that was refused has only read."""
    done = call.effects > 0
    for table, pk, sk, _ in call.writes:
        yield Access(done, table, pk, sk, whole=True)
    if done:
        yield from (Access(True, index) for index in call.entries)
    yield from _others(call)


def _others(call: Call) -> Iterator[Access]:
    """All but the rows that the call writes."""
    arguments = call.arguments
    if call.operation == "BatchGetItem":
        for table, part in arguments["RequestItems"].items():
            yield from (Access(False, table, *_place(key), whole=True) for key in part["Keys"])
    elif call.is_transaction:
        checks = (item["ConditionCheck"] for item in arguments["TransactItems"] if "ConditionCheck" in item)
        yield from (Access(False, each["TableName"], *_place(each["Key"]), whole=True) for each in checks)
    elif call.operation == "Query":
        yield _queried(arguments)
    elif call.operation == "Scan":
        yield Access(False, arguments["TableName"])
    elif call.operation == "DeleteObjects":
        keys = (each["Key"] for each in arguments["Delete"]["Objects"])
        yield from (Access(True, S3, arguments["Bucket"], key, whole=True) for key in keys)
    elif call.operation in _OF_OBJECTS:
        yield Access(call.operation == "PutObject", S3, arguments["Bucket"], arguments["Key"], whole=True)
    elif call.operation == "Invoke":  # it reads and writes the objects that it is told of, in whichever bucket
        told = json.loads(arguments["Payload"])
        yield from (Access(True, S3, "", told[name], whole=True) for name in _FILES if name in told)
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
