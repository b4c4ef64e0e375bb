"""The scheduled handler `check_subscriptions`: whether anybody hears what Accounting and Support are told."""

import os
from typing import Any

import pytest

from tests.api import Api
from tests.clouds import ACCOUNT, REGION
from tests.logs import logged, metrics
from tests.world import client

HANDLER = "check_subscriptions"


def checked(api: Api) -> tuple[dict[str, Any], list[str], list[float]]:
    """The handler's report, the topics that the log says nobody hears, and what its alarm counts."""
    with logged() as lines:
        report = api.tick(HANDLER)
    named = [line["channel"] for line in lines if line["message"] == "nobody hears this topic"]
    return report, named, [value for name, value, _ in metrics(lines) if name == "sweep_failed"]


def unsubscribe(setting: str) -> None:
    for each in client("sns").list_subscriptions_by_topic(TopicArn=os.environ[setting])["Subscriptions"]:
        client("sns").unsubscribe(SubscriptionArn=each["SubscriptionArn"])


def test_topics_with_a_confirmed_subscription_are_heard(api: Api) -> None:
    assert checked(api) == ({"handler": HANDLER, "done": 2, "failed": 0}, [], [])


def test_a_topic_without_a_subscription_is_told_by_name_and_counted(api: Api) -> None:
    unsubscribe("SUPPORT_TOPIC")
    assert checked(api) == ({"handler": HANDLER, "done": 1, "failed": 1}, ["support"], [1])


@pytest.mark.moto("marks the subscription as AWS does; the other engine gives those that wait an ARN too")
def test_a_subscription_that_waits_for_its_confirmation_does_not_count(api: Api) -> None:
    from moto.sns.models import sns_backends

    unsubscribe("ACCOUNTING_TOPIC")
    client("sns").subscribe(TopicArn=os.environ["ACCOUNTING_TOPIC"], Protocol="email", Endpoint="a@vendor.example")
    subscriptions = sns_backends[ACCOUNT][REGION].subscriptions
    ((arn, waiting),) = ((arn, each) for arn, each in subscriptions.items() if each.protocol == "email")
    waiting.arn = "PendingConfirmation"
    assert checked(api)[1:] == (["accounting"], [1])
    waiting.arn = arn
    assert checked(api)[1:] == ([], [])
