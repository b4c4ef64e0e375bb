"""What the Lambdas may do. Each room declares what its functions need in its `access.py`; from that, and from
nothing else, `python -m deploy generate` writes their IAM policies, and the tests deny every undeclared call.

A resource is named by the setting that holds its name; an index by "TABLE_SETTING/index/NAME", the objects of a bucket
that begin alike by "BUCKET_SETTING/PREFIX".
"""

from collections.abc import Mapping

Access = Mapping[str, frozenset[str]]


def access(**resources: str) -> dict[str, frozenset[str]]:
    """Access from "Action Action …" per resource setting. A double underscore stands for `/index/`."""
    return {name.replace("__", "/index/"): frozenset(actions.split()) for name, actions in resources.items()}


def merged(*parts: Access) -> dict[str, frozenset[str]]:
    """All that any of the parts allows."""
    result: dict[str, frozenset[str]] = {}
    for part in parts:
        for resource, actions in part.items():
            result[resource] = result.get(resource, frozenset()) | actions
    return result


SIGNED_IN = access(
    # Session, username and practice are read together; the session's last use is noted.
    IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem",
)
CHANGES = access(
    # Append-only: no function but the relay may touch an event again.
    EVENTS_TABLE="dynamodb:PutItem",
    RECEIPTS_TABLE="dynamodb:BatchGetItem dynamodb:PutItem",
    # Signs receipts' fingerprints and cursors.
    SIGNING_SECRET="secretsmanager:GetSecretValue",  # noqa: S106 (an action, no secret)
)
SYSTEM = access(RECEIPTS_TABLE="dynamodb:BatchGetItem")
CHECK_SUBSCRIPTIONS = access(
    ACCOUNTING_TOPIC="sns:ListSubscriptionsByTopic",
    SUPPORT_TOPIC="sns:ListSubscriptionsByTopic",
)
RELAY = access(
    EVENTS_TABLE="dynamodb:UpdateItem",
    EVENTS_TABLE__due="dynamodb:Query",
    ACCOUNTING_TOPIC="sns:Publish",
    SUPPORT_TOPIC="sns:Publish",
    MAIL_FROM="ses:SendEmail",
    MAIL_EVENTS="ses:SendEmail",
    # Is mail to this address stopped?
    MAIL_TABLE="dynamodb:BatchGetItem",
    SIGNING_SECRET="secretsmanager:GetSecretValue",  # noqa: S106 (an action, no secret)
)
SES_FEEDBACK = access(
    MAIL_TABLE="dynamodb:PutItem",
    EVENTS_TABLE="dynamodb:PutItem",
)
