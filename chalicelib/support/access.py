"""What the support room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged

_FILTERED = "dynamodb:Query"
API = merged(
    SIGNED_IN,
    CHANGES,
    access(
        SUPPORT_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        SUPPORT_TABLE__by_status=_FILTERED,
        SUPPORT_TABLE__by_category=_FILTERED,
        SUPPORT_TABLE__by_both=_FILTERED,
        # Who may file is named to those who may not; who asks for a role must have the own one still.
        IDENTITY_TABLE="dynamodb:ConditionCheckItem",
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        # A ticket for fewer licenses is also their request.
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem",
        # Attachments: an upload begins; forms and links carry the function's signature.
        UPLOADS_TABLE="dynamodb:PutItem",
        **{"UPLOADS_BUCKET/quarantine": "s3:PutObject", "UPLOADS_BUCKET/attachments": "s3:GetObject"},
    ),
)
# Tickets that other rooms' functions file in commits of their own.
FILING = access(SUPPORT_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem")
# An account or username that ends: whose it is may have open tickets.
LEAVING = access(SUPPORT_TABLE="dynamodb:PutItem")
CLOSE_SOLVED = access(
    SUPPORT_TABLE="dynamodb:PutItem dynamodb:UpdateItem",
    SUPPORT_TABLE__due="dynamodb:Query",
    EVENTS_TABLE="dynamodb:PutItem",
)
CHECK_SLA = merged(
    CLOSE_SOLVED,
    access(
        SUPPORT_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:DeleteItem",
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:ConditionCheckItem dynamodb:Query dynamodb:UpdateItem",
        IDENTITY_TABLE__by_practice="dynamodb:Query",
    ),
)
