"""What the providers room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged

API = merged(
    SIGNED_IN,
    CHANGES,
    access(
        PROVIDERS_TABLE=(
            "dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem"
        ),
        # Who reaches an account stands in identity's table.
        IDENTITY_TABLE="dynamodb:PutItem",
        # An account's license is claimed, bought or changed in the account's own transaction.
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem",
    ),
)
