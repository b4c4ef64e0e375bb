"""The practice itself, and its audit trail."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.auth import SITE_ADMIN
from chalicelib.console import words
from chalicelib.console.answering import Done
from chalicelib.console.pages import action, page
from chalicelib.events import AuditRecord
from chalicelib.identity.usecases import practices, trail
from chalicelib.store import Context


@page("/console/practice", permit=SITE_ADMIN, template="practice.html")
def show_practice(ctx: Context) -> dict[str, Any]:
    """Name, time zone, owner."""
    return {"practice": practices.show(ctx), "zones": words.ZONES}


def _saved(_: practices.PracticeDetails) -> Done:
    return Done("/console/practice", "Changes saved.")


@action("/console/practice", on=show_practice, permit=SITE_ADMIN, versioned=True, then=_saved)
def edit_practice(ctx: Context, command: practices.EditPractice) -> practices.PracticeDetails:
    """Change the practice's name or time zone."""
    return practices.edit(ctx, command)


# --- The audit trail ----------------------------------------------------------------------------------------------

KINDS = {
    "practice.": "The practice",
    "username.": "Logins",
    "session.": "Signing in and out",
    "totp.": "Two-factor",
    "password.": "Passwords",
    "license_order.": "License orders",
    "license_decrease.": "Fewer licenses",
    "trial.": "The free trial",
    "provider.": "Providers",
    "patient.": "Patients",
    "reassignment.": "Moves of patients",
    "grant.": "Access to accounts",
    "code": "Codes and their copies",
    "ticket.": "Tickets",
}
"""How the names of changes begin, in the order in which people look for them."""


@page("/console/audit", permit=SITE_ADMIN, template="audit.html")
def show_audit(ctx: Context, query: trail.AuditQuery) -> dict[str, Any]:
    """Who changed what, when and from where."""
    return {
        "asked": query,
        "found": trail.read(ctx, query),
        "kinds": KINDS,
        "say": lambda record: record.type.replace("_", " ").replace(".", ": "),
        "changes": lambda record: list(_changes(record)),
    }


def _changes(record: AuditRecord) -> Iterator[tuple[str, str, str]]:
    """Each field that changed: its name, what it was, what it is."""
    for name in dict.fromkeys([*record.before, *record.after]):
        yield name.replace("_", " "), _text(record.before, name), _text(record.after, name)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
