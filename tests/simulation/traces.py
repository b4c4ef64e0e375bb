"""The orders of two operations' AWS calls, each that can make a difference once.

Two calls are independent when neither writes what the other touches: whichever comes first, both are answered alike,
and what is there after both is the same but for the ids that chance gives. So an order in which a call of worker 1
comes right before an independent one of worker 0 leads where the order leads with these two exchanged, and is left
out. (Mazurkiewicz's traces: of each class the lexicographically first order is run.)
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from tests.simulation.faults import Call

Order = tuple[int, ...]
Made = tuple[list[Call], list[Call]]
_HARMLESS = {"Publish", "SendEmail", "Encrypt", "Decrypt"}
"""Whose order nobody can tell."""
_OF_OBJECTS = {"PutObject", "GetObject", "HeadObject"}


class Access(NamedTuple):
    """What a call touches. An empty table, key or sort key stands for every one; S3 is a table of buckets and keys."""

    writes: bool
    table: str = ""
    pk: str = ""
    sk: str = ""


def different(counts: tuple[int, int], run: Callable[[Order], Made]) -> Iterator[tuple[Order, Made]]:
    """Run every order of so many calls that no earlier one stands for; yields those that ran, with their calls.

    `run` simulates an order, and gives back the calls that each worker made.
    """
    made: dict[Order, Made] = {}

    def calls(order: Order) -> Made:
        """Those of the order, or of one that is its equal."""
        if order not in made:
            ends = range(2, len(order) + 1)
            made[order] = next((twin for end in ends if (twin := equal(order[:end], order[end:]))), None) or run(order)
        return made[order]

    def equal(begun: Order, rest: Order) -> Made | None:
        """The calls of the order with the last two of what is begun exchanged, where these are independent."""
        if begun[-2:] != (1, 0):
            return None
        before = begun[:-2]
        twin = calls((*before, 0, 1, *rest))
        mine, others = twin[0][before.count(0) :], twin[1][before.count(1) :]
        return twin if mine and others and are_independent(mine[0], others[0]) else None

    def go_on(begun: Order) -> Iterator[tuple[Order, Made]]:
        left = [count - begun.count(worker) for worker, count in enumerate(counts)]
        if equal(begun, (0,) * left[0] + (1,) * left[1]):  # and so with every other rest
            return
        if not any(left):
            yield begun, calls(begun)
        for worker in (0, 1):
            if left[worker]:
                yield from go_on((*begun, worker))

    return go_on(())


def count(one: Sequence[Call], other: Sequence[Call]) -> int:
    """How many orders `different` runs of two workers whose calls are these in every order."""

    @cache
    def ways(mine: int, others: int, after_other: bool) -> int:
        if mine == len(one) and others == len(other):
            return 1
        found = ways(mine, others + 1, True) if others < len(other) else 0
        if mine < len(one) and not (after_other and are_independent(one[mine], other[others - 1])):
            found += ways(mine + 1, others, False)
        return found

    return ways(0, 0, False)


def are_independent(one: Call, other: Call) -> bool:
    """Whether neither writes what the other touches."""
    return not any(_clash(left, right) for left in _accesses(one) for right in _accesses(other))


def writes(call: Call) -> bool:
    """Whether the call may leave something behind."""
    return any(access.writes for access in _accesses(call))


def _clash(left: Access, right: Access) -> bool:
    same = all(not here or not there or here == there for here, there in zip(left[1:], right[1:], strict=True))
    return same and (left.writes or right.writes)


def _accesses(call: Call) -> Iterator[Access]:
    arguments = call.arguments
    if call.operation == "TransactWriteItems":
        for item in arguments["TransactItems"]:
            for kind, part in item.items():
                yield _at(kind != "ConditionCheck", part["TableName"], part.get("Item") or part["Key"])
    elif call.operation in ("PutItem", "UpdateItem"):
        yield _at(True, arguments["TableName"], arguments.get("Item") or arguments["Key"])
    elif call.operation == "BatchGetItem":
        for table, part in arguments["RequestItems"].items():
            yield from (_at(False, table, key) for key in part["Keys"])
    elif call.operation == "Query" and "IndexName" not in arguments:
        # The partition is one of the values, whichever.
        yield from (Access(False, arguments["TableName"], value["S"]) for value in _values(arguments))
    elif call.operation in ("Query", "Scan"):
        yield Access(False, arguments["TableName"])
    elif call.operation in _OF_OBJECTS:
        yield Access(call.operation == "PutObject", "S3", arguments["Bucket"], arguments["Key"])
    elif call.operation not in _HARMLESS:
        yield Access(True)


def _at(writes: bool, table: str, key: dict[str, dict[str, str]]) -> Access:
    return Access(writes, table, key["pk"]["S"], key["sk"]["S"])


def _values(arguments: dict[str, Any]) -> Iterator[dict[str, str]]:
    return (value for value in arguments["ExpressionAttributeValues"].values() if "S" in value)
