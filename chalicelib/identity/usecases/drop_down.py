"""The accounts that one reaches: the drop-down from which everybody chooses the account to act on."""

from collections.abc import Iterator
from typing import Any, Final

from chalicelib.cursors import Page, page
from chalicelib.dynamo import Key
from chalicelib.dynamo import query as rows_under
from chalicelib.identity import rules
from chalicelib.identity.model import Account, AccountQuery
from chalicelib.identity.tables import GrantRow, PracticeRow, UsernameRow
from chalicelib.providers.usecases import accounts
from chalicelib.search import folded
from chalicelib.store import Context

_LOOKED_AT: Final = 100
"""Grants of a page, where some are looked for among them: as many as one read has names of."""


def list_accounts(ctx: Context, query: AccountQuery, *, besides_own: bool = False) -> Page[Account]:
    """The active accounts that one's grants reach, or those of them that a search finds, in order of their ids.
    `besides_own`: for a site admin, who reaches those of the own practice without a grant, only those of others.

    One query for the grants and one batched read for the names; more of both only where many are left out."""
    username, wanted = ctx.actor.name, folded(query.q)
    own = ctx.own_practice.id if besides_own and "site_admin" in ctx.actor.roles else ""

    def fetch(limit: int, after: str | None) -> list[Account]:
        found: list[Account] = []
        size = _LOOKED_AT if wanted or own else limit
        while len(found) < limit:
            grants = rows_under(GrantRow, UsernameRow.key(username).pk, GrantRow.PREFIX, limit=size, after=after)
            reached = named(ctx, [grant for grant in grants if grant.practice_id != own])
            found.extend(account for account in reached if _is_found(account, wanted))
            if len(grants) < size:
                break
            after = grants[-1].sk
        return found[:limit]

    scope = f"{username} accounts {wanted}"
    return page(query, scope, fetch, lambda account: GrantRow.key(username, account.provider_id).sk)


def reached_here(ctx: Context) -> list[Account]:
    """The active accounts of the practice that the request acts for, as far as one's grants reach them. One query and
    one batched read."""
    grants = rows_under(GrantRow, UsernameRow.key(ctx.actor.name).pk, GrantRow.PREFIX)
    return list(named(ctx, [grant for grant in grants if grant.practice_id == ctx.own_practice.id]))


def _is_found(account: Account, wanted: str) -> bool:
    names = folded(account.provider_name), folded(account.practice_name)
    return any(f" {wanted}" in f" {name}" for name in names)


def named(ctx: Context, grants: list[GrantRow], *besides: Key[Any]) -> Iterator[Account]:
    """The active accounts among those that the grants lead to. One batched read, in which the rows `besides` are read,
    too."""
    grants = [grant for grant in grants if grant.holds(ctx.now)]
    practices = {grant.practice_id: PracticeRow.key(grant.practice_id) for grant in grants}
    places = [(grant.practice_id, grant.provider_id) for grant in grants]
    names = accounts.active_names(ctx, places, *practices.values(), *besides)
    for grant in grants:
        practice, name = ctx.find(practices[grant.practice_id]), names.get(grant.provider_id)
        if practice is not None and name is not None:
            privileges = rules.privileges_of(grant.held())
            yield Account(grant.provider_id, practice.name, name, privileges, grant.due_at)
