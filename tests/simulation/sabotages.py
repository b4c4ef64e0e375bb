"""Every sabotage that the simulations must catch: those of the commit and the relay, and each room's own."""

from typing import Any
from unittest.mock import patch

from chalicelib import dynamo, relay, store
from chalicelib.errors import Conflict
from chalicelib.events import EventRow
from chalicelib.licensing.tables import PoolRow
from chalicelib.receipts import ReceiptRow
from tests.simulation.rooms import of_each_room
from tests.simulation.sabotage import SABOTAGES, always, apart, sabotage
from tests.simulation.stage import Stage

__all__ = ["SABOTAGES"]
of_each_room("sabotages")

# --- The commit ------------------------------------------------------------------------------------------------------


@sabotage("the event outside the transaction", "order without a key")
def _(_: Stage) -> list[Any]:
    return [apart(EventRow)]


@sabotage("the receipt after the commit", "order")
def _(_: Stage) -> list[Any]:
    return [apart(ReceiptRow)]


@sabotage("the pool after the commit", "order")
def _(_: Stage) -> list[Any]:
    return [apart(PoolRow)]


@sabotage("a receipt over a receipt", "order")
def _(_: Stage) -> list[Any]:
    original = store._receipt_write

    def write(*arguments: Any) -> Any:
        made = original(*arguments)
        made.condition = always(ReceiptRow)
        return made

    return [patch.object(store, "_receipt_write", write)]


@sabotage("no proof of one's own commit", "verify owner")
def _(_: Stage) -> list[Any]:
    def refuse(ordered: list[Any], reasons: list[Any]) -> None:
        if any(reason and reason.code == "ConditionalCheckFailed" for reason in reasons):
            raise Conflict("Something failed.")

    return [patch.object(store, "_raise_refusal", refuse)]


# --- The relay -------------------------------------------------------------------------------------------------------


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
