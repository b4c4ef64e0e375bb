"""Tickets with all that stands and falls with them: text, copies in lists, history. Every change of a ticket goes
through `put_new` or `replace`, inside the commit of the use case that makes it."""

from typing import Any

import msgspec

from chalicelib import clock
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict
from chalicelib.model import Event
from chalicelib.store import Commit, Context, changed_meanwhile
from chalicelib.support import rules
from chalicelib.support.model import Comment, HistoryLine, Ticket
from chalicelib.support.tables import BODY, CommentRow, HistoryRow, TicketRow
from chalicelib.support.usecases import leaving
from chalicelib.support.view_tables import copies_of


def keys(practice_id: str, number: str) -> list[Key[Any]]:
    """The ticket that a path names: for a route's prefetch. Nothing for what is no number."""
    known = rules.number_of(number)
    return [] if known is None else [TicketRow.key(practice_id, known)]


def find(ctx: Context, number: str) -> Ticket:
    """One ticket of the practice, for somebody of it who sees it. Raises NotFound, the same whatever there is."""
    known = rules.number_of(number)
    row = ctx.find(TicketRow.key(ctx.own_practice.id, known)) if known is not None else None
    if row is None or not rules.sees(ticket := row.as_ticket(), ctx.actor):
        raise rules.not_found()
    return ticket


def put_new(commit: Commit, ticket: Ticket, body: str, event: Event) -> None:
    """Add a new ticket to the commit, with the text that it begins with."""
    there = Conflict("This ticket exists.")
    commit.put(TicketRow.new(ticket), otherwise=there)
    put_comment(commit, ticket, Comment(BODY, body, ticket.filed_by, ticket.created_at))
    for row in copies_of(ticket).values():
        commit.put(row, otherwise=there)
    _note(commit, ticket, event)


def put_comment(commit: Commit, ticket: Ticket, said: Comment) -> None:
    """Add what somebody says to the commit."""
    key = CommentRow.key(ticket.practice_id, ticket.number, said.id)
    commit.put(key.row(comment=msgspec.to_builtins(said)), otherwise=Conflict("This comment exists."))


def replace(commit: Commit, before: Ticket, after: Ticket, event: Event) -> None:
    """Add to the commit that a ticket becomes its next version, in all lists too, and its history one line longer.
    Refused with `stale_version` when the ticket is not `before` any more."""
    actions, condition = TicketRow.becomes(before, after)
    key = TicketRow.key(before.practice_id, before.number)
    commit.update(key, actions, condition, otherwise=changed_meanwhile)
    old, new, otherwise = copies_of(before), copies_of(after), changed_meanwhile()
    for place, row in old.items():
        if place not in new:
            commit.delete(place, type(row).pk.exists(), otherwise=otherwise)
    for place, row in new.items():
        if place not in old:
            commit.put(row, otherwise=otherwise)
        elif row.serialize() != old[place].serialize():
            commit.put(row, otherwise=otherwise, condition=type(row).pk.exists())
    if before.status == "solved" and after.status in rules.UNSOLVED and after.owner is not None:
        leaving.look_after(commit, before.practice_id, [after.owner])  # who may have left while it was solved
    _note(commit, after, event)


def _note(commit: Commit, ticket: Ticket, event: Event) -> None:
    ctx = commit.ctx
    what = event.type.partition(".")[2]
    event_id = commit.record(event)
    line = HistoryLine(event_id, clock.to_text(ctx.now), ctx.actor.name, what, event.before, event.after)
    commit.put(HistoryRow.new(ticket.practice_id, ticket.number, line), otherwise=Conflict("This line exists."))
