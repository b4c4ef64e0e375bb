"""The rules of tickets. Pure: state, command, actor and time in; new state and event out; no clock, no AWS."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec

from chalicelib import clock
from chalicelib.errors import Conflict, Forbidden, NotFound, invalid
from chalicelib.model import SUPPORT, Actor, Announcement, Event
from chalicelib.support import sla_rules
from chalicelib.support.model import (
    MOST_ATTACHMENTS,
    Attachment,
    Category,
    Comment,
    EditTicket,
    Status,
    Ticket,
    TicketFacts,
)

SEARCHED_WITHIN: Final = timedelta(hours=24)
TYPED: Final[dict[Category, tuple[str, ...]]] = {
    "license_decrease": ("physician", "midlevel"),
    "role_change": ("username", "role", "action"),
    "reactivation": ("username",),
    "owner_change": ("owner_email",),
}
"""The categories that ask Support for a deed, and what their requests hold."""
UNSOLVED: Final[tuple[Status, ...]] = ("new", "open", "waiting_on_you")
_WITH_SUPPORT: Final[tuple[Status, ...]] = ("new", "open")
"""Where the clocks run."""

# --- States -------------------------------------------------------------------------------------------------------

Act = Literal["comment", "solve", "reopen", "take", "ask", "resolve", "decide", "close"]
"""What moves a ticket. The practice comments, solves, reopens; Support answers, and so takes it on, asks back or
resolves it, or decides what it requests; a schedule closes it."""
TRANSITIONS: Final[dict[Act, dict[Status, Status]]] = {
    "comment": {"new": "new", "open": "open", "waiting_on_you": "open", "solved": "open"},
    "solve": {"new": "solved", "open": "solved", "waiting_on_you": "solved"},
    "reopen": {"solved": "open"},
    "take": {"new": "open", "open": "open", "waiting_on_you": "open", "solved": "open"},
    "ask": {"new": "waiting_on_you", "open": "waiting_on_you", "waiting_on_you": "waiting_on_you"},
    "resolve": {"new": "solved", "open": "solved", "waiting_on_you": "solved", "solved": "solved"},
    "decide": {"new": "solved", "open": "solved", "waiting_on_you": "solved"},
    "close": {"solved": "closed"},
}
"""Every act in every status in which it is possible, and the status that follows."""


class TicketClosed(Conflict):
    """Nothing more is said on a closed ticket: another one links back to it."""

    code, title = "ticket_closed", "This ticket is closed"


class WrongStatus(Conflict):
    """The ticket is not in a status in which this can be done."""

    code, title = "wrong_status", "The ticket's status does not allow this"


class Undecided(Conflict):
    """A ticket with a request is solved by Support's decision."""

    code, title = "decision_pending", "Support have to decide this ticket"


def move(ticket: Ticket, act: Act, now: datetime, **changes: Any) -> Ticket:
    """The ticket's next version after an act, its clocks too. Raises TicketClosed, WrongStatus, Undecided."""
    status = TRANSITIONS[act].get(ticket.status)
    if status is None:
        raise _impossible(ticket)
    decides = "decision" in changes
    if status == "solved" and ticket.request is not None and ticket.decision is None and not decides:
        raise Undecided("A ticket with a request is solved by approving or declining it.")
    sla = ticket.sla
    if ticket.status in _WITH_SUPPORT and status not in _WITH_SUPPORT:
        sla = sla_rules.pause(sla, ticket.priority, ticket.time_zone, now)
    elif ticket.status not in _WITH_SUPPORT and status in _WITH_SUPPORT:
        sla = sla_rules.resume(sla, ticket.priority, ticket.time_zone, now)
    if status == "solved" and ticket.status != "solved":
        changes["solved_at"] = clock.to_text(now)
    elif status in UNSOLVED:
        changes["solved_at"] = None
    return changed(ticket, now, **{"status": status, "sla": sla, **changes})


def _impossible(ticket: Ticket) -> Conflict:
    if ticket.status == "closed":
        return TicketClosed("File another ticket with follow_up_of; it links back to this one.")
    return WrongStatus(f"This ticket is {ticket.status}.", ticket_status=ticket.status)


def changed(ticket: Ticket, now: datetime, **changes: Any) -> Ticket:
    """The ticket's next version."""
    return msgspec.structs.replace(ticket, version=ticket.version + 1, updated_at=clock.to_text(now), **changes)


# --- Who may ------------------------------------------------------------------------------------------------------


class MayNotFile(Forbidden):
    """Only site admins and support users file tickets; the others ask them."""

    code, title = "may_not_file", "Ask a site admin or support user of your practice"


class SearchFirst(Conflict):
    """A ticket comes after a search of the help center."""

    code, title = "search_first", "Search the help center first"


class PatientDataFound(Conflict):
    """What is about to be sent looks as if it told of a patient."""

    code, title = "patient_data_found", "This looks like patient data"


def may_file(actor: Actor) -> bool:
    """Whether somebody has the right to file tickets for their practice."""
    return bool(actor.roles)


def sees(ticket: Ticket, actor: Actor) -> bool:
    """Whether somebody of the practice may read a ticket and comment on it: whose it is, who is copied in, the team."""
    return actor.name == ticket.owner or actor.name in ticket.cc or "support_user" in actor.roles


def may_edit(ticket: TicketFacts, actor: Actor) -> bool:
    """Whether somebody may change a ticket: not those who are only copied in, or may not file tickets any more."""
    return may_file(actor) and (actor.name == ticket.owner or "support_user" in actor.roles)


def not_found() -> NotFound:
    """The refusal of a ticket that is not there, or not theirs to see."""
    return NotFound("Your practice has no such ticket, or none that you see.")


# --- Places and events ------------------------------------------------------------------------------------------------


def ticket_id(practice_id: str, number: int) -> str:
    """The id by which Support know a ticket among those of all practices. It tells the ticket's place."""
    return f"tkt_{practice_id.removeprefix('prc_')}_{number}"


def place_of(text: str) -> tuple[str, int] | None:
    """The practice and number of a ticket's id; None for what is none."""
    if found := re.fullmatch(r"tkt_([0-9a-z]{1,40})_([1-9][0-9]{0,8})", text):
        practice = found[1]
        return (practice if practice == "public" else f"prc_{practice}"), int(found[2])
    return None


def number_of(text: str) -> int | None:
    """The ticket number that a path names; None for what is none."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else None


def ticket_event(
    what: str, before: Ticket | None, after: Ticket, *, told: tuple[Announcement, ...] = (), **more: Any
) -> Event:
    """One change of a ticket. Its people are mailed, `told` too, and Support where it stops a clock that ran out. It
    holds ids, names of fields and states, never text: what is append-only can't be redacted."""
    names = ("status", "priority", "category", "owner", "decision")
    changes = [name for name in names if before is None or getattr(before, name) != getattr(after, name)]
    if before is not None and (late := sla_rules.newly_breached(before.sla, after.sla)):
        more |= {"practice_name": after.practice_name, "breached": late}
        told = tuple(dict.fromkeys((*told, SUPPORT)))
    mails = (Announcement("email", address) for address in dict.fromkeys(after.emails.values()))
    return Event(
        type=f"ticket.{what}",
        subject=after.id,
        before={name: getattr(before, name) for name in changes} if before else {},
        after={"number": after.number, **{name: getattr(after, name) for name in changes}, **more},
        announce=(*told, *mails),
    )


# --- Changing -----------------------------------------------------------------------------------------------------


def comment(ticket: Ticket, comment_id: str, body: str, actor: Actor, now: datetime) -> tuple[Ticket, Comment, Event]:
    """Somebody of the practice says something; on a solved ticket that opens it again. Raises TicketClosed."""
    after = move(ticket, "comment", now)
    said = Comment(comment_id, body, actor.name, clock.to_text(now))
    told = (SUPPORT,) if after.status != ticket.status else ()
    return after, said, ticket_event("commented", ticket, after, told=told, comment_id=comment_id)


def edit(
    ticket: Ticket, command: EditTicket, emails: Mapping[str, str], now: datetime
) -> tuple[Ticket, list[str]] | None:
    """The ticket as edited, and the names of the fields that changed; None when none did. `emails`: the addresses of
    those that are copied in from now on.

    Raises Invalid for a category that asks for a deed, or instead of one; TicketClosed, WrongStatus, Undecided.
    """
    if ticket.status == "closed":
        raise _impossible(ticket)
    wanted: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(command).items()
        if value is not msgspec.UNSET and name not in ("contains_patient_data", "status")
    }
    if "cc" in wanted:
        wanted["cc"] = sorted(emails)
    fields = [name for name, value in wanted.items() if value != getattr(ticket, name)]
    if "category" in fields and (ticket.request is not None or wanted["category"] in TYPED):
        raise invalid(("category", "A ticket that asks for something is of its category from the beginning."))
    after = ticket
    if command.status is not msgspec.UNSET and command.status != ticket.status:
        after = move(ticket, "solve" if command.status == "solved" else "reopen", now)
        fields.append("status")
    if not fields:
        return None
    if "cc" in fields:
        wanted["emails"] = {**{n: e for n, e in ticket.emails.items() if n == ticket.owner}, **emails}
    if "priority" in fields:
        wanted["sla"] = sla_rules.change_priority(after.sla, ticket.priority, wanted["priority"], ticket.time_zone, now)
    version = {"version": ticket.version + 1, "updated_at": clock.to_text(now)}
    return msgspec.structs.replace(after, **wanted, **version), fields


def edited_event(before: Ticket, after: Ticket, fields: Collection[str]) -> Event:
    """The event of an edit. Support are told when it opens the ticket again."""
    told = (SUPPORT,) if (before.status, after.status) == ("solved", "open") else ()
    return ticket_event("edited", before, after, told=told, fields=sorted(fields))


def require_room_for_files(ticket: Ticket) -> None:
    """Raises unless one more file may become a part of the ticket."""
    if ticket.status == "closed":
        raise _impossible(ticket)
    if len(ticket.attachments) >= MOST_ATTACHMENTS:
        raise Conflict(f"A ticket has at most {MOST_ATTACHMENTS} attachments.", code="too_many_attachments")


def attach(ticket: Ticket, attachment: Attachment, now: datetime) -> tuple[Ticket, Event]:
    """The ticket with one file more. Raises TicketClosed, Conflict."""
    require_room_for_files(ticket)
    after = changed(ticket, now, attachments=[*ticket.attachments, attachment])
    return after, ticket_event("attached", ticket, after, attachment_id=attachment.id)
