"""The orders of two operations' AWS calls, each that can make a difference once.

Two calls are independent when neither writes what the other touches: whichever comes first, both are answered alike,
and what is there after both is the same. So an order in which a call of worker 1 comes right before an independent one
of worker 0 leads where the order leads with these two exchanged, and is left out (Mazurkiewicz's traces). And where
two orders come to the same state, with the same answers to each worker so far, the first is gone on with.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product, starmap
from typing import Any, NamedTuple

from tests.simulation.faults import AT_WRITES, Call, Fault, Strike

Order = tuple[int, ...]
Made = tuple[list[Call], list[Call]]
_HARMLESS = {"Publish", "SendEmail", "Encrypt", "Decrypt", "GetSecretValue"}
"""Whose order nobody can tell."""
_OF_OBJECTS = {"PutObject", "GetObject", "HeadObject"}
S3 = "S3"
_FILES = ("source", "image", "thumbnail", "attachment")
_PARTITION = re.compile(r"^\W*\w+ = (:\w+)")
_PREFIX = re.compile(r"begins_with\s*\(\W*\w+, (:\w+)\)")


class Ran(NamedTuple):
    """What two workers did: the calls that each made, the worker of each call in turn, and what tells the states after
    them apart."""

    made: Made
    turns: Order
    states: list[int]

    @property
    def meet(self) -> bool:
        """Whether they have anything to do with each other."""
        return _meet(*self.made)


class Access(NamedTuple):
    """What a call touches: one row, or, unless `whole`, all whose sort keys begin so. An empty table or partition
    stands for every one. S3 is a table of buckets and keys; so is each index."""

    writes: bool
    table: str = ""
    pk: str = ""
    sk: str = ""
    whole: bool = False


Known = dict[tuple[Order, Strike | None], Ran]


def different(run: Callable[[Order, Strike | None], Ran], known: Known, faults: Sequence[Fault] = ()) -> Iterator[Ran]:
    """Run two workers in every order of their calls that can make a difference, however many they come to make; and
    with each of the faults at each write, again in every order that there is before it and after it.

    `run` simulates an order; where that is used up worker 0 goes on to its end, then worker 1. What is `known` is not
    run again. Each state that there is gets visited: of two ways to it the first is gone on with. A fault at a read
    leaves nothing behind: whoever made it begins anew, after the other.
    """
    assert set(faults) <= set(AT_WRITES), "a state tells no others"
    states: set[int] = set()

    def go_on(begun: Order, strike: Strike | None) -> Iterator[Ran]:
        before = begun[:-2]
        if begun[-2:] == (1, 0) and _is_exchanged(before, known.get(((*before, 0, 1), strike))):
            return
        if (begun, strike) not in known:
            found = run(begun, strike)
            known.update(((found.turns[:end], strike), found) for end in range(len(begun), len(found.turns) + 1))
        ran = known[begun, strike]
        left = [worker for worker in (0, 1) if len(ran.made[worker]) > begun.count(worker)]
        if begun:
            state = ran.states[len(begun) - 1]
            if state in states:
                left = []
            states.add(state)
        if not left or (_is_settled(begun, ran) and (strike or not faults)):
            yield ran
            return
        for worker in left:
            yield from go_on((*begun, worker), strike)
            for fault in _admitted(faults, ran.made[worker][begun.count(worker)]) if strike is None else ():
                yield from go_on((*begun, worker), Strike(fault, begun.count(worker) + 1, worker))

    return go_on((), None)


def _is_exchanged(before: Order, twin: Ran | None) -> bool:
    """Whether worker 1 and then worker 0 lead where these two of the twin's calls led."""
    return twin is not None and are_independent(twin.made[0][before.count(0)], twin.made[1][before.count(1)])


def _is_settled(begun: Order, ran: Ran) -> bool:
    """Whether nothing that is left of one worker's calls meets what is left of the other's: any order leads to one end.
    With a fault to come they might meet in what is tried again."""
    return not _meet(*(ran.made[worker][begun.count(worker) :] for worker in (0, 1)))


def _meet(one: list[Call], other: list[Call]) -> bool:
    return not all(starmap(are_independent, product(one, other)))


def _admitted(faults: Sequence[Fault], call: Call) -> list[Fault]:
    return [fault for fault in faults if writes(call) and call.admits(fault)]


def are_independent(one: Call, other: Call) -> bool:
    """Whether neither writes what the other touches."""
    return not any(_clash(left, right) for left in accesses(one) for right in accesses(other))


def writes(call: Call) -> bool:
    """Whether the call may leave something behind."""
    return bool(call.writes) or any(access.writes for access in _others(call))


def _clash(left: Access, right: Access) -> bool:
    if not (left.writes or right.writes) or (left.writes and right.writes and "." in left.table):
        return False
    same = all(not here or not there or here == there for here, there in zip(left[1:3], right[1:3], strict=True))
    return same and (_covers(left, right.sk) or _covers(right, left.sk))


def _covers(access: Access, sk: str) -> bool:
    return sk == access.sk if access.whole else sk.startswith(access.sk)


def accesses(call: Call) -> Iterator[Access]:
    """All that a call touches."""
    yield from named(call)
    if call.effects:
        yield from (Access(True, index, key) for index, key in call.entries)
        yield from (Access(True, "in turn", about) for _, about in call.in_turn)


def named(call: Call) -> Iterator[Access]:
    """What the call itself says that it touches. A write that was refused has only read."""
    for table, pk, sk, _ in call.writes:
        yield Access(call.effects > 0, table, pk, sk, whole=True)
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
