"""What the providers room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged
from chalicelib.support.access import LEAVING

API = merged(
    SIGNED_IN,
    CHANGES,
    LEAVING,
    access(
        # A preview counts the open tickets of those who are left with nothing.
        SUPPORT_TABLE="dynamodb:Query",
        PROVIDERS_TABLE=(
            "dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem"
            " dynamodb:ConditionCheckItem"
        ),
        # An account's license is claimed, bought, changed or released in the account's own transaction.
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        # Who reaches an account stands in identity's table, and the time zone in which its last day was reckoned.
        IDENTITY_TABLE="dynamodb:PutItem dynamodb:ConditionCheckItem",
        UPLOADS_TABLE="dynamodb:PutItem dynamodb:UpdateItem",
        # The forms and links that it signs: whoever has one acts with its permission.
        **{"UPLOADS_BUCKET/quarantine": "s3:PutObject", "UPLOADS_BUCKET/images": "s3:GetObject"},
    ),
)
DEACTIVATE_DUE = merged(
    LEAVING,
    access(
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem dynamodb:ConditionCheckItem",
        PROVIDERS_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        PROVIDERS_TABLE__due="dynamodb:Query",
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        EVENTS_TABLE="dynamodb:PutItem",
    ),
)
END_TRIALS = merged(
    LEAVING,
    access(
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem",
        # The site admins are warned, and told.
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        PROVIDERS_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        LICENSING_TABLE__due="dynamodb:Query",
        EVENTS_TABLE="dynamodb:PutItem",
    ),
)
REMOVE_TRIALS = access(
    # Whether there ever was an order is asked before anything goes.
    LICENSING_TABLE=(
        "dynamodb:BatchGetItem dynamodb:Query dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:ConditionCheckItem"
    ),
    LICENSING_TABLE__due="dynamodb:Query",
    PROVIDERS_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:UpdateItem dynamodb:DeleteItem",
    CODES_TABLE="dynamodb:Query dynamodb:DeleteItem",
    # Who reaches the account, and the account itself.
    IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:DeleteItem",
    # The site admins are warned, and told.
    IDENTITY_TABLE__by_practice="dynamodb:Query",
    # Its image is a part of nothing then.
    UPLOADS_TABLE="dynamodb:UpdateItem",
    EVENTS_TABLE="dynamodb:PutItem",
)
CONTINUE_REASSIGNMENTS = access(
    PROVIDERS_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
    PROVIDERS_TABLE__due="dynamodb:Query",
    # The site admins are alerted of a move that stopped, in their time.
    IDENTITY_TABLE="dynamodb:BatchGetItem",
    IDENTITY_TABLE__by_practice="dynamodb:Query",
    EVENTS_TABLE="dynamodb:PutItem",
)
