"""The HTTPS face of the addresses that usernames are mailed at."""

from chalicelib.auth import SIGNED_IN, SITE_ADMIN
from chalicelib.dynamo import Key
from chalicelib.http import route
from chalicelib.identity.blueprint import bp
from chalicelib.identity.model import User
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import addresses, logins
from chalicelib.store import Context


def _username(_: str, username: str) -> list[Key[UsernameRow]]:
    return logins.keys(username)


@route(bp, "PUT", "/users/{username}/email", permit=SITE_ADMIN, prefetch=_username)
def change_email(ctx: Context, username: str, command: addresses.ChangeEmail) -> User:
    """Mail a username at another address. Its sessions and mailed links end, and both addresses are told; an active
    one that has no password yet is mailed a new link to set one."""
    return addresses.change(ctx, username, command)


@route(
    bp,
    "DELETE",
    "/users/{username}/mail-stop",
    permit=SITE_ADMIN,
    prefetch=_username,
    refusals={409: "mail_not_stopped mail_stopped_elsewhere"},
)
def resume_mail_of(ctx: Context, username: str) -> None:
    """Send mail to a username's address again, after a bounce or a complaint of the practice's own mail stopped it."""
    addresses.resume(ctx, username)


@route(bp, "DELETE", "/me/mail-stop", permit=SIGNED_IN, refusals={409: "mail_not_stopped mail_stopped_elsewhere"})
def resume_mail(ctx: Context) -> None:
    """Send mail to one's own address again, after a bounce or a complaint of the practice's own mail stopped it."""
    addresses.resume(ctx, ctx.actor.name)
