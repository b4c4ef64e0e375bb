"""What is said on a ticket, and what became of it."""

from typing import Any

from chalicelib import ids
from chalicelib.cursors import Page, page
from chalicelib.dynamo import Key, query
from chalicelib.store import Commit, Context, outlasting
from chalicelib.support import rules
from chalicelib.support.model import (
    Comment,
    HistoryLine,
    Ticket,
    TicketDetail,
    WriteComment,
    WrittenComment,
    detail_of,
)
from chalicelib.support.tables import BODY, CommentRow, HistoryRow
from chalicelib.support.usecases import patient_warning, tickets
from chalicelib.validation import ListQuery


def keys(practice_id: str, number: str) -> list[Key[Any]]:
    """What opens the ticket that a path names: for a route's prefetch."""
    known = rules.number_of(number)
    body = [] if known is None else [CommentRow.key(practice_id, known, BODY)]
    return [*tickets.keys(practice_id, number), *body]


def show(ctx: Context, number: str) -> TicketDetail:
    """A ticket with the text that it began with. Raises NotFound."""
    return opened(ctx, tickets.find(ctx, number))


def opened(ctx: Context, ticket: Ticket) -> TicketDetail:
    """A ticket that was read, with the text that it began with."""
    first = ctx.find(CommentRow.key(ticket.practice_id, ticket.number, BODY))
    return detail_of(ticket, first.as_comment().body if first else "")


def said_on(ticket: Ticket, query_: ListQuery) -> Page[Comment]:
    """What was said on a ticket since it was filed, in order."""
    prefix = CommentRow.prefix(ticket.number)

    def fetch(limit: int, after: str | None) -> list[Comment]:
        rows = query(CommentRow, ticket.practice_id, prefix, limit=limit, after=after or f"{prefix}{BODY}")
        return [row.as_comment() for row in rows]

    return page(query_, f"{ticket.id} comments", fetch, lambda each: prefix + each.id)


def latest_on(ticket: Ticket, query_: ListQuery) -> Page[Comment]:
    """What was said last on a ticket that was read, newest first."""
    prefix = CommentRow.prefix(ticket.number)

    def fetch(limit: int, after: str | None) -> list[Comment]:
        rows = query(CommentRow, ticket.practice_id, prefix, limit=limit, after=after, newest_first=True)
        return [row.as_comment() for row in rows if row.sk != f"{prefix}{BODY}"]  # the last of all of them

    return page(query_, f"{ticket.id} latest comments", fetch, lambda each: prefix + each.id)


def history_of(ticket: Ticket, query_: ListQuery) -> Page[HistoryLine]:
    """Every change of a ticket that was read, newest first."""
    prefix = HistoryRow.prefix(ticket.number)

    def fetch(limit: int, after: str | None) -> list[HistoryLine]:
        rows = query(HistoryRow, ticket.practice_id, prefix, limit=limit, after=after, newest_first=True)
        return [row.as_line() for row in rows]

    return page(query_, f"{ticket.id} history", fetch, lambda each: prefix + each.id)


def comment(ctx: Context, number: str, command: WriteComment) -> WrittenComment:
    """Say something on a ticket; on a solved one that opens it again.

    Raises NotFound, TicketClosed, PatientDataFound.
    """
    patient_warning.require_confirmed(command.contains_patient_data, body=command.body)
    return outlasting(ctx, lambda: _comment(ctx, number, command.body))


def _comment(ctx: Context, number: str, body: str) -> WrittenComment:
    before = tickets.find(ctx, number)
    after, said, event = rules.comment(before, ids.new("cmt", ctx.now), body, ctx.actor, ctx.now)
    commit = Commit(ctx)
    tickets.replace(commit, before, after, event)
    tickets.put_comment(commit, after, said)
    return commit.write(written(after, said))


def written(ticket: Ticket, said: Comment) -> WrittenComment:
    """What whoever comments is told. No text: the answer is kept for repeats of the request."""
    return WrittenComment(said.id, said.at, ticket.number, ticket.status, ticket.version)
