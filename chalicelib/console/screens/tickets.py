"""Tickets: My, Team and CC'ed, one of them as a thread, what is said and attached."""

from typing import Any

from chalicelib.auth import SIGNED_IN
from chalicelib.console import words
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.store import Context
from chalicelib.support import model, rules
from chalicelib.support.usecases import attachments, conversation, editing, tickets, views
from chalicelib.uploads.model import CompletedUpload, StartedUpload
from chalicelib.uploads.usecases import completing
from chalicelib.validation import ListQuery

_HERE = "/console/tickets"
_ONE = f"{_HERE}/{{number}}"


@page(_HERE, permit=SIGNED_IN, template="tickets.html")
def list_tickets(ctx: Context, query: model.TicketQuery) -> dict[str, Any]:
    """Tickets of a view, filtered and searched."""
    return {
        "asked": query,
        "found": views.list_tickets(ctx, query),
        "may_file": rules.may_file(ctx.actor),
        "sees_team": "support_user" in ctx.actor.roles,
        **words.TICKETS,
    }


@page(_ONE, permit=SIGNED_IN, prefetch=conversation.keys, template="ticket.html")
def show_ticket(ctx: Context, number: str, query: ListQuery) -> dict[str, Any]:
    """A ticket: what it began with, what was said since, its files."""
    ticket = conversation.show(ctx, number)
    return {
        "ticket": ticket,
        "comments": conversation.latest_on(tickets.find(ctx, number), query),
        "earlier": query.cursor is not None,
        "attachments": attachments.show(ctx, number),
        "edits": rules.may_edit(ticket, ctx.actor),
        **words.TICKETS,
    }


def _back(said: str) -> Any:
    def then(_: object, number: str, **__: str) -> Done:
        return Done(f"{_HERE}/{number}", said)

    return then


@action(
    f"{_ONE}/comments", on=show_ticket, permit=SIGNED_IN, prefetch=tickets.keys, then=_back("Your comment is sent.")
)
def write_comment(ctx: Context, number: str, command: model.WriteComment) -> model.WrittenComment:
    """Say something."""
    return conversation.comment(ctx, number, command)


@page(f"{_ONE}/edit", permit=SIGNED_IN, prefetch=conversation.keys, template="ticket_edit.html")
def show_edit(ctx: Context, number: str) -> dict[str, Any]:
    """The form for subject, category, priority and who reads along."""
    ticket = conversation.show(ctx, number)
    editing.require_editor(ctx, ticket)
    return {"ticket": ticket, **words.TICKETS}


@action(
    f"{_ONE}/edit",
    on=show_edit,
    permit=SIGNED_IN,
    prefetch=conversation.keys,
    names=editing.named,
    versioned=True,
    then=_back("Changes saved."),
)
def edit_ticket(ctx: Context, number: str, command: model.EditTicket) -> model.TicketDetail:
    """Edit a ticket, solve it or open it again."""
    return editing.edit(ctx, number, command)


@page(f"{_ONE}/history", permit=SIGNED_IN, prefetch=tickets.keys, template="ticket_history.html")
def list_history(ctx: Context, number: str, query: ListQuery) -> dict[str, Any]:
    """Every change of a ticket."""
    return {"number": number, "found": conversation.history_of(tickets.find(ctx, number), query)}


# --- Files --------------------------------------------------------------------------------------------------------


@page(f"{_ONE}/attach", permit=SIGNED_IN, prefetch=tickets.keys, template="ticket_attach.html")
def show_attach(ctx: Context, number: str) -> dict[str, Any]:
    """The form that names a file to attach."""
    return {"ticket": tickets.find(ctx, number)}


@action(f"{_ONE}/attach", on=show_attach, permit=SIGNED_IN, prefetch=tickets.keys, template="ticket_attachment.html")
def begin_attachment(ctx: Context, number: str, command: model.AttachFile) -> StartedUpload:
    """Show the form by which the browser sends the file to where files are kept."""
    return attachments.begin(ctx, number, command)


def _upload(practice_id: str, number: str, upload_id: str) -> Any:
    return [*tickets.keys(practice_id, number), *completing.rows(practice_id, upload_id)]


@action(
    f"{_ONE}/attach/{{upload_id}}",
    on=show_attach,
    permit=SIGNED_IN,
    prefetch=_upload,
    then=_back("The file is attached."),
)
def attach_file(ctx: Context, number: str, upload_id: str) -> CompletedUpload:
    """Check the file that was sent, and attach it."""
    return completing.complete(ctx, upload_id)
