"""Invitations to a provider account: asked for by who manages it, approved by a site admin of its practice, accepted by
the username. No password is shared, and none of the steps tells who has which username."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from pynamodb.expressions.update import Action

from chalicelib import clock, ids
from chalicelib.cursors import Page, page
from chalicelib.dynamo import Key, walk
from chalicelib.errors import Conflict, NotFound, invalid
from chalicelib.identity import rules as identity_rules
from chalicelib.identity.model import NewGrant
from chalicelib.identity.usecases import accesses, grants, people, practices
from chalicelib.linking import rules
from chalicelib.linking.model import Invitation, Invite, Status
from chalicelib.linking.tables import PREFIX, InvitationRow, InvitedRow
from chalicelib.model import Announcement, Event
from chalicelib.providers.usecases import accounts
from chalicelib.store import Commit, Context
from chalicelib.validation import ListQuery


def keys_of(practice_id: str, provider_id: str = "", invitation_id: str = "") -> list[Key[Any]]:
    """What shows an invitation to an account of the practice: for a route's prefetch."""
    wanted: list[Key[Any]] = [InvitationRow.key(practice_id, invitation_id)] if invitation_id else []
    return [*wanted, *accounts.keys([(practice_id, provider_id)] if provider_id else [])]


# --- The account's side ---------------------------------------------------------------------------------------------


def invite(ctx: Context, provider_id: str, command: Invite) -> Invitation:
    """Invite a username, which anybody or nobody may have: the answer is the same. By a site admin of the account's
    practice it is approved at once.

    Raises Forbidden for privileges beyond one's own, or for longer, Invalid for oneself or a bad time, Conflict for an
    inactive account or a username that reaches it.
    """
    practice = ctx.own_practice
    ends = command.access_until or _own_end(ctx, provider_id)
    open_until = rules.open_until(ends, ctx.now)
    access_until = clock.to_text(ends) if ends else None
    privileges = command.privileges or identity_rules.privileges_of(accesses.held(ctx, provider_id))
    accesses.require_own(ctx, provider_id, privileges, access_until)
    username = identity_rules.fold(command.username)
    if username == ctx.actor.name:
        raise invalid(("username", "You reach this account already."))
    active = accounts.active(ctx, [(practice.id, provider_id)], *accesses.keys(provider_id, username))
    if provider_id not in active:
        raise Conflict("This provider account is inactive.", code="provider_inactive")
    if accesses.lookup(ctx, provider_id, username):
        raise Conflict("This username reaches the account already.", code="already_granted")
    address = people.address_of(ctx, username)
    row = InvitationRow.key(practice.id, ids.new("inv", ctx.now)).row(
        provider_id=provider_id,
        username=username,
        privileges=identity_rules.held(privileges),
        access_until=access_until,
        status="asked",
        invited_by=ctx.actor.name,
        reply_to=ctx.actor.email,
        addressed=address is not None,
        expires_at=int(open_until.timestamp()),
    )
    commit = Commit(ctx)
    if "site_admin" in ctx.actor.roles:
        row.status = "offered"
        told = _offer(commit, row, address)
    else:
        told = tuple(Announcement("email", each) for each in people.site_admins(practice.id).values())
    commit.put(row, otherwise=Conflict("This invitation exists."))
    commit.record(Event("invitation.made", row.invitation_id, after=_facts(row), announce=told))
    return commit.write(_shown(row, practice.name, active[provider_id].name))


def _own_end(ctx: Context, provider_id: str) -> datetime | None:
    until = accesses.held_until(ctx, provider_id)
    return clock.from_text(until) if until else None


def list_of_account(ctx: Context, provider_id: str, query: ListQuery) -> Page[Invitation]:
    """The open invitations to an account, oldest first."""
    practice = ctx.own_practice
    names = accounts.names(ctx, [(practice.id, provider_id)])

    def fetch(limit: int, after: str | None) -> list[Invitation]:
        rows = walk(InvitationRow, practice.id, PREFIX, page_size=limit, after=after)
        mine = (row for row in rows if row.provider_id == provider_id and row.is_open(ctx.now))
        return [_shown(row, practice.name, names[provider_id]) for row in islice(mine, limit)]

    return page(query, f"{practice.id} {provider_id} invitations", fetch, lambda each: PREFIX + each.id)


def find(ctx: Context, provider_id: str, invitation_id: str) -> Invitation:
    """One open invitation to an account. Raises NotFound."""
    row = _of_account(ctx, provider_id, invitation_id)
    names = accounts.names(ctx, [(row.pk, provider_id)])
    return _shown(row, ctx.own_practice.name, names[provider_id])


def withdraw(ctx: Context, provider_id: str, invitation_id: str) -> None:
    """Take an invitation back. Raises NotFound; Conflict when it was settled meanwhile."""
    _settle(ctx, _of_account(ctx, provider_id, invitation_id), "invitation.withdrawn", ())


def _of_account(ctx: Context, provider_id: str, invitation_id: str) -> InvitationRow:
    row = ctx.find(InvitationRow.key(ctx.own_practice.id, invitation_id))
    if row is None or row.provider_id != provider_id or not row.is_open(ctx.now):
        raise _not_found()
    return row


# --- Waiting for somebody -----------------------------------------------------------------------------------------


def list_waiting(ctx: Context, query: ListQuery) -> Page[Invitation]:
    """The invitations that wait for who asks, oldest first: offered to the username, or for a site admin to approve."""

    def fetch(limit: int, after: str | None) -> list[Invitation]:
        found: dict[str, Key[InvitationRow]] = {}
        places: list[tuple[str, str]] = []

        def take(rows: Iterable[InvitationRow | InvitedRow]) -> None:
            for row in islice((row for row in rows if row.is_open(ctx.now)), limit):
                practice_id = row.practice_id if isinstance(row, InvitedRow) else row.pk
                found[row.sk] = InvitationRow.key(practice_id, row.invitation_id)
                places.append((practice_id, row.provider_id))

        mine = InvitedRow.key(ctx.actor.name, "").pk
        take(walk(InvitedRow, mine, PREFIX, page_size=limit, after=after))
        if "site_admin" in ctx.actor.roles:
            rows = walk(InvitationRow, ctx.own_practice.id, PREFIX, page_size=limit, after=after)
            take(row for row in rows if row.status == "asked")
        wanted = [found[sk] for sk in sorted(found)[:limit]]
        return list(_all_shown(ctx, wanted, places))

    return page(query, f"{ctx.actor.name} invitations", fetch, lambda each: PREFIX + each.id)


def _all_shown(ctx: Context, keys: list[Key[InvitationRow]], places: list[tuple[str, str]]) -> Iterable[Invitation]:
    practice_keys = {practices.key_of(key.pk) for key in keys}
    names = accounts.names(ctx, places, *keys, *practice_keys)
    for row in map(ctx.find, keys):
        if row is not None:
            yield _shown(row, practices.find(ctx, row.pk).name, names[row.provider_id])


def accept(ctx: Context, invitation_id: str) -> Invitation:
    """Approve an invitation, as a site admin of the account's practice, or take up one that is offered to oneself.

    Raises NotFound for one that does not wait for the caller; Conflict for one that was settled meanwhile, an inactive
    account, or one that is reached already; TooManyUsernames.
    """
    asked = _asked_here(ctx, invitation_id)
    return _approve(ctx, asked) if asked else _take_up(ctx, _offered(ctx, invitation_id))


def decline(ctx: Context, invitation_id: str) -> None:
    """Refuse an invitation that waits for who asks. Raises NotFound; Conflict when it was settled meanwhile."""
    row = _asked_here(ctx, invitation_id) or _offered(ctx, invitation_id)
    _settle(ctx, row, "invitation.declined", (Announcement("email", row.reply_to),))


def _asked_here(ctx: Context, invitation_id: str) -> InvitationRow | None:
    """The invitation, if it waits for a site admin's approval, and one of the account's practice asks."""
    if "site_admin" not in ctx.actor.roles:
        return None
    row = ctx.find(InvitationRow.key(ctx.own_practice.id, invitation_id))
    return row if row and row.status == "asked" and row.is_open(ctx.now) else None


def _offered(ctx: Context, invitation_id: str) -> InvitationRow:
    """The invitation that is offered to who asks. Two reads, of which the second also tells the names."""
    mine = ctx.find(InvitedRow.key(ctx.actor.name, invitation_id))
    if mine is None or not mine.is_open(ctx.now):
        raise _not_found()
    key = InvitationRow.key(mine.practice_id, invitation_id)
    ctx.rows.load(
        *accesses.keys(mine.provider_id, ctx.actor.name),
        *accounts.keys([(mine.practice_id, mine.provider_id)]),
        practices.key_of(mine.practice_id),
        key,
    )
    row = ctx.find(key)
    if row is None:
        raise _not_found()
    return row


def _approve(ctx: Context, row: InvitationRow) -> Invitation:
    names = accounts.names(ctx, [(row.pk, row.provider_id)], *people.keys([row.username]))
    address = people.address_of(ctx, row.username) if row.addressed else None
    commit = Commit(ctx)
    told = _offer(commit, row, address)
    as_asked = InvitationRow.status == "asked"
    key = InvitationRow.key(row.pk, row.invitation_id)
    actions: list[Action] = [InvitationRow.status.set("offered"), InvitationRow.addressed.set(address is not None)]
    commit.update(key, actions, as_asked, otherwise=_gone())
    commit.record(Event("invitation.approved", row.invitation_id, after=_facts(row), announce=told))
    return commit.write(_shown(row, ctx.own_practice.name, names[row.provider_id], "offered"))


def _offer(commit: Commit, row: InvitationRow, address: str | None) -> tuple[Announcement, ...]:
    """Add to the commit that the username sees the invitation; gives the email by which it is told. Nothing for a name
    that nobody had."""
    if address is None:
        return ()
    mine = InvitedRow.key(row.username, row.invitation_id)
    seen = mine.row(practice_id=row.pk, provider_id=row.provider_id, expires_at=row.expires_at)
    commit.put(seen, otherwise=_gone())
    return (Announcement("email", address),)


def _take_up(ctx: Context, row: InvitationRow) -> Invitation:
    practice, username = practices.find(ctx, row.pk), ctx.actor.name
    active = accounts.active(ctx, [(row.pk, row.provider_id)])
    if row.provider_id not in active:
        raise Conflict("This provider account is inactive.", code="provider_inactive")
    if accesses.lookup(ctx, row.provider_id, username):
        raise Conflict("You reach this account already.", code="already_granted")
    commit = Commit(ctx)
    commit.delete(InvitationRow.key(row.pk, row.invitation_id), InvitationRow.status == "offered", otherwise=_gone())
    commit.delete(InvitedRow.key(username, row.invitation_id), InvitedRow.pk.exists(), otherwise=_gone())
    told = (Announcement("email", row.reply_to),)
    commit.record(Event("invitation.accepted", row.invitation_id, after=_facts(row), announce=told), row.pk)
    grants.give(commit, username, NewGrant(row.pk, row.provider_id, row.held(), row.access_until))
    return commit.write(_shown(row, practice.name, active[row.provider_id].name, "accepted"))


# --- What all of them share -----------------------------------------------------------------------------------------


def _settle(ctx: Context, row: InvitationRow, how: str, told: tuple[Announcement, ...]) -> None:
    """End an invitation without giving access."""
    commit = Commit(ctx)
    key = InvitationRow.key(row.pk, row.invitation_id)
    commit.delete(key, InvitationRow.status == row.status, otherwise=_gone())
    if row.status == "offered" and row.addressed:
        mine = InvitedRow.key(row.username, row.invitation_id)
        commit.delete(mine, InvitedRow.pk.exists(), otherwise=_gone())
    commit.record(Event(how, row.invitation_id, before=_facts(row), announce=told), row.pk)
    commit.write(None)


def _facts(row: InvitationRow) -> dict[str, object]:
    """What the audit trail keeps of an invitation."""
    return {
        "provider_id": row.provider_id,
        "username": row.username,
        "privileges": row.privileges,
        "access_until": row.access_until,
        "status": row.status,
    }


def _shown(row: InvitationRow, practice_name: str, provider_name: str, status: Status | None = None) -> Invitation:
    return Invitation(
        id=row.invitation_id,
        provider_id=row.provider_id,
        practice_name=practice_name,
        provider_name=provider_name,
        username=row.username,
        privileges=identity_rules.privileges_of(row.held()),
        access_until=row.access_until,
        status=status or msgspec.convert(row.status, Status),
        invited_by=row.invited_by,
        open_until=clock.to_text(datetime.fromtimestamp(row.expires_at, UTC)),
    )


def _gone() -> Conflict:
    return Conflict("This invitation was settled meanwhile.", code="invitation_settled")


def _not_found() -> NotFound:
    return NotFound("There is no such invitation, or none that waits for you.")
