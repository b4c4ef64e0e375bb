"""The words that every room shares: who acts, for which practice, and what an event says. Pure values."""

from typing import Any, Final, Literal, get_args

import msgspec

Channel = Literal["accounting", "support", "email"]
Role = Literal["site_admin", "support_user"]
StaffRole = Literal["support", "accounting"]
"""What one of the vendor's own people is."""
SYSTEM: Final = "system:"
"""What the actor of a handler of the system's own begins with. No username has a colon in it."""
VENDOR: Final = "vendor"
"""The vendor as a tenant: staff's logins are its own, and reports about all practices."""
Section = Literal["profile", "patients", "codes", "messaging", "reports"]
"""The portions of the system in which an access grant gives its username a privilege each."""
SECTIONS: Final[tuple[Section, ...]] = get_args(Section)
Privilege = Literal["full", "view", "none"]


class Practice(msgspec.Struct, frozen=True):
    """The tenant, as far as every room may know it."""

    id: str
    name: str
    time_zone: str
    plan: str
    billing_note: str | None = None


class Actor(msgspec.Struct, frozen=True):
    """Who does it: a username, one of the vendor's people (`staff:NAME`), or a handler of the system's own
    (`system:NAME`, no roles).

    `practice_id`: for which practice. That is its own, or the one whose account a grant lets it act on: there its
    roles count for nothing, and it has none. Staff are the vendor's, and act for the practice that their task names.
    """

    name: str
    practice_id: str
    email: str = ""
    roles: frozenset[Role | StaffRole] = frozenset()
    session: str = ""
    enrollment_required: bool = False


class Announcement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message that an event causes: a topic, or an email to one address.

    `practice` and `zone`: its name and time zone, for an email; the commit fills them in where it knows them.
    """

    channel: Channel
    to: str = ""
    practice: str = ""
    zone: str = ""


class MailStopped(msgspec.Struct, frozen=True):
    """No mail goes to an address since `at`: it does not exist (`bounce`), or a mail was called spam (`complaint`).

    Both are null where that was a mail of another practice: then another address can be set, or Support asked."""

    reason: Literal["bounce", "complaint"] | None
    at: str | None


class Event(msgspec.Struct, frozen=True):
    """One change: audit record and, where it announces something, outbox entry.

    `type` is dotted ("license_order.placed"), `subject` the id of what changed. `before` and `after` hold
    facts, ids and amounts; never a secret, never free text about a patient.
    """

    type: str
    subject: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    announce: tuple[Announcement, ...] = ()


ACCOUNTING = Announcement("accounting")
SUPPORT = Announcement("support")
