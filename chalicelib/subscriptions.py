"""Whether anybody hears: SNS delivers to nobody, without an error, where a topic's subscription is not confirmed.

A department's inbox has to confirm it once; a single click on "unsubscribe" in any message may end it.
"""

import msgspec

from chalicelib import aws, config, telemetry
from chalicelib.notify import TOPICS

_HANDLER = "check_subscriptions"


class Heard(msgspec.Struct, frozen=True):
    """What one check found. `done`: topics with a confirmed subscription; `failed`: those without."""

    handler: str
    done: int
    failed: int


def check() -> Heard:
    """Look at every department's topic. `check_subscriptions` runs it."""
    silent = [channel for channel, setting in TOPICS.items() if not _is_heard(config.get(setting))]
    for channel in silent:
        telemetry.info("nobody hears this topic", channel=channel)
        telemetry.work_failed(_HANDLER)
    return Heard(_HANDLER, len(TOPICS) - len(silent), len(silent))


def _is_heard(topic: str) -> bool:
    pages = aws.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    # What is not confirmed, or not any more, has "PendingConfirmation" or "Deleted" in place of its ARN.
    return any(each["SubscriptionArn"].startswith("arn:") for page in pages for each in page["Subscriptions"])
