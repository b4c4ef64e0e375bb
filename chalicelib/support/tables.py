"""The support room's table.

| row          | pk          | sk                        | in `due` while                         |
|--------------|-------------|---------------------------|----------------------------------------|
| counter      | practice id | counter                   |                                        |
| ticket       | practice id | ticket#NUMBER             | a clock runs; solved, until it closes  |
| comment      | practice id | comment#NUMBER#COMMENT_ID |                                        |
| history line | practice id | history#NUMBER#EVENT_ID   |                                        |
| listing      | practice id | shelf#SHELF#NUMBER        |                                        |
| finding      | practice id | term#TERM NUMBER          |                                        |
| unsolved     | practice id | unsolved#OWNER#NUMBER     |                                        |
| queued       | queue       | DUE#TICKET_ID             |                                        |
| search       | practice id | search#SEARCH_ID          |                                        |
| leaving      | practice id | leaving#EVENT_ID          | until somebody has looked after them   |
| throttle     | public      | throttle#WHAT#HOUR        |                                        |

NUMBER has nine digits, so that rows stand in order of numbers. The text that a ticket begins with is its first
comment. Listings, findings, unsolved and queued are copies of the ticket's summary, written in its own commit: one
query reads a page of a view (`view_tables.py`). Listings stand in three indexes too, by status and category. Reasons:
`docs/decisions/0025-tickets.md`.
"""

from datetime import datetime
from typing import Final

import msgspec
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib import clock, config
from chalicelib.dynamo import DueIndex, ExpiringRow, Index, Key, Row, RowMeta, Table, shard_of
from chalicelib.support import due_rules, rules, sla_rules
from chalicelib.support.model import Comment, HistoryLine, Ticket

FILTERS: Final = ("by_status", "by_category", "by_both")
SUPPORT = Table(
    "SUPPORT_TABLE",
    due=True,
    expires=True,
    indexes=tuple(Index(name, f"shelf_{name}", "sk") for name in FILTERS),
)
BREACH, CLOSE, PASS_ON = "breach", "close", "pass-on"
"""The kinds of due work of this room."""
BODY: Final = "body"
"""The id of the comment that holds what a ticket was filed with."""


class SupportMeta(RowMeta):
    """Where every row of the room stands."""

    table_name = config.get("SUPPORT_TABLE")


def padded(number: int) -> str:
    """A ticket's number as keys have it."""
    return f"{number:09d}"


# --- Tickets ------------------------------------------------------------------------------------------------------


class CounterRow(Row):
    """The last number that the practice gave to a ticket."""

    class Meta(SupportMeta):
        pass

    last = NumberAttribute()

    @staticmethod
    def key(practice_id: str) -> "Key[CounterRow]":
        return Key(CounterRow, practice_id, "counter")

    @staticmethod
    def take(number: int) -> tuple[list[Action], Condition]:
        """The update by which a number is taken, and its condition: it is the next one."""
        free = CounterRow.last == number - 1 if number > 1 else CounterRow.pk.does_not_exist()
        return [CounterRow.last.set(number)], free


class TicketRow(Row):
    """A ticket. Whoever changes it needs it to be as it was read: `version` counts the changes."""

    class Meta(SupportMeta):
        pass

    ticket = JSONAttribute()
    version = NumberAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()

    PREFIX = "ticket#"

    @staticmethod
    def key(practice_id: str, number: int) -> "Key[TicketRow]":
        return Key(TicketRow, practice_id, TicketRow.PREFIX + padded(number))

    @staticmethod
    def new(ticket: Ticket) -> "TicketRow":
        """The row of a new ticket."""
        held = msgspec.to_builtins(ticket)
        return TicketRow.key(ticket.practice_id, ticket.number).row(
            ticket=held, version=ticket.version, **_waits_for(ticket)
        )

    @staticmethod
    def becomes(before: Ticket, after: Ticket) -> tuple[list[Action], Condition]:
        """The update to a ticket's next version, and its condition: it still is what it was."""
        due = _waits_for(after)
        actions: list[Action] = [
            TicketRow.ticket.set(msgspec.to_builtins(after)),
            TicketRow.version.set(after.version),
            TicketRow.due_shard.set(due["due_shard"]) if due else TicketRow.due_shard.remove(),
            TicketRow.due_at.set(due["due_at"]) if due else TicketRow.due_at.remove(),
        ]
        return actions, TicketRow.version == before.version

    def as_ticket(self) -> Ticket:
        """The ticket it holds."""
        return msgspec.convert(self.ticket, Ticket)


def _waits_for(ticket: Ticket) -> dict[str, str]:
    """What a schedule has to do for the ticket next, and when."""
    if ticket.status == "solved" and ticket.solved_at is not None:
        closes = clock.from_text(ticket.solved_at) + due_rules.CLOSED_AFTER
        return {"due_shard": shard_of(CLOSE, ticket.id), "due_at": clock.to_text(closes)}
    if breach := sla_rules.next_breach(ticket.sla):
        return {"due_shard": shard_of(BREACH, ticket.id), "due_at": breach}
    return {}


class CommentRow(Row):
    """Something said on a ticket. The first one is what it was filed with."""

    class Meta(SupportMeta):
        pass

    comment = JSONAttribute()

    @staticmethod
    def prefix(number: int) -> str:
        """What the keys of a ticket's comments begin with."""
        return f"comment#{padded(number)}#"

    @staticmethod
    def key(practice_id: str, number: int, comment_id: str) -> "Key[CommentRow]":
        return Key(CommentRow, practice_id, CommentRow.prefix(number) + comment_id)

    def as_comment(self) -> Comment:
        """The comment it holds."""
        return msgspec.convert(self.comment, Comment)


class HistoryRow(Row):
    """One change of a ticket. Its id is that of the event."""

    class Meta(SupportMeta):
        pass

    line = JSONAttribute()

    @staticmethod
    def prefix(number: int) -> str:
        """What the keys of a ticket's history begin with."""
        return f"history#{padded(number)}#"

    @staticmethod
    def new(practice_id: str, number: int, line: HistoryLine) -> "HistoryRow":
        """The row of a change."""
        key = Key(HistoryRow, practice_id, HistoryRow.prefix(number) + line.id)
        return key.row(line=msgspec.to_builtins(line))

    def as_line(self) -> HistoryLine:
        """The line it holds."""
        return msgspec.convert(self.line, HistoryLine)


# --- Beside tickets -----------------------------------------------------------------------------------------------


class SearchRow(ExpiringRow):
    """That a username searched the help center: for a day it may file a ticket on that. What was searched is not kept,
    as it may tell of a patient."""

    class Meta(SupportMeta):
        pass

    username = UnicodeAttribute()

    @staticmethod
    def key(practice_id: str, search_id: str) -> "Key[SearchRow]":
        return Key(SearchRow, practice_id, f"search#{search_id}")

    @staticmethod
    def new(practice_id: str, search_id: str, username: str, now: datetime) -> "SearchRow":
        """The row of a search that is made now."""
        ends = int((now + rules.SEARCHED_WITHIN).timestamp())
        return SearchRow.key(practice_id, search_id).row(username=username, expires_at=ends)


class LeavingRow(Row):
    """Usernames that may be left without any account: those that are lose their open tickets to somebody else,
    are taken out of CC, and have no session any more."""

    class Meta(SupportMeta):
        pass

    usernames = JSONAttribute()
    by = UnicodeAttribute()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    due = DueIndex()
    expires_at = NumberAttribute(null=True)

    @staticmethod
    def settle(now: datetime) -> list[Action]:
        """The update when all of them were looked after: the row may go."""
        gone = LeavingRow.expires_at.set(int(now.timestamp()))
        return [LeavingRow.due_shard.remove(), LeavingRow.due_at.remove(), gone]

    @staticmethod
    def new(practice_id: str, event_id: str, usernames: list[str], by: str, now: datetime) -> "LeavingRow":
        """The row of those who are told of an account that ends."""
        return Key(LeavingRow, practice_id, f"leaving#{event_id}").row(
            usernames=usernames, by=by, due_shard=shard_of(PASS_ON, event_id), due_at=clock.to_text(now)
        )


class ThrottleRow(ExpiringRow):
    """How often the emergency form was used within an hour: from one network, or for one practice."""

    class Meta(SupportMeta):
        pass

    used = NumberAttribute()

    @staticmethod
    def key(what: str, hour: str) -> "Key[ThrottleRow]":
        return Key(ThrottleRow, "public", f"throttle#{what}#{hour}")
