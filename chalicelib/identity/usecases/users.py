"""The usernames of a practice, and its audit trail."""

import msgspec

from chalicelib import clock, events
from chalicelib.cursors import Page, page
from chalicelib.errors import Invalid, NotFound
from chalicelib.identity import passwords, rules
from chalicelib.identity.fields import NewPassword, NewUsername
from chalicelib.identity.tables import UsernameRow
from chalicelib.identity.usecases.passwords import put_link
from chalicelib.identity.usecases.sign_up import UsernameTaken
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context
from chalicelib.validation import Email, ListQuery


class NewUser(msgspec.Struct, frozen=True):
    """A new username of the practice. Without a password, a link to set one is mailed."""

    username: NewUsername
    email: Email
    password: NewPassword | None = None


class User(msgspec.Struct, frozen=True):
    """A username of the practice."""

    username: str
    email: str
    status: str
    roles: list[str]
    totp_enabled: bool
    password_set: bool
    created_at: str
    last_sign_in_at: str | None


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


def me(ctx: Context) -> Me:
    """One's own login."""
    login = _login(ctx, ctx.actor.name)
    practice = ctx.own_practice
    return Me(
        username=login.username,
        email=login.email,
        roles=sorted(login.roles or ()),
        practice=PracticeSummary(practice.id, practice.name, practice.time_zone),
        totp_enabled=login.totp_seed is not None,
        recovery_codes_left=len(login.recovery_codes or ()),
        enrollment_required=ctx.actor.enrollment_required,
    )


def list_users(ctx: Context, query: ListQuery) -> Page[User]:
    """The practice's usernames, in their order."""
    practice_id = ctx.own_practice.id

    def fetch(limit: int, after: str | None) -> list[User]:
        condition = UsernameRow.username > after if after else None
        rows = UsernameRow.by_practice.query(practice_id, condition, limit=limit)
        return [_user(row) for row in rows]

    return page(query, f"{practice_id} users", fetch, lambda user: user.username)


def find_user(ctx: Context, username: str) -> User:
    """One username of the practice. Raises NotFound, for another practice's too."""
    return _user(_login(ctx, rules.fold(username)))


def create_user(ctx: Context, command: NewUser) -> User:
    """Add a username without any role: roles come only through a support ticket. Raises Invalid, UsernameTaken."""
    commit = Commit(ctx)
    return commit.write(_user(put_new(commit, command)))


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
    if command.password:
        commit.record(Event("username.created", username))
    else:
        until = put_link(commit, username, 0, ctx.now + rules.FIRST_PASSWORD_LINK)
        announce = (Announcement("email", command.email),)
        commit.record(Event("username.created", username, after={"link_until": until}, announce=announce))
    return row


def audit(ctx: Context, query: ListQuery) -> Page[events.AuditRecord]:
    """The practice's changes, newest first."""
    practice_id = ctx.own_practice.id
    return page(
        query,
        f"{practice_id} audit",
        lambda limit, after: events.audit(practice_id, limit, after),
        lambda record: record.id,
    )


def _login(ctx: Context, username: str) -> UsernameRow:
    row = None if rules.username_error(username) else ctx.find(UsernameRow.key(username))
    if row is None or row.practice_id != ctx.own_practice.id:
        raise NotFound("Your practice has no such username.")
    return row


def _user(row: UsernameRow) -> User:
    return User(
        username=row.username,
        email=row.email,
        status=row.status,
        roles=sorted(row.roles or ()),
        totp_enabled=row.totp_seed is not None,
        password_set=row.password_hash is not None,
        created_at=row.created_at,
        last_sign_in_at=row.last_sign_in_at,
    )
