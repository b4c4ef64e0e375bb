"""Phrases that several screens use."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib import config, local_days
from chalicelib.codes.model import File
from chalicelib.errors import Conflict, Forbidden, NotFound, NotSignedIn, Problem
from chalicelib.identity.rules import STAFF
from chalicelib.identity.usecases import owners
from chalicelib.licensing.model import LICENSE_TYPES, Counts, LicenseType
from chalicelib.model import SYSTEM, Role
from chalicelib.wording import plural

ROLES: dict[Role, str] = {"site_admin": "Site admin", "support_user": "Support user"}
ZONES = [
    *(
        f"America/{city}"
        for city in ("New_York", "Detroit", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage")
    ),
    *("America/Adak", "America/Puerto_Rico", "Pacific/Honolulu", "Pacific/Guam"),
]
"""The time zones that a form proposes; it takes every other, too."""
TYPES: dict[LicenseType, str] = {"physician": "Physician", "midlevel": "Midlevel"}
CODE_FILES: dict[File, str] = {"diagnosis": "Diagnoses", "billing": "Billing codes", "payers": "Payers"}

_SAID = {
    "no_license_available": "No {license_type} license is available.",
    "search_first": "Look at these articles first, or confirm below that they don’t help.",
    "patient_data_found": "Remove it, or confirm below that it has to stay in.",
    "totp_required": "Enter the current code from your authenticator app, too.",
    "totp_not_started": "This setup is no longer valid. Start over.",
    "stale_version": "Someone else changed it in the meantime. Your change was not made.",
    "report_not_made": "There is no report for this month. Each is made on the 1st of the next month.",
    "idempotency_key_reused": "This form was already sent with other values. Reload the page.",
}
"""What the console says instead of a problem's detail, where that speaks to programs."""
_GENERAL = frozenset(kind.title for kind in (NotSignedIn, Forbidden, NotFound, Conflict))
"""Titles that say less than any detail does."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_TOLD = 5
"""Entries of a list that are told one by one."""


def licenses(counts: Counts) -> str:
    """Such as "2 physician licenses and 1 midlevel license"."""
    return " and ".join(plural(counts.of(kind), f"{kind} license") for kind in LICENSE_TYPES if counts.of(kind))


def deed(request: Mapping[str, Any]) -> str:
    """What Support do when they approve a ticket's request, such as "make pat a site admin"."""
    if "owner_email" in request:
        return f"make {request['owner_email']} the address of the practice’s owner"
    username = request.get("username", "")
    if "authorized_by" in request:
        return f"make {username} an active site admin, end the sessions of {username}, and reset two-factor"
    if "role" in request:
        role = ROLES[request["role"]].lower()
        add = request["action"] == "add"
        return f"give {username} the role {role}" if add else f"take the role {role} from {username}"
    if username:
        return f"let {username} sign in again"
    return f"remove {licenses(Counts(request.get('physician', 0), request.get('midlevel', 0)))}"


def heading(problem: Problem) -> str:
    """What stands before a problem's detail; nothing where the detail says it all."""
    return "" if problem.title in _GENERAL and detail(problem) else f"{problem.title}."


def detail(problem: Problem) -> str:
    """What a problem says to people; nothing where its title says it all."""
    ours = _SAID.get(problem.code)
    said = ours.format_map(problem.extra) if ours else problem.detail
    wait = _patience(problem.retry_after) if problem.status == 429 and problem.retry_after else ""
    return "" if said == f"{problem.title}." else f"{said}{wait}"


def _patience(seconds: int) -> str:
    minutes = (seconds + 59) // 60
    return f" Try again in {plural(seconds, 'second') if seconds < 60 else plural(minutes, 'minute')}."


def called(name: str) -> str:
    """Who did something, as staff's pages name them: a username, one of Support, or the owner by a mailed link; what a
    schedule does is automatic, and a call for help comes from nobody who is signed in."""
    if name.startswith(SYSTEM):
        return "automatically"
    return "the owner’s link" if name == owners.ACTOR else name.removeprefix(STAFF) or "nobody signed in"


def who(name: str) -> str:
    """The same on a ticket's pages for its practice, to which Support is one."""
    return "Support" if name.startswith(STAFF) else called(name)


def texts(fields: Sequence[str]) -> str:
    """Where a text stood that was taken out of a ticket, such as "subject and a file"."""
    kinds = {"cmt": "a comment", "upl": "a file"}
    named = dict.fromkeys(kinds.get(each.partition("_")[0], each.replace("_", " ")) for each in fields)
    return ", ".join(named)


def finding(found: Mapping[str, Any]) -> str:
    """What in a ticket's field looks like patient data, such as "the text has a date of birth"."""
    kinds = {"ssn": "a Social Security number", "mrn": "a medical record number", "date_of_birth": "a date of birth"}
    fields = {"body": "text", "name": "file name"}
    return f"the {fields.get(found['field'], found['field'])} has {', '.join(kinds[each] for each in found['kinds'])}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any], zone: str = "UTC") -> list[tuple[str, str, str]]:
    """Each field of a change: its name, what it was, what it is; without those that are neither. Times are told in the
    time zone."""
    names = dict.fromkeys([*before, *after])
    told = [(_named(name), _told(before.get(name), zone, name), _told(after.get(name), zone, name)) for name in names]
    return [each for each in told if any(each[1:])]


def _named(name: str) -> str:
    return name.removesuffix("_cents").replace("_", " ")


def _told(value: Any, zone: str, name: str = "") -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{_named(inner)}: {_told(each, zone, inner)}" for inner, each in value.items())
    if isinstance(value, list):
        more = f" and {len(value) - _TOLD} more" if len(value) > _TOLD else ""
        return ", ".join(_told(each, zone) for each in value[:_TOLD]) + more
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_cents"):
        return money(int(value), config.get("CURRENCY"))
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        with suppress(ValueError, OverflowError):  # somebody may have typed what only looks like an instant
            return moment(local_days.local(value, zone))
    return str(value)


def money(cents: int, currency: str) -> str:
    """An amount for people."""
    amount = f"{abs(cents) / 100:,.2f}"
    return f"{'-' if cents < 0 else ''}{f'${amount}' if currency == 'USD' else f'{amount} {currency}'}"


def moment(local: datetime) -> str:
    """A time for people: day, time and zone."""
    return f"{local:%b} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M %p %Z}"


TICKETS: dict[str, Any] = {
    "categories": [
        ("question", "Question"),
        ("problem", "Problem"),
        ("billing", "Billing"),
        ("role_change", "Role change"),
        ("reactivation", "Reactivation"),
        ("owner_change", "Owner’s new address"),
        ("license_decrease", "Fewer licenses"),
    ],
    "priorities": [("low", "Low"), ("normal", "Normal"), ("high", "High"), ("emergency", "Emergency")],
    "statuses": [
        ("new", "New"),
        ("open", "Open"),
        ("waiting_on_you", "Waiting on you"),
        ("solved", "Solved"),
        ("closed", "Closed"),
    ],
    "marks": {"new": "warn", "open": "warn", "waiting_on_you": "bad", "solved": "good", "closed": ""},
}
"""The words of tickets, as forms propose and pages show them."""
