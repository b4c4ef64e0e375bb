"""The usernames of a practice."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib import clock, mail
from chalicelib.cursors import page
from chalicelib.dynamo import Key
from chalicelib.errors import Invalid
from chalicelib.identity import passwords, rules, standing_rules
from chalicelib.identity.fields import NewPassword, NewUsername
from chalicelib.identity.model import User, UserDetails, Users
from chalicelib.identity.tables import FailuresRow, PracticeRow, UsernameRow
from chalicelib.identity.usecases import logins, standing
from chalicelib.identity.usecases.passwords import put_link
from chalicelib.identity.usecases.sign_up import UsernameTaken
from chalicelib.model import Announcement, Event, MailStopped
from chalicelib.store import Commit, Context
from chalicelib.validation import Email, ListQuery


class NewUser(msgspec.Struct, frozen=True):
    """A new username of the practice. Without a password, a link to set one is mailed."""

    username: NewUsername
    email: Email
    password: NewPassword | None = None


class PracticeSummary(msgspec.Struct, frozen=True):
    """A practice, as everybody in it sees it."""

    id: str
    name: str
    time_zone: str


class Me(msgspec.Struct, frozen=True):
    """One's own login."""

    username: str
    email: str
    roles: list[str]
    practice: PracticeSummary
    totp_enabled: bool
    recovery_codes_left: int
    enrollment_required: bool
    mail_stopped: MailStopped | None


def me(ctx: Context) -> Me:
    """One's own login."""
    login = logins.find(ctx, ctx.actor.name)
    practice = ctx.own_practice
    return Me(
        username=login.username,
        email=login.email,
        roles=sorted(ctx.actor.roles),
        practice=PracticeSummary(practice.id, practice.name, practice.time_zone),
        totp_enabled=login.totp_seed is not None,
        recovery_codes_left=len(login.recovery_codes or ()),
        enrollment_required=ctx.actor.enrollment_required,
        mail_stopped=mail.shown(login.email, practice.id, ctx.rows),
    )


def list_users(ctx: Context, query: ListQuery) -> Users:
    """The practice's usernames, in their order, and what the practice is warned of."""
    practice = ctx.own_practice

    def fetch(limit: int, after: str | None) -> list[User]:
        condition = UsernameRow.username > after if after else None
        rows = UsernameRow.by_practice.query(practice.id, condition, limit=limit)
        return [logins.shown(row, practice.time_zone) for row in rows]

    found = page(query, f"{practice.id} users", fetch, lambda user: user.username)
    row = ctx.find(PracticeRow.key(practice.id))
    return Users(found.items, found.next_cursor, standing_rules.warnings(row.site_admins if row else None))


def details_keys(username: str) -> list[Key[Any]]:
    """What tells all of a username, for a route's prefetch."""
    found: list[Key[Any]] = [*logins.keys(username)]
    return [*found, FailuresRow.key(rules.fold(username), rules.ANYWHERE)] if found else []


def find_user(ctx: Context, username: str) -> UserDetails:
    """One username of the practice. Raises NotFound, for another practice's too."""
    login = logins.find(ctx, username)
    failures = ctx.find(FailuresRow.key(login.username, rules.ANYWHERE))
    locked = failures is not None and failures.blocked_until > ctx.now.timestamp()
    until = clock.to_text(datetime.fromtimestamp(failures.blocked_until, UTC)) if failures and locked else None
    shown = logins.shown(login, ctx.own_practice.time_zone)
    stop = mail.shown(login.email, ctx.own_practice.id, ctx.rows)
    return UserDetails(**msgspec.structs.asdict(shown), locked_until=until, mail_stopped=stop)


def create_user(ctx: Context, command: NewUser) -> User:
    """Add a username without any role: roles come only through a support ticket. Raises Invalid, UsernameTaken."""
    commit = Commit(ctx)
    return commit.write(logins.shown(put_new(commit, command), ctx.own_practice.time_zone))


def put_new(commit: Commit, command: NewUser, accounts: int | None = None) -> UsernameRow:
    """Add a username of the practice to the commit, whose first event says so; with `accounts` it reaches so many from
    the beginning. Raises Invalid; refused with UsernameTaken."""
    ctx, username = commit.ctx, rules.fold(command.username)
    names = [username, ctx.own_practice.name]
    if command.password is not None and (errors := passwords.check(command.password, names)):
        raise Invalid(errors=errors)
    row = UsernameRow.key(username).row(
        username=username,
        practice_id=ctx.own_practice.id,
        email=command.email,
        status="active",
        password_hash=passwords.hashed(command.password) if command.password else None,
        epoch=0,
        accounts=accounts,
        created_at=clock.to_text(ctx.now),
    )
    commit.put(row, otherwise=UsernameTaken())
    standing.begin(commit, username)
    if command.password:
        commit.record(Event("username.created", username))
    else:
        until = put_link(commit, username, 0, ctx.now + rules.FIRST_PASSWORD_LINK)
        announce = (Announcement("email", command.email),)
        commit.record(Event("username.created", username, after={"link_until": until}, announce=announce))
    return row
