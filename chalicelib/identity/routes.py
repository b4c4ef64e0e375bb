"""The HTTPS face of identity."""

from typing import Any

from chalicelib.auth import ENROLLING, PUBLIC, SIGNED_IN, SITE_ADMIN
from chalicelib.cursors import Page
from chalicelib.dynamo import Key
from chalicelib.events import AuditRecord
from chalicelib.http import route
from chalicelib.identity import mail_routes
from chalicelib.identity.blueprint import bp
from chalicelib.identity.model import Account, AccountQuery, User, UserDetails, Users
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import (
    deleting,
    drop_down,
    logins,
    owners,
    passwords,
    practices,
    recoveries,
    second_factor,
    sign_in,
    sign_up,
    standing,
    trail,
    users,
)
from chalicelib.identity.usecases.passwords import Accepted
from chalicelib.store import Context
from chalicelib.validation import ListQuery

__all__ = ["bp", "mail_routes"]


def _username(_: str, username: str) -> list[Key[UsernameRow]]:
    return logins.keys(username)


def _username_details(_: str, username: str) -> list[Key[Any]]:
    return users.details_keys(username)


# --- Signing up and in --------------------------------------------------------------------------------------------


@route(bp, "POST", "/sign-up", permit=PUBLIC, status=201, location="/practice", refusals={409: "username_taken"})
def post_sign_up(ctx: Context, command: sign_up.SignUp) -> sign_up.SignedUp:
    """Start a free trial: a practice, its first provider account with a trial license, and its site admin."""
    return sign_up.sign_up(ctx, command)


@route(bp, "POST", "/owner-verifications/{token}", permit=PUBLIC, keeps_receipt=False)
def verify_owner(ctx: Context, token: str) -> None:
    """Verify the owner's address."""
    owners.verify(ctx, token)


@route(bp, "POST", "/recoveries", permit=PUBLIC, status=202, keeps_receipt=False)
def ask_recovery(ctx: Context, command: recoveries.AskRecovery) -> Accepted:
    """Mail a practice's owner a link to bring a site admin back."""
    return recoveries.ask(ctx, command)


@route(bp, "POST", "/recoveries/{token}", permit=PUBLIC, status=202, keeps_receipt=False)
def file_recovery(ctx: Context, token: str, command: recoveries.Recover) -> Accepted:
    """Ask, as the owner, to bring one site admin back. Staff decide it."""
    return recoveries.file(ctx, token, command)


@route(
    bp,
    "POST",
    "/sessions",
    permit=PUBLIC,
    status=201,
    location="/sessions/current",
    keeps_receipt=False,
    refusals={401: "invalid_credentials totp_required", 403: "username_inactive username_dormant access_ended"},
)
def open_session(ctx: Context, command: sign_in.SignIn) -> sign_in.OpenedSession:
    """Sign in."""
    return sign_in.sign_in(ctx, command)


@route(bp, "GET", "/sessions/current", permit=ENROLLING)
def show_session(ctx: Context) -> sign_in.CurrentSession:
    """The session of this request."""
    return sign_in.current_session(ctx)


@route(bp, "DELETE", "/sessions/current", permit=ENROLLING)
def close_session(ctx: Context) -> None:
    """Sign out."""
    sign_in.sign_out(ctx)


# --- One's own login ----------------------------------------------------------------------------------------------


@route(bp, "GET", "/me", permit=ENROLLING)
def show_me(ctx: Context) -> users.Me:
    """One's own login."""
    return users.me(ctx)


@route(bp, "GET", "/accounts", permit=SIGNED_IN)
def list_accounts(ctx: Context, query: AccountQuery) -> Page[Account]:
    """The provider accounts that one reaches, and what one may do on each. Inactive ones are left out."""
    return drop_down.list_accounts(ctx, query)


@route(bp, "PUT", "/me/password", permit=SIGNED_IN)
def change_password(ctx: Context, command: passwords.ChangePassword) -> None:
    """Change one's password. All sessions end, this one too."""
    passwords.change_password(ctx, command)


@route(bp, "POST", "/me/totp", permit=ENROLLING, keeps_receipt=False, refusals={403: "totp_required"})
def start_totp(ctx: Context, command: second_factor.StartTotp) -> second_factor.TotpSecret:
    """Begin to set up two-factor: a secret for an authenticator app."""
    return second_factor.start_totp(ctx, command)


@route(bp, "POST", "/me/totp/confirm", permit=ENROLLING, keeps_receipt=False, refusals={409: "totp_not_started"})
def confirm_totp(ctx: Context, command: second_factor.ConfirmTotp) -> second_factor.RecoveryCodes:
    """Turn two-factor on with the app's first code. Other sessions end."""
    return second_factor.confirm_totp(ctx, command)


@route(bp, "DELETE", "/me/totp", permit=SIGNED_IN, refusals={403: "totp_mandatory sign_in_again", 409: "totp_off"})
def remove_totp(ctx: Context) -> None:
    """Turn two-factor off, within ten minutes of signing in; site admins can't."""
    second_factor.remove_totp(ctx)


@route(bp, "POST", "/password-resets", permit=PUBLIC, status=202, keeps_receipt=False)
def request_password_link(ctx: Context, command: passwords.RequestPasswordLink) -> Accepted:
    """Mail a link to set a new password."""
    return passwords.request_link(ctx, command)


@route(bp, "POST", "/password-resets/{token}", permit=PUBLIC, keeps_receipt=False)
def set_password(ctx: Context, token: str, command: passwords.SetPassword) -> None:
    """Set a new password through a mailed link."""
    passwords.set_password(ctx, token, command)


# --- The practice ---------------------------------------------------------------------------------------------------


@route(bp, "GET", "/practice", permit=SITE_ADMIN, versioned=True)
def show_practice(ctx: Context) -> practices.PracticeDetails:
    """The practice."""
    return practices.show(ctx)


@route(bp, "PATCH", "/practice", permit=SITE_ADMIN, versioned=True)
def edit_practice(ctx: Context, command: practices.EditPractice) -> practices.PracticeDetails:
    """Change the practice's name or time zone. Deactivations that are scheduled take effect at the start of the same
    days in the new time zone, at once where these have begun there."""
    return practices.edit(ctx, command)


@route(
    bp,
    "POST",
    "/practice/owner-verification",
    permit=SITE_ADMIN,
    status=202,
    refusals={409: "owner_verified"},
)
def mail_owner_verification(ctx: Context) -> Accepted:
    """Mail the owner another link to verify the address."""
    return owners.mail_verification(ctx)


@route(bp, "GET", "/users", permit=SITE_ADMIN)
def list_users(ctx: Context, query: ListQuery) -> Users:
    """The practice's usernames."""
    return users.list_users(ctx, query)


@route(
    bp,
    "POST",
    "/users",
    permit=SITE_ADMIN,
    status=201,
    location="/users/{username}",
    refusals={409: "username_taken"},
)
def create_user(ctx: Context, command: users.NewUser) -> User:
    """Add a username."""
    return users.create_user(ctx, command)


@route(bp, "GET", "/users/{username}", permit=SITE_ADMIN, prefetch=_username_details)
def show_user(ctx: Context, username: str) -> UserDetails:
    """One username."""
    return users.find_user(ctx, username)


@route(
    bp,
    "DELETE",
    "/users/{username}",
    permit=SITE_ADMIN,
    prefetch=_username,
    refusals={409: "own_username username_in_use"},
)
def delete_user(ctx: Context, username: str) -> None:
    """Delete a username that nobody uses: without a role, and without access to any provider account. The name is never
    given out again."""
    deleting.delete(ctx, username)


@route(
    bp,
    "POST",
    "/users/{username}/deactivate",
    permit=SITE_ADMIN,
    prefetch=_username,
    refusals={409: "username_inactive last_site_admin"},
)
def deactivate_user(ctx: Context, username: str) -> User:
    """End a username. Its sessions end with the next request."""
    return standing.deactivate(ctx, username)


@route(
    bp,
    "POST",
    "/users/{username}/reactivate",
    permit=SITE_ADMIN,
    prefetch=_username,
    refusals={409: "username_active"},
)
def reactivate_user(ctx: Context, username: str) -> User:
    """Let a username in again that is inactive or dormant."""
    return standing.reactivate(ctx, username)


@route(
    bp,
    "POST",
    "/users/{username}/keep-active",
    permit=SITE_ADMIN,
    prefetch=_username,
    refusals={409: "username_not_active"},
)
def keep_user_active(ctx: Context, username: str) -> User:
    """Let thirty days begin anew in which a username is not blocked though nobody signs in."""
    return standing.keep_active(ctx, username)


@route(
    bp,
    "POST",
    "/users/{username}/reset-totp",
    permit=SITE_ADMIN,
    prefetch=_username,
    refusals={403: "own_two_factor", 409: "totp_off"},
)
def reset_totp(ctx: Context, username: str) -> User:
    """Turn off the two-factor of somebody who has lost it. Their sessions end; a site admin sets it up anew."""
    return standing.reset_totp(ctx, username)


@route(bp, "GET", "/audit", permit=SITE_ADMIN)
def list_audit(ctx: Context, query: trail.AuditQuery) -> Page[AuditRecord]:
    """Every change in the practice, newest first; by whom, of what, of which kind, of which days."""
    return trail.read(ctx, query)
