"""Who reaches a provider account: parts of the commits that open it, end it, bring it back, or let somebody in.

A username's `accounts` counts its grants to active accounts and is only ever added to, so that two accounts of one
username that end at the same time need not know of each other.
"""

from typing import Literal

from pynamodb.expressions.condition import size

from chalicelib.dynamo import Key
from chalicelib.errors import Conflict, Forbidden, NotFound, Problem
from chalicelib.identity import rules
from chalicelib.identity.model import Privileges, Reaching
from chalicelib.identity.tables import AccountRow, GrantRow, UsernameRow
from chalicelib.model import Section
from chalicelib.store import Commit, Context


class TooManyUsernames(Conflict):
    """One account is reached by so many usernames and no more."""

    code, title = "too_many_usernames", "So many usernames reach one account at most"


def account_key(practice_id: str, provider_id: str) -> Key[AccountRow]:
    """The row that a change of who reaches an account, or of whether it is active, reads: for a route's prefetch."""
    return AccountRow.key(practice_id, provider_id)


def open_account(commit: Commit, practice_id: str, provider_id: str, username: str | None) -> None:
    """Add a new account to the commit. `username`, which the same commit makes with one account, is Full everywhere."""
    there = Conflict("This provider account exists.")
    usernames = {username} if username else None
    commit.put(
        AccountRow.key(practice_id, provider_id).row(active=True, usernames=usernames, version=1), otherwise=there
    )
    if username:
        full = GrantRow.key(username, provider_id).row(practice_id=practice_id, privileges=rules.FULL_EVERYWHERE)
        commit.put(full, otherwise=there)


def give_new(commit: Commit, username: str, practice_id: str, provider_id: str, privileges: Privileges) -> None:
    """The same as `give` for a username which the same commit makes, with one account."""
    grant = GrantRow.key(username, provider_id).row(practice_id=practice_id, privileges=rules.held(privileges))
    commit.put(grant, otherwise=Conflict("This username reaches the account already.", code="already_granted"))
    commit.update(
        AccountRow.key(practice_id, provider_id),
        [AccountRow.usernames.add({username}), AccountRow.version.add(1)],
        (AccountRow.active == True)  # noqa: E712 (a condition of DynamoDB's)
        & (AccountRow.usernames.does_not_exist() | (size(AccountRow.usernames) < rules.MOST_USERNAMES)),
        otherwise=_refused,
    )


def give(commit: Commit, username: str, practice_id: str, provider_id: str, privileges: Privileges) -> None:
    """Add to the commit that a username reaches an account. Refused with Conflict (`already_granted`) where it does,
    with NotFound for an account that is not active, with TooManyUsernames."""
    give_new(commit, username, practice_id, provider_id, privileges)
    unknown = NotFound("There is no such username.")
    commit.update(UsernameRow.key(username), [UsernameRow.accounts.add(1)], UsernameRow.pk.exists(), otherwise=unknown)


def _refused(row: AccountRow | None) -> Problem:
    if row is None or not row.active:
        return NotFound("There is no such active provider account.")
    return TooManyUsernames(f"At most {rules.MOST_USERNAMES} usernames reach one account.")


def set_active(commit: Commit, practice_id: str, provider_id: str, active: bool) -> list[str]:
    """Add to the commit that an account ends, or comes back: all who reach it lose it or have it again, from their next
    request on, and a username that is left with nothing is signed out. Gives their usernames, in order.

    Reads the account's row unless it was prefetched. Refused with Conflict when somebody was let in meanwhile.
    """
    key = AccountRow.key(practice_id, provider_id)
    row = commit.ctx.find(key)
    if row is None:
        raise NotFound("There is no such provider account.")
    changed = Conflict("Who reaches this account was changed meanwhile. Try again.")
    as_read = (AccountRow.version == row.version) & (AccountRow.active == (not active))
    commit.update(key, [AccountRow.active.set(active), AccountRow.version.add(1)], as_read, otherwise=changed)
    usernames = sorted(row.usernames or ())
    for username in usernames:
        more = UsernameRow.accounts.add(1 if active else -1)
        commit.update(UsernameRow.key(username), [more], UsernameRow.accounts.exists(), otherwise=changed)
    return usernames


def who_reaches(ctx: Context, practice_id: str, provider_id: str) -> list[Reaching]:
    """Who reaches an active account, and whom losing it would sign out: for a preview. One batched read of usernames,
    beside the account's row unless that was prefetched."""
    account = ctx.find(AccountRow.key(practice_id, provider_id))
    usernames = sorted((account and account.usernames) or ())
    ctx.rows.load(*map(UsernameRow.key, usernames))
    logins = (ctx.find(UsernameRow.key(username)) for username in usernames)
    return [
        Reaching(login.username, rules.left_with_nothing(login.roles or (), int(login.accounts or 0) - 1))
        for login in logins
        if login is not None
    ]


def require(ctx: Context, provider_id: str, section: Section, privilege: Literal["full", "view"]) -> None:
    """For a request that acts on another account beside the one that its path names: unless a site admin makes it, it
    needs a grant there too. Raises NotFound, Forbidden. Reads the grant."""
    if "site_admin" in ctx.actor.roles:
        return
    grant = ctx.find(GrantRow.key(ctx.actor.name, provider_id))
    if grant is None or grant.practice_id != ctx.own_practice.id:
        raise NotFound("There is no such provider account, or none that you reach.")
    if not rules.allows(grant.held(), section, privilege):
        raise Forbidden(f"You need {privilege} access to {section} of both accounts.", code="privilege_required")
