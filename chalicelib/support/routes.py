"""The HTTPS face of tickets."""

from chalicelib.auth import PUBLIC, SIGNED_IN
from chalicelib.cursors import Page
from chalicelib.http import route
from chalicelib.store import Context
from chalicelib.support import help_routes, model
from chalicelib.support.blueprint import bp
from chalicelib.support.usecases import (
    attachments,
    conversation,
    editing,
    emergencies,
    filing,
    intake,
    tickets,
    views,
)
from chalicelib.uploads.model import StartedUpload
from chalicelib.validation import ListQuery

__all__ = ["bp", "help_routes"]


@route(
    bp,
    "POST",
    "/tickets",
    permit=SIGNED_IN,
    status=201,
    location="/tickets/{number}",
    prefetch=filing.rows,
    names=intake.named,
    refusals={
        403: "may_not_file role_required",
        409: "search_first patient_data_found not_closed_yet licenses_in_use",
    },
)
def file_ticket(ctx: Context, command: model.FileTicket) -> model.FiledTicket:
    """File a ticket, as a site admin or support user, after a search of the help center. License decreases and role
    changes are asked for by site admins. The answer holds no text: GET /tickets/{number} shows it."""
    return intake.file_ticket(ctx, command)


@route(bp, "GET", "/tickets", permit=SIGNED_IN, refusals={403: "role_required"})
def list_tickets(ctx: Context, query: model.TicketQuery) -> Page[model.TicketSummary]:
    """Tickets, the newest first: one's own, the team's (support users), or those one is copied in. What a search
    finds may be newer on further pages."""
    return views.list_tickets(ctx, query)


@route(bp, "GET", "/tickets/{number}", permit=SIGNED_IN, versioned=True, prefetch=conversation.keys)
def show_ticket(ctx: Context, number: str) -> model.TicketDetail:
    """One ticket, for its owner, those copied in, and the practice's support users."""
    return conversation.show(ctx, number)


@route(
    bp,
    "PATCH",
    "/tickets/{number}",
    permit=SIGNED_IN,
    versioned=True,
    prefetch=conversation.keys,
    names=editing.named,
    refusals={
        403: "may_not_file not_your_ticket",
        409: "ticket_closed wrong_status decision_pending patient_data_found",
    },
)
def edit_ticket(ctx: Context, number: str, command: model.EditTicket) -> model.TicketDetail:
    """Edit a ticket, solve it or open it again: its owner may, and the practice's support users."""
    return editing.edit(ctx, number, command)


@route(bp, "GET", "/tickets/{number}/comments", permit=SIGNED_IN, prefetch=tickets.keys)
def list_comments(ctx: Context, number: str, query: ListQuery) -> Page[model.Comment]:
    """What was said on a ticket since it was filed, in order."""
    return conversation.said_on(tickets.find(ctx, number), query)


@route(
    bp,
    "POST",
    "/tickets/{number}/comments",
    permit=SIGNED_IN,
    status=201,
    location="/tickets/{number}/comments",
    prefetch=tickets.keys,
    refusals={409: "ticket_closed patient_data_found"},
)
def write_comment(ctx: Context, number: str, command: model.WriteComment) -> model.WrittenComment:
    """Say something on a ticket, as one of those who see it. On a solved one that opens it again; a closed one takes no
    more: file another with `follow_up_of`."""
    return conversation.comment(ctx, number, command)


@route(bp, "GET", "/tickets/{number}/history", permit=SIGNED_IN, prefetch=tickets.keys)
def list_history(ctx: Context, number: str, query: ListQuery) -> Page[model.HistoryLine]:
    """Every change of a ticket, newest first: who, when, which fields; never text."""
    return conversation.history_of(tickets.find(ctx, number), query)


@route(bp, "GET", "/tickets/{number}/attachments", permit=SIGNED_IN, prefetch=tickets.keys)
def list_attachments(ctx: Context, number: str) -> Page[model.AttachmentLink]:
    """A ticket's files, with links that work for five minutes."""
    return Page(attachments.show(ctx, number), None)


@route(
    bp,
    "POST",
    "/tickets/{number}/attachments",
    permit=SIGNED_IN,
    status=201,
    location="/uploads/{id}/complete",
    prefetch=tickets.keys,
    keeps_receipt=False,
    refusals={409: "ticket_closed too_many_attachments patient_data_found"},
)
def attach_file(ctx: Context, number: str, command: model.AttachFile) -> StartedUpload:
    """Begin to attach a file, up to 10 of them, as one of those who see the ticket. The answer is a form for a pdf,
    png, jpg, txt, csv, docx or xlsx of at most 20 MB, which the browser posts straight to S3 within ten minutes; then
    POST /uploads/{id}/complete."""
    return attachments.begin(ctx, number, command)


@route(
    bp,
    "POST",
    "/emergency-tickets",
    permit=PUBLIC,
    status=202,
    refusals={429: "too_many_requests"},
)
def file_emergency(ctx: Context, command: model.FileEmergency) -> model.EmergencyTaken:
    """Call for help when nobody can get in. It opens a ticket that is marked unverified, and grants nothing; the answer
    is the same whatever it names. So many an hour are taken from one network. What looks like patient data is taken
    nevertheless; `patient_data_found` says where it stands."""
    return emergencies.file(ctx, command)
