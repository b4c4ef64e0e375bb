"""Support's desk: the queue of all practices, one ticket as a thread, what it asks for, taking text out of it."""

from typing import Any

from chalicelib.auth import staff
from chalicelib.console import words
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.visits import STAFF_HOME
from chalicelib.staff.usecases import decisions
from chalicelib.store import Context
from chalicelib.support.usecases import attachments, conversation, desk, redaction
from chalicelib.validation import ListQuery

_SUPPORT = staff("support")
_QUEUE = f"{STAFF_HOME}/tickets"
_ONE = f"{_QUEUE}/{{ticket_id}}"
_STATUSES = [each for each in words.TICKETS["statuses"] if each[0] in ("new", "open", "waiting_on_you")]
_STEPS = [("open", "Goes on with Support"), ("waiting_on_you", "Asks back: its clocks stand"), ("solved", "Solves it")]
"""What an answer does to its ticket."""


@page(_QUEUE, permit=_SUPPORT, template="staff_queue.html")
def show_queue(ctx: Context, query: desk.QueueQuery) -> dict[str, Any]:
    """What is not solved, in the order in which promises are due."""
    return {**words.TICKETS, "asked": query, "found": desk.queue(ctx, query), "statuses": _STATUSES}


@page(_ONE, permit=_SUPPORT, prefetch=desk.rows, template="staff_ticket.html")
def show_desk_ticket(ctx: Context, ticket_id: str, query: ListQuery) -> dict[str, Any]:
    """A ticket: what it began with, what was said since, its files, and what it asks for."""
    ticket = desk.find(ctx, ticket_id)
    return {
        "ticket": desk.show(ctx, ticket_id),
        "comments": conversation.latest_on(ticket, query),
        "earlier": query.cursor is not None,
        "attachments": attachments.links(ctx, ticket),
        "steps": _STEPS,
        "deed": words.deed,
        **words.TICKETS,
    }


def _back(said: str) -> Any:
    def then(_: object, ticket_id: str) -> Done:
        return Done(f"{_QUEUE}/{ticket_id}", said)

    return then


@action(f"{_ONE}/answer", on=show_desk_ticket, permit=_SUPPORT, prefetch=desk.rows, then=_back("Your answer is sent."))
def answer(ctx: Context, ticket_id: str, command: desk.AnswerTicket) -> desk.WrittenAnswer:
    """Answer the practice."""
    return desk.answer(ctx, ticket_id, command)


@page(f"{_ONE}/history", permit=_SUPPORT, prefetch=desk.rows, template="staff_history.html")
def show_desk_history(ctx: Context, ticket_id: str, query: ListQuery) -> dict[str, Any]:
    """Every change of a ticket."""
    ticket = desk.find(ctx, ticket_id)
    return {"ticket": ticket, "found": conversation.history_of(ticket, query)}


# --- What it asks for ---------------------------------------------------------------------------------------------


@page(f"{_ONE}/approve", permit=_SUPPORT, prefetch=desk.rows, template="staff_approve.html")
def show_approve(ctx: Context, ticket_id: str) -> dict[str, Any]:
    """What approving does."""
    return {"ticket": desk.show(ctx, ticket_id), "deed": words.deed}


def _approved(decided: desk.DecidedTicket, ticket_id: str) -> Done:
    said = "It is approved and done." if decided.decision else "Your approval is noted. It takes another person's."
    return Done(f"{_QUEUE}/{ticket_id}", said)


@action(f"{_ONE}/approve", on=show_approve, permit=_SUPPORT, prefetch=desk.rows, then=_approved)
def approve(ctx: Context, ticket_id: str, command: decisions.ApproveTicket) -> desk.DecidedTicket:
    """Grant what it asks for."""
    return decisions.approve(ctx, ticket_id, command)


@page(f"{_ONE}/decline", permit=_SUPPORT, prefetch=desk.rows, template="staff_decline.html")
def show_decline(ctx: Context, ticket_id: str) -> dict[str, Any]:
    """What declining does."""
    return {"ticket": desk.show(ctx, ticket_id), "deed": words.deed}


@action(f"{_ONE}/decline", on=show_decline, permit=_SUPPORT, prefetch=desk.rows, then=_back("It is declined."))
def decline(ctx: Context, ticket_id: str, command: decisions.DeclineTicket) -> desk.DecidedTicket:
    """Decline what it asks for."""
    return decisions.decline(ctx, ticket_id, command)


# --- Taking text out of it ----------------------------------------------------------------------------------------


@page(f"{_ONE}/redact", permit=_SUPPORT, prefetch=desk.rows, template="staff_redact.html")
def show_redact(ctx: Context, ticket_id: str, query: ListQuery) -> dict[str, Any]:
    """Which texts there are to take out."""
    return {"ticket": desk.show(ctx, ticket_id), "comments": conversation.latest_on(desk.find(ctx, ticket_id), query)}


@action(f"{_ONE}/redact", on=show_redact, permit=_SUPPORT, prefetch=desk.rows, then=_back("The text is gone for good."))
def redact(ctx: Context, ticket_id: str, command: redaction.RedactTicket) -> redaction.RedactedTicket:
    """Take texts out for good."""
    return redaction.redact(ctx, ticket_id, command)
