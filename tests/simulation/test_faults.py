"""The faults: each does to a call what its name says."""

import pytest
from botocore.exceptions import ClientError

from tests.simulation.faults import Fault, Strike
from tests.simulation.scheduler import Scheduler
from tests.simulation.stage import Stage
from tests.world import client

ENDS: dict[Fault, tuple[int | None, int]] = {
    "crash before": (None, 0),
    "crash after": (None, 1),
    "request lost": (503, 0),
    "answer lost": (503, 1),
    "sent twice": (204, 1),
    "token replayed": (204, 1),
    "throttled": (204, 1),
    "conflict": (204, 1),
    "delivered twice": (401, 0),
    "clock step": (204, 1),
}
"""How a sign-out ends whose commit is struck: its answer, and how often it took effect."""


@pytest.mark.parametrize("fault", ENDS)
def test_a_struck_commit_ends_as_the_fault_says(stage: Stage, fault: Fault) -> None:
    stage.reset()
    scheduler = Scheduler(strikes=[Strike(fault, 3)])
    (outcome,) = scheduler.run(lambda: stage.api.delete("/sessions/current", stage.idle_token))
    assert scheduler.struck == [Strike(fault, 3)]
    status = outcome.value and outcome.value.status_code
    assert (status, sum(call.effects for call in outcome.calls if call.is_transaction)) == ENDS[fault]
    assert outcome.crashed == fault.startswith("crash")


def test_a_copy_delivered_in_between_runs_to_its_end_first(stage: Stage) -> None:
    stage.reset()
    scheduler = Scheduler(strikes=[Strike("delivered twice", 3)])
    (outcome,) = scheduler.run(lambda: stage.api.delete("/sessions/current", stage.idle_token))
    (copy,) = outcome.twins
    assert copy.value.status_code == 204


def test_a_late_index_does_not_show_the_last_write(stage: Stage) -> None:
    stage.reset()
    strikes = [Strike("stale index", call) for call in (1, 2)]
    (late,) = Scheduler(strikes=strikes, stale=stage.lab.stale).run(lambda: stage.api.tick("relay_events"))
    assert late.value["done"] == 0
    assert stage.api.tick("relay_events")["done"] > 0


def test_a_token_answers_a_repeat_and_refuses_another_request(stage: Stage) -> None:
    stage.reset()
    put = {"Put": {"TableName": "events", "Item": {"pk": {"S": "prc_1"}, "sk": {"S": "fact"}}}}
    once = {"TransactItems": [put], "ClientRequestToken": "token"}
    dynamodb = client("dynamodb")
    dynamodb.transact_write_items(**once)
    dynamodb.delete_item(TableName="events", Key=put["Put"]["Item"])
    dynamodb.transact_write_items(**once)
    assert stage.lab.rows() == stage.before
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        dynamodb.transact_write_items(**once | {"TransactItems": [put, put]})
