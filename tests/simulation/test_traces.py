"""Orders that are left out lead nowhere else than those that run."""

from collections import Counter
from typing import Any

import pytest

from tests.simulation.cases import Case, run
from tests.simulation.faults import Call
from tests.simulation.history import History
from tests.simulation.scheduler import orders
from tests.simulation.stage import Stage
from tests.simulation.traces import Made, Order, are_independent, count, different


@pytest.mark.parametrize(
    ("names", "counts", "ran"),
    [
        (("sign in", "order"), (2, 2), 1),
        (("cancel", "claim"), (2, 1), 2),
        (("set password", "change password"), (3, 3), None),
        (("sign out", "look"), (3, 2), None),
        (("guess", "guess"), (2, 2), None),
    ],
)
def test_the_orders_that_run_end_in_all_the_ways_there_are(
    stage: Stage, names: tuple[str, str], counts: tuple[int, int], ran: int | None
) -> None:
    ends: list[object] = []

    def simulated(order: Order) -> Made:
        history = run(stage, Case(names, order))
        ends.append(_end(history))
        return history.requests[0].calls, history.requests[1].calls

    chosen = [order for order, _ in different(counts, simulated)]
    assert len(chosen) == ran or (ran is None and 1 < len(chosen) < len(orders(*counts)))
    assert ran is None or ran == count(*simulated((0, 0, 1, 1)))
    assert {_end(run(stage, Case(names, order))) for order in orders(*counts)} == set(ends)


def _end(history: History) -> object:
    """How a case ended, but for the ids in it."""
    statuses = tuple(request.answer and request.answer.status for request in history.requests)
    rows = Counter((table, sk.partition("#")[0][:4], row.get("type")) for (table, _, sk), row in history.after.items())
    return statuses, frozenset(rows.items())


def _query(pk: str) -> Call:
    return Call("Query", {"TableName": "licensing", "ExpressionAttributeValues": {":0": {"S": pk}}})


def _batch(sk: str) -> Call:
    return Call("BatchGetItem", {"RequestItems": {"licensing": {"Keys": [{"pk": {"S": "prc_1"}, "sk": {"S": sk}}]}}})


def _object(operation: str, key: str) -> Call:
    return Call(operation, {"Bucket": "reports", "Key": key})


def _write(kind: str = "Update") -> Call:
    part: dict[str, Any] = {"TableName": "licensing", "Key": {"pk": {"S": "prc_1"}, "sk": {"S": "pool"}}}
    return Call("TransactWriteItems", {"TransactItems": [{kind: part}]})


def test_two_calls_are_independent_when_neither_writes_what_the_other_touches() -> None:
    assert are_independent(_batch("pool"), _batch("pool"))
    assert are_independent(_batch("pool"), _write("ConditionCheck"))
    assert are_independent(_query("prc_2"), _write())
    assert are_independent(_batch("order#1"), _write())
    assert are_independent(Call("Publish", {}), _write())
    assert are_independent(_object("PutObject", "a"), _write())
    assert are_independent(_object("PutObject", "a"), _object("PutObject", "b"))
    assert are_independent(_object("GetObject", "a"), _object("GetObject", "a"))


def test_calls_meet_in_an_object() -> None:
    for operation in ("PutObject", "GetObject", "HeadObject"):
        assert not are_independent(_object("PutObject", "a"), _object(operation, "a"))


def test_calls_meet_in_a_row_a_partition_an_index_and_whatever_is_not_known() -> None:
    for call in (
        _batch("pool"),
        _query("prc_1"),
        _write(),
        Call("Query", {"TableName": "licensing", "IndexName": "due", "ExpressionAttributeValues": {}}),
        Call("Scan", {"TableName": "licensing"}),
        Call("GetSecretValue", {}),
    ):
        assert not are_independent(call, _write())
