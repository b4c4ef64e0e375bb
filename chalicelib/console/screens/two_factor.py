"""Setting up two-factor: a secret for the authenticator, its first code, the recovery codes."""

from typing import Any

from chalicelib.auth import ENROLLING
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import second_factor, users
from chalicelib.store import Context


@page("/console/two-factor", permit=ENROLLING, template="two_factor.html")
def show_two_factor(ctx: Context) -> dict[str, Any]:
    """What it is for, and the button that begins it."""
    return {"login": users.me(ctx)}


@action("/console/two-factor", on=show_two_factor, permit=ENROLLING, template="two_factor_secret.html")
def start_totp(ctx: Context, command: second_factor.StartTotp) -> second_factor.TotpSecret:
    """Make a secret, and show it this once."""
    return second_factor.start_totp(ctx, command)


@action("/console/two-factor/confirm", on=show_two_factor, permit=ENROLLING, template="recovery_codes.html")
def confirm_totp(ctx: Context, command: second_factor.ConfirmTotp) -> second_factor.RecoveryCodes:
    """Turn two-factor on, and show the recovery codes this once."""
    return second_factor.confirm_totp(ctx, command)
