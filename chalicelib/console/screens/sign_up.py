"""Starting a free trial."""

from typing import Any, get_args
from urllib.parse import quote

from chalicelib.auth import PUBLIC
from chalicelib.console import words
from chalicelib.console.declared import Done
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import sign_up
from chalicelib.licensing.model import Credential
from chalicelib.store import Context


@page("/console/sign-up", permit=PUBLIC, template="sign_up.html")
def show_sign_up(ctx: Context) -> dict[str, Any]:
    """The form."""
    return {
        "credentials": [(each, each) for each in get_args(Credential)],
        "zones": words.ZONES,
    }


def _signed_up(made: sign_up.SignedUp) -> Done:
    said = f"{made.practice.name} is ready. Sign in to set up two-factor."
    return Done(f"/console/sign-in?username={quote(made.username)}", said)


@action("/console/sign-up", on=show_sign_up, permit=PUBLIC, then=_signed_up)
def start_trial(ctx: Context, command: sign_up.SignUp) -> sign_up.SignedUp:
    """Make the practice."""
    return sign_up.sign_up(ctx, command)
