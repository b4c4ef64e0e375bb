"""Filing a ticket, whom to ask for those who may not, and the form for those who can't get in."""

from typing import Any

import msgspec

from chalicelib.auth import PUBLIC, SIGNED_IN
from chalicelib.console import words
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.store import Context
from chalicelib.support import model, rules
from chalicelib.support.usecases import articles, emergencies, filing, intake

_HERE = "/console/tickets/new"


class NewTicketQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the form begins with; other screens ask for something by a link to it."""

    category: model.Category = "question"
    username: str = ""
    role: str = ""
    action: str = ""
    follow_up_of: str = ""
    search_id: str = ""


@page(_HERE, permit=SIGNED_IN, template="ticket_new.html")
def show_new_ticket(ctx: Context, query: NewTicketQuery) -> dict[str, Any]:
    """The form; for those who may not file, whom to ask."""
    try:
        intake.require_right(ctx)
    except rules.MayNotFile as refusal:
        return {"whom": refusal.extra, "why": refusal.detail}
    shown = words.TICKETS | {"categories": [each for each in words.TICKETS["categories"] if intake.files(ctx, each[0])]}
    return {"whom": None, "asked": query, **shown, "roles": list(words.ROLES.items())}


def _filed(ticket: model.FiledTicket) -> Done:
    said = f"Ticket {ticket.number} is filed. You get an email when Support answers."
    return Done(f"/console/tickets/{ticket.number}", said)


@action(_HERE, on=show_new_ticket, permit=SIGNED_IN, prefetch=filing.rows, names=intake.named, then=_filed)
def file_ticket(ctx: Context, command: model.FileTicket) -> model.FiledTicket:
    """File a ticket."""
    return intake.file_ticket(ctx, command)


class SubjectQuery(msgspec.Struct, frozen=True):
    """What is typed so far."""

    subject: str = ""


@page("/console/tickets/suggestions", permit=SIGNED_IN, template="ticket_suggestions.html")
def suggest_articles(ctx: Context, query: SubjectQuery) -> dict[str, Any]:
    """Articles that may answer before a ticket is filed."""
    return {"suggested": articles.suggested(query.subject)}


# --- Emergencies --------------------------------------------------------------------------------------------------


@page("/console/emergency", permit=PUBLIC, template="emergency.html")
def show_emergency(ctx: Context) -> dict[str, Any]:
    """The form for those who can't get in."""
    return {}


def _taken(answer: model.EmergencyTaken) -> Done:
    return Done("/console/sign-in", answer.detail)


@action("/console/emergency", on=show_emergency, permit=PUBLIC, then=_taken)
def file_emergency(ctx: Context, command: model.FileEmergency) -> model.EmergencyTaken:
    """Call for help."""
    return emergencies.file(ctx, command)
