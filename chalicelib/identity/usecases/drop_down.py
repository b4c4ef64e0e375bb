"""The accounts that one reaches: the drop-down from which everybody chooses the account to act on."""

from collections.abc import Iterator
from typing import Final

from chalicelib.cursors import Page, page
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
    `besides_own`: as they stand beside the directory of the own practice, by last name; for a site admin, who reaches
    those of the own practice without a grant, only those of others.

    One query for the grants and one batched read for the names; more of both only where many are left out."""
    username, wanted = ctx.actor.name, folded(query.q)
    own = ctx.own_practice.id if besides_own and "site_admin" in ctx.actor.roles else ""

    def fetch(limit: int, after: str | None) -> list[Account]:
        found: list[Account] = []
        size = _LOOKED_AT if wanted or own else limit
        while len(found) < limit:
            grants = rows_under(GrantRow, UsernameRow.key(username).pk, GrantRow.PREFIX, limit=size, after=after)
            reached = named(ctx, [grant for grant in grants if grant.practice_id != own], by_last_name=besides_own)
            found.extend(account for account in reached if _is_found(account, wanted))
            if len(grants) < size:
                break
            after = grants[-1].sk
        return found[:limit]

    scope = f"{username} accounts {wanted}"
    return page(query, scope, fetch, lambda account: GrantRow.key(username, account.provider_id).sk)


def reached_here(ctx: Context) -> list[Account]:
    """The active accounts of the practice that the request acts for, as far as one's grants reach them, named by last
    name. One query and one batched read."""
    grants = rows_under(GrantRow, UsernameRow.key(ctx.actor.name).pk, GrantRow.PREFIX)
    here = [grant for grant in grants if grant.practice_id == ctx.own_practice.id]
    return list(named(ctx, here, by_last_name=True))


def _is_found(account: Account, wanted: str) -> bool:
    words = folded(f"{account.provider_name} {account.practice_name}").split()
    return all(any(word.startswith(each) for word in words) for each in wanted.split())


def named(ctx: Context, grants: list[GrantRow], *, by_last_name: bool = False) -> Iterator[Account]:
    """The active accounts among those that the grants lead to. One batched read."""
    grants = [grant for grant in grants if grant.holds(ctx.now)]
    practices = {grant.practice_id: PracticeRow.key(grant.practice_id) for grant in grants}
    places = [(grant.practice_id, grant.provider_id) for grant in grants]
    active = accounts.active(ctx, places, *practices.values())
    for grant in grants:
        practice, provider = ctx.find(practices[grant.practice_id]), active.get(grant.provider_id)
        if practice is not None and provider is not None:
            name = provider.listed_name if by_last_name else provider.name
            privileges = rules.privileges_of(grant.held())
            yield Account(grant.provider_id, practice.name, name, privileges, grant.due_at)
