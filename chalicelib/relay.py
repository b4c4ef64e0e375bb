"""The relay: publishes what commits left pending, then clears it. `relay_events` runs it every minute."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import msgspec

from chalicelib import clock, notify, telemetry
from chalicelib.due import Report, sweep
from chalicelib.dynamo import note
from chalicelib.events import RELAY, EventRow, due_until, postponed
from chalicelib.model import Announcement
from chalicelib.notify import Renderer

HANDLER = "relay_events"
_LONGEST_PAUSE = timedelta(hours=1)


class Undelivered(Exception):
    """Some announcements of an event could not be sent; they stay pending, behind those not tried yet."""


def relay(renderers: Mapping[str, Renderer], milliseconds_left: Callable[[], int]) -> Report:
    """Publish every pending event and clear what was sent.

    A crash between the two publishes again under the same event id, and so may two runs at once. An announcement
    that fails holds up no other, and is tried again after a pause that doubles from a minute to an hour.
    """
    waits: list[float] = []

    def work(event: EventRow) -> bool:
        waits.append((clock.now() - clock.from_text(event.at)).total_seconds())
        failed = [each for each in event.announcements() if not _published(renderers, event, each)]
        pending = EventRow.due_at == event.due_at
        if not failed:
            return note(
                event, [EventRow.outbox.remove(), EventRow.due_shard.remove(), EventRow.due_at.remove()], pending
            )
        tries = int(event.tries or 0) + 1
        again = clock.now() + min(timedelta(minutes=1 << min(tries - 1, 10)), _LONGEST_PAUSE)
        left = EventRow.outbox.set(msgspec.to_builtins(failed))
        note(event, [left, EventRow.tries.set(tries), EventRow.due_at.set(postponed(again))], pending)
        raise Undelivered

    report = sweep(HANDLER, EventRow.due, RELAY, due_until(clock.now()), work, milliseconds_left)
    if waits:
        telemetry.metric("oldest_pending_seconds", max(waits), "Seconds", handler=HANDLER)
    return report


def _published(renderers: Mapping[str, Renderer], event: EventRow, announcement: Announcement) -> bool:
    try:
        notify.publish(event, announcement, renderers[event.type](event, announcement))
    except Exception as error:  # whatever is wrong with one message, the others must leave
        telemetry.failure("not published", error, event=event.sk, type=event.type, channel=announcement.channel)
        return False
    return True
