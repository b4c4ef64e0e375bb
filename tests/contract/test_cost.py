"""Dollars a month follow the traffic and the template."""

import pytest

from benchmarks.capacity import Units
from benchmarks.cost import Fixed, Traffic, dollars
from benchmarks.operations import Operation
from benchmarks.recorder import Call

pytestmark = pytest.mark.moto("computes from counts, which are the same on both")
NOTHING = Fixed({}, 0)


def test_what_is_paid_for_requests_grows_with_the_practices(operations: list[Operation]) -> None:
    few, many = (dollars(Traffic(practices), operations, NOTHING) for practices in (10, 1_000))
    assert many["API Gateway"] == pytest.approx(100 * few["API Gateway"])


def test_orders_make_messages_dearer_and_leave_firewall_and_keys_alone(operations: list[Operation]) -> None:
    few, many = (dollars(Traffic(10, orders=orders), operations, NOTHING) for orders in (1, 50))
    assert many["sns:Publish"] > few["sns:Publish"]
    assert many["kms:Decrypt"] == few["kms:Decrypt"]


def test_without_practices_the_schedules_and_the_resources_remain(operations: list[Operation]) -> None:
    bill = dollars(Traffic(0), operations, Fixed({"AWS::KMS::Key": 2}, 0))
    assert bill.keys() == {"KMS Key", "Lambda", "CloudWatch logs", "DynamoDB reads"}
    assert bill["KMS Key"] == 2.0


def test_a_schedule_that_finds_nothing_pays_for_asking_each_shard(operations: list[Operation]) -> None:
    (relay,) = (each for each in operations if each.name == "relay_events")
    asked = 30 * 24 * 60 * 4  # every minute of a month, four shards, half a read unit each
    assert dollars(Traffic(0), [relay], NOTHING)["DynamoDB reads"] == pytest.approx(asked * 0.5 * 0.125e-6)


def test_a_years_changes_are_paid_for_every_month() -> None:
    order = Operation("POST /license-orders", [Call("dynamodb:TransactWriteItems", Units(write=2))])
    bill = dollars(Traffic(10, orders=0.5), [order], Fixed({}, change_bytes=1e9))
    assert bill["DynamoDB storage, after a year"] == pytest.approx(12 * 10 * 0.5 * 0.45)
