"""The way through, deployed: sign up, enrol, buy; Accounting is told by the schedule; the order is charged."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib import clock
from deploy.functions import FUNCTIONS
from tests.deployed.system import Deployed
from tests.e2e.running import Person, until

pytestmark = pytest.mark.usefixtures("started")
_RELAYED_SECONDS = 90  # the relay runs every minute


class Inbox:
    """A queue that subscribes to a topic, as Accounting's own system might."""

    def __init__(self, deployed: Deployed, topic: str) -> None:
        self._sqs = deployed.target.client("sqs")
        self._queue = self._sqs.create_queue(QueueName=f"{topic}-inbox")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        arn, source = attributes["Attributes"]["QueueArn"], deployed.stage.outputs()[topic]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._sqs.set_queue_attributes(QueueUrl=self._queue, Attributes={"Policy": policy})
        deployed.target.client("sns").subscribe(TopicArn=source, Protocol="sqs", Endpoint=arn)
        self._received: list[dict[str, Any]] = []

    def about(self, order: str) -> list[dict[str, Any]]:
        """The messages about an order so far."""
        for each in self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", []):
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=each["ReceiptHandle"])
            self._received.append(json.loads(each["Body"]))
        return [each for each in self._received if order in each["Subject"]]


def let_the_cancel_window_pass(deployed: Deployed, order: dict[str, Any]) -> None:
    """Move an order's frozen deadline into the past.

    Deployed functions have no clock that can be moved, and must not have one: to the sweep, this is how an order of
    some days ago looks.
    """
    table, past = deployed.resource("LicensingTable"), clock.to_text(datetime.now(UTC) - timedelta(minutes=1))
    dynamodb = deployed.target.client("dynamodb")
    (row,) = [
        item
        for page in dynamodb.get_paginator("scan").paginate(TableName=table)
        for item in page["Items"]
        if item["sk"]["S"] == f"order#{order['id']}"
    ]
    moved = json.dumps(json.loads(row["order"]["S"]) | {"cancel_until": past})
    deadline = {"order": {"S": moved}, "cancel_until": {"S": past}, "due_at": {"S": past}}
    dynamodb.put_item(TableName=table, Item=row | deadline)


def troubles_of(deployed: Deployed) -> list[dict[str, Any]]:
    """What functions have logged above INFO."""
    return [line for function in FUNCTIONS for line in deployed.log(function) if line["level"] != "INFO"]


def test_the_way_through(deployed: Deployed) -> None:
    denied, troubles = deployed.denials(), troubles_of(deployed)
    accounting = Inbox(deployed, "AccountingTopic")
    ada = Person(deployed, "ada")
    ada.sign_up()
    ada.sign_in()
    assert ada.call("GET", "/licenses").body["code"] == "enrollment_required"
    ada.enrol()
    placed = ada.order("monday")
    assert placed.status == 201
    assert ada.order("monday").body == placed.body
    order = placed.body
    assert ada.call("GET", "/licenses").body["physician"] == {"active": 3, "in_use": 1, "available": 2}

    let_the_cancel_window_pass(deployed, order)
    assert ada.call("POST", f"/license-orders/{order['id']}/cancel").status == 409
    assert deployed.invoke("charge_due_orders") | {"handler": ""} == {
        "handler": "",
        "done": 1,
        "skipped": 0,
        "failed": 0,
        "unfinished": False,
    }
    assert ada.call("GET", f"/license-orders/{order['id']}").body["status"] == "charged"

    told = until(
        lambda: found if len(found := accounting.about(order["id"])) == 2 else [],
        "two messages to Accounting by the scheduled relay",
        _RELAYED_SECONDS,
    )
    assert {each["MessageAttributes"]["event"]["Value"] for each in told} == {
        "license_order.placed",
        "license_order.charged",
    }
    assert len({each["MessageAttributes"]["event_id"]["Value"] for each in told}) == 2
    assert all(each["MessageAttributes"]["event_id"]["Value"] in each["Message"] for each in told)

    assert deployed.denials() == denied
    assert troubles_of(deployed) == troubles
