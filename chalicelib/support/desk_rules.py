"""The rules of Support's side of a ticket: how many people it takes to grant what it asks for. Pure."""

from datetime import datetime
from typing import Final

import msgspec

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.model import SUPPORT, Event
from chalicelib.support import rules
from chalicelib.support.model import Approval, Ticket

OWNERS: Final = "authorized_by"
"""What says in a ticket's request that the practice's owner authorized it, by the link to the registered address."""


class AnotherPerson(Conflict):
    """Who approved before is not the second one."""

    code, title = "second_person_needed", "Somebody else of Support has to approve, too"


def is_owners(ticket: Ticket) -> bool:
    """Whether the practice's owner authorized it, and not one of its site admins."""
    return OWNERS in (ticket.request or {})


def approvals_missing(ticket: Ticket) -> int:
    """How many of staff still have to approve. What a current site admin asks for takes one; what only a mailed link
    vouches for takes two different people."""
    if ticket.request is None or ticket.decision is not None:
        return 0
    return max(0, (2 if is_owners(ticket) else 1) - len(ticket.approvals))


def approve(ticket: Ticket, by: str, now: datetime) -> Ticket:
    """The ticket with one approval more. Raises AnotherPerson, and Conflict where there is nothing to decide, or it is
    decided."""
    rules.require_undecided(ticket)
    if any(each.by == by for each in ticket.approvals):
        raise AnotherPerson("You have approved this already. It takes another person.")
    approvals = [*ticket.approvals, Approval(by, clock.to_text(now))]
    return msgspec.structs.replace(ticket, approvals=approvals)


def approved_first(before: Ticket, approved: Ticket, now: datetime) -> tuple[Ticket, Event]:
    """The next version of a ticket that one has approved and another one still has to; Support are told."""
    after = rules.changed(approved, now)
    facts = {"number": after.number, "practice_name": after.practice_name, "approvals": len(after.approvals)}
    return after, Event("ticket.approved", after.id, {"approvals": len(before.approvals)}, facts, (SUPPORT,))
