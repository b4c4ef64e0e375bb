"""The logins of the vendor's own people: given, begun anew and ended by command, never by a route.

They are rows like a username's, under names that no username can have; signing in, two-factor, attempts and passwords
are the same code. What is told of them is in the vendor's audit trail.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from pynamodb.expressions.update import Action

from chalicelib import clock
from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, NotFound, NotSignedIn
from chalicelib.identity import rules
from chalicelib.identity.tables import SessionRow, UsernameRow
from chalicelib.identity.usecases.passwords import put_link
from chalicelib.identity.usecases.second_factor import without_totp
from chalicelib.model import VENDOR, Announcement, Event, StaffRole
from chalicelib.store import Commit, Context


class StaffLogin(msgspec.Struct, frozen=True):
    """The login of one of the vendor's people. `link_until`: when the mailed link to set a password ends."""

    name: str
    email: str
    role: StaffRole
    status: str
    totp_enabled: bool
    last_sign_in_at: str | None
    link_until: str | None = None


class StaffSession(msgspec.Struct, frozen=True):
    """The session of this request: ends at `expires_at`, or at `idle_until` unless it is used."""

    name: str
    role: StaffRole
    created_at: str
    expires_at: str
    idle_until: str
    enrollment_required: bool


class StaffNameTaken(Conflict):
    """Names of staff are never given out again: the audit trail names them."""

    code, title = "staff_name_taken", "This name is taken"


def current_session(ctx: Context) -> StaffSession:
    """The session of this request."""
    row = ctx.find(SessionRow.key(ctx.actor.name, ctx.actor.session))
    if row is None:
        raise NotSignedIn()
    absolute, idle = rules.session_ends(row.created_at, row.last_used_at, staff=True)
    return StaffSession(
        name=_short(ctx.actor.name),
        role=_role(ctx.actor.roles),
        created_at=clock.to_text(datetime.fromtimestamp(row.created_at, UTC)),
        expires_at=clock.to_text(absolute),
        idle_until=clock.to_text(idle),
        enrollment_required=ctx.actor.enrollment_required,
    )


def add(ctx: Context, name: str, email: str, role: StaffRole) -> StaffLogin:
    """Give somebody a login, and mail them the link to set its password. Refused with StaffNameTaken."""
    row = _key(name).row(
        username=rules.STAFF + name,
        practice_id=VENDOR,
        email=email,
        status="active",
        roles={role},
        epoch=0,
        created_at=clock.to_text(ctx.now),
    )
    commit = Commit(ctx)
    commit.put(row, otherwise=StaffNameTaken())
    return _with_link(commit, row, "staff.added")


def begin_anew(ctx: Context, name: str) -> StaffLogin:
    """Take password and two-factor off a login, end its sessions and mail a link: for who lost them. Raises NotFound,
    for a login that has ended too."""
    row = _active(ctx, name)
    row.totp_seed = None
    commit = Commit(ctx)
    _strip(commit, row)
    row.epoch += 1
    return _with_link(commit, row, "staff.begun_anew")


def end(ctx: Context, name: str) -> StaffLogin:
    """End a login for good, with its sessions, from the next request on. Raises NotFound."""
    row = _active(ctx, name)
    commit = Commit(ctx)
    _strip(commit, row, UsernameRow.status.set("inactive"))
    row.status, row.totp_seed = "inactive", None
    commit.record(Event("staff.ended", row.username, {"role": _role(row.roles or ())}))
    return commit.write(_login(row))


def everybody() -> list[StaffLogin]:
    """All logins, the ended ones too, in order of their names."""
    return [_login(row) for row in UsernameRow.by_practice.query(VENDOR)]


def _active(ctx: Context, name: str) -> UsernameRow:
    row = ctx.find(_key(name))
    if row is None or row.status != "active":
        raise NotFound("There is no such staff login.")
    return row


def _strip(commit: Commit, row: UsernameRow, *more: Action) -> None:
    """Nothing that proves who one is stays, and no session. What was read must still hold."""
    commit.update(
        _key(_short(row.username)),
        [UsernameRow.password_hash.remove(), *without_totp(), UsernameRow.epoch.set(row.epoch + 1), *more],
        (UsernameRow.epoch == row.epoch) & (UsernameRow.status == "active"),
        otherwise=Conflict("This login changed meanwhile. Try again."),
    )


def _with_link(commit: Commit, row: UsernameRow, event: str) -> StaffLogin:
    until = put_link(commit, row.username, int(row.epoch), commit.ctx.now + rules.FIRST_PASSWORD_LINK)
    facts = {"name": _short(row.username), "role": _role(row.roles or ()), "link_until": until}
    commit.record(Event(event, row.username, after=facts, announce=(Announcement("email", row.email),)))
    return commit.write(msgspec.structs.replace(_login(row), link_until=until))


def _key(name: str) -> Key[UsernameRow]:
    return UsernameRow.key(rules.STAFF + name)


def _short(login: str) -> str:
    return login.removeprefix(rules.STAFF)


def _role(roles: Iterable[str]) -> StaffRole:
    (role,) = roles
    return msgspec.convert(role, StaffRole)  # type: ignore[no-any-return]  # a StaffRole


def _login(row: UsernameRow) -> StaffLogin:
    return StaffLogin(
        name=_short(row.username),
        email=row.email,
        role=_role(row.roles or ()),
        status=row.status,
        totp_enabled=row.totp_seed is not None,
        last_sign_in_at=row.last_sign_in_at,
    )
