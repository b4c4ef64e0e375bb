"""The rules of the owner's way back: who is brought back as site admin, by a link to the owner's address. Pure."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final, Literal

from chalicelib.errors import Conflict

Action = Literal["reactivate", "reset_totp", "appoint"]
OWNER_LINK: Final = "owner_link"
"""How a ticket says that it came through the link to the owner's address."""
LINK: Final = timedelta(hours=24)
VERIFICATION_LINK: Final = timedelta(days=7)
PAUSE: Final = timedelta(minutes=15)
"""How long a practice's owner is sent no further link after one."""

_WORDS: Final[dict[Action, str]] = {
    "reactivate": "reactivate the site admin",
    "reset_totp": "reset the two-factor sign-in of the site admin",
    "appoint": "appoint as site admin",
}


class RecoveryOutdated(Conflict):
    """The practice, or who is to be brought back, has changed since the owner asked."""

    code, title = "recovery_outdated", "What the owner asked for is outdated"


def refusal(action: Action, status: str, roles: Collection[str]) -> str | None:
    """Why an action does not suit a username, or None."""
    admin, active = "site_admin" in roles, status == "active"
    if action == "appoint":
        return "This username is site admin: reactivate it, or reset its two-factor sign-in." if admin else None
    if not admin:
        return "This username is no site admin: appoint it."
    if active and action == "reactivate":
        return "This username is active: reset its two-factor sign-in."
    if not active and action == "reset_totp":
        return "This username is not active: reactivate it."
    return None


def subject(action: Action) -> str:
    """What the ticket is called."""
    return f"Owner's recovery: {_WORDS[action]}"


def body(action: Action, username: str) -> str:
    """What the ticket says. Two-factor is set up anew in any case."""
    return (
        f"The owner of the practice asks to {_WORDS[action]} {username}, by a link sent to the registered address.\n"
        "Once approved the username is an active site admin, signs in with its password and sets up two-factor anew."
    )


def asked(action: Action, recoveries: int) -> dict[str, str]:
    """What the ticket's request holds beside the username. It is carried out if the practice has had so many recoveries
    still: so of several that were asked for one is."""
    return {"authorized_by": OWNER_LINK, "recovery": action, "recoveries": str(recoveries)}
