"""Signing in."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.auth import PUBLIC
from chalicelib.console.declared import Done, is_page
from chalicelib.console.pages import action, page
from chalicelib.identity.usecases import sign_in
from chalicelib.store import Context


class Arrival(msgspec.Struct, frozen=True):
    """Whoever comes to sign in: where to go on then, a username that is known already, whether a session ended."""

    next: Annotated[str, Meta(max_length=1000)] = ""
    username: Annotated[str, Meta(max_length=256)] = ""
    ended: bool = False


@page("/console/sign-in", permit=PUBLIC, template="sign_in.html")
def show_sign_in(ctx: Context, query: Arrival) -> dict[str, Any]:
    """The form."""
    return {"next": query.next if is_page(query.next) else "", "username": query.username, "ended": query.ended}


def _signed_in(session: sign_in.OpenedSession) -> Done:
    return Done("/console", session=session.token)


@action("/console/sign-in", on=show_sign_in, permit=PUBLIC, then=_signed_in, keeps_receipt=False)
def open_session(ctx: Context, command: sign_in.SignIn) -> sign_in.OpenedSession:
    """Sign in, with password and two-factor code at once."""
    return sign_in.sign_in(ctx, command)
