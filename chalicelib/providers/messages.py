"""What people are told about provider accounts."""

from chalicelib import config
from chalicelib.events import EventRow
from chalicelib.model import SYSTEM, Announcement
from chalicelib.notify import Renderer, Text, lines


def _account(event: EventRow, headline: str, *more: tuple[str, object]) -> str:
    facts = event.after
    body = lines(
        ("Practice", f"{facts['practice_name']} ({event.pk})"),
        ("Provider account", event.subject),
        *more,
        ("By", event.actor),
    )
    return f"{headline}\n\n{body}"


def deactivated(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    facts = event.after
    license_ = {
        "available": f"one {facts['license_type']} license became available; the number of licenses stays as it is",
        "ended": f"its {facts['license_type']} trial license ended",
    }
    headline = "A practice deactivated a provider account."
    if event.actor == f"{SYSTEM}end_trials":
        headline = "A free trial ended, and its provider account is inactive: the practice has no license for it."
    if "date" in facts:
        headline = "A provider account was deactivated on the day that the practice had scheduled."
    more = (("License", license_[facts["license"]]), ("Scheduled for", facts.get("date")))
    return Text(
        f"Provider account {event.subject} deactivated",
        _account(event, headline, *more, ("Scheduled by", facts.get("scheduled_by"))),
    )


def active_again(event: EventRow, _: Announcement) -> Text:
    """To Accounting."""
    headline = {
        "provider.reactivated": "A practice reactivated a provider account.",
        "provider.deactivation_undone": "A practice took the deactivation of a provider account back.",
    }[event.type]
    type_, trial_until = event.after["license_type"], event.after.get("trial_until")
    license_ = f"it holds a {type_} license again"
    if trial_until:
        license_ = f"its {type_} trial license goes on until {trial_until}"
    return Text(f"Provider account {event.subject} active again", _account(event, headline, ("License", license_)))


def reassignment_stopped(event: EventRow, _: Announcement) -> Text:
    """To the site admins."""
    facts = event.after
    body = lines(
        ("Reassignment", event.subject),
        ("From provider account", facts["source"]),
        ("To provider account", facts["to"]),
        ("Patients moved", f"{facts['moved']} of {facts['total']}"),
        ("Link", f"{config.get('PUBLIC_URL')}/console/providers/{facts['source']}/moves/{event.subject}"),
    )
    return Text(
        "The move of patients to another provider stopped",
        "The provider account that patients were being moved to went inactive. The others stay where they are; if that "
        "account is inactive too, they are in the queue of unassigned patients. Choose another account for them."
        f"\n\n{body}",
    )


RENDERERS: dict[str, Renderer] = {
    "provider.deactivated": deactivated,
    "provider.reactivated": active_again,
    "provider.deactivation_undone": active_again,
    "reassignment.stopped": reassignment_stopped,
}
