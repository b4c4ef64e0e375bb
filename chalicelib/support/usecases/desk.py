"""What Support do with the tickets of all practices: for the room of the vendor's own people, who are of none.

Reads take staff's context; what changes a ticket is a commit for the ticket's practice, in whose audit trail it stands.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from chalicelib import ids
from chalicelib.cursors import Page, partial_page, sift
from chalicelib.dynamo import Key, query
from chalicelib.identity.usecases import practices
from chalicelib.store import Commit, Context, outlasting, staff_context
from chalicelib.support import desk_rules, rules
from chalicelib.support.model import (
    Category,
    Comment,
    Decision,
    Priority,
    QueuedTicket,
    Status,
    Ticket,
    TicketFacts,
    WrittenComment,
)
from chalicelib.support.rules import Act
from chalicelib.support.tables import BODY, CommentRow, TicketRow
from chalicelib.support.usecases import conversation, tickets
from chalicelib.support.view_tables import QueuedRow
from chalicelib.validation import ListQuery, Text

_LOOKED_AT: Final = 400
"""How many tickets a filtered page looks at."""


class QueueQuery(ListQuery, frozen=True, forbid_unknown_fields=True):
    """Which of the tickets that are not solved."""

    status: Literal["new", "open", "waiting_on_you"] | None = None
    category: Category | None = None
    priority: Priority | None = None
    practice_id: Annotated[str, Meta(max_length=64)] | None = None


class DeskTicket(TicketFacts, frozen=True, kw_only=True):
    """A ticket as Support see it, with the text that it began with. `approvals_missing`: how many of staff have yet to
    approve what it asks for."""

    practice_id: str
    practice_name: str
    body: str
    approvals_missing: int


class AnswerTicket(msgspec.Struct, frozen=True):
    """An answer to the practice. `status`: with Support still (`open`), `waiting_on_you`, or `solved` by it."""

    body: Text
    status: Literal["open", "waiting_on_you", "solved"] = "open"


class WrittenAnswer(WrittenComment, frozen=True, kw_only=True):
    """What whoever answers is told: the comment's id, on which ticket, and what became of that."""

    ticket_id: str


class DecidedTicket(msgspec.Struct, frozen=True):
    """What became of a ticket that asks for something. No text: the answer is kept for repeats of the request."""

    id: str
    number: int
    status: Status
    decision: Decision | None
    approvals_missing: int
    version: int


_ACTS: Final[dict[str, Act]] = {"open": "take", "waiting_on_you": "ask", "solved": "resolve"}


def rows(_: str, ticket_id: str) -> list[Key[Any]]:
    """What opens the ticket that a path names, and its practice: for a route's prefetch. Nothing for what is no id."""
    place = rules.place_of(ticket_id)
    if place is None:
        return []
    return [TicketRow.key(*place), CommentRow.key(*place, BODY), practices.key_of(place[0])]


def queue(ctx: Context, query_: QueueQuery) -> Page[QueuedTicket]:
    """The tickets of all practices that are not solved: first whose promise is due first, last those that wait on the
    customer. One query. A page may be short, though another follows: it looks at so many and no more."""
    wanted = {name: getattr(query_, name) for name in ("status", "category", "priority", "practice_id")}
    wanted = {name: value for name, value in wanted.items() if value is not None}

    def fits(row: QueuedRow) -> bool:
        ticket = row.as_queued()
        return all(getattr(ticket, name) == value for name, value in wanted.items())

    def fetch(limit: int, after: str | None) -> tuple[list[QueuedTicket], str | None]:
        looked_at = _LOOKED_AT if wanted else limit + 1
        rows = query(QueuedRow, QueuedRow.PLACE, limit=looked_at, after=after)
        found, behind = sift(rows, looked_at, limit, fits, lambda row: row.sk)
        return [row.as_queued() for row in found], behind

    return partial_page(query_, f"staff queue {sorted(wanted.items())}", fetch)


def find(ctx: Context, ticket_id: str) -> Ticket:
    """Any practice's ticket. Raises NotFound."""
    place = rules.place_of(ticket_id)
    row = ctx.find(TicketRow.key(*place)) if place else None
    if row is None:
        raise rules.not_found()
    return row.as_ticket()


def show(ctx: Context, ticket_id: str) -> DeskTicket:
    """A ticket with the text that it began with. Raises NotFound."""
    ticket = find(ctx, ticket_id)
    return DeskTicket(
        **{name: getattr(ticket, name) for name in TicketFacts.__struct_fields__},
        practice_id=ticket.practice_id,
        practice_name=ticket.practice_name,
        body=conversation.opened(ctx, ticket).body,
        approvals_missing=desk_rules.approvals_missing(ticket),
    )


def answer(ctx: Context, ticket_id: str, command: AnswerTicket) -> WrittenAnswer:
    """Say something to the practice, and take the ticket on, ask back or solve it. Raises NotFound, TicketClosed,
    WrongStatus, Undecided."""

    def change() -> WrittenAnswer:
        before = find(ctx, ticket_id)
        acting = staff_context(ctx, before.practice_id)
        act, comment_id = _ACTS[command.status], ids.new("cmt", ctx.now)
        after, said, event = desk_rules.answer(before, act, comment_id, command.body, acting.actor, ctx.now)
        commit = Commit(acting)
        tickets.replace(commit, before, after, event)
        tickets.put_comment(commit, after, said)
        answer = WrittenAnswer(said.id, said.at, after.number, after.status, after.version, ticket_id=after.id)
        return commit.write(answer)

    return outlasting(ctx, change)


# --- What a ticket asks for -----------------------------------------------------------------------------------------

Deed = Callable[[Commit, Ticket, Decision], None]
"""Adds to the commit that decides a ticket what follows from the decision; raises what keeps it from being done."""


def approve(ctx: Context, ticket_id: str, text: str | None, deed: Deed) -> DecidedTicket:
    """Grant what a ticket asks for, or be the first of two to approve it.

    Raises NotFound, Conflict (`nothing_to_decide`, `already_decided`), AnotherPerson, and what the deed raises.
    """

    def change() -> DecidedTicket:
        before = find(ctx, ticket_id)
        approved = desk_rules.approve(before, ctx.actor.name, ctx.now)
        commit = Commit(_acting(ctx, before))
        if desk_rules.approvals_missing(approved):
            after, event = desk_rules.approved_first(before, approved, ctx.now)
            tickets.replace(commit, before, after, event)
            return commit.write(_decided(after))
        return _settle(commit, before, approved, "approved", text, deed)

    return outlasting(ctx, change)


def decline(ctx: Context, ticket_id: str, text: str, deed: Deed) -> DecidedTicket:
    """Decline what a ticket asks for. Raises NotFound, Conflict (`nothing_to_decide`, `already_decided`)."""

    def change() -> DecidedTicket:
        before = find(ctx, ticket_id)
        desk_rules.require_undecided(before)
        return _settle(Commit(_acting(ctx, before)), before, before, "declined", text, deed)

    return outlasting(ctx, change)


def _acting(ctx: Context, ticket: Ticket) -> Context:
    return staff_context(ctx, ticket.practice_id, practices.find(ctx, ticket.practice_id))


def _settle(
    commit: Commit, before: Ticket, approved: Ticket, decision: Decision, text: str | None, deed: Deed
) -> DecidedTicket:
    ctx = commit.ctx
    after = desk_rules.decide(approved, decision, ctx.now)
    said: dict[str, Any] = {}
    if text is not None:
        spoken = Comment(ids.new("cmt", ctx.now), text, ctx.actor.name, after.updated_at, from_support=True)
        tickets.put_comment(commit, after, spoken)
        said["comment_id"] = spoken.id
    tickets.replace(commit, before, after, rules.ticket_event("decided", before, after, **said))
    deed(commit, before, decision)
    return commit.write(_decided(after))


def _decided(ticket: Ticket) -> DecidedTicket:
    facts = {name: getattr(ticket, name) for name in ("id", "number", "status", "decision", "version")}
    return DecidedTicket(**facts, approvals_missing=desk_rules.approvals_missing(ticket))
