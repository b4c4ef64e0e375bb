"""Events: one row per change, which is the audit record and, until it is announced, the outbox entry.

A row is written only inside the commit of the change it tells of, and the change's function may not touch it
again: only the relay, with a role of its own, clears `due_shard`, `due_at` and `outbox` once it has published.
"""

from datetime import datetime
from typing import Any

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib import clock, config
from chalicelib.dynamo import DueIndex, Key, Row, RowMeta, Table, query, shard_of
from chalicelib.model import Actor, Announcement, Event

EVENTS = Table("EVENTS_TABLE", due=True)
RELAY = "relay"
"""The kind of due work that an event waits for."""
_FRESH, _AGAIN = "0#", "1#"


class EventRow(Row):
    """pk: the practice's id; sk: the event's id, which sorts by time."""

    class Meta(RowMeta):
        table_name = config.get("EVENTS_TABLE")

    type = UnicodeAttribute()
    subject = UnicodeAttribute()
    actor = UnicodeAttribute()
    at = UnicodeAttribute()
    before = JSONAttribute()
    after = JSONAttribute()
    source_ip = UnicodeAttribute(null=True)
    request_id = UnicodeAttribute()
    outbox = JSONAttribute(null=True)
    tries = NumberAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    @staticmethod
    def key(practice_id: str, event_id: str) -> "Key[EventRow]":
        return Key(EventRow, practice_id, event_id)

    def announcements(self) -> list[Announcement]:
        """What is still to be published."""
        return msgspec.convert(self.outbox or [], list[Announcement])


def row_of(event: Event, event_id: str, actor: Actor, request_id: str, source_ip: str | None, at: str) -> EventRow:
    """The row to commit. It stands in the `due` index exactly while it has something to announce."""
    pending: dict[str, Any] = {}
    if event.announce:
        pending = {
            "outbox": msgspec.to_builtins(event.announce),
            # One shard per practice and ids in order of time: a practice's messages normally leave in their order.
            "due_shard": shard_of(RELAY, actor.practice_id),
            "due_at": f"{_FRESH}{event_id}",
        }
    return EventRow.key(actor.practice_id, event_id).row(
        type=event.type,
        subject=event.subject,
        actor=actor.name,
        at=at,
        before=event.before,
        after=event.after,
        source_ip=source_ip,
        request_id=request_id,
        **pending,
    )


class AuditRecord(msgspec.Struct, frozen=True):
    """One change, as a practice's site admins read it."""

    id: str
    at: str
    actor: str
    type: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    source_ip: str | None
    request_id: str


def audit(practice_id: str, between: tuple[str, str], limit: int, after: str | None) -> list[AuditRecord]:
    """The practice's changes whose ids lie between two, newest first."""
    return [
        AuditRecord(
            id=row.sk,
            at=row.at,
            actor=row.actor,
            type=row.type,
            subject=row.subject,
            before=row.before,
            after=row.after,
            source_ip=row.source_ip,
            request_id=row.request_id,
        )
        for row in query(EventRow, practice_id, between=between, limit=limit, after=after, newest_first=True)
    ]


def postponed(until: datetime) -> str:
    """The `due_at` of an event that is to be tried again at `until`: behind all that were not tried yet."""
    return f"{_AGAIN}{clock.to_text(until)}"


def due_until(now: datetime) -> str:
    """The upper bound of `due_at` of what is to be published now."""
    return f"{_AGAIN}{clock.to_text(now)}"
