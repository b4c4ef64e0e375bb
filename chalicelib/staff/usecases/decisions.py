"""Staff approve or decline what a ticket asks for: the decision and the deed are one commit, so that neither is without
the other. The deed's audit record names the ticket.

What a site admin asked for is granted only while they still are one. What the practice's owner authorized by a mailed
link takes two different people: see `docs/decisions/0027-staff.md`.
"""

from typing import Any

import msgspec

from chalicelib.errors import Conflict
from chalicelib.identity.usecases import logins, people, requests
from chalicelib.licensing.usecases import decreases
from chalicelib.store import Commit, Context
from chalicelib.support.model import Decision, Ticket
from chalicelib.support.usecases import desk
from chalicelib.validation import Text


class ApproveTicket(msgspec.Struct, frozen=True):
    """Grant what a ticket asks for; `body`: what to say on that."""

    body: Text | None = None


class DeclineTicket(msgspec.Struct, frozen=True):
    """Decline what a ticket asks for; `body` says why."""

    body: Text


def approve(ctx: Context, ticket_id: str, command: ApproveTicket) -> desk.DecidedTicket:
    """Grant what a ticket asks for, or be the first of two to approve it.

    Raises NotFound, Conflict (`nothing_to_decide`, `already_decided`), AnotherPerson, and whatever keeps the deed from
    being done: then nothing is decided.
    """
    return desk.approve(ctx, ticket_id, command.body, _carry_out)


def decline(ctx: Context, ticket_id: str, command: DeclineTicket) -> desk.DecidedTicket:
    """Decline what a ticket asks for. Raises NotFound, Conflict (`nothing_to_decide`, `already_decided`)."""
    return desk.decline(ctx, ticket_id, command.body, _carry_out)


def _carry_out(commit: Commit, ticket: Ticket, decision: Decision) -> None:
    request = ticket.request or {}
    if ticket.category == "license_decrease":
        decreases.put_decision(commit, request["decrease_id"], decision == "approved")
    elif decision == "approved":
        if not requests.by_owner(request):
            _require_asker(commit, ticket, request)
        requests.carry_out(commit, request, ticket.id)


def _require_asker(commit: Commit, ticket: Ticket, request: dict[str, Any]) -> None:
    """Let the commit be refused unless who filed the ticket is an active site admin still. All rows are read in one
    call. Whose own role it is, is held to that by what was read and by the deed's own conditions."""
    commit.ctx.rows.load(*logins.keys(ticket.filed_by), *requests.keys(ticket.practice_id, request))
    lost = Conflict("Who asked for this is no site admin any more. Decline it.", code="asker_not_site_admin")
    people.require_role(commit, ticket.filed_by, "site_admin", lost, checked=ticket.filed_by != request.get("username"))
