"""The grants to one provider account: seen, changed and taken away by those who manage its usernames.

The account's row orders all of it: each change needs the version that was read and raises it. So of two who lower each
other at the same time one is refused.
"""

from typing import Any, Final

from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity import rules
from chalicelib.identity.model import Access, Held, Privileges
from chalicelib.identity.reach import grant_of
from chalicelib.identity.tables import AccountRow, GrantRow, UsernameRow
from chalicelib.identity.usecases import grants
from chalicelib.model import Announcement
from chalicelib.store import Commit, Context, changed_meanwhile

NOTHING: Final = Privileges()
"""What somebody may do who does not reach an account."""


class LastManager(Conflict):
    """An account keeps an active username with full access to its profile."""

    code, title = "last_manager", "Somebody must manage the account's usernames"


def keys(provider_id: str, username: str) -> list[Key[Any]]:
    """What tells a username's access to an account: for a route's prefetch. Nothing for what can be no username."""
    folded = rules.fold(username)
    if rules.username_error(folded):
        return []
    return [GrantRow.key(folded, provider_id), UsernameRow.key(folded)]


def held(ctx: Context, provider_id: str) -> Held:
    """What who acts may do on the account that the request has entered: everything, as site admin of its practice."""
    if "site_admin" in ctx.actor.roles:
        return rules.FULL_EVERYWHERE
    grant = grant_of(ctx, ctx.actor.name, provider_id)
    return grant.held() if grant else {}


def held_until(ctx: Context, provider_id: str) -> str | None:
    """Until when who acts reaches the account that the request has entered; None for good, as its site admins do."""
    grant = None if "site_admin" in ctx.actor.roles else grant_of(ctx, ctx.actor.name, provider_id)
    return grant.due_at if grant else None


def require_own(
    ctx: Context, provider_id: str, wanted: Privileges, until: str | None, present: Privileges = NOTHING
) -> None:
    """Raises Forbidden where who acts would give more than they have themselves, or for longer. `until`: when the
    access ends to which these privileges are given in place of the present ones."""
    rules.require_own(wanted, present, held(ctx, provider_id))
    rules.require_no_longer(wanted, present, until, held_until(ctx, provider_id))


def of_account(ctx: Context, provider_id: str, after: str | None = None) -> list[Access]:
    """Who reaches the account, in order of their usernames. One batched read."""
    names = [name for name in sorted(_account(ctx, provider_id).usernames or ()) if name > (after or "")]
    ctx.rows.load(*(key for name in names for key in keys(provider_id, name)))
    return [access for name in names if (access := lookup(ctx, provider_id, name))]


def find(ctx: Context, provider_id: str, username: str) -> Access:
    """One username's access to the account, whatever its spelling. Raises NotFound."""
    access = lookup(ctx, provider_id, username)
    if access is None:
        raise not_found()
    return access


def not_found() -> NotFound:
    """The refusal of a username that does not reach the account."""
    return NotFound("No such username reaches this account.")


def lookup(ctx: Context, provider_id: str, username: str) -> Access | None:
    """One username's access to the account, whatever its spelling, or None."""
    if not keys(provider_id, username):
        return None
    username = rules.fold(username)
    grant, login = grant_of(ctx, username, provider_id), ctx.find(UsernameRow.key(username))
    if grant is None or login is None:
        return None
    own, privileges = login.practice_id == grant.practice_id, rules.privileges_of(grant.held())
    return Access(provider_id, username, own, privileges, int(grant.version), grant.through, grant.due_at)


def to_be_told(ctx: Context, username: str) -> tuple[Announcement, ...]:
    """The email to a username whose access changes."""
    login = ctx.find(UsernameRow.key(username))
    return (Announcement("email", login.email),) if login else ()


def change(commit: Commit, access: Access, privileges: Privileges) -> None:
    """Add to the commit that a username has these privileges on the account, from its next request on. Raises
    LastManager; refused with Stale, or Conflict when who reaches the account was changed meanwhile."""
    then = rules.held(privileges)
    if not rules.manages(then):
        _require_another_manager(commit, access)
    key = GrantRow.key(access.username, access.provider_id)
    grant = commit.ctx.find(key)
    if grant is None:
        raise grants.overtaken()
    commit.update(
        key,
        [GrantRow.privileges.set(then), GrantRow.version.add(1)],
        grants.as_read(grant),
        otherwise=changed_meanwhile,
    )
    account = _account(commit.ctx, access.provider_id)
    commit.update(
        AccountRow.key(account.pk, access.provider_id),
        [AccountRow.version.add(1)],
        AccountRow.version == account.version,
        otherwise=grants.overtaken(),
    )


def take(commit: Commit, access: Access) -> None:
    """Add to the commit that a username reaches the account no more, from its next request on; one that is left with
    nothing is signed out. Raises LastManager; refused with Conflict when who reaches the account was changed meanwhile.
    """
    ctx = commit.ctx
    _require_another_manager(commit, access)
    grant = ctx.find(GrantRow.key(access.username, access.provider_id))
    if grant is None:
        raise grants.overtaken()
    grants.take(commit, grant, _account(ctx, access.provider_id))


def _require_another_manager(commit: Commit, access: Access) -> None:
    """Where one goes who manages the account for good, another such one must be left."""
    if not rules.manages_for_good(access):
        return
    # One batched read of all who reach the account, made only here.
    ctx = commit.ctx
    for other in of_account(ctx, access.provider_id):
        login = ctx.find(UsernameRow.key(other.username))
        active = login is not None and login.status == "active"
        if other.username != access.username and rules.manages_for_good(other) and active:
            commit.check(UsernameRow.key(other.username), UsernameRow.status == "active", otherwise=grants.overtaken())
            return
    raise LastManager("This is the last active username with full access to the account's profile.")


def _account(ctx: Context, provider_id: str) -> AccountRow:
    row = ctx.find(AccountRow.key(ctx.own_practice.id, provider_id))
    if row is None:
        raise NotFound("There is no such provider account.")
    return row
