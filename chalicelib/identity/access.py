"""What the identity room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged
from chalicelib.support.access import FILING, LEAVING

API = merged(
    SIGNED_IN,
    CHANGES,
    # What an owner asks for is a ticket.
    FILING,
    access(
        IDENTITY_TABLE="dynamodb:PutItem dynamodb:DeleteItem dynamodb:ConditionCheckItem dynamodb:Query",
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        # The audit trail is read by the practice's site admins.
        EVENTS_TABLE="dynamodb:Query",
        # Sign-up opens the first provider account and the license pool in its own transaction; the drop-down names
        # the accounts.
        PROVIDERS_TABLE="dynamodb:BatchGetItem dynamodb:PutItem",
        LICENSING_TABLE="dynamodb:PutItem",
        # Whether mail to an address is stopped, and that it is sent again.
        MAIL_TABLE="dynamodb:BatchGetItem dynamodb:PutItem",
        TOTP_KEY="kms:Encrypt kms:Decrypt",
    ),
)
BLOCK_DORMANT = merged(
    LEAVING,
    access(
        IDENTITY_TABLE="dynamodb:BatchGetItem dynamodb:UpdateItem dynamodb:DeleteItem",
        IDENTITY_TABLE__due="dynamodb:Query",
        # The site admins are warned, too.
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        EVENTS_TABLE="dynamodb:PutItem",
    ),
)
