"""Idempotency receipts: what a POST with an Idempotency-Key answered, kept 24 hours in the change's own commit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib import config, signing
from chalicelib.dynamo import ExpiringRow, Key, RowMeta, Table

RECEIPTS = Table("RECEIPTS_TABLE", expires=True)
KEPT = timedelta(hours=24)


class ReceiptRow(ExpiringRow):
    """pk: the practice's id, or `public`; sk: who, which route and which key."""

    class Meta(RowMeta):
        table_name = config.get("RECEIPTS_TABLE")

    fingerprint = UnicodeAttribute()
    status = NumberAttribute()
    body = UnicodeAttribute()
    location = UnicodeAttribute(null=True)

    @staticmethod
    def key(practice_id: str, username: str, route: str, key: str) -> "Key[ReceiptRow]":
        return Key(ReceiptRow, practice_id, f"{username}#{route}#{key}")

    @staticmethod
    def free(now: datetime) -> Condition:
        """The condition that no request has left a receipt that still counts."""
        condition: Condition = ReceiptRow.pk.does_not_exist() | (ReceiptRow.expires_at < int(now.timestamp()))
        return condition


class Receipt(msgspec.Struct):
    """The receipt of a request that is carried out once: `row` makes it of the answer. `left`: whether the request's
    commit has written it."""

    row: Callable[[Any], ReceiptRow]
    left: bool = False


def fingerprint(request: bytes) -> str:
    """What must be equal for a repeat to be the same request. Keyed, as a body may hold a password."""
    return signing.mac("receipt", request).hex()


def expiry(now: datetime) -> int:
    """Until when a receipt written now is honoured, in epoch seconds."""
    return int((now + KEPT).timestamp())
