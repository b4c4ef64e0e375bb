"""The licensing room's table.

| row    | pk          | sk                 | in `due` while |
|--------|-------------|--------------------|----------------|
| pool   | practice id | pool               |                |
| order  | practice id | order#ORDER_ID     | pending        |
| claim  | practice id | claim#PROVIDER_ID  |                |
| ledger | practice id | ledger#EVENT_ID    |                |
"""

from typing import Any

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, Table, shard_of
from chalicelib.licensing.model import LICENSE_TYPES, Counts, LicenseOrder, Pool

LICENSING = Table("LICENSING_TABLE", due=True)


class _Meta(RowMeta):
    table_name = config.get("LICENSING_TABLE")


class PoolRow(Row):
    """The licenses of a practice. `active` is not stored: it is the sum of the two."""

    class Meta(_Meta):
        pass

    physician_available = NumberAttribute(default=0)
    physician_in_use = NumberAttribute(default=0)
    midlevel_available = NumberAttribute(default=0)
    midlevel_in_use = NumberAttribute(default=0)

    @staticmethod
    def key(practice_id: str) -> "Key[PoolRow]":
        return Key(PoolRow, practice_id, "pool")

    @staticmethod
    def values(pool: Pool) -> dict[str, int]:
        """The row's numbers for a pool, or a pool's change."""
        return {
            f"{license_type}_{part}": getattr(pool, part).of(license_type)
            for license_type in LICENSE_TYPES
            for part in ("available", "in_use")
        }

    def pool(self) -> Pool:
        """The pool it holds."""
        return pool_of(self)

    @staticmethod
    def change(change: Pool) -> tuple[list[Action], Condition]:
        """The update that adds `change`, and its condition: nothing may fall below zero."""
        amounts = {name: amount for name, amount in PoolRow.values(change).items() if amount}
        condition = PoolRow.pk.exists()
        for name, amount in amounts.items():
            if amount < 0:
                condition &= getattr(PoolRow, name) >= -amount
        return [getattr(PoolRow, name).add(amount) for name, amount in amounts.items()], condition


class OrderRow(Row):
    """A license order, with what was agreed to and from where."""

    class Meta(_Meta):
        pass

    order = JSONAttribute()
    status = UnicodeAttribute()
    cancel_until = UnicodeAttribute()
    agreement_sha256 = UnicodeAttribute()
    source_ip = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    @staticmethod
    def key(practice_id: str, order_id: str) -> "Key[OrderRow]":
        return Key(OrderRow, practice_id, f"order#{order_id}")

    @staticmethod
    def new(practice_id: str, order: LicenseOrder, agreement_sha256: str, source_ip: str | None) -> "OrderRow":
        """The row of a pending order: due at its deadline."""
        return OrderRow.key(practice_id, order.id).row(
            order=msgspec.to_builtins(order),
            status=order.status,
            cancel_until=order.cancel_until,
            agreement_sha256=agreement_sha256,
            source_ip=source_ip,
            due_shard=shard_of(order.id),
            due_at=order.cancel_until,
        )

    @staticmethod
    def settle(order: LicenseOrder) -> list[Action]:
        """The update that cancels or charges: the order leaves the `due` index."""
        return [
            OrderRow.order.set(msgspec.to_builtins(order)),
            OrderRow.status.set(order.status),
            OrderRow.due_shard.remove(),
            OrderRow.due_at.remove(),
        ]

    def as_order(self) -> LicenseOrder:
        """The order it holds."""
        return msgspec.convert(self.order, LicenseOrder)


class ClaimRow(Row):
    """The one license that an active provider account holds; `trial_until` while it is the trial's."""

    class Meta(_Meta):
        pass

    license_type = UnicodeAttribute()
    trial_until = UnicodeAttribute(null=True)

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ClaimRow]":
        return Key(ClaimRow, practice_id, f"claim#{provider_id}")


class LedgerRow(Row):
    """One line of the append-only ledger: what changed in the pool, and why. `subject`: an order or a provider."""

    class Meta(_Meta):
        pass

    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    subject = UnicodeAttribute()
    amount_cents = NumberAttribute(null=True)
    physician_available = NumberAttribute(default=0)
    physician_in_use = NumberAttribute(default=0)
    midlevel_available = NumberAttribute(default=0)
    midlevel_in_use = NumberAttribute(default=0)

    PREFIX = "ledger#"

    @staticmethod
    def key(practice_id: str, event_id: str) -> "Key[LedgerRow]":
        return Key(LedgerRow, practice_id, LedgerRow.PREFIX + event_id)

    def change(self) -> Pool:
        """What the line adds to the pool."""
        return pool_of(self)


def pool_of(row: Any) -> Pool:
    """The four numbers of a pool or ledger row."""
    return Pool(
        available=Counts(int(row.physician_available), int(row.midlevel_available)),
        in_use=Counts(int(row.physician_in_use), int(row.midlevel_in_use)),
    )
