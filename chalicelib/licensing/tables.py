"""The licensing room's table.

| row      | pk          | sk                    | in `due` while                                   |
|----------|-------------|-----------------------|--------------------------------------------------|
| pool     | practice id | pool                  | always: reconciliation walks all pools by it     |
| order    | practice id | order#ORDER_ID        | pending                                          |
| decrease | practice id | decrease#DECREASE_ID  | approved                                         |
| claim    | practice id | claim#PROVIDER_ID     | of a trial: its next warning, or its end, is due |
| ended    | practice id | ended#PROVIDER_ID     | always: the data of an ended trial goes          |
| ledger   | practice id | ledger#EVENT_ID#KIND  |                                                  |
| result   | report#DAY  | practice id           |                                                  |

Ended trials: `trial_tables.py`.
"""

from typing import Any

import msgspec
from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, Table, shard_of
from chalicelib.licensing.model import (
    LICENSE_TYPES,
    Counts,
    LedgerLine,
    LicenseDecrease,
    LicenseOrder,
    LicenseType,
    LineKind,
    Pool,
)

LICENSING = Table("LICENSING_TABLE", due=True)
CHARGE, LOWER, RECONCILE, TRIAL = "charge", "lower", "reconcile", "trial"
"""The kinds of due work of this room."""


class _Meta(RowMeta):
    table_name = config.get("LICENSING_TABLE")


class PoolRow(Row):
    """The licenses of a practice. `active` is not stored: it is the sum of the two. `bought`: a license was made
    available once, by an order that may be cancelled since. It is never taken away."""

    class Meta(_Meta):
        pass

    physician_available = NumberAttribute(default=0)
    physician_in_use = NumberAttribute(default=0)
    midlevel_available = NumberAttribute(default=0)
    midlevel_in_use = NumberAttribute(default=0)
    bought = BooleanAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    @staticmethod
    def key(practice_id: str) -> "Key[PoolRow]":
        return Key(PoolRow, practice_id, "pool")

    @staticmethod
    def new(practice_id: str, pool: Pool) -> "PoolRow":
        """The first row of a practice."""
        shard = shard_of(RECONCILE, practice_id)
        return PoolRow.key(practice_id).row(due_shard=shard, due_at=practice_id, **PoolRow.values(pool))

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
        return _pool_of(self)

    @staticmethod
    def change(change: Pool) -> tuple[list[Action], Condition]:
        """The update that adds `change`, and its condition: nothing may fall below zero."""
        amounts = {name: amount for name, amount in PoolRow.values(change).items() if amount}
        condition = PoolRow.pk.exists()
        for name, amount in amounts.items():
            if amount < 0:
                condition &= getattr(PoolRow, name) >= -amount
        return [getattr(PoolRow, name).add(amount) for name, amount in amounts.items()], condition

    @staticmethod
    def none_available(license_type: LicenseType) -> Condition:
        """The condition that no license of the type is available."""
        condition: Condition = getattr(PoolRow, f"{license_type}_available") == 0
        return condition

    @staticmethod
    def never_bought() -> Condition:
        """The condition that no license was ever made available, and none is in use: not the trial's either."""
        condition: Condition = PoolRow.bought.does_not_exist()
        for license_type in LICENSE_TYPES:
            condition &= getattr(PoolRow, f"{license_type}_in_use") == 0
        return condition


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
            due_shard=shard_of(CHARGE, order.id),
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


class DecreaseRow(Row):
    """A request for fewer licenses."""

    class Meta(_Meta):
        pass

    decrease = JSONAttribute()
    status = UnicodeAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    PREFIX = "decrease#"

    @staticmethod
    def key(practice_id: str, decrease_id: str) -> "Key[DecreaseRow]":
        return Key(DecreaseRow, practice_id, DecreaseRow.PREFIX + decrease_id)

    @staticmethod
    def becomes(decrease: LicenseDecrease) -> list[Action]:
        """The update to the decrease's new state: an approved one is due when it takes effect, any other is not."""
        actions: list[Action] = [
            DecreaseRow.decrease.set(msgspec.to_builtins(decrease)),
            DecreaseRow.status.set(decrease.status),
        ]
        if decrease.status == "approved":
            return [
                *actions,
                DecreaseRow.due_shard.set(shard_of(LOWER, decrease.id)),
                DecreaseRow.due_at.set(str(decrease.effective_at)),
            ]
        return [*actions, DecreaseRow.due_shard.remove(), DecreaseRow.due_at.remove()]

    def as_decrease(self) -> LicenseDecrease:
        """The decrease it holds."""
        return msgspec.convert(self.decrease, LicenseDecrease)


class ClaimRow(Row):
    """The one license that an active provider account holds; `trial_until` while it is the trial's."""

    class Meta(_Meta):
        pass

    license_type = UnicodeAttribute()
    trial_until = UnicodeAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    PREFIX = "claim#"

    @staticmethod
    def key(practice_id: str, provider_id: str) -> "Key[ClaimRow]":
        return Key(ClaimRow, practice_id, ClaimRow.PREFIX + provider_id)

    @staticmethod
    def of_trial(practice_id: str, provider_id: str, license_type: str, until: str, due_at: str) -> "ClaimRow":
        """The row of a trial license, due at its next warning or its end."""
        return ClaimRow.key(practice_id, provider_id).row(
            license_type=license_type, trial_until=until, due_shard=shard_of(TRIAL, provider_id), due_at=due_at
        )

    @property
    def provider_id(self) -> str:
        return str(self.sk).removeprefix(ClaimRow.PREFIX)

    @property
    def type(self) -> LicenseType:
        license_type: LicenseType = msgspec.convert(self.license_type, LicenseType)
        return license_type

    def unchanged(self) -> Condition:
        """The condition that it still is the license that was read."""
        trial = ClaimRow.trial_until == self.trial_until if self.trial_until else ClaimRow.trial_until.does_not_exist()
        condition: Condition = (ClaimRow.license_type == self.license_type) & trial
        return condition


class LedgerRow(Row):
    """One line of the append-only ledger.

    `order_lines` stands on lines about an order: its quantities and amounts by type. `plan`, `custom_billing` and
    `practice_name` stand on lines that begin or change a practice's terms.
    """

    class Meta(_Meta):
        pass

    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    subject = UnicodeAttribute()
    physician_available = NumberAttribute(default=0)
    physician_in_use = NumberAttribute(default=0)
    midlevel_available = NumberAttribute(default=0)
    midlevel_in_use = NumberAttribute(default=0)
    amount_cents = NumberAttribute(null=True)
    order_lines = JSONAttribute(null=True)
    plan = UnicodeAttribute(null=True)
    custom_billing = BooleanAttribute(null=True)
    practice_name = UnicodeAttribute(null=True)

    PREFIX = "ledger#"

    @staticmethod
    def key(practice_id: str, event_id: str, kind: LineKind) -> "Key[LedgerRow]":
        return Key(LedgerRow, practice_id, f"{LedgerRow.PREFIX}{event_id}#{kind}")

    def change(self) -> Pool:
        """What the line adds to the pool."""
        return _pool_of(self)

    def as_line(self) -> LedgerLine:
        """The line, as customers read it."""
        change = self.change()
        amount = None if self.amount_cents is None else int(self.amount_cents)
        kind: Any = self.kind
        line_id = self.sk.removeprefix(LedgerRow.PREFIX)
        return LedgerLine(line_id, self.at, kind, self.subject, change.active, change.in_use, amount)


class ResultRow(Row):
    """One practice's part of a report: derived from the ledger, kept so that a long report can go on. Empty for a
    practice that began later, and for the row that says the report is made."""

    class Meta(_Meta):
        pass

    result = JSONAttribute()

    @staticmethod
    def key(day: str, practice_id: str) -> "Key[ResultRow]":
        return Key(ResultRow, f"report#{day}", practice_id)


def _pool_of(row: PoolRow | LedgerRow) -> Pool:
    return Pool(
        available=Counts(int(row.physician_available), int(row.midlevel_available)),
        in_use=Counts(int(row.physician_in_use), int(row.midlevel_in_use)),
    )
