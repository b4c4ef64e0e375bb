"""What the codes room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged

API = merged(
    SIGNED_IN,
    CHANGES,
    access(CODES_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem"),
)
CONTINUE_COPIES = access(
    CODES_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
    CODES_TABLE__due="dynamodb:Query",
    EVENTS_TABLE="dynamodb:PutItem",
)
