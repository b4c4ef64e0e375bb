"""What the linking room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged
from chalicelib.support.access import LEAVING

API = merged(
    SIGNED_IN,
    CHANGES,
    LEAVING,
    # Grants stand in identity's table, with the usernames and the accounts that they join.
    access(
        IDENTITY_TABLE="dynamodb:PutItem dynamodb:DeleteItem dynamodb:ConditionCheckItem dynamodb:Query",
        # The accounts that are found and joined are named.
        PROVIDERS_TABLE="dynamodb:BatchGetItem",
        # A login is found with its code, or with the same work without one.
        TOTP_KEY="kms:Encrypt kms:Decrypt",
        # The site admins who are to approve an invitation are told.
        IDENTITY_TABLE__by_practice="dynamodb:Query",
    ),
)
SWEEP = merged(
    LEAVING,
    access(
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem dynamodb:DeleteItem",
        IDENTITY_TABLE__due="dynamodb:Query",
        EVENTS_TABLE="dynamodb:PutItem",
    ),
)
