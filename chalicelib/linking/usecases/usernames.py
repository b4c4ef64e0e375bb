"""The usernames of a provider account: added, seen, given other privileges, taken off."""

import msgspec

from chalicelib.cursors import Page, page
from chalicelib.errors import Conflict, Forbidden
from chalicelib.identity import rules
from chalicelib.identity.model import Access, Held, Privileges
from chalicelib.identity.usecases import accesses, grants, users
from chalicelib.model import Event
from chalicelib.store import Commit, Context
from chalicelib.validation import ListQuery


class AddUsername(users.NewUser, frozen=True):
    """A new username of the account's practice, which reaches the account. Without a password, a link to set one is
    mailed; without privileges, it has those of who adds it."""

    privileges: Privileges | None = None


def list_usernames(ctx: Context, provider_id: str, query: ListQuery) -> Page[Access]:
    """Who reaches the account, in order of their usernames."""
    return page(
        query,
        f"{ctx.own_practice.id} {provider_id} usernames",
        lambda limit, after: accesses.of_account(ctx, provider_id, limit, after),
        lambda access: access.username,
    )


def add(ctx: Context, provider_id: str, command: AddUsername) -> Access:
    """Make a username that reaches the account. Raises Invalid for a refused password, Forbidden for privileges beyond
    one's own, Conflict for an inactive account, UsernameTaken, TooManyUsernames."""
    practice_id = ctx.own_practice.id
    own = accesses.held(ctx, provider_id)
    privileges = command.privileges or rules.privileges_of(own)
    _require_own(privileges, Privileges(), own)
    account = ctx.find(grants.account_key(practice_id, provider_id))
    if account is None or not account.active:
        raise Conflict("This provider account is inactive.", code="provider_inactive")
    commit = Commit(ctx)
    login = users.put_new(commit, command, accounts=1)
    grants.give_new(commit, login.username, practice_id, provider_id, privileges)
    after = {"provider_id": provider_id, "privileges": rules.held(privileges)}
    commit.record(Event("grant.given", login.username, after=after))
    return commit.write(Access(provider_id, login.username, True, privileges, 1))


def set_privileges(ctx: Context, provider_id: str, username: str, privileges: Privileges) -> Access:
    """Give a username these privileges on the account in place of its present ones. The same again changes nothing.

    Raises NotFound, Stale, Forbidden for privileges beyond both one's own and its present ones, LastManager.
    """
    access = accesses.find(ctx, provider_id, username)
    ctx.require_version(access.version)
    if privileges == access.privileges:
        return access
    _require_own(privileges, access.privileges, accesses.held(ctx, provider_id))
    commit = Commit(ctx)
    accesses.change(commit, access, privileges)
    commit.record(
        Event(
            "grant.changed",
            access.username,
            before={"privileges": rules.held(access.privileges)},
            after={"provider_id": provider_id, "privileges": rules.held(privileges)},
        )
    )
    return commit.write(msgspec.structs.replace(access, privileges=privileges, version=access.version + 1))


def remove(ctx: Context, provider_id: str, username: str) -> None:
    """Take a username's access to the account away: who manages the account may, and the username itself.

    Raises Forbidden for everybody else, NotFound, LastManager.
    """
    if not rules.manages(accesses.held(ctx, provider_id)) and rules.fold(username) != ctx.actor.name:
        raise Forbidden(
            "Your access to this account does not include full access to profile.", code="privilege_required"
        )
    access = accesses.find(ctx, provider_id, username)
    commit = Commit(ctx)
    accesses.take(commit, access)
    held = rules.held(access.privileges)
    before = {"provider_id": provider_id, "privileges": held, "version": access.version}
    commit.record(Event("grant.taken", access.username, before=before))
    commit.write(None)


def _require_own(privileges: Privileges, present: Privileges, own: Held) -> None:
    if sections := rules.beyond(privileges, present, own):
        raise Forbidden(f"You have less access yourself to: {', '.join(sections)}.", code="beyond_your_own")
