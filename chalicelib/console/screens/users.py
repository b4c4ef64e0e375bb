"""The practice's people: who has a login, in which state, and what a site admin does about it."""

from typing import Any

from chalicelib.auth import SITE_ADMIN
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.console.words import ROLES
from chalicelib.identity.model import User
from chalicelib.identity.usecases import addresses, deleting, logins, standing, users
from chalicelib.store import Context
from chalicelib.validation import ListQuery

_HERE = "/console/users"
_ONE = f"{_HERE}/{{username}}"


def _rows(_: str, username: str) -> Any:
    return users.details_keys(username)


def _login(_: str, username: str) -> Any:
    return logins.keys(username)


@page(_HERE, permit=SITE_ADMIN, template="users.html")
def list_users(ctx: Context, query: ListQuery) -> dict[str, Any]:
    """Everybody who can sign in, and what the practice is warned of."""
    return {"found": users.list_users(ctx, query), "states": STATES, "roles": ROLES}


STATES = {"active": "good", "dormant": "warn", "inactive": ""}
"""The states of a login, and how they are marked."""


@page("/console/new-user", permit=SITE_ADMIN, template="user_new.html")
def show_new_user(ctx: Context) -> dict[str, Any]:
    """The form for another login."""
    return {}


def _created(user: User) -> Done:
    said = "can sign in." if user.password_set else "is mailed a link to set a password."
    return Done(f"{_HERE}/{user.username}", f"{user.username} {said}")


@action("/console/new-user", on=show_new_user, permit=SITE_ADMIN, then=_created)
def create_user(ctx: Context, command: users.NewUser) -> User:
    """Add a login."""
    return users.create_user(ctx, command)


@page(_ONE, permit=SITE_ADMIN, prefetch=_rows, template="user.html")
def show_user(ctx: Context, username: str) -> dict[str, Any]:
    """One login: its state, its roles, and what can be done about it."""
    user = users.find_user(ctx, username)
    return {"user": user, "states": STATES, "roles": ROLES, "is_me": user.username == ctx.actor.name}


@page(f"{_ONE}/deactivate", permit=SITE_ADMIN, prefetch=_rows, template="user_deactivate.html")
def show_deactivate(ctx: Context, username: str) -> dict[str, Any]:
    """What ending a login means."""
    return {"user": users.find_user(ctx, username)}


def _back(said: str) -> Any:
    def then(user: User, **_: str) -> Done:
        return Done(f"{_HERE}/{user.username}", f"{user.username} {said}")

    return then


@action(
    f"{_ONE}/deactivate",
    on=show_deactivate,
    permit=SITE_ADMIN,
    prefetch=_login,
    then=_back("is inactive. All its sessions have ended."),
)
def deactivate_user(ctx: Context, username: str) -> User:
    """End a login."""
    return standing.deactivate(ctx, username)


@action(f"{_ONE}/reactivate", on=show_user, permit=SITE_ADMIN, prefetch=_login, then=_back("can sign in again."))
def reactivate_user(ctx: Context, username: str) -> User:
    """Let somebody in again."""
    return standing.reactivate(ctx, username)


@action(
    f"{_ONE}/keep-active",
    on=show_user,
    permit=SITE_ADMIN,
    prefetch=_login,
    then=_back("stays active for another 30 days without a sign-in."),
)
def keep_user_active(ctx: Context, username: str) -> User:
    """Keep a login that nobody uses from being blocked."""
    return standing.keep_active(ctx, username)


@page(f"{_ONE}/reset-two-factor", permit=SITE_ADMIN, prefetch=_rows, template="user_reset_totp.html")
def show_reset_totp(ctx: Context, username: str) -> dict[str, Any]:
    """What resetting somebody's two-factor means."""
    return {"user": users.find_user(ctx, username)}


@action(
    f"{_ONE}/reset-two-factor",
    on=show_reset_totp,
    permit=SITE_ADMIN,
    prefetch=_login,
    then=_back("signs in without two-factor until it is set up again."),
)
def reset_totp(ctx: Context, username: str) -> User:
    """Turn somebody's two-factor off who has lost it."""
    return standing.reset_totp(ctx, username)


# --- The address, and mail to it --------------------------------------------------------------------------------------


@page(f"{_ONE}/email", permit=SITE_ADMIN, prefetch=_rows, template="user_email.html")
def show_email(ctx: Context, username: str) -> dict[str, Any]:
    """The form for another address."""
    return {"user": users.find_user(ctx, username)}


@action(
    f"{_ONE}/email",
    on=show_email,
    permit=SITE_ADMIN,
    prefetch=_login,
    then=_back("is mailed at the new address. Its sessions have ended."),
)
def change_email(ctx: Context, username: str, command: addresses.ChangeEmail) -> User:
    """Mail somebody at another address."""
    return addresses.change(ctx, username, command)


def _resumed(_: None, username: str) -> Done:
    return Done(f"{_HERE}/{username}", f"We will email {username} again.")


@action(f"{_ONE}/resume-mail", on=show_user, permit=SITE_ADMIN, prefetch=_login, then=_resumed)
def resume_mail_of(ctx: Context, username: str) -> None:
    """Send mail to somebody's address again."""
    addresses.resume(ctx, username)


@page(f"{_ONE}/delete", permit=SITE_ADMIN, prefetch=_rows, template="user_delete.html")
def show_delete(ctx: Context, username: str) -> dict[str, Any]:
    """What deleting a username means."""
    return {"user": users.find_user(ctx, username)}


def _deleted(_: None, username: str) -> Done:
    return Done(_HERE, f"{username} is deleted.")


@action(f"{_ONE}/delete", on=show_delete, permit=SITE_ADMIN, prefetch=_login, then=_deleted)
def delete_user(ctx: Context, username: str) -> None:
    """Delete a username that nobody uses."""
    deleting.delete(ctx, username)
