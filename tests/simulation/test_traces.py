"""Orders that are left out lead nowhere else than those that run."""

import json
import random
from typing import Any

import pytest

from tests.simulation.cases import Case, calls_of, run
from tests.simulation.faults import AT_WRITES, Call, Strike
from tests.simulation.pairs import Pair
from tests.simulation.scheduler import orders
from tests.simulation.stage import Stage
from tests.simulation.traces import Ran, are_independent, writes


@pytest.mark.parametrize(
    ("names", "ends"),
    [
        (("sign in", "order"), 1),
        (("cancel", "claim"), 2),
        (("set password", "change password"), None),
        (("sign out", "look"), None),
        (("guess", "guess"), None),
        (("charge", "cancel"), None),
        (("relay", "order"), None),
    ],
)
def test_the_orders_that_run_end_in_all_the_ways_there_are(
    stage: Stage, names: tuple[str, str], ends: int | None
) -> None:
    pair = Pair(stage, names)
    runs = pair.in_every_order()
    found = set(pair.ends)
    assert len(found) == ends or (ends is None and len(found) > 1)
    for order in orders(*(max(len(each.made[worker]) for each in runs) for worker in (0, 1))):
        pair.run(Case(names, order))
    assert pair.ends == found


@pytest.mark.parametrize(
    "names", [("cancel", "charge"), ("edit", "edit type"), ("continue", "undo with patients"), ("sign out", "look")]
)
def test_no_order_with_a_fault_ends_in_another_way(stage: Stage, names: tuple[str, str]) -> None:
    pair = Pair(stage, names)
    undisturbed, runs = pair.in_every_order(), pair.in_every_order(AT_WRITES)
    found = set(pair.ends)
    chance = random.Random(0)  # noqa: S311 (simulated chance)
    longest = [max(len(ran.made[worker]) for ran in runs) for worker in (0, 1)]
    strikes = [strike for ran in undisturbed for strike in _at_writes(ran)]
    for _ in range(60):
        order = chance.sample([worker for worker in (0, 1) for _ in range(longest[worker])], sum(longest))
        pair.run(Case(names, tuple(order), (chance.choice(strikes),)))
    assert pair.ends == found


def _at_writes(ran: Ran) -> list[Strike]:
    calls = [(worker, index, call) for worker in (0, 1) for index, call in enumerate(ran.made[worker], 1)]
    return [
        Strike(fault, index, worker)
        for worker, index, call in calls
        for fault in AT_WRITES
        if writes(call) and call.admits(fault)
    ]


def test_calls_that_a_worker_makes_as_it_lost_a_race_have_their_turns_too(stage: Stage) -> None:
    names = ("complete upload", "complete upload")
    runs = Pair(stage, names).in_every_order()
    longest = max(len(made) for ran in runs for made in ran.made)
    assert longest > len(calls_of(stage, names[0]))
    assert {ran.turns[-1] for ran in runs if len(ran.made[0]) == longest} == {0, 1}


def _query(pk: str, begins: str = "", index: str = "") -> Call:
    condition = "(#0 = :0 AND begins_with (#1, :1))" if begins else "#0 = :0"
    arguments: dict[str, Any] = {"TableName": "licensing", "KeyConditionExpression": condition}
    arguments["ExpressionAttributeValues"] = {":0": {"S": pk}, ":1": {"S": begins}}
    return Call("Query", arguments | ({"IndexName": index} if index else {}))


def _batch(sk: str) -> Call:
    return Call("BatchGetItem", {"RequestItems": {"licensing": {"Keys": [{"pk": {"S": "prc_1"}, "sk": {"S": sk}}]}}})


def _object(operation: str, key: str) -> Call:
    return Call(operation, {"Bucket": "reports", "Key": key})


def _deletion(*keys: str) -> Call:
    return Call("DeleteObjects", {"Bucket": "reports", "Delete": {"Objects": [{"Key": key} for key in keys]}})


def _made_of(key: str) -> Call:
    return Call("Invoke", {"Payload": json.dumps({"source": "a", "image": key}).encode()})


def _write(kind: str = "Update", effects: int = 1, entries: frozenset[tuple[str, str]] = frozenset()) -> Call:
    part: dict[str, Any] = {"TableName": "licensing", "Key": {"pk": {"S": "prc_1"}, "sk": {"S": "pool"}}}
    return Call("TransactWriteItems", {"TransactItems": [{kind: part}]}, effects, entries=set(entries))


def _other(entries: frozenset[tuple[str, str]]) -> Call:
    row = {"pk": {"S": "prc_1"}, "sk": {"S": "order#1"}}
    return Call("PutItem", {"TableName": "licensing", "Item": row}, 1, entries=set(entries))


_WAITING = frozenset({("licensing.due", "charge-1")})


def test_two_calls_are_independent_when_neither_writes_what_the_other_touches() -> None:
    assert are_independent(_batch("pool"), _batch("pool"))
    assert are_independent(_batch("pool"), _write("ConditionCheck"))
    assert are_independent(_query("prc_2"), _write())
    assert are_independent(_query("prc_1", "order#"), _write())
    assert are_independent(_batch("order#1"), _write())
    assert are_independent(_query("charge-1", index="due"), _write())
    assert are_independent(_query("charge-1", index="by_day"), _write(entries=_WAITING))
    assert are_independent(_query("charge-0", index="due"), _write(entries=_WAITING))
    assert are_independent(_other(_WAITING), _write(entries=_WAITING))
    assert are_independent(Call("Publish", {}), _write())
    assert are_independent(_object("PutObject", "a"), _write())
    assert are_independent(_object("PutObject", "a"), _object("PutObject", "b"))
    assert are_independent(_object("GetObject", "a"), _object("GetObject", "a"))
    assert are_independent(_deletion("a", "b"), _object("GetObject", "c"))
    assert are_independent(_made_of("b"), _deletion("c"))


def test_a_write_that_was_refused_has_only_read() -> None:
    refused = _write(effects=0, entries=_WAITING)
    assert are_independent(refused, _batch("pool"))
    assert are_independent(refused, refused)
    assert are_independent(refused, _query("charge-1", index="due"))
    assert not are_independent(refused, _write())
    assert not are_independent(_write("ConditionCheck", effects=0), _write())


def test_calls_meet_in_an_object() -> None:
    for operation in ("PutObject", "GetObject", "HeadObject"):
        assert not are_independent(_object("PutObject", "a"), _object(operation, "a"))
    assert not are_independent(_deletion("a", "b"), _object("GetObject", "b"))
    assert not are_independent(_made_of("b"), _object("GetObject", "b"))
    assert not are_independent(_made_of("b"), _deletion("a"))


def test_calls_meet_in_a_row_a_partition_an_index_and_whatever_is_not_known() -> None:
    for call in (
        _batch("pool"),
        _query("prc_1"),
        _query("prc_1", "po"),
        _write(),
        _query("charge-1", index="due"),
        Call("Scan", {"TableName": "licensing"}),
        Call("StartExecution", {}),
    ):
        assert not are_independent(call, _write(entries=_WAITING))


def test_a_call_knows_the_indexes_that_its_rows_come_to_and_leave(stage: Stage) -> None:
    for name in ("order", "charge"):
        (commit,) = (call for call in run(stage, Case((name,))).requests[0].calls if call.is_transaction)
        assert {index for index, _ in commit.entries} == {"licensing.due", "events.due"}
