"""The production code broken on purpose, one guard at a time. The simulations must catch every one of these.

A guard that others stand behind goes together with them: alone it would not be missed.
"""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import msgspec
from pynamodb.expressions.condition import Condition

from chalicelib import clock, dynamo, relay, store
from chalicelib.due import sweep
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict
from chalicelib.events import EventRow
from chalicelib.identity import sessions
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import attempts, second_factor
from chalicelib.licensing import rules
from chalicelib.licensing.tables import OrderRow, PoolRow
from chalicelib.licensing.usecases import orders, pool
from chalicelib.receipts import ReceiptRow
from chalicelib.store import Commit
from tests.simulation.hunt import SABOTAGES, sabotage
from tests.simulation.stage import Stage

__all__ = ["SABOTAGES"]


def _always(model: Any) -> Condition:
    condition: Condition = model.pk.exists() | model.pk.does_not_exist()
    return condition


def _without_condition(method: str, prefix: str) -> Any:
    """`Commit.update`, `delete` or `put` takes any row whose sk begins with `prefix`."""
    original = getattr(Commit, method)

    def changed(self: Commit, key: Any, *rest: Any, otherwise: Any, condition: Any = None) -> None:
        free = key.sk.startswith(prefix)
        if method == "put":
            original(self, key, otherwise=otherwise, condition=_always(type(key)) if free else condition)
        else:
            original(self, key, *rest[:-1], _always(key.model) if free else rest[-1], otherwise=otherwise)

    return patch.object(Commit, method, changed)


def _apart(model: type[Any]) -> Any:
    """Rows of a class are written in a transaction of their own, after the others."""
    original = store._transact

    def transact(writes: list[Any]) -> None:
        original([write for write in writes if not isinstance(write.row, model)])
        if late := [write for write in writes if isinstance(write.row, model)]:
            original(late)

    return patch.object(store, "_transact", transact)


def _free_notes(module: Any) -> Any:
    return patch.object(module, "note", lambda row, actions, _: dynamo.note(row, actions, _always(type(row))))


# --- The commit ---------------------------------------------------------------------------------------------------


@sabotage("the event outside the transaction", "order without a key")
def _(_: Stage) -> list[Any]:
    return [_apart(EventRow)]


@sabotage("the receipt after the commit", "order")
def _(_: Stage) -> list[Any]:
    return [_apart(ReceiptRow)]


@sabotage("the pool after the commit", "order")
def _(_: Stage) -> list[Any]:
    return [_apart(PoolRow)]


@sabotage("a receipt over a receipt", "order")
def _(_: Stage) -> list[Any]:
    original = store._receipt_write

    def write(*arguments: Any) -> Any:
        made = original(*arguments)
        made.condition = _always(ReceiptRow)
        return made

    return [patch.object(store, "_receipt_write", write)]


@sabotage("no proof of one's own commit", "verify owner")
def _(_: Stage) -> list[Any]:
    def refuse(ordered: list[Any], reasons: list[Any]) -> None:
        if any(reason and reason.code == "ConditionalCheckFailed" for reason in reasons):
            raise Conflict("Something failed.")

    return [patch.object(store, "_raise_refusal", refuse)]


# --- Licensing ----------------------------------------------------------------------------------------------------


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
    return [patch.object(pool, "_put_line", lambda *_: None)]


@sabotage("an order settled twice", "cancel", "charge")
def _(_: Stage) -> list[Any]:
    return [_without_condition("update", "order#")]


@sabotage("an order charged within its window", "charge too early")
def _(_: Stage) -> list[Any]:
    charge = rules.charge

    def early(order: Any, now: Any) -> Any:
        charged, event = charge(order, max(now, clock.from_text(order.cancel_until) + timedelta(seconds=1)))
        return msgspec.structs.replace(charged, settled_at=clock.to_text(now)), event

    return [
        _without_condition("update", "order#"),
        patch.object(rules, "charge", early),
        patch.object(orders, "sweep", lambda handler, index, kind, _, *rest: sweep(handler, index, kind, "~", *rest)),
    ]


@sabotage("a settled order that stays due", "cancel")
def _(_: Stage) -> list[Any]:
    original = OrderRow.settle
    return [patch.object(OrderRow, "settle", staticmethod(lambda order: original(order)[:2]))]


@sabotage("a decrease applied twice", "lower")
def _(_: Stage) -> list[Any]:
    return [_without_condition("update", "decrease#")]


@sabotage("a report told twice", "report")
def _(_: Stage) -> list[Any]:
    return [_without_condition("put", "total")]


# --- Identity -----------------------------------------------------------------------------------------------------


@sabotage("a username given out twice", "sign up", "create user")
def _(_: Stage) -> list[Any]:
    return [_without_condition("put", "username")]


@sabotage("a link that works twice", "verify owner")
def _(_: Stage) -> list[Any]:
    return [_without_condition("delete", "link#")]


@sabotage("a code that works twice", "sign in with code")
def _(_: Stage) -> list[Any]:
    return [_careless("prove")]


@sabotage("a recovery code that works twice", "sign in with recovery code")
def _(_: Stage) -> list[Any]:
    return [_careless("_prove_recovery")]


def _careless(function: str) -> Any:
    original = getattr(second_factor, function)

    def prove(*arguments: Any) -> Any:
        proof = original(*arguments)
        return proof and second_factor.Proof(proof.actions, UsernameRow.pk.exists(), proof.recovery_codes_left)

    return patch.object(second_factor, function, prove)


@sabotage("a change of password on an old epoch", "set password", "change password")
def _(_: Stage) -> list[Any]:
    return [_without_condition("update", "username")]


@sabotage("a touch that brings a session back", "sign out", "look")
def _(_: Stage) -> list[Any]:
    return [_free_notes(sessions)]


@sabotage("guesses that overwrite each other's count", "guess")
def _(_: Stage) -> list[Any]:
    return [_free_notes(attempts)]


# --- The relay ----------------------------------------------------------------------------------------------------


@sabotage("an outbox cleared before it is published", "relay")
def _(_: Stage) -> list[Any]:
    original = relay._published

    def published(renderers: Any, event: Any, announcement: Any) -> bool:
        cleared = [EventRow.outbox.remove(), EventRow.due_shard.remove(), EventRow.due_at.remove()]
        dynamo.note(event, cleared, EventRow.pk.exists())
        return original(renderers, event, announcement)

    return [patch.object(relay, "_published", published)]


@sabotage("an outbox that is never cleared", "relay")
def _(_: Stage) -> list[Any]:
    return [patch.object(relay, "note", lambda *_: True)]


@sabotage("an announcement that fails and is forgotten", "relay")
def _(_: Stage) -> list[Any]:
    original = relay._published

    def published(*arguments: Any) -> bool:
        original(*arguments)
        return True

    return [patch.object(relay, "_published", published)]
