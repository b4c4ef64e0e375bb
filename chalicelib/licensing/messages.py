"""What people are told about licenses."""

from chalicelib.events import EventRow
from chalicelib.model import Announcement
from chalicelib.notify import Renderer, Text, lines, money, typed, when


def _order(headline: str, event: EventRow, *more: tuple[str, object]) -> str:
    facts = event.after
    body = lines(
        ("Practice", f"{facts['practice_name']} ({event.pk})"),
        ("Order", event.subject),
        ("Physician licenses", facts["physician"]),
        ("Midlevel licenses", facts["midlevel"]),
        ("Amount", money(facts["total_cents"], facts["currency"])),
        *more,
    )
    return f"{headline}\n\n{body}"


def _to_buyer(headline: str, event: EventRow) -> str:
    facts = event.after
    body = lines(
        ("Practice", typed(facts["practice_name"])),
        ("Physician licenses", facts["physician"]),
        ("Midlevel licenses", facts["midlevel"]),
        ("Amount", money(facts["total_cents"], facts["currency"])),
        ("Order", event.subject),
    )
    return f"{headline}\n\n{body}"


def order_placed(event: EventRow, to: Announcement) -> Text:
    """To Accounting and Support; the buyer gets a receipt."""
    deadline = event.after["cancel_until"]
    if to.channel == "email":
        return Text(
            "Receipt for license order",
            _to_buyer(
                "Thank you for your order. The licenses are ready to use. You can cancel the order until\n"
                f"{when(deadline, to.zone)}. After that it is charged and can't be refunded.",
                event,
            ),
        )
    return Text(
        f"License order {event.subject} placed",
        _order("A practice ordered licenses.", event, ("Ordered by", event.actor), ("Charged after", deadline)),
    )


def order_cancelled(event: EventRow, to: Announcement) -> Text:
    """To Accounting, and to who cancelled it."""
    if to.channel == "email":
        return Text(
            "Your license order is canceled",
            _to_buyer("Your license order is canceled. Nothing is charged, and its licenses are removed.", event),
        )
    return Text(
        f"License order {event.subject} cancelled",
        _order("A license order was cancelled within its window. Do not charge it.", event, ("By", event.actor)),
    )


def order_charged(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    return Text(
        f"License order {event.subject} to be charged",
        _order("The cancel window of a license order is over. Charge it.", event),
    )


def _decrease(headline: str, event: EventRow, zone: str = "") -> str:
    facts = event.after
    effective_at = facts.get("effective_at")
    removed = facts.get("removed")
    body = lines(
        ("Practice", f"{facts['practice_name']} ({event.pk})"),
        ("Request", event.subject),
        ("Ticket", facts.get("ticket_number")),
        ("Physician licenses", facts["physician"]),
        ("Midlevel licenses", facts["midlevel"]),
        ("Takes effect", when(effective_at, zone) if effective_at else None),
        ("Removed", f"{removed['physician']} physician, {removed['midlevel']} midlevel" if removed else None),
        ("By", event.actor),
    )
    return f"{headline}\n\n{body}"


def decrease_requested(event: EventRow, _: Announcement) -> Text:
    """To Support, who decide."""
    return Text(
        f"License decrease {event.subject} requested", _decrease("A practice asks for fewer licenses. Decide.", event)
    )


def decrease_decided(event: EventRow, to: Announcement) -> Text:
    """To who asked; an approval to Accounting too."""
    status = event.after["status"]
    headline = {
        "approved": "The number of licenses will be lowered when the next billing period begins, without credit.",
        "declined": "The request for fewer licenses was declined. Ask Support for the reasons.",
        "applied": "The number of licenses was lowered: as many as were not in use.",
    }[status]
    return Text(f"License decrease {event.subject} {status}", _decrease(headline, event, to.zone))


def trial_ending(event: EventRow, to: Announcement) -> Text:
    """To the site admins."""
    facts = event.after
    body = lines(
        ("Provider account", event.subject),
        ("Trial ends", when(facts["trial_until"], to.zone)),
        (f"{facts['license_type'].capitalize()} licenses available", facts["available"]),
    )
    return Text(
        "Your free trial ends soon",
        "When a free trial ends, its provider account takes an available license of its type.\n"
        "Where none is available, the account becomes inactive; site admins can still sign in,\n"
        "buy a license and reactivate it.\n\n" + body,
    )


def trial_ended(event: EventRow, to: Announcement) -> Text:
    """To the site admins."""
    words = {
        "bought": f"It goes on with a {event.after['license_type']} license that your practice has bought.",
        "inactive": "It is inactive, as no license of its type was available.\n" + _kept(event, to),
    }[event.after["becomes"]]
    return Text(
        "Your free trial has ended",
        f"The free trial of a provider account has ended. {words}\n\n" + lines(("Provider account", event.subject)),
    )


def _kept(event: EventRow, to: Announcement) -> str:
    until = event.after.get("data_kept_until")
    if until is None:
        return "Sign in, buy a license and reactivate it."
    end = when(until, to.zone)
    return f"Its data is kept for 90 days, until {end}: sign in, buy a license and reactivate it before that."


def removal_ahead(event: EventRow, to: Announcement) -> Text:
    """To the site admins."""
    body = lines(
        ("Provider account", event.subject), ("Data is removed after", when(event.after["data_kept_until"], to.zone))
    )
    return Text(
        "Your free trial's data will be removed",
        "A free trial has ended, and your practice has bought no license. So the data of its provider account will be\n"
        "removed for good: the account itself, its patients, its code files and its image.\n"
        "To keep it all, sign in and buy a license before that; then reactivate the account.\n\n" + body,
    )


def removal_done(event: EventRow, _: Announcement) -> Text:
    """To the site admins."""
    return Text(
        "Your free trial's data was removed",
        "A free trial ended long ago, and the data of its provider account was removed for good. Usernames,\n"
        "tickets, the audit trail and the license ledger stay. Site admins can still sign in, buy licenses and\n"
        "open new accounts.\n\n" + lines(("Provider account", event.subject)),
    )


def report_made(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    facts = event.after
    differences = facts["differences"]
    words = "\n".join(f"- {each}" for each in differences) or "none"
    body = lines(
        ("Day", event.subject),
        ("Practices", facts["practices"]),
        ("Recurring monthly amount", money(facts["recurring_cents"], facts["currency"])),
        ("Practices with custom billing", facts["custom_billing"]),
        ("File", facts["key"]),
    )
    return Text(
        f"License reconciliation of {event.subject}",
        "The licenses of all practices are reconciled. Staff of Accounting download the file:\n"
        f"GET /staff/reconciliation.csv?day={event.subject}\n\n{body}\n\n"
        f"Differences, which nobody has repaired ({facts['difference_count']}):\n{words}",
    )


RENDERERS: dict[str, Renderer] = {
    "license_order.placed": order_placed,
    "license_order.cancelled": order_cancelled,
    "license_order.charged": order_charged,
    "license_decrease.requested": decrease_requested,
    "license_decrease.approved": decrease_decided,
    "license_decrease.declined": decrease_decided,
    "license_decrease.applied": decrease_decided,
    "trial.ending": trial_ending,
    "trial.ended": trial_ended,
    "trial.removal_ahead": removal_ahead,
    "trial.removal_done": removal_done,
    "reconciliation.made": report_made,
}
