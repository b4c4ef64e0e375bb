"""Passwords: changed by their owner, or set through a mailed, single-use link."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.errors import Conflict, Invalid, NotFound, NotSignedIn, invalid
from chalicelib.identity import passwords, rules, sessions
from chalicelib.identity.fields import NewPassword
from chalicelib.identity.tables import LinkRow, PracticeRow, UsernameRow
from chalicelib.identity.usecases import attempts
from chalicelib.model import Actor, Announcement, Event
from chalicelib.store import Commit, Context


class ChangePassword(msgspec.Struct, frozen=True):
    """A change by somebody who knows the present password."""

    current_password: Annotated[str, Meta(max_length=1024)]
    password: NewPassword


class RequestPasswordLink(msgspec.Struct, frozen=True):
    """Whose password was forgotten."""

    username: Annotated[str, Meta(max_length=256)]


class SetPassword(msgspec.Struct, frozen=True):
    """The new password."""

    password: NewPassword


class Accepted(msgspec.Struct, frozen=True):
    """The same answer whatever the username."""

    detail: str


class _Paused(Conflict):
    """A link was mailed within the last minute."""


def change_password(ctx: Context, command: ChangePassword) -> None:
    """Change one's own password; every session of the username ends, this one too.

    Raises Invalid for a refused new password or a wrong present one (counted like a failed sign-in).
    """
    # The new one first: its errors must not tell whether the present one is right.
    names = [ctx.actor.name, ctx.practice.name if ctx.practice else ""]
    if errors := passwords.check(command.password, names):
        raise Invalid(errors=errors)
    attempts.retrying(ctx, lambda: _change_password(ctx, command))


def _change_password(ctx: Context, command: ChangePassword) -> None:
    attempt = attempts.again(ctx, ctx.actor.name)
    login = attempt.login
    if login is None:
        raise NotSignedIn()
    if not passwords.verify(login.password_hash, command.current_password):
        attempts.failed(ctx, attempt)
        raise invalid(("current_password", "This is not your present password."))
    commit = Commit(ctx)
    attempts.succeeded(commit, attempt)
    commit.update(
        UsernameRow.key(login.username),
        _new_password(login, command.password),
        UsernameRow.epoch == login.epoch,
        otherwise=attempts.Raced(),
    )
    commit.record(Event("password.changed", login.username, announce=(Announcement("email", login.email),)))
    commit.write(None)


def request_link(ctx: Context, command: RequestPasswordLink) -> Accepted:
    """Mail a link that sets a new password, good once and for 10 minutes; at most one a minute. The same answer, after
    the same time, whatever the username."""
    clock.answer_in(rules.ANSWER_SECONDS, lambda: _mail_link(ctx, rules.fold(command.username)))
    return Accepted("If this username exists, a link is on its way to its email address.")


def _mail_link(ctx: Context, username: str) -> None:
    login = None if rules.username_error(username) else ctx.find(UsernameRow.key(username))
    now = int(ctx.now.timestamp())
    if login is None or login.status != "active" or (login.link_mailed_at or 0) > now - rules.LINK_PAUSE.seconds:
        return
    # Anybody can ask: the audit trail does not say that it was the username itself.
    commit = Commit(msgspec.structs.replace(ctx, actor=Actor(ctx.actor.name, login.practice_id)))
    pause = UsernameRow.link_mailed_at.does_not_exist() | (UsernameRow.link_mailed_at <= now - rules.LINK_PAUSE.seconds)
    commit.update(
        UsernameRow.key(username),
        [UsernameRow.link_mailed_at.set(now)],
        UsernameRow.pk.exists() & pause,
        otherwise=_Paused(),
    )
    ends = put_link(commit, username, int(login.epoch), ctx.now + rules.RESET_LINK)
    commit.record(
        Event(
            "password.link_requested",
            username,
            after={"link_until": ends},
            announce=(Announcement("email", login.email),),
        )
    )
    with suppress(_Paused):
        commit.write(None)


def put_link(commit: Commit, username: str, epoch: int, until: datetime) -> str:
    """Add a set-password link to the commit; its token is mailed for the commit's event. Gives its end as text."""
    key = LinkRow.password_key(username, sessions.secret_hash(sessions.link_secret(commit.event_id)))
    row = key.row(purpose="password", epoch=epoch, expires_at=int(until.timestamp()))
    commit.put(row, otherwise=Conflict("This link exists."))
    return clock.to_text(until)


def username_of(token: str, *, staff: bool = False) -> str:
    """Whose password a mailed link sets, as it says itself, whether it works or not; nothing for what is no link."""
    username, _ = sessions.parse_link(token)
    return username if rules.is_login(username, staff=staff) else ""


def set_password(ctx: Context, token: str, command: SetPassword, *, staff: bool = False) -> None:
    """Set the password through a link. Ends all sessions; two-factor stays as it is and is asked for at sign-in.

    Whoever opens the mailed link is where the owner is: that network counts as familiar from now on, so that
    nobody's failed guesses from elsewhere keep the owner out. Raises NotFound for a link that is wrong, used or
    over, Invalid for a refused password (the link stays good).
    """
    username, link_hash = sessions.parse_link(token)
    dead_link = NotFound("This link does not work. It was used already, or its time is over.")
    if not rules.is_login(username, staff=staff):
        raise dead_link
    link_key, login_key = LinkRow.password_key(username, link_hash), UsernameRow.key(username)
    ctx.rows.load(link_key, login_key)
    link, login = ctx.find(link_key), ctx.find(login_key)
    if link is None or login is None or not _opens(link, login, ctx.now):
        raise dead_link
    practice = ctx.find(PracticeRow.key(login.practice_id))
    if errors := passwords.check(command.password, [username, practice.name if practice else ""]):
        raise Invalid(errors=errors)
    network = rules.network_of(ctx.source_ip)
    commit = Commit(msgspec.structs.replace(ctx, actor=sessions.actor_of(login)))
    commit.delete(link_key, LinkRow.pk.exists(), otherwise=dead_link)
    commit.update(
        login_key,
        [
            *_new_password(login, command.password),
            UsernameRow.networks.set(rules.with_network(login.networks or {}, network, ctx.now)),
        ],
        (UsernameRow.epoch == login.epoch) & (UsernameRow.status == "active"),
        otherwise=dead_link,
    )
    commit.record(Event("password.reset", username, announce=(Announcement("email", login.email),)))
    commit.write(None)


def _opens(link: LinkRow, login: UsernameRow, now: datetime) -> bool:
    return (
        link.purpose == "password"
        and link.epoch == login.epoch
        and link.expires_at >= now.timestamp()
        and login.status == "active"
    )


def _new_password(login: UsernameRow, password: str) -> list[Action]:
    return [
        UsernameRow.password_hash.set(passwords.hashed(password)),
        UsernameRow.epoch.set(login.epoch + 1),
    ]
