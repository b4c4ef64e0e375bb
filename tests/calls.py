"""What an AWS call needs: the IAM actions of an API operation, with the setting that names each resource."""

import os
from collections.abc import Iterator
from typing import Any

_TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_ARGUMENTS = {
    "sns": ("TopicArn", ("ACCOUNTING_TOPIC", "SUPPORT_TOPIC")),
    "kms": ("KeyId", ("TOTP_KEY",)),
    "secretsmanager": ("SecretId", ("SIGNING_SECRET",)),
    "s3": ("Bucket", ("REPORTS_BUCKET",)),
}


def _setting(value: str, settings: tuple[str, ...]) -> str:
    return next(setting for setting in settings if os.environ[setting] == value)


def _table(name: str) -> str:
    return _setting(name, tuple(setting for setting in os.environ if setting.endswith("_TABLE")))


def resources_of(service: str, operation: str, arguments: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(resource, IAM action) for each resource that a call touches."""
    if service == "sesv2":
        yield "MAIL_FROM", f"ses:{operation}"
    elif service != "dynamodb":
        argument, settings = _ARGUMENTS[service]
        yield _setting(arguments[argument], settings), f"{service}:{operation}"
    elif operation == "BatchGetItem":
        for name in arguments["RequestItems"]:
            yield _table(name), "dynamodb:BatchGetItem"
    elif operation == "TransactWriteItems":
        for item in arguments["TransactItems"]:
            for kind, write in item.items():
                yield _table(write["TableName"]), f"dynamodb:{_TRANSACTION_ACTIONS[kind]}"
    else:
        index = f"/index/{arguments['IndexName']}" if "IndexName" in arguments else ""
        yield _table(arguments["TableName"]) + index, f"dynamodb:{operation}"
