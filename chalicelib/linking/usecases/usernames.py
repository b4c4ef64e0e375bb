"""The usernames of a provider account: added, seen, given other privileges, taken off."""

import msgspec

from chalicelib.cursors import Page, page
from chalicelib.errors import Conflict, Forbidden
from chalicelib.identity import rules
from chalicelib.identity.model import Access, NewGrant, Privileges
from chalicelib.identity.usecases import accesses, grants, users
from chalicelib.model import Announcement, Event
from chalicelib.store import Commit, Context
from chalicelib.validation import ListQuery


class AddUsername(users.NewUser, frozen=True):
    """A new username of the account's practice, which reaches the account. Without a password, a link to set one is
    mailed; without privileges, it has those of who adds it. It reaches the account no longer than who adds it."""

    privileges: Privileges | None = None


def list_usernames(ctx: Context, provider_id: str, query: ListQuery) -> Page[Access]:
    """Who reaches the account, in order of their usernames: all for who manages it, otherwise those whom one may take
    off."""
    manages = rules.manages(accesses.held(ctx, provider_id))

    def fetch(limit: int, after: str | None) -> list[Access]:
        found = accesses.of_account(ctx, provider_id, after)
        return [access for access in found if manages or _concerns(ctx, access)][:limit]

    return page(query, f"{ctx.own_practice.id} {provider_id} usernames", fetch, lambda access: access.username)


def add(ctx: Context, provider_id: str, command: AddUsername) -> Access:
    """Make a username that reaches the account. Raises Invalid for a refused password, Forbidden for privileges beyond
    one's own, Conflict for an inactive account, UsernameTaken, TooManyUsernames."""
    practice_id = ctx.own_practice.id
    until = accesses.held_until(ctx, provider_id)
    privileges = command.privileges or rules.privileges_of(accesses.held(ctx, provider_id))
    accesses.require_own(ctx, provider_id, privileges, until)
    account = ctx.find(grants.account_key(practice_id, provider_id))
    if account is None or not account.active:
        raise Conflict("This provider account is inactive.", code="provider_inactive")
    commit = Commit(ctx)
    login = users.put_new(commit, command, accounts=1)
    grants.give_new(commit, login.username, NewGrant(practice_id, provider_id, rules.held(privileges), until))
    after = {"provider_id": provider_id, "privileges": rules.held(privileges), "access_until": until}
    # Without a password, the link to set one says it all.
    told = (Announcement("email", command.email),) if command.password else ()
    commit.record(Event("grant.given", login.username, after=after, announce=told))
    return commit.write(Access(provider_id, login.username, True, privileges, 1, access_until=until))


def set_privileges(ctx: Context, provider_id: str, username: str, privileges: Privileges) -> Access:
    """Give a username these privileges on the account in place of its present ones. The same again changes nothing.

    Raises NotFound, Stale, Forbidden for privileges beyond both one's own and its present ones, or raised on an access
    that outlasts one's own, LastManager.
    """
    access = accesses.find(ctx, provider_id, username)
    ctx.require_version(access.version)
    if privileges == access.privileges:
        return access
    accesses.require_own(ctx, provider_id, privileges, access.access_until, access.privileges)
    commit = Commit(ctx)
    accesses.change(commit, access, privileges)
    commit.record(
        Event(
            "grant.changed",
            access.username,
            before={"privileges": rules.held(access.privileges)},
            after={"provider_id": provider_id, "privileges": rules.held(privileges)},
            announce=accesses.to_be_told(ctx, access.username),
        )
    )
    return commit.write(msgspec.structs.replace(access, privileges=privileges, version=access.version + 1))


def remove(ctx: Context, provider_id: str, username: str) -> None:
    """Take a username's access to the account away: who manages the account may, the username itself, and the login by
    which it has joined.

    Raises Forbidden for everybody else, NotFound, LastManager.
    """
    access = accesses.lookup(ctx, provider_id, username)
    if not rules.manages(accesses.held(ctx, provider_id)) and not (access and _concerns(ctx, access)):
        raise Forbidden(
            "Your access to this account does not include full access to profile.", code="privilege_required"
        )
    if access is None:
        raise accesses.not_found()
    commit = Commit(ctx)
    accesses.take(commit, access)
    held = rules.held(access.privileges)
    before = {"provider_id": provider_id, "privileges": held, "version": access.version}
    told = accesses.to_be_told(ctx, access.username)
    commit.record(Event("grant.taken", access.username, before=before, announce=told))
    commit.write(None)


def _concerns(ctx: Context, access: Access) -> bool:
    """Whether an access is one's own, or was joined by one's own login."""
    return ctx.actor.name in (access.username, access.through)
