"""The rules of filing a ticket. Pure: command, practice, actor and time in; ticket and event out."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from chalicelib import clock
from chalicelib.errors import Conflict, FieldError, Invalid, invalid
from chalicelib.model import SUPPORT, Actor, Event, Practice, Role
from chalicelib.support import sla_rules
from chalicelib.support.model import Category, FileEmergency, FileTicket, PatientDataIn, Ticket, TicketRequest
from chalicelib.support.rules import TYPED, ticket_event, ticket_id


def request_errors(category: Category, request: TicketRequest | None) -> list[FieldError]:
    """What is wrong with what a ticket asks for, by its category."""
    wanted = TYPED.get(category, ())
    given = [] if request is None else [n for n in request.__struct_fields__ if getattr(request, n) is not None]
    if not wanted:
        return [FieldError("request", "A ticket of this category asks for nothing.")] if request is not None else []
    if request is None:
        return [FieldError("request", f"This must have {', '.join(wanted)}.")]
    errors = [FieldError(f"request.{name}", "This field is not known here.") for name in given if name not in wanted]
    if category != "license_decrease":
        missing = [name for name in wanted if name not in given]
        errors += [FieldError(f"request.{name}", "This field is required.") for name in missing]
    return errors


def required_role(category: Category, actor: Actor) -> Role:
    """The role by which somebody who may file tickets files this one."""
    asks = category in TYPED
    return "site_admin" if asks or "site_admin" in actor.roles else "support_user"


def file(
    command: FileTicket,
    number: int,
    practice: Practice,
    actor: Actor,
    emails: Mapping[str, str],
    now: datetime,
    asked: Mapping[str, str],
) -> tuple[Ticket, Event]:
    """A new ticket of the actor's. `emails`: the addresses of those copied in, by username; `asked`: the ids of what is
    made for its request."""
    at = clock.to_text(now)
    request = command.request
    ticket = Ticket(
        id=ticket_id(practice.id, number),
        number=number,
        subject=command.subject,
        category=command.category,
        priority=command.priority,
        status="new",
        filed_by=actor.name,
        owner=actor.name,
        created_at=at,
        updated_at=at,
        cc=sorted(emails),
        request=None if request is None else {**msgspec.to_builtins(request), **asked},
        follow_up_of=command.follow_up_of,
        sla=sla_rules.start(command.priority, practice.time_zone, now),
        practice_id=practice.id,
        practice_name=practice.name,
        time_zone=practice.time_zone,
        emails={**emails, actor.name: actor.email},
    )
    # A license decrease tells Support itself, with its counts.
    told = () if command.category == "license_decrease" else (SUPPORT,)
    return ticket, ticket_event("filed", None, ticket, told=told, **_of_filing(ticket))


def _of_filing(ticket: Ticket) -> dict[str, object]:
    more = {"practice_name": ticket.practice_name, "cc": ticket.cc, "follow_up_of": ticket.follow_up_of}
    return {name: value for name, value in {**more, "unverified": ticket.unverified}.items() if value}


def file_emergency(
    command: FileEmergency, number: int, practice: Practice, found: list[PatientDataIn], now: datetime
) -> tuple[Ticket, Event]:
    """A ticket by nobody who is known: it belongs to nobody, and nobody is mailed but Support. They learn where it
    looks as if it told of a patient."""
    at = clock.to_text(now)
    ticket = Ticket(
        id=ticket_id(practice.id, number),
        number=number,
        subject=command.subject,
        category="problem",
        priority="emergency",
        status="new",
        filed_by="",
        owner=None,
        unverified=True,
        created_at=at,
        updated_at=at,
        contact_email=command.contact_email,
        contact_name=command.contact_name,
        sla=sla_rules.start("emergency", practice.time_zone, now),
        practice_id=practice.id,
        practice_name=practice.name,
        time_zone=practice.time_zone,
    )
    facts = _of_filing(ticket) | ({"patient_data": [each.field for each in found]} if found else {})
    return ticket, ticket_event("filed", None, ticket, told=(SUPPORT,), **facts)


def require_closed(number: int, before: Ticket | None) -> None:
    """Raises unless a ticket is there to follow up: one that is closed."""
    if before is None:
        raise invalid(("follow_up_of", "Your practice has no such ticket, or none that you see."))
    if before.status != "closed":
        raise Conflict(f"Ticket {number} is {before.status}: comment on it instead.", code="not_closed_yet")


def refuse(errors: list[FieldError]) -> None:
    """Raises Invalid for any error."""
    if errors:
        raise Invalid(errors=tuple(errors))
