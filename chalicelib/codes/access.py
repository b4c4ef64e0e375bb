"""What the codes room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged

API = merged(
    SIGNED_IN,
    CHANGES,
    access(
        CODES_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        UPLOADS_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        # Files to be imported, and the forms that it signs: whoever has one acts with its permission.
        **{
            "UPLOADS_BUCKET/quarantine": "s3:PutObject s3:GetObject",
            # Files that are too large for an answer, and the links to them.
            "UPLOADS_BUCKET/exports": "s3:PutObject s3:GetObject",
        },
    ),
)
CONTINUE_COPIES = access(
    CODES_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
    CODES_TABLE__due="dynamodb:Query",
    EVENTS_TABLE="dynamodb:PutItem",
    **{"UPLOADS_BUCKET/quarantine": "s3:GetObject"},
)
