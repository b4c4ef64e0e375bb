"""Who may sign in: usernames that end, come back, and lose their second factor, by a site admin; or
lose their sessions, as nothing is left to them."""

from typing import Any

import msgspec
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.dynamo import query
from chalicelib.errors import Conflict, Forbidden
from chalicelib.identity import rules, sessions, standing_rules
from chalicelib.identity.model import User
from chalicelib.identity.tables import DormancyRow, SessionRow, UsernameRow
from chalicelib.identity.usecases import logins, roles, second_factor
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context
from chalicelib.support.usecases import leaving


class Overtaken(Conflict):
    """Who seemed to be left with nothing was changed meanwhile."""


def deactivate(ctx: Context, username: str) -> User:
    """End a username: its sessions end with the next request, and mailed links with them. Raises NotFound, Conflict
    (`username_inactive`), LastSiteAdmin."""
    login = logins.find(ctx, username)
    if login.status == "inactive":
        raise Conflict("This username is inactive already.", code="username_inactive")
    commit = Commit(ctx)
    end(commit, login, "inactive")
    commit.record(event_of(login, "username.deactivated", "inactive"))
    return commit.write(_shown(login, ctx, status="inactive"))


def end(commit: Commit, login: UsernameRow, status: str, unused: DormancyRow | None = None) -> None:
    """Add to the commit that a username has another status than `active`, and no sessions. With `unused`, as it was
    read, only while nobody has signed in or kept it active since. Refused with LastSiteAdmin, and with Conflict where
    it was changed meanwhile."""
    as_read, watched = roles.as_read(login), DormancyRow.pk.exists()
    if unused is not None:
        last = login.last_sign_in_at
        as_read &= UsernameRow.last_sign_in_at == last if last else UsernameRow.last_sign_in_at.does_not_exist()
        watched &= DormancyRow.since == unused.since
    actions: list[Action] = [UsernameRow.status.set(status), UsernameRow.epoch.add(1)]
    commit.update(UsernameRow.key(login.username), actions, as_read, otherwise=logins.overtaken())
    leaving.look_after(commit, login.practice_id, [login.username])
    if login.status == "active":
        commit.delete(DormancyRow.key(login.username), watched, otherwise=logins.overtaken())
        if "site_admin" in (login.roles or ()):
            roles.lose(commit, login)


def end_sessions(ctx: Context, username: str) -> None:
    """End for good the sessions of a username that is left with nothing. They are refused already; they would answer
    again when an account comes back. One query for them. Raises Overtaken where it was changed meanwhile."""
    login = ctx.find(UsernameRow.key(username))
    if login is None or login.status != "active" or not rules.left_with_nothing(login.roles or (), login.accounts):
        return
    if not any(sessions.is_open(each, login, ctx.now) for each in query(SessionRow, login.pk, SessionRow.PREFIX)):
        return
    commit = Commit(ctx)
    left = roles.as_read(login) & (UsernameRow.epoch == login.epoch) & (UsernameRow.accounts == 0)
    commit.update(UsernameRow.key(username), [UsernameRow.epoch.add(1)], left, otherwise=Overtaken())
    commit.record(Event("session.ended", username), login.practice_id)
    commit.write(None)


def reactivate(ctx: Context, username: str) -> User:
    """Let a username in again that is inactive or dormant, with its roles, password and second factor. Raises NotFound,
    Conflict (`username_active`)."""
    login = logins.find(ctx, username)
    commit = Commit(ctx)
    bring_back(commit, login)
    commit.record(event_of(login, "username.reactivated", "active"))
    return commit.write(_shown(login, ctx, status="active"))


def bring_back(commit: Commit, login: UsernameRow) -> None:
    """Add to the commit that a username is active again. Raises Conflict (`username_active`)."""
    if login.status == "active":
        raise Conflict("This username is active.", code="username_active")
    actions: list[Action] = [UsernameRow.status.set("active")]
    commit.update(UsernameRow.key(login.username), actions, roles.as_read(login), otherwise=logins.overtaken())
    begin(commit, login.username)
    if "site_admin" in (login.roles or ()):
        roles.gain(commit, login)


def keep_active(ctx: Context, username: str) -> User:
    """Let thirty days begin anew in which a username is not blocked though nobody signs in. Raises NotFound, Conflict
    (`username_not_active`)."""
    login = logins.find(ctx, username)
    if login.status != "active":
        raise Conflict(f"This username is {login.status}. Reactivate it.", code="username_not_active")
    commit = Commit(ctx)
    begin_anew(commit, login.username)
    commit.record(Event("username.kept_active", login.username))
    return commit.write(_shown(login, ctx))


def reset_totp(ctx: Context, username: str) -> User:
    """Turn another username's two-factor off, for who has lost it: its sessions end, and a site admin has to set it up
    anew. Raises NotFound, Forbidden (`own_two_factor`), Conflict (`totp_off`)."""
    login = logins.find(ctx, username)
    if login.username == ctx.actor.name:
        raise Forbidden("Another site admin resets yours.", code="own_two_factor")
    commit = Commit(ctx)
    off = Conflict("Two-factor is off already.", code="totp_off")
    commit.update(
        UsernameRow.key(login.username),
        [*second_factor.without_totp(), UsernameRow.epoch.add(1)],
        UsernameRow.totp_seed.exists(),
        otherwise=off,
    )
    commit.record(Event("totp.reset", login.username, announce=(Announcement("email", login.email),)))
    return commit.write(_shown(login, ctx, totp_enabled=False))


def event_of(login: UsernameRow, what: str, status: str, **more: str) -> Event:
    """The event of a username that has another status now; whose it is, is told. It names the roles that go with it."""
    before: dict[str, Any] = {"status": login.status}
    if login.roles:
        before["roles"] = sorted(login.roles)
    return Event(what, login.username, before, {"status": status, **more}, (Announcement("email", login.email),))


def _shown(login: UsernameRow, ctx: Context, **changed: Any) -> User:
    return msgspec.structs.replace(logins.shown(login, ctx.own_practice.time_zone), **changed)


# --- When it was last used ------------------------------------------------------------------------------------------


def begin(commit: Commit, username: str) -> None:
    """Add to the commit that a username is active from now on."""
    now = commit.ctx.now
    since = clock.to_text(now)
    row = DormancyRow.new(username, since, standing_rules.next_look(since, now))
    commit.put(row, otherwise=logins.overtaken())


def begin_anew(commit: Commit, username: str) -> None:
    """Add to the commit that an active username counts as used now."""
    now = commit.ctx.now
    since = clock.to_text(now)
    actions: list[Action] = [DormancyRow.since.set(since), DormancyRow.due_at.set(standing_rules.next_look(since, now))]
    commit.update(DormancyRow.key(username), actions, DormancyRow.pk.exists(), otherwise=logins.overtaken())
