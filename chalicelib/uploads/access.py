"""What the functions of uploads need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged

API = merged(
    SIGNED_IN,
    CHANGES,
    access(
        UPLOADS_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem",
        # An image is attached in the transaction of its account, with the account's copies in the directory.
        PROVIDERS_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        # So is an attachment, in that of its ticket.
        SUPPORT_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
        CHECK_IMAGE_FUNCTION="lambda:InvokeFunction",
        **{"UPLOADS_BUCKET/quarantine": "s3:DeleteObject"},
    ),
)
# It decodes what strangers send: this is all that a file could make it do.
CHECK_IMAGE = access(
    **{
        "UPLOADS_BUCKET/quarantine": "s3:GetObject",
        "UPLOADS_BUCKET/images": "s3:PutObject",
        "UPLOADS_BUCKET/attachments": "s3:PutObject",
    }
)
SWEEP = access(
    UPLOADS_TABLE="dynamodb:UpdateItem",
    UPLOADS_TABLE__due="dynamodb:Query",
    **{
        "UPLOADS_BUCKET/quarantine": "s3:DeleteObject",
        "UPLOADS_BUCKET/images": "s3:DeleteObject",
        "UPLOADS_BUCKET/attachments": "s3:DeleteObject",
    },
)
