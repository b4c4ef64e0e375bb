"""Which calls have nothing to do with each other."""

import json
from typing import Any

from tests.simulation.accesses import are_independent
from tests.simulation.cases import Case, run
from tests.simulation.faults import Call
from tests.simulation.stage import Stage


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
    for operation in ("PutObject", "GetObject"):
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
