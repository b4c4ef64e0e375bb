"""The rules of who may sign in: usernames that nobody uses, and a practice's site admins. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from chalicelib import clock
from chalicelib.errors import Conflict
from chalicelib.identity.model import StandingWarning

DORMANT_AFTER: Final = timedelta(days=30)
WARNED_AHEAD: Final = (timedelta(days=7), timedelta(days=1))
ASKED_AGAIN: Final = timedelta(days=7)
"""When a site admin is looked at again who is not blocked, being the last."""
ENOUGH_SITE_ADMINS: Final = 2


class LastSiteAdmin(Conflict):
    """A practice keeps an active site admin, or nobody could bring its people back."""

    code, title = "last_site_admin", "A practice keeps an active site admin"


def last_site_admin() -> LastSiteAdmin:
    """The refusal to end the last one."""
    return LastSiteAdmin("This is the practice's last active site admin.")


def unused_since(since: str, last_sign_in_at: str | None) -> str:
    """Since when nobody has signed in: from the last sign-in on, or from when the username was made, brought back or
    kept active."""
    return max(since, last_sign_in_at or "")


def next_look(since: str, now: datetime) -> str:
    """When a username that nobody signed in with since then is to be looked at next."""
    return clock.to_text(clock.next_step(clock.from_text(since) + DORMANT_AFTER, WARNED_AHEAD, now))


def asked_again(now: datetime) -> tuple[str, str]:
    """When the last site admin is looked at again, and since when they count as unused until then: so that who is not
    the last any more is warned of then, as ahead as everybody, and not blocked at once."""
    again = now + ASKED_AGAIN
    return clock.to_text(again), clock.to_text(again + WARNED_AHEAD[0] - DORMANT_AFTER)


def is_dormant(since: str, now: datetime) -> bool:
    """Whether nobody has signed in for so long that the username is blocked."""
    return now >= clock.from_text(since) + DORMANT_AFTER


def days_left(since: str, now: datetime) -> int | None:
    """The days, begun ones too, until it is blocked, where it is time to warn."""
    left = clock.from_text(since) + DORMANT_AFTER - now
    return -(-left // timedelta(days=1)) if left <= WARNED_AHEAD[0] else None


def warnings(site_admins: Collection[str] | None) -> list[StandingWarning]:
    """What a practice's people are warned of for as long as it is so."""
    if len(site_admins or ()) >= ENOUGH_SITE_ADMINS:
        return []
    detail = "Your practice has fewer than two active site admins. Ask Support for another one, by a ticket."
    return [StandingWarning("fewer_than_two_site_admins", detail)]


def owner_warnings(verified: bool) -> list[StandingWarning]:
    """What a practice is warned of while nobody has proved to read mail to the owner's address."""
    if verified:
        return []
    detail = "The owner's address is not verified: without it no site admin can be brought back through the owner."
    return [StandingWarning("owner_email_unverified", detail)]
