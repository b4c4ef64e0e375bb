"""What the console's function needs: for each use case that a screen has, what its own room's function needs for it."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged
from chalicelib.codes.access import API as CODES
from chalicelib.linking.access import API as LINKING
from chalicelib.support.access import API as SUPPORT

CONSOLE = merged(
    SIGNED_IN,
    CHANGES,
    LINKING,
    SUPPORT,
    CODES,
    access(
        # Signing in and up, one's own login; and who reaches a provider account that opens, ends or comes back.
        IDENTITY_TABLE="dynamodb:PutItem dynamodb:DeleteItem dynamodb:ConditionCheckItem",
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        # What was changed, for the audit trail.
        EVENTS_TABLE="dynamodb:Query",
        # Whether mail to an address is stopped, and that it is sent again.
        MAIL_TABLE="dynamodb:BatchGetItem dynamodb:PutItem",
        TOTP_KEY="kms:Encrypt kms:Decrypt",
        LICENSING_TABLE=(
            "dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem"
        ),
        PROVIDERS_TABLE=(
            "dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem"
            " dynamodb:ConditionCheckItem"
        ),
        # Pictures: begun, checked by their own function, attached, discarded.
        UPLOADS_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        CHECK_IMAGE_FUNCTION="lambda:InvokeFunction",
        **{
            "UPLOADS_BUCKET/quarantine": "s3:PutObject s3:DeleteObject",
            "UPLOADS_BUCKET/images": "s3:GetObject",
        },
    ),
)
