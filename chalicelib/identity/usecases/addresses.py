"""The addresses that usernames are mailed at: changed, and mailed again after a bounce or a complaint."""

import msgspec
from msgspec.structs import replace

from chalicelib import mail
from chalicelib.identity import rules
from chalicelib.identity.model import User
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases import logins
from chalicelib.identity.usecases.passwords import put_link
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context
from chalicelib.validation import Email


class ChangeEmail(msgspec.Struct, frozen=True):
    """Another address for a username."""

    email: Email


def change(ctx: Context, username: str, command: ChangeEmail) -> User:
    """Mail a username at another address; the same again changes nothing. Raises NotFound, Conflict.

    Its epoch rises: a link that lies in the inbox of the old address must not open anything any more. Who waits for the
    link to a first password gets another one, while the username is active: no other can set one.
    """
    login = logins.find(ctx, username)
    shown = logins.shown(login, ctx.own_practice.time_zone)
    if command.email == login.email:
        return shown
    epoch, new = int(login.epoch) + 1, Announcement("email", command.email)
    commit = Commit(ctx)
    commit.update(
        UsernameRow.key(login.username),
        [UsernameRow.email.set(command.email), UsernameRow.epoch.set(epoch)],
        (UsernameRow.email == login.email) & (UsernameRow.epoch == login.epoch) & (UsernameRow.status == login.status),
        otherwise=logins.overtaken(),
    )
    told = [Announcement("email", login.email)]
    if login.password_hash is None and login.status == "active":
        until = put_link(commit, login.username, epoch, ctx.now + rules.FIRST_PASSWORD_LINK)
        commit.record(Event("password.link_requested", login.username, after={"link_until": until}, announce=(new,)))
    else:
        told.append(new)
    before, after = {"email": login.email}, {"email": command.email}
    commit.record(Event("username.email_changed", login.username, before, after, tuple(told)))
    return commit.write(replace(shown, email=command.email))


def resume(ctx: Context, username: str) -> None:
    """Send mail to a username's address again. Raises NotFound, MailNotStopped, MailStoppedElsewhere."""
    login = logins.find(ctx, username)
    commit = Commit(ctx)
    mail.allow(commit, login.email)
    commit.record(Event("mail.resumed", login.email, after={"username": login.username}))
    commit.write(None)
