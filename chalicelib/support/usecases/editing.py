"""Editing a ticket."""

from typing import Any

import msgspec

from chalicelib.dynamo import Key
from chalicelib.errors import Forbidden
from chalicelib.identity.usecases import people
from chalicelib.store import Commit, Context
from chalicelib.support import filing_rules, rules
from chalicelib.support.model import EditTicket, TicketDetail, TicketFacts
from chalicelib.support.usecases import conversation, intake, patient_warning, tickets


def named(_: str, command: EditTicket, number: str) -> list[Key[Any]]:
    """What is read of those whom an edit copies in."""
    return [] if command.cc is msgspec.UNSET else [*people.keys(command.cc)]


def require_editor(ctx: Context, ticket: TicketFacts) -> None:
    """Raises Forbidden for those who may not edit a ticket."""
    if not rules.may_edit(ticket, ctx.actor):
        raise Forbidden("Its owner and the practice's support users edit a ticket.", code="not_your_ticket")


def edit(ctx: Context, number: str, command: EditTicket) -> TicketDetail:
    """Change a ticket: its owner and the practice's support users may. What changes nothing is answered as it is.

    Raises NotFound, MayNotFile, Forbidden, Stale, Invalid, PatientDataFound; TicketClosed, WrongStatus, Undecided.
    """
    before = tickets.find(ctx, number)
    intake.require_right(ctx)
    require_editor(ctx, before)
    ctx.require_version(before.version)
    cc = [] if command.cc is msgspec.UNSET else command.cc
    emails, strangers = intake.copied_in(ctx, cc, before.owner)
    filing_rules.refuse(strangers)
    if command.subject is not msgspec.UNSET:
        patient_warning.require_confirmed(command.contains_patient_data, subject=command.subject)
    edited = rules.edit(before, command, emails, ctx.now)
    if edited is None:
        return conversation.opened(ctx, before)
    after, fields = edited
    commit = Commit(ctx)
    tickets.replace(commit, before, after, rules.edited_event(before, after, fields))
    return commit.write(conversation.opened(ctx, after))
