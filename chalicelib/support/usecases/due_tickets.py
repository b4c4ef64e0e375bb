"""What schedules do with tickets: they tell Support of promises that were not kept, and close what stayed solved."""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.due import Report, sweep
from chalicelib.errors import Conflict, Stale
from chalicelib.model import Event
from chalicelib.store import Commit, system_context
from chalicelib.support import due_rules
from chalicelib.support.model import Ticket
from chalicelib.support.tables import BREACH, CLOSE, TicketRow
from chalicelib.support.usecases import passing_on, tickets

_SLA, _CLOSING = "check_sla", "close_solved_tickets"


def check_sla(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Tell Support, once for each, of promises that were not kept in time; pass tickets on whose owner has left,
    and take out of CC who has."""

    def work(row: TicketRow) -> bool:
        before = row.as_ticket()
        breached = due_rules.breach(before, now)
        if breached is None:
            return False
        after, event = breached
        return _won(Commit(system_context(_SLA, row.pk, now, request_id)), before, after, event)

    # A promise is kept up to and including its last second.
    until = clock.to_text(now - timedelta(seconds=1))
    told = sweep(_SLA, TicketRow.due, BREACH, until, work, milliseconds_left)
    return told + passing_on.pass_on_due(_SLA, now, request_id, milliseconds_left)


def close_solved(now: datetime, request_id: str, milliseconds_left: Callable[[], int]) -> Report:
    """Close what was solved for 28 days."""

    def work(row: TicketRow) -> bool:
        before = row.as_ticket()
        after, event = due_rules.close(before, now)
        return _won(Commit(system_context(_CLOSING, row.pk, now, request_id)), before, after, event)

    return sweep(_CLOSING, TicketRow.due, CLOSE, clock.to_text(now), work, milliseconds_left)


def _won(commit: Commit, before: Ticket, after: Ticket, event: Event) -> bool:
    """False where the ticket was changed meanwhile: the index may show what it was before."""
    tickets.replace(commit, before, after, event)
    try:
        commit.write(None)
    except (Conflict, Stale):
        return False
    return True
