"""What the licensing room's functions need."""

from chalicelib.access import CHANGES, SIGNED_IN, access, merged
from chalicelib.support.access import FILING

API = merged(
    SIGNED_IN,
    CHANGES,
    FILING,
    access(
        LICENSING_TABLE="dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem",
        # Reconciliation counts provider accounts.
        PROVIDERS_TABLE="dynamodb:Query",
        # Who asks for fewer licenses must be a site admin still.
        IDENTITY_TABLE="dynamodb:ConditionCheckItem",
    ),
)
CHARGE_DUE_ORDERS = access(
    LICENSING_TABLE="dynamodb:PutItem dynamodb:UpdateItem",
    LICENSING_TABLE__due="dynamodb:Query",
    EVENTS_TABLE="dynamodb:PutItem",
)
APPLY_DECREASES = merged(CHARGE_DUE_ORDERS, access(LICENSING_TABLE="dynamodb:BatchGetItem"))
REPORT = access(
    LICENSING_TABLE="dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem",
    LICENSING_TABLE__due="dynamodb:Query",
    PROVIDERS_TABLE="dynamodb:Query",
    EVENTS_TABLE="dynamodb:PutItem",
    **{"REPORTS_BUCKET/reconciliation": "s3:PutObject"},
)
