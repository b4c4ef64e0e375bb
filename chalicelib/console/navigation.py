"""What the console leads to, and whom."""

from typing import NamedTuple

from chalicelib.auth import SIGNED_IN, SITE_ADMIN, Permit, section, staff
from chalicelib.identity import rules
from chalicelib.identity.model import Held
from chalicelib.model import VENDOR, Actor


class Entry(NamedTuple):
    """A link on every page, or on every page about an account, for those whom its permit lets in."""

    label: str
    path: str
    permit: Permit


ENTRIES = (
    Entry("Licenses", "/console/licenses", SITE_ADMIN),
    Entry("Providers", "/console/providers", SITE_ADMIN),
    Entry("Account access", "/console/access", SIGNED_IN),
    Entry("Tickets", "/console/tickets", SIGNED_IN),
    Entry("Help", "/console/help", SIGNED_IN),
    Entry("Users", "/console/users", SITE_ADMIN),
    Entry("Practice", "/console/practice", SITE_ADMIN),
    Entry("Audit trail", "/console/audit", SITE_ADMIN),
    Entry("Your login", "/console/me", SIGNED_IN),
)

STAFF_ENTRIES = (
    Entry("Queue", "/console/staff/tickets", staff("support")),
    Entry("Billing notes", "/console/staff/billing-notes", staff("support")),
    Entry("Reconciliation", "/console/staff/reconciliation", staff("accounting")),
)
"""Where the vendor's own people go."""

ACCOUNT_ENTRIES = (
    Entry("Profile", "/console/providers/{provider_id}", section("profile", "view")),
    Entry("Patients", "/console/providers/{provider_id}/patients", section("patients", "view")),
    Entry("Codes", "/console/access/{provider_id}/codes/{file}", section("codes", "view")),
    Entry("Usernames", "/console/access/{provider_id}", section("profile", "none")),
    Entry("Invitations", "/console/access/{provider_id}/invitations", section("profile", "full")),
)
"""What there is of a provider account, and what another account has alike."""


def lets_in(entry: Entry, held: Held) -> bool:
    """Whether an entry of an account is for who holds these privileges on it."""
    permit = entry.permit
    return permit.section is not None and rules.allows(held, permit.section, permit.privilege)


def entry_of(path: str) -> Entry | None:
    """To which entry of an account a page's path belongs."""
    found = [entry for entry in ACCOUNT_ENTRIES if path == entry.path or path.startswith(f"{entry.path}/")]
    return max(found, key=lambda entry: len(entry.path), default=None)


def entries(actor: Actor) -> list[Entry]:
    """Those that lead this login somewhere."""
    if actor.enrollment_required:
        return []
    if actor.practice_id == VENDOR:
        return [entry for entry in STAFF_ENTRIES if not actor.roles.isdisjoint(entry.permit.staff)]
    return [entry for entry in ENTRIES if entry.permit.role is None or entry.permit.role in actor.roles]


def home(actor: Actor) -> str:
    """Where it begins."""
    two_factor = "/console/staff/two-factor" if actor.practice_id == VENDOR else "/console/two-factor"
    return entries(actor)[0].path if entries(actor) else two_factor
