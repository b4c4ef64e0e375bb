"""The practice itself, and its audit trail."""

from typing import Any

from chalicelib.auth import SITE_ADMIN
from chalicelib.console import words
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import owners, practices, trail
from chalicelib.identity.usecases.passwords import Accepted
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


def _mailed(answer: Accepted) -> Done:
    return Done("/console/practice", answer.detail)


@action("/console/practice/owner-verification", on=show_practice, permit=SITE_ADMIN, then=_mailed)
def mail_owner_link(ctx: Context) -> Accepted:
    """Mail the owner's address the link to verify it once more."""
    return owners.mail_verification(ctx)


# --- The audit trail ----------------------------------------------------------------------------------------------

KINDS = {
    "practice.": "The practice",
    "username.": "Logins",
    "role.": "Roles",
    "session.": "Signing in and out",
    "totp.": "Two-factor",
    "password.": "Passwords",
    "recovery.": "Recovery by the owner",
    "mail.": "Stopped mail",
    "license_order.": "License orders",
    "license_decrease.": "Fewer licenses",
    "trial.": "The free trial",
    "provider.": "Providers",
    "patient.": "Patients",
    "reassignment.": "Moves of patients",
    "grant.": "Access to accounts",
    "invitation.": "Invitations",
    "login.": "Accounts found by their login",
    "code": "Codes and their copies",
    "ticket.": "Tickets",
    "upload.": "Files",
}
"""How the names of changes begin, in the order in which people look for them."""


@page("/console/audit", permit=SITE_ADMIN, template="audit.html", filters=True)
def show_audit(ctx: Context, query: trail.AuditQuery) -> dict[str, Any]:
    """Who changed what, when and from where."""
    return {
        "asked": query,
        "found": trail.read(ctx, query),
        "kinds": KINDS,
        "say": lambda record: record.type.replace("_", " ").replace(".", ": "),
    }
