"""What the console's function needs: for each use case that a screen has, what its own room's function needs for it."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged
from chalicelib.linking.access import API as LINKING
from chalicelib.support.access import FILING

CONSOLE = merged(
    SIGNED_IN,
    CHANGES,
    # Fewer licenses are asked for by a ticket.
    FILING,
    LINKING,
    access(
        # Signing in and up, one's own login.
        IDENTITY_TABLE="dynamodb:PutItem dynamodb:DeleteItem dynamodb:ConditionCheckItem",
        # The practice's users, and what was changed.
        IDENTITY_TABLE__by_practice="dynamodb:Query",
        EVENTS_TABLE="dynamodb:Query",
        TOTP_KEY="kms:Encrypt kms:Decrypt",
        # Whether mail to a username's address is stopped.
        MAIL_TABLE="dynamodb:BatchGetItem",
        # Sign-up opens an account; reconciliation counts them.
        PROVIDERS_TABLE="dynamodb:PutItem dynamodb:Query",
        # Licenses.
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem",
    ),
)
