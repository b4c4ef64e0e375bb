"""The owner's recovery: the way back into a practice of which no site admin can sign in."""

from typing import Any

from chalicelib.auth import PUBLIC
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import recoveries
from chalicelib.identity.usecases.passwords import Accepted
from chalicelib.store import Context

_HERE = "/console/recovery"
ACTIONS = [
    ("reactivate", "Reactivate a site admin who is inactive"),
    ("reset_totp", "Reset two-factor for a site admin"),
    ("appoint", "Make someone else a site admin"),
]
"""What an owner can ask for."""


def _told(answer: Accepted, **_: str) -> Done:
    return Done("/console/sign-in", answer.detail)


@page(_HERE, permit=PUBLIC, template="recovery.html")
def show_recovery(ctx: Context) -> dict[str, Any]:
    """What it is for, and the form that has a link mailed."""
    return {}


@action(_HERE, on=show_recovery, permit=PUBLIC, then=_told, keeps_receipt=False)
def ask_recovery(ctx: Context, command: recoveries.AskRecovery) -> Accepted:
    """Mail the owner a link."""
    return recoveries.ask(ctx, command)


@page(f"{_HERE}/{{token}}", permit=PUBLIC, template="recovery_link.html")
def show_recovery_link(ctx: Context, token: str) -> dict[str, Any]:
    """The form behind the mailed link. Opening it changes nothing."""
    return {"token": token, "actions": ACTIONS}


@action(f"{_HERE}/{{token}}", on=show_recovery_link, permit=PUBLIC, then=_told, keeps_receipt=False)
def file_recovery(ctx: Context, token: str, command: recoveries.Recover) -> Accepted:
    """Ask, as the owner, to bring one site admin back."""
    return recoveries.file(ctx, token, command)
