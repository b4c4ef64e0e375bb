"""One's own login and session."""

from typing import Any

from chalicelib.auth import ENROLLING, SIGNED_IN
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import addresses, passwords, second_factor, sign_in, users
from chalicelib.store import Context


@page("/console/me", permit=SIGNED_IN, template="me.html")
def show_me(ctx: Context) -> dict[str, Any]:
    """Who one is."""
    return {"login": users.me(ctx)}


def _password_changed(_: None) -> Done:
    return Done("/console/sign-in", "Your password is changed. Sign in with it.", session="")


@action("/console/me/password", on=show_me, permit=SIGNED_IN, then=_password_changed, keeps_receipt=False)
def change_password(ctx: Context, command: passwords.ChangePassword) -> None:
    """Change the password; all sessions end, this one too."""
    passwords.change_password(ctx, command)


def _totp_removed(_: None) -> Done:
    return Done("/console/me", "Two-factor is off.")


@action("/console/me/two-factor/remove", on=show_me, permit=SIGNED_IN, then=_totp_removed)
def remove_totp(ctx: Context) -> None:
    """Turn two-factor off."""
    second_factor.remove_totp(ctx)


def _mail_resumed(_: None) -> Done:
    return Done("/console/me", "We will email you again.")


@action("/console/me/resume-mail", on=show_me, permit=SIGNED_IN, then=_mail_resumed)
def resume_mail(ctx: Context) -> None:
    """Send mail to one's own address again."""
    addresses.resume(ctx, ctx.actor.name)


@page("/console/session", permit=ENROLLING, template="session.html")
def show_session(ctx: Context) -> dict[str, Any]:
    """Until when one is signed in. Asking for it counts as using the session."""
    return {"session": sign_in.current_session(ctx)}


def _signed_out(_: None) -> Done:
    return Done("/console/sign-in", "You are signed out.", session="")


@action("/console/sign-out", on=show_session, permit=ENROLLING, then=_signed_out, keeps_receipt=False)
def close_session(ctx: Context) -> None:
    """Sign out."""
    sign_in.sign_out(ctx)
