"""A forgotten password, and the mailed links: to set one, and to verify the owner's address. Opening a link changes
nothing, so that mail scanners may; its button does."""

from typing import Any
from urllib.parse import urlencode

from chalicelib.auth import PUBLIC
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import owners, passwords
from chalicelib.store import Context


@page("/console/forgotten-password", permit=PUBLIC, template="forgotten_password.html")
def show_forgotten_password(ctx: Context) -> dict[str, Any]:
    """The form."""
    return {}


def _asked(answer: passwords.Accepted) -> Done:
    return Done("/console/sign-in", answer.detail)


@action("/console/forgotten-password", on=show_forgotten_password, permit=PUBLIC, then=_asked, keeps_receipt=False)
def request_link(ctx: Context, command: passwords.RequestPasswordLink) -> passwords.Accepted:
    """Mail a link."""
    return passwords.request_link(ctx, command)


@page("/console/set-password/{token}", permit=PUBLIC, template="set_password.html")
def show_set_password(ctx: Context, token: str) -> dict[str, Any]:
    """The form behind a mailed link."""
    return {"token": token, "username": passwords.username_of(token)}


def _set(_: None, token: str) -> Done:
    known = urlencode({"username": passwords.username_of(token)})
    return Done(f"/console/sign-in?{known}", "Your password is set. Sign in with it.")


@action("/console/set-password/{token}", on=show_set_password, permit=PUBLIC, then=_set, keeps_receipt=False)
def set_password(ctx: Context, token: str, command: passwords.SetPassword) -> None:
    """Set the password."""
    passwords.set_password(ctx, token, command)


@page("/console/verify-owner/{token}", permit=PUBLIC, template="verify_owner.html")
def show_verify_owner(ctx: Context, token: str) -> dict[str, Any]:
    """The button behind the link that a practice's owner is mailed."""
    return {"token": token}


@action(
    "/console/verify-owner/{token}",
    on=show_verify_owner,
    permit=PUBLIC,
    template="owner_verified.html",
)
def verify_owner(ctx: Context, token: str) -> None:
    """Verify the owner's address."""
    owners.verify(ctx, token)
