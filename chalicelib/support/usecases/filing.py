"""How a ticket gets its number: the next of its practice, in the ticket's own commit. Given once, never twice."""

from collections.abc import Callable
from typing import Final, TypeVar

from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, Problem
from chalicelib.model import Event
from chalicelib.store import Commit, Context
from chalicelib.support import filing_rules
from chalicelib.support.model import FileTicket, Ticket
from chalicelib.support.tables import CounterRow
from chalicelib.support.usecases import tickets

A = TypeVar("A")
_ATTEMPTS: Final = 12


class _Taken(Conflict):
    """Somebody else took the number; `last` is the one that was taken last."""

    def __init__(self, last: int) -> None:
        super().__init__("Many tickets are being filed at this moment. Try again.")
        self.last = last


def rows(practice_id: str) -> list[Key[CounterRow]]:
    """What filing a ticket reads: for a route's prefetch."""
    return [CounterRow.key(practice_id)]


def numbered(ctx: Context, practice_id: str, file: Callable[[Commit, int], A]) -> A:
    """What `file` gives: it writes the commit, with the ticket of this number. Where somebody else was
    faster the refusal tells the number that was taken, so going on costs one call. Raises Conflict after many."""
    row = ctx.find(CounterRow.key(practice_id))
    taken = _Taken(int(row.last) if row else 0)
    for _ in range(_ATTEMPTS):
        try:
            return file(Commit(ctx), taken.last + 1)
        except _Taken as faster:
            taken = faster
    raise taken


def file(commit: Commit, number: int, command: FileTicket, emails: dict[str, str], **asked: str) -> Ticket:
    """Add the actor's ticket to the commit; `asked`: the ids of what the same commit makes for its request."""
    ctx = commit.ctx
    ticket, event = filing_rules.file(command, number, ctx.own_practice, ctx.actor, emails, ctx.now, asked)
    put(commit, ticket, command.body, event)
    return ticket


def put(commit: Commit, ticket: Ticket, body: str, event: Event) -> None:
    """Add a new ticket to the commit, and that its number is taken."""
    actions, is_next = CounterRow.take(ticket.number)
    commit.update(CounterRow.key(ticket.practice_id), actions, is_next, otherwise=_taken)
    tickets.put_new(commit, ticket, body, event)


def _taken(row: CounterRow | None) -> Problem:
    return _Taken(int(row.last) if row else 0)
