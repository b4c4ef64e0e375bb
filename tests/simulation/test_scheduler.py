"""The tool itself: it must be able to find the bugs it is there for."""

from chalicelib import clock
from chalicelib.licensing.tables import PoolRow
from tests.api import Api
from tests.simulation.scheduler import Scheduler, orders
from tests.world import World, client


def test_finds_the_order_in_which_a_read_then_write_sells_twice(world: World) -> None:
    def buy() -> bool:
        row = client("dynamodb").get_item(TableName="licensing", Key=key)["Item"]
        if row["physician_available"]["N"] == "0":
            return False
        client("dynamodb").update_item(
            TableName="licensing",
            Key=key,
            UpdateExpression="SET physician_available = :zero",
            ExpressionAttributeValues={":zero": {"N": "0"}},
        )
        return True

    key = {"pk": {"S": "prc_1"}, "sk": {"S": "pool"}}
    winners = set()
    for order in orders(2, 2):
        PoolRow.key("prc_1").row(physician_available=1).save()
        winners.add(sum(outcome.value for outcome in Scheduler(order).run(buy, buy)))
    PoolRow.key("prc_1").row().delete()
    assert winners == {1, 2}


def test_workers_keep_the_frozen_clock(api: Api) -> None:
    before = clock.now()
    (outcome,) = Scheduler().run(clock.now)
    assert outcome.value == before
