"""The rules of Support's side of a ticket: their answers, how many people it takes to grant what it asks for, and what
is taken out of it. Pure."""

from datetime import datetime
from typing import Final

import msgspec

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.model import SUPPORT, Actor, Event
from chalicelib.support import sla_rules
from chalicelib.support.model import Approval, Comment, Decision, Redaction, Ticket
from chalicelib.support.rules import Act, changed, move, ticket_event

OWNERS: Final = "authorized_by"
"""What says in a ticket's request that the practice's owner authorized it, by the link to the registered address."""
REDACTED: Final = "[redacted]"


class AnotherPerson(Conflict):
    """Who approved before is not the second one."""

    code, title = "second_person_needed", "Somebody else of Support has to approve, too"


def answer(
    ticket: Ticket, act: Act, comment_id: str, body: str, actor: Actor, now: datetime
) -> tuple[Ticket, Comment, Event]:
    """Support say something, and take the ticket on, ask back or resolve it. Raises TicketClosed, WrongStatus,
    Undecided."""
    sla = sla_rules.answered(ticket.sla, now)
    after = move(msgspec.structs.replace(ticket, sla=sla), act, now)
    said = Comment(comment_id, body, actor.name, clock.to_text(now), from_support=True)
    return after, said, ticket_event("answered", ticket, after, comment_id=comment_id)


# --- What it asks for -------------------------------------------------------------------------------------------------


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
    require_undecided(ticket)
    if any(each.by == by for each in ticket.approvals):
        raise AnotherPerson("You have approved this already. It takes another person.")
    approvals = [*ticket.approvals, Approval(by, clock.to_text(now))]
    return msgspec.structs.replace(ticket, approvals=approvals)


def approved_first(before: Ticket, approved: Ticket, now: datetime) -> tuple[Ticket, Event]:
    """The next version of a ticket that one has approved and another one still has to; Support are told."""
    after = changed(approved, now)
    facts = {"number": after.number, "practice_name": after.practice_name, "approvals": len(after.approvals)}
    return after, Event("ticket.approved", after.id, {"approvals": len(before.approvals)}, facts, (SUPPORT,))


def require_undecided(ticket: Ticket) -> None:
    """Raises Conflict where there is nothing to decide, or it is decided."""
    if ticket.request is None:
        raise Conflict("This ticket asks for nothing that could be decided.", code="nothing_to_decide")
    if ticket.decision is not None:
        raise Conflict(f"This ticket was {ticket.decision} before.", code="already_decided", decision=ticket.decision)


def decide(ticket: Ticket, decision: Decision, now: datetime) -> Ticket:
    """The ticket decided, and so solved. Raises Conflict where there is nothing to decide, or it is decided."""
    require_undecided(ticket)
    sla = sla_rules.answered(ticket.sla, now)
    return move(msgspec.structs.replace(ticket, sla=sla), "decide", now, decision=decision)


# --- Taking text out of it --------------------------------------------------------------------------------------------


def own_texts(ticket: Ticket) -> frozenset[str]:
    """The names of the texts that stand in the ticket itself."""
    return frozenset({"subject"} if ticket.contact_name is None else {"subject", "contact_name"})


def redact(ticket: Ticket, mark: Redaction, now: datetime) -> Ticket:
    """The ticket without its own texts and the attachments that the mark names."""
    kept = [each for each in ticket.attachments if each.id not in mark.fields]
    gone = dict.fromkeys(own_texts(ticket).intersection(mark.fields), REDACTED)
    return changed(ticket, now, **gone, attachments=kept, redactions=[*ticket.redactions, mark])
