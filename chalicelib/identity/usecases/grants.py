"""Who reaches a provider account: parts of the commits that open it, end it, bring it back, or let somebody in.

A username's `accounts` counts its grants to active accounts and is only ever added to, so that two accounts of one
username that end at the same time need not know of each other.
"""

from typing import Any, Final, Literal

from pynamodb.expressions.condition import Condition, size

from chalicelib.dynamo import Key, shard_of
from chalicelib.errors import Conflict, Forbidden, NotFound, Problem
from chalicelib.identity import reach, rules
from chalicelib.identity.model import NewGrant, Reaching
from chalicelib.identity.tables import END_GRANT, AccountRow, GrantRow, UsernameRow
from chalicelib.model import Event, Section
from chalicelib.store import Commit, Context
from chalicelib.support.usecases import leaving

_IS_ACTIVE: Final = AccountRow.active == True  # noqa: E712 (a condition of DynamoDB's)


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


def give_new(commit: Commit, username: str, new: NewGrant) -> None:
    """The same as `give` for a username which the same commit makes, with one account."""
    commit.put(row_of(username, new), otherwise=_already_granted())
    commit.update(
        AccountRow.key(new.practice_id, new.provider_id),
        [AccountRow.usernames.add({username}), AccountRow.version.add(1)],
        _IS_ACTIVE & (AccountRow.usernames.does_not_exist() | (size(AccountRow.usernames) < rules.MOST_USERNAMES)),
        otherwise=_refused,
    )


def give(commit: Commit, username: str, *wanted: NewGrant) -> None:
    """Add to the commit that a username reaches accounts. A grant that has ended, and is still there, is told to have
    ended, and replaced. Reads the grants unless they were read.

    Refused with Conflict (`already_granted`) where the username reaches an account, with NotFound for an account or
    a username that is not active, with TooManyUsernames.
    """
    more = 0
    for new in wanted:
        old = commit.ctx.find(GrantRow.key(username, new.provider_id))
        if old is not None and not old.holds(commit.ctx.now):
            _replace(commit, old, new)
        else:
            give_new(commit, username, new)
            more += 1
    commit.update(
        UsernameRow.key(username),
        [UsernameRow.accounts.add(more)],
        UsernameRow.status == "active",
        otherwise=NotFound("There is no such username."),
    )


def _replace(commit: Commit, old: GrantRow, new: NewGrant) -> None:
    # The account and the username count it already.
    commit.put(row_of(old.username, new), condition=as_read(old), otherwise=_already_granted())
    commit.check(account_key(new.practice_id, new.provider_id), _IS_ACTIVE, otherwise=_refused)
    commit.record(Event("grant.ended", old.username, before=facts(old)), old.practice_id)


def take(commit: Commit, grant: GrantRow, account: AccountRow) -> None:
    """Add to the commit that a grant is no more; one who is left with nothing is signed out. Refused with Conflict when
    it, or who reaches the account, was changed meanwhile."""
    key = GrantRow.key(grant.username, grant.provider_id)
    commit.delete(key, as_read(grant), otherwise=overtaken())
    commit.update(
        AccountRow.key(account.pk, grant.provider_id),
        [AccountRow.usernames.delete({grant.username}), AccountRow.version.add(1)],
        AccountRow.version == account.version,
        otherwise=overtaken(),
    )
    if account.active:  # an inactive one counts no more already
        login = UsernameRow.key(grant.username)
        commit.update(login, [UsernameRow.accounts.add(-1)], UsernameRow.accounts.exists(), otherwise=overtaken())
        leaving.look_after(commit, account.pk, [grant.username])


def as_read(grant: GrantRow) -> Condition:
    """The condition that a grant is as it was read. Its end, too: whoever is let in again has a grant whose versions
    begin anew."""
    ends = GrantRow.due_at.does_not_exist() if grant.due_at is None else GrantRow.due_at == grant.due_at
    condition: Condition = (GrantRow.version == grant.version) & ends
    return condition


def facts(grant: GrantRow) -> dict[str, Any]:
    """What the audit trail keeps of a grant that is no more."""
    return {"provider_id": grant.provider_id, "privileges": grant.privileges, "version": int(grant.version)}


def overtaken() -> Conflict:
    """The refusal of a change that somebody else was ahead of."""
    return Conflict("Who reaches this account was changed meanwhile. Try again.")


def row_of(username: str, new: NewGrant) -> GrantRow:
    """The row of a new grant."""
    ends = {"due_shard": shard_of(END_GRANT, username + new.provider_id), "due_at": new.until} if new.until else {}
    return GrantRow.key(username, new.provider_id).row(
        practice_id=new.practice_id, privileges=new.held, through=new.through, **ends
    )


def _already_granted() -> Conflict:
    return Conflict("This username reaches the account already.", code="already_granted")


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
    as_read = (AccountRow.version == row.version) & (AccountRow.active == (not active))
    commit.update(key, [AccountRow.active.set(active), AccountRow.version.add(1)], as_read, otherwise=overtaken())
    usernames = sorted(row.usernames or ())
    for username in usernames:
        more = UsernameRow.accounts.add(1 if active else -1)
        commit.update(UsernameRow.key(username), [more], UsernameRow.accounts.exists(), otherwise=overtaken())
    return usernames


def close_account(commit: Commit, practice_id: str, provider_id: str) -> list[str]:
    """Add to the commit that an inactive account is no more, and neither are the grants to it, which count for nothing
    already. Gives who had them. Refused with Conflict when the account came back, or somebody was taken off, meanwhile.
    """
    key = AccountRow.key(practice_id, provider_id)
    row = commit.ctx.find(key)
    if row is None:
        raise overtaken()
    as_read = (AccountRow.version == row.version) & (AccountRow.active == False)  # noqa: E712 (as above)
    commit.delete(key, as_read, otherwise=overtaken())
    usernames = sorted(row.usernames or ())
    for username in usernames:
        commit.delete(GrantRow.key(username, provider_id), GrantRow.pk.exists(), otherwise=overtaken())
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
    needs a grant there too. Raises NotFound, also where that account is inactive, and Forbidden. Reads the grant and
    the account."""
    if "site_admin" in ctx.actor.roles:
        return
    key = account_key(ctx.own_practice.id, provider_id)
    ctx.rows.load(GrantRow.key(ctx.actor.name, provider_id), key)
    grant, account = reach.grant_of(ctx, ctx.actor.name, provider_id), ctx.find(key)
    if grant is None or account is None or not account.active:
        raise reach.not_found()
    if not rules.allows(grant.held(), section, privilege):
        raise Forbidden(f"You need {privilege} access to {section} of both accounts.", code="privilege_required")
