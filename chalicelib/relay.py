"""The relay: publishes what commits left pending, then clears it. `relay_events` runs it every minute."""

from collections.abc import Callable, Mapping

from chalicelib import notify
from chalicelib.due import Report, sweep
from chalicelib.dynamo import note
from chalicelib.events import RELAY, EventRow, due_until
from chalicelib.notify import Renderer

HANDLER = "relay_events"


def relay(renderers: Mapping[str, Renderer], milliseconds_left: Callable[[], int]) -> Report:
    """Publish every pending event, a practice's in their order, and clear each one after its last message.

    A crash between the two publishes again under the same event id; a message that can't be sent stays pending.
    """

    def work(event: EventRow) -> bool:
        for announcement in event.announcements():
            notify.publish(event, announcement, renderers[event.type](event, announcement))
        return note(
            event,
            [EventRow.outbox.remove(), EventRow.due_shard.remove(), EventRow.due_at.remove()],
            EventRow.due_shard.exists(),
        )

    return sweep(HANDLER, EventRow, EventRow.due, RELAY, due_until(), work, milliseconds_left)
