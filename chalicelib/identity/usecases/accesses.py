"""The grants to one provider account: seen, changed and taken away by those who manage its usernames.

The account's row orders all of it: each change needs the version that was read and raises it. So of two who lower each
other at the same time one is refused.
"""

from typing import Any

from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, NotFound, stale
from chalicelib.identity import rules
from chalicelib.identity.model import Access, Held, Privileges
from chalicelib.identity.tables import AccountRow, GrantRow, UsernameRow
from chalicelib.store import Commit, Context


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
    grant = ctx.find(GrantRow.key(ctx.actor.name, provider_id))
    return grant.held() if grant else {}


def of_account(ctx: Context, provider_id: str, limit: int, after: str | None) -> list[Access]:
    """Who reaches the account, in order of their usernames. One batched read."""
    names = [name for name in sorted(_account(ctx, provider_id).usernames or ()) if name > (after or "")][:limit]
    ctx.rows.load(*(key for name in names for key in keys(provider_id, name)))
    return [access for name in names if (access := _access(ctx, provider_id, name))]


def find(ctx: Context, provider_id: str, username: str) -> Access:
    """One username's access to the account, whatever its spelling. Raises NotFound."""
    access = _access(ctx, provider_id, rules.fold(username)) if keys(provider_id, username) else None
    if access is None:
        raise NotFound("No such username reaches this account.")
    return access


def _access(ctx: Context, provider_id: str, username: str) -> Access | None:
    grant, login = ctx.find(GrantRow.key(username, provider_id)), ctx.find(UsernameRow.key(username))
    if grant is None or login is None:
        return None
    own = login.practice_id == grant.practice_id
    return Access(provider_id, username, own, rules.privileges_of(grant.held()), int(grant.version))


def change(commit: Commit, access: Access, privileges: Privileges) -> None:
    """Add to the commit that a username has these privileges on the account, from its next request on. Raises
    LastManager; refused with Stale, or Conflict when who reaches the account was changed meanwhile."""
    now, then = rules.held(access.privileges), rules.held(privileges)
    if rules.manages(now) and not rules.manages(then):
        _require_another_manager(commit, access)
    as_read = GrantRow.version == access.version
    commit.update(
        GrantRow.key(access.username, access.provider_id),
        [GrantRow.privileges.set(then), GrantRow.version.add(1)],
        as_read,
        otherwise=lambda row: stale(int(row.version) if row else None),
    )
    account = _account(commit.ctx, access.provider_id)
    key = AccountRow.key(account.pk, access.provider_id)
    commit.update(key, [AccountRow.version.add(1)], AccountRow.version == account.version, otherwise=_changed())


def take(commit: Commit, access: Access) -> None:
    """Add to the commit that a username reaches the account no more, from its next request on; one that is left with
    nothing is signed out. Raises LastManager; refused with Conflict when who reaches the account was changed meanwhile.
    """
    if rules.manages(rules.held(access.privileges)):
        _require_another_manager(commit, access)
    account = _account(commit.ctx, access.provider_id)
    key = GrantRow.key(access.username, access.provider_id)
    commit.delete(key, GrantRow.version == access.version, otherwise=_changed())
    commit.update(
        AccountRow.key(account.pk, access.provider_id),
        [AccountRow.usernames.delete({access.username}), AccountRow.version.add(1)],
        AccountRow.version == account.version,
        otherwise=_changed(),
    )
    if account.active:  # an inactive one counts no more already
        login = UsernameRow.key(access.username)
        commit.update(login, [UsernameRow.accounts.add(-1)], UsernameRow.accounts.exists(), otherwise=_changed())


def _require_another_manager(commit: Commit, access: Access) -> None:
    # One batched read of all who reach the account, made only where one of its managers goes.
    ctx = commit.ctx
    for other in of_account(ctx, access.provider_id, rules.MOST_USERNAMES, None):
        login = ctx.find(UsernameRow.key(other.username))
        manages = rules.manages(rules.held(other.privileges))
        if other.username != access.username and manages and login is not None and login.status == "active":
            commit.check(UsernameRow.key(other.username), UsernameRow.status == "active", otherwise=_changed())
            return
    raise LastManager("This is the last active username with full access to the account's profile.")


def _account(ctx: Context, provider_id: str) -> AccountRow:
    row = ctx.find(AccountRow.key(ctx.own_practice.id, provider_id))
    if row is None:
        raise NotFound("There is no such provider account.")
    return row


def _changed() -> Conflict:
    return Conflict("Who reaches this account was changed meanwhile. Try again.")
