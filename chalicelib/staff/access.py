"""What the staff command needs."""

from chalicelib.access import access, merged
from chalicelib.licensing.access import REPORT

COMMAND = merged(
    REPORT,
    access(
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem",
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        **{"REPORTS_BUCKET/reconciliation": "s3:GetObject"},
    ),
)
