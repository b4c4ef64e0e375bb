"""What the functions of the vendor's own people need."""

from chalicelib.access import CHANGES, access, merged
from chalicelib.licensing.access import REPORT

API = merged(
    CHANGES,
    access(
        # Sessions and logins of staff; a practice's billing note.
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem "
        "dynamodb:ConditionCheckItem",
        # A practice's site admins are told whom its owner brings back.
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        # The note is a term of the license ledger; which reports there are; decisions on fewer licenses.
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        SUPPORT_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        # A file that is taken out of a ticket; the others are shown by links, which carry the function's signature.
        UPLOADS_TABLE="dynamodb:UpdateItem",
        TOTP_KEY="kms:Encrypt kms:Decrypt",
        **{"REPORTS_BUCKET/reconciliation": "s3:GetObject", "UPLOADS_BUCKET/attachments": "s3:GetObject"},
    ),
)
COMMAND = merged(
    REPORT,
    access(
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        # Signs the links that are mailed.
        SIGNING_SECRET="secretsmanager:GetSecretValue",  # noqa: S106 (an action, no secret)
    ),
)
