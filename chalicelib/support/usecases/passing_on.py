"""Open tickets of those who may not answer in them any more become a site admin's.

Whose last account has ended is known only afterwards: two that end at once each take one from the count. And how many
tickets somebody has nobody knows beforehand. So the commit that ends an account or a username, takes a role, or opens
a solved ticket again notes whom to look after, in one row (`leaving`), and `check_sla` does, ticket by ticket.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.dynamo import note, query
from chalicelib.errors import Conflict
from chalicelib.identity.usecases import people
from chalicelib.store import Commit, Context, outlasting, system_context
from chalicelib.support import due_rules, rules
from chalicelib.support.model import Ticket
from chalicelib.support.tables import PASS_ON, LeavingRow, TicketRow
from chalicelib.support.usecases import tickets
from chalicelib.support.view_tables import UnsolvedRow


class _SuccessorLeft(Conflict):
    """Whoever was to have the ticket has left, too."""


def pass_on_due(handler: str, now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Pass on the open tickets of everybody who was noted, and is inactive or left without any account."""

    def work(row: LeavingRow) -> bool:
        ctx = system_context(handler, row.pk, now, request_id)
        ctx.rows.load(*people.keys(row.usernames))
        try:
            for username, practice_id in people.left(ctx, row.usernames).items():
                _pass_on(system_context(handler, practice_id, now, request_id), username, row.by)
        except _SuccessorLeft:  # the next run finds another one
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
    ctx.rows.load(*(TicketRow.key(practice_id, row.number) for row in owned), *people.keys([successor]))
    for row in owned:
        outlasting(ctx, partial(_give, ctx, row.number, username, successor, admins[successor]))


def _give(ctx: Context, number: int, username: str, successor: str, email: str) -> None:
    found = ctx.find(TicketRow.key(ctx.actor.practice_id, number))
    before: Ticket | None = found.as_ticket() if found else None
    if before is None or before.owner != username or before.status not in rules.UNSOLVED:
        return
    after, event = due_rules.pass_on(before, successor, email, ctx.now)
    commit = Commit(ctx)
    people.require_role(commit, successor, "site_admin", _SuccessorLeft("Another site admin has to take it."))
    tickets.replace(commit, before, after, event)
    commit.write(None)
