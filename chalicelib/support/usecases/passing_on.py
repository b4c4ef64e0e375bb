"""Open tickets of those who may not answer in them any more become a site admin's; where they were copied in, they are
not any more; and sessions that were refused since are over for good.

Whose last account has ended is known only afterwards: two that end at once each take one from the count. And how many
tickets somebody has nobody knows beforehand. So the commit that ends an account or a username, takes a role, or opens
a solved ticket again notes whom to look after, in one row (`leaving`), and `check_sla` does, ticket by ticket.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import Key, note, query
from chalicelib.errors import Conflict
from chalicelib.identity.usecases import people, standing
from chalicelib.model import Event
from chalicelib.store import Commit, Context, outlasting, system_context
from chalicelib.support import due_rules, rules
from chalicelib.support.model import Ticket
from chalicelib.support.tables import PASS_ON, LeavingRow, TicketRow
from chalicelib.support.usecases import tickets
from chalicelib.support.view_tables import ListingRow, UnsolvedRow, shelf_of

Change = Callable[[Commit, Ticket], tuple[Ticket, Event] | None]


class _SuccessorLeft(Conflict):
    """Whoever was to have the ticket has left, too."""


def pass_on_due(handler: str, now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Pass on the open tickets of everybody who was noted, and is inactive or left without any account; take them out
    of CC; and end their sessions."""

    def work(row: LeavingRow) -> bool:
        ctx = system_context(handler, row.pk, now, request_id)
        ctx.rows.load(*people.keys(row.usernames))
        gone = people.left(ctx, row.usernames)
        try:
            for username in gone:
                standing.end_sessions(ctx, username)
            for username, practice_id in gone.items():
                _pass_on(system_context(handler, practice_id, now, request_id), username, row.by)
                _take_off(system_context(handler, practice_id, now, request_id), username)
        except (standing.Overtaken, _SuccessorLeft):  # the next run sees how it is by then
            return False
        return note(row, LeavingRow.settle(now), LeavingRow.due_at == row.due_at)

    return sweep(handler, LeavingRow.due, PASS_ON, clock.to_text(now), work, milliseconds_left)


def _pass_on(ctx: Context, username: str, by: str) -> None:
    practice_id = ctx.actor.practice_id
    owned = query(UnsolvedRow, practice_id, f"{UnsolvedRow.PREFIX}{username}#")
    admins = people.site_admins(practice_id) if owned else {}
    others = [name for name in admins if name != username]
    if not others:  # nobody could take them: they stay, and the team and Support see them
        return
    successor = by if by in others else others[0]

    def give(commit: Commit, before: Ticket) -> tuple[Ticket, Event] | None:
        if before.owner != username or before.status not in rules.UNSOLVED:
            return None
        people.require_role(commit, successor, "site_admin", _SuccessorLeft("Another site admin has to take it."))
        return due_rules.pass_on(before, successor, admins[successor], ctx.now)

    _change_each(ctx, [row.number for row in owned], give, *people.keys([successor]))


def _take_off(ctx: Context, username: str) -> None:
    listed = query(ListingRow, ctx.actor.practice_id, ListingRow.prefix(shelf_of("cc", username)))
    summaries = [row.as_summary() for row in listed]

    def take_off(_: Commit, before: Ticket) -> tuple[Ticket, Event] | None:
        if username not in before.cc or before.status == "closed":
            return None
        return due_rules.take_off(before, username, ctx.now)

    _change_each(ctx, [each.number for each in summaries if each.status != "closed"], take_off)


def _change_each(ctx: Context, numbers: list[int], change: Change, *besides: Key[Any]) -> None:
    """Change tickets, each in a commit of its own. Reads them together, and what else is needed."""
    keys = {number: TicketRow.key(ctx.actor.practice_id, number) for number in numbers}
    ctx.rows.load(*keys.values(), *besides)

    def changed(key: Key[TicketRow]) -> None:
        commit = Commit(ctx)
        found = ctx.find(key)
        before: Ticket | None = found.as_ticket() if found else None
        if before is not None and (made := change(commit, before)):
            tickets.replace(commit, before, *made)
            commit.write(None)

    for key in keys.values():
        outlasting(ctx, partial(changed, key))
