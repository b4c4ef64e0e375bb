"""Every setting of the running system: its name in the environment, its default and what it means.

`docs/operations.md` lists the same names; a test holds the two together.
"""

import os
from typing import NamedTuple


class Setting(NamedTuple):
    """`default` None: must be set wherever the code runs."""

    default: str | None
    meaning: str


SETTINGS: dict[str, Setting] = {
    "ROOM": Setting("", "The one room whose routes this function serves; empty loads all"),
    "IDENTITY_TABLE": Setting(None, "DynamoDB table of practices, usernames, sessions"),
    "PROVIDERS_TABLE": Setting(None, "DynamoDB table of provider accounts"),
    "LICENSING_TABLE": Setting(None, "DynamoDB table of pools, orders, claims, ledgers"),
    "CODES_TABLE": Setting(None, "DynamoDB table of code files and copies of codes"),
    "EVENTS_TABLE": Setting(None, "DynamoDB table of events: audit trail and outbox"),
    "RECEIPTS_TABLE": Setting(None, "DynamoDB table of idempotency receipts"),
    "UPLOADS_TABLE": Setting(None, "DynamoDB table of uploads and their files"),
    "SUPPORT_TABLE": Setting(None, "DynamoDB table of tickets"),
    "MAIL_TABLE": Setting(None, "DynamoDB table of addresses that mail is stopped to"),
    "REPORTS_BUCKET": Setting(None, "S3 bucket of the reconciliation reports"),
    "UPLOADS_BUCKET": Setting(None, "S3 bucket of uploaded files and of what is made of them"),
    "CHECK_IMAGE_FUNCTION": Setting(None, "Name of the Lambda function that checks images"),
    "ACCOUNTING_TOPIC": Setting(None, "ARN of the SNS topic that Accounting subscribes to"),
    "SUPPORT_TOPIC": Setting(None, "ARN of the SNS topic that Support subscribes to"),
    "FEEDBACK_TOPIC": Setting(None, "ARN of the SNS topic on which SES tells of bounces and complaints"),
    "TOTP_KEY": Setting(None, "Id of the KMS key that encrypts TOTP seeds"),
    "SIGNING_SECRET": Setting(None, "Id of the Secrets Manager secret that signs cursors, receipts and mailed links"),
    "MAIL_FROM": Setting("no-reply@practice-admin.example", "Sender of every email; a verified SES identity"),
    "MAIL_EVENTS": Setting(None, "SES configuration set of every email: what becomes of it is told on FEEDBACK_TOPIC"),
    "PUBLIC_URL": Setting("http://127.0.0.1:8000", "Where customers reach the API, with the stage's path"),
    "BILLING_TIME_ZONE": Setting("America/New_York", "Time zone of billing periods and cancel deadlines"),
    "PLANS": Setting(
        '{"standard": {"2026-01-01": {"physician": 9900, "midlevel": 5900}}}',
        "Monthly price of one license in cents, by practice plan, first day of validity and license type",
    ),
    "CURRENCY": Setting("USD", "ISO 4217 code of every price"),
    "METRICS_NAMESPACE": Setting("practice-admin", "CloudWatch namespace of the metrics; deployed, the stack's name"),
    "LOG_LEVEL": Setting("INFO", "Least severe level that is logged"),
}


class MissingSetting(RuntimeError):
    """A setting without a default is not in the environment."""


def get(name: str) -> str:
    """The setting's value. Raises MissingSetting, naming it; KeyError for a name that is not declared."""
    value = os.environ.get(name, SETTINGS[name].default)
    if value is None:
        raise MissingSetting(f"{name} is not set: {SETTINGS[name].meaning}")
    return value
