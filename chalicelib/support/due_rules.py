"""The rules of what schedules do with tickets. Pure: state and time in; new state and event out."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib import clock
from chalicelib.model import SUPPORT, Event
from chalicelib.support import sla_rules
from chalicelib.support.model import Ticket
from chalicelib.support.rules import WrongStatus, changed, move, ticket_event

CLOSED_AFTER: Final = timedelta(days=28)


def close(ticket: Ticket, now: datetime) -> tuple[Ticket, Event]:
    """A ticket that was solved for 28 days is closed. Raises Conflict for any other."""
    if ticket.solved_at is None or clock.from_text(ticket.solved_at) + CLOSED_AFTER > now:
        raise WrongStatus("This ticket was not solved for 28 days.")
    after = move(ticket, "close", now, closed_at=clock.to_text(now))
    return after, ticket_event("closed", ticket, after)


def breach(ticket: Ticket, now: datetime) -> tuple[Ticket, Event] | None:
    """The ticket whose promises were not kept in time, which Support are told once for each; None where all were."""
    sla, names = sla_rules.breach(ticket.sla, now)
    if not names:
        return None
    after = changed(ticket, now, sla=sla)
    facts = {"number": ticket.number, "practice_name": ticket.practice_name, "priority": ticket.priority}
    return after, Event("ticket.sla_breached", ticket.id, after={**facts, "breached": names}, announce=(SUPPORT,))


def pass_on(ticket: Ticket, owner: str, email: str, now: datetime) -> tuple[Ticket, Event]:
    """The ticket of a username that is left without an account becomes another's."""
    emails = {name: each for name, each in ticket.emails.items() if name != ticket.owner} | {owner: email}
    cc = [name for name in ticket.cc if name != owner]
    after = changed(ticket, now, owner=owner, cc=cc, emails=emails)
    return after, ticket_event("passed_on", ticket, after)


def take_off(ticket: Ticket, username: str, now: datetime) -> tuple[Ticket, Event]:
    """The ticket without a username that was copied in and is left without an account. Nobody is mailed of that."""
    cc = [name for name in ticket.cc if name != username]
    emails = {name: each for name, each in ticket.emails.items() if name != username}
    after = changed(ticket, now, cc=cc, emails=emails)
    event = ticket_event("edited", ticket, after, fields=["cc"])
    return after, msgspec.structs.replace(event, announce=())
