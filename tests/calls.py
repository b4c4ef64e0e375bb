"""What an AWS call needs: the IAM actions of an API operation, with the setting that names each resource."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

_TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_S3_ACTIONS = {"DeleteObjects": "DeleteObject"}
_ARGUMENTS = {
    "sns": ("TopicArn", ("ACCOUNTING_TOPIC", "SUPPORT_TOPIC")),
    "kms": ("KeyId", ("TOTP_KEY",)),
    "secretsmanager": ("SecretId", ("SIGNING_SECRET",)),
}


def _setting(value: str, settings: tuple[str, ...]) -> str:
    return next(setting for setting in settings if os.environ[setting] == value)


@cache
def _table(name: str) -> str:
    return _setting(name, tuple(setting for setting in os.environ if setting.endswith("_TABLE")))


def resources_of(service: str, operation: str, arguments: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(resource, IAM action) for each resource that a call touches."""
    if service == "sesv2":
        yield "MAIL_FROM", f"ses:{operation}"
        yield _setting(arguments["ConfigurationSetName"], ("MAIL_EVENTS",)), f"ses:{operation}"
    elif service == "s3":
        bucket = _setting(arguments["Bucket"], ("REPORTS_BUCKET", "UPLOADS_BUCKET"))
        keys = [each["Key"] for each in arguments["Delete"]["Objects"]] if "Delete" in arguments else [arguments["Key"]]
        for key in keys:
            yield f"{bucket}/{key.partition('/')[0]}", f"s3:{_S3_ACTIONS.get(operation, operation)}"
    elif service == "lambda":
        yield _setting(arguments["FunctionName"], ("CHECK_IMAGE_FUNCTION",)), "lambda:InvokeFunction"
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
