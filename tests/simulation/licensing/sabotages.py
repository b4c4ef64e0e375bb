"""Licensing broken on purpose."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import msgspec

from chalicelib import clock
from chalicelib.due import sweep
from chalicelib.dynamo import Key
from chalicelib.licensing import rules
from chalicelib.licensing.tables import OrderRow, PoolRow
from chalicelib.licensing.usecases import orders, pool
from tests.simulation.sabotage import sabotage, without_condition
from tests.simulation.stage import Stage


@sabotage("a pool below zero", "claim", "claim for another")
def _(_: Stage) -> list[Any]:
    original = PoolRow.change
    return [patch.object(PoolRow, "change", staticmethod(lambda change: (original(change)[0], PoolRow.pk.exists())))]


@sabotage("a pool for all practices", "they order")
def _(stage: Stage) -> list[Any]:
    ours = stage.practices["ours"]
    return [patch.object(PoolRow, "key", staticmethod(lambda _: Key(PoolRow, ours, "pool")))]


@sabotage("a ledger line left out", "order")
def _(_: Stage) -> list[Any]:
    return [patch.object(pool, "put_line", lambda *_: None)]


@sabotage("an order settled twice", "cancel", "charge")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "order#")]


@sabotage("an order charged within its window", "charge too early")
def _(_: Stage) -> list[Any]:
    charge = rules.charge

    def early(order: Any, now: Any) -> Any:
        charged, event = charge(order, max(now, clock.from_text(order.cancel_until) + timedelta(seconds=1)))
        return msgspec.structs.replace(charged, settled_at=clock.to_text(now)), event

    return [
        without_condition("update", "order#"),
        patch.object(rules, "charge", early),
        patch.object(orders, "sweep", lambda handler, index, kind, _, *rest: sweep(handler, index, kind, "~", *rest)),
    ]


@sabotage("a settled order that stays due", "cancel")
def _(_: Stage) -> list[Any]:
    original = OrderRow.settle
    return [patch.object(OrderRow, "settle", staticmethod(lambda order: original(order)[:2]))]


@sabotage("a decrease applied twice", "lower")
def _(_: Stage) -> list[Any]:
    return [without_condition("update", "decrease#")]


@sabotage("a report told twice", "report")
def _(_: Stage) -> list[Any]:
    return [without_condition("put", "total")]
