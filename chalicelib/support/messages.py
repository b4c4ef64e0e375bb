"""What people are told about tickets: numbers and links, never their text."""

from chalicelib import config
from chalicelib.events import EventRow
from chalicelib.model import Announcement
from chalicelib.notify import Renderer, Text, lines

_HEADLINES = {
    "ticket.filed": "was filed",
    "ticket.commented": "has a new comment",
    "ticket.edited": "was edited",
    "ticket.attached": "has a new attachment",
    "ticket.answered": "was answered by Support",
    "ticket.approved": "was approved by one of two people and waits for another",
    "ticket.decided": "was decided by Support",
    "ticket.closed": "is closed",
    "ticket.passed_on": "has another owner",
    "ticket.redacted": "was redacted by Support",
    "ticket.sla_breached": "is late",
}


def ticket_changed(event: EventRow, to: Announcement) -> Text:
    """To the ticket's people, or to Support."""
    return _to_support(event) if to.channel == "support" else _to_people(event)


def _to_people(event: EventRow) -> Text:
    number, headline = event.after["number"], _HEADLINES[event.type]
    link = f"{config.get('PUBLIC_URL')}/console/tickets/{number}"
    return Text(
        f"Ticket {number} {headline}",
        f"Your ticket {headline}. Open the link to read it; you may have to sign in first.\n\n"
        + lines(("Ticket", number), ("Link", link))
        + "\n\nNobody reads answers to this address: comment on the ticket instead.",
    )


def _to_support(event: EventRow) -> Text:
    facts, headline = event.after, _HEADLINES[event.type]
    return Text(
        f"Ticket {event.subject} {headline}",
        f"A ticket {headline}.\n\n"
        + lines(
            ("Ticket", event.subject),
            ("Number", facts["number"]),
            ("Practice", f"{facts['practice_name']} ({event.pk})" if "practice_name" in facts else event.pk),
            ("Category", facts.get("category")),
            ("Priority", facts.get("priority")),
            ("Status", facts.get("status")),
            ("Late", ", ".join(facts["breached"]) if "breached" in facts else None),
            ("Verified", "no: nobody was signed in" if facts.get("unverified") else None),
            ("Looks like patient data", ", ".join(facts["patient_data"]) if "patient_data" in facts else None),
            ("By", event.actor),
        ),
    )


RENDERERS: dict[str, Renderer] = dict.fromkeys(_HEADLINES, ticket_changed)
