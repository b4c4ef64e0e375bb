"""Copies of tickets, by which they are listed, searched and queued. Keys: `tables.py`."""

from typing import Any, Final

import msgspec
from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.dynamo import Key, Row
from chalicelib.support import rules, search_rules, sla_rules
from chalicelib.support.model import CLOCKS, Category, QueuedTicket, Status, Ticket, TicketSummary
from chalicelib.support.tables import SupportMeta, padded

TEAM: Final = "team"
_LAST: Final = "9999-12-31T00:00:00Z"


class _ByStatus(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_status"
        projection = AllProjection()

    shelf_by_status = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class _ByCategory(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_category"
        projection = AllProjection()

    shelf_by_category = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class _ByBoth(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_both"
        projection = AllProjection()

    shelf_by_both = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class ListingRow(Row):
    """A ticket on somebody's shelf, in order of numbers."""

    class Meta(SupportMeta):
        pass

    summary = JSONAttribute()
    shelf_by_status = UnicodeAttribute()
    shelf_by_category = UnicodeAttribute()
    shelf_by_both = UnicodeAttribute()
    by_status = _ByStatus()
    by_category = _ByCategory()
    by_both = _ByBoth()

    @staticmethod
    def prefix(shelf: str) -> str:
        """What the keys of a shelf begin with."""
        return f"shelf#{shelf}#"

    @staticmethod
    def new(ticket: Ticket, shelf: str) -> "ListingRow":
        """A ticket on a shelf."""
        place = f"{ticket.practice_id}#{shelf}"
        return Key(ListingRow, ticket.practice_id, ListingRow.prefix(shelf) + padded(ticket.number)).row(
            summary=msgspec.to_builtins(ticket.summary()),
            shelf_by_status=f"{place}#{ticket.status}",
            shelf_by_category=f"{place}#{ticket.category}",
            shelf_by_both=f"{place}#{ticket.status}#{ticket.category}",
        )

    def as_summary(self) -> TicketSummary:
        """The ticket it lists."""
        return msgspec.convert(self.summary, TicketSummary)


def shelf_of(view: str, username: str) -> str:
    """The shelf that a view of somebody's shows."""
    return TEAM if view == "team" else f"{view}#{username}"


class FindingRow(Row):
    """A ticket under one of the terms by which it is searched; `cc`: who is copied in."""

    class Meta(SupportMeta):
        pass

    summary = JSONAttribute()
    cc = JSONAttribute()

    @staticmethod
    def prefix(wanted: str) -> str:
        """What the keys begin with of all that a search for `wanted` finds."""
        return f"term#{wanted}"

    @staticmethod
    def key(practice_id: str, term: str, number: int) -> "Key[FindingRow]":
        return Key(FindingRow, practice_id, f"{FindingRow.prefix(term)}\t{padded(number)}")

    def as_summary(self) -> TicketSummary:
        """The ticket it finds."""
        return msgspec.convert(self.summary, TicketSummary)


class UnsolvedRow(Row):
    """A ticket that is not solved, by its owner."""

    class Meta(SupportMeta):
        pass

    PREFIX = "unsolved#"

    @staticmethod
    def key(practice_id: str, owner: str, number: int) -> "Key[UnsolvedRow]":
        return Key(UnsolvedRow, practice_id, f"{UnsolvedRow.PREFIX}{owner}#{padded(number)}")

    @property
    def owner(self) -> str:
        return str(self.sk).split("#")[1]

    @property
    def number(self) -> int:
        return int(str(self.sk).split("#")[2])


class QueuedRow(Row):
    """A ticket that is not solved, in Support's queue over all practices: first those whose promise is due first, last
    those that wait on the customer. One partition takes a thousand changes a second."""

    class Meta(SupportMeta):
        pass

    queued = JSONAttribute()

    PLACE: Final = "queue"

    @staticmethod
    def new(ticket: Ticket) -> "QueuedRow":
        """The row of a ticket in the queue."""
        due = sla_rules.next_due(ticket.sla)
        held = QueuedTicket(
            **msgspec.structs.asdict(ticket.summary()),
            practice_id=ticket.practice_id,
            practice_name=ticket.practice_name,
            due=due,
            breached=[name for name in CLOCKS if getattr(ticket.sla, name).breached_at is not None],
        )
        return Key(QueuedRow, QueuedRow.PLACE, f"{due or _LAST}#{ticket.id}").row(queued=msgspec.to_builtins(held))

    def as_queued(self) -> QueuedTicket:
        """The ticket it queues."""
        return msgspec.convert(self.queued, QueuedTicket)


def copies_of(ticket: Ticket) -> dict[Key[Any], Row]:
    """Every copy of a ticket's summary."""
    practice_id, number = ticket.practice_id, ticket.number
    shelves = [TEAM, *(shelf_of("cc", name) for name in ticket.cc)]
    if ticket.owner is not None:
        shelves.append(shelf_of("my", ticket.owner))
    rows: list[Row] = [ListingRow.new(ticket, shelf) for shelf in shelves]
    summary = msgspec.to_builtins(ticket.summary())
    for term in search_rules.terms(number, ticket.subject):
        rows.append(FindingRow.key(practice_id, term, number).row(summary=summary, cc=ticket.cc))
    if ticket.status in rules.UNSOLVED:
        rows.append(QueuedRow.new(ticket))
        if ticket.owner is not None:
            rows.append(UnsolvedRow.key(practice_id, ticket.owner, number).row())
    return {row.as_key(): row for row in rows}


def filters_of(status: Status | None, category: Category | None) -> tuple[str, str] | None:
    """The index that holds what a filter leaves of a shelf, and what follows the shelf's name there."""
    if status and category:
        return "by_both", f"#{status}#{category}"
    if status:
        return "by_status", f"#{status}"
    return ("by_category", f"#{category}") if category else None
