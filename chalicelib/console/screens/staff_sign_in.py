"""The door of the vendor's own people: their sign-in, two-factor and session, apart from those of practices."""

from typing import Any

from chalicelib.auth import ENROLLING_STAFF, PUBLIC
from chalicelib.console.declared import Done, is_page
from chalicelib.console.navigation import home
from chalicelib.console.pages import action, page
from chalicelib.console.screens.sign_in import Arrival
from chalicelib.console.visits import STAFF_HOME, is_staffs
from chalicelib.identity.rules import STAFF
from chalicelib.identity.usecases import passwords, second_factor, sign_in, staff_logins
from chalicelib.store import Context

_SIGN_IN = f"{STAFF_HOME}/sign-in"
_SET_PASSWORD = f"{STAFF_HOME}/set-password/{{token}}"
_TWO_FACTOR = f"{STAFF_HOME}/two-factor"


@page(STAFF_HOME, permit=ENROLLING_STAFF)
def begin(ctx: Context) -> Done:
    """The first screen that this login has."""
    return Done(home(ctx.actor))


@page(_SIGN_IN, permit=PUBLIC, template="staff_sign_in.html")
def show_sign_in(ctx: Context, query: Arrival) -> dict[str, Any]:
    """The form."""
    return {"next": query.next if is_staffs(query.next) and is_page(query.next) else "", "ended": query.ended}


def _signed_in(session: sign_in.OpenedSession) -> Done:
    return Done(STAFF_HOME, session=session.token)


@action(_SIGN_IN, on=show_sign_in, permit=PUBLIC, then=_signed_in, keeps_receipt=False)
def open_session(ctx: Context, command: sign_in.SignIn) -> sign_in.OpenedSession:
    """Sign in, with password and two-factor code at once."""
    return sign_in.sign_in_staff(ctx, command)


@page(_SET_PASSWORD, permit=PUBLIC, template="set_password.html")
def show_set_password(ctx: Context, token: str) -> dict[str, Any]:
    """The form behind a mailed link."""
    return {"token": token, "username": passwords.username_of(token, staff=True).removeprefix(STAFF)}


def _set(_: None, token: str) -> Done:
    return Done(_SIGN_IN, "Your password is set. Sign in with it.")


@action(_SET_PASSWORD, on=show_set_password, permit=PUBLIC, then=_set, keeps_receipt=False)
def set_password(ctx: Context, token: str, command: passwords.SetPassword) -> None:
    """Set the password."""
    passwords.set_password(ctx, token, command, staff=True)


@page(_TWO_FACTOR, permit=ENROLLING_STAFF, template="two_factor.html")
def show_two_factor(ctx: Context) -> dict[str, Any]:
    """What it is for, and the button that begins it."""
    due = ctx.actor.enrollment_required
    return {"login": {"totp_enabled": not due, "enrollment_required": due}}


@action(_TWO_FACTOR, on=show_two_factor, permit=ENROLLING_STAFF, template="two_factor_secret.html")
def start_totp(ctx: Context, command: second_factor.StartTotp) -> second_factor.TotpSecret:
    """Make a secret, and show it this once."""
    return second_factor.start_totp(ctx, command)


@action(f"{_TWO_FACTOR}/confirm", on=show_two_factor, permit=ENROLLING_STAFF, template="recovery_codes.html")
def confirm_totp(ctx: Context, command: second_factor.ConfirmTotp) -> second_factor.RecoveryCodes:
    """Turn two-factor on, and show the recovery codes this once."""
    return second_factor.confirm_totp(ctx, command)


@page(f"{STAFF_HOME}/session", permit=ENROLLING_STAFF, template="session.html")
def show_session(ctx: Context) -> dict[str, Any]:
    """Until when one is signed in. Asking for it counts as using the session."""
    return {"session": staff_logins.current_session(ctx)}


def _signed_out(_: None) -> Done:
    return Done(_SIGN_IN, "You are signed out.", session="")


@action(f"{STAFF_HOME}/sign-out", on=show_session, permit=ENROLLING_STAFF, then=_signed_out, keeps_receipt=False)
def close_session(ctx: Context) -> None:
    """Sign out."""
    sign_in.sign_out(ctx)
