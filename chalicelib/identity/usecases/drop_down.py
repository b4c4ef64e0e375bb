"""The accounts that one reaches: the drop-down from which everybody chooses the account to act on."""

from collections.abc import Iterator
from typing import Any

from chalicelib.cursors import Page, page
from chalicelib.dynamo import Key
from chalicelib.dynamo import query as rows_under
from chalicelib.identity import rules
from chalicelib.identity.model import Account
from chalicelib.identity.tables import GrantRow, PracticeRow, UsernameRow
from chalicelib.providers.usecases import accounts
from chalicelib.store import Context
from chalicelib.validation import ListQuery


def list_accounts(ctx: Context, query: ListQuery) -> Page[Account]:
    """The active accounts that one's grants reach, in order of their ids. One query for the grants and one batched read
    for the names; more of both only where accounts have gone inactive."""
    username = ctx.actor.name

    def fetch(limit: int, after: str | None) -> list[Account]:
        found: list[Account] = []
        while len(found) < limit:
            grants = rows_under(GrantRow, UsernameRow.key(username).pk, GrantRow.PREFIX, limit=limit, after=after)
            found.extend(named(ctx, grants))
            if len(grants) < limit:
                break
            after = grants[-1].sk
        return found[:limit]

    return page(query, f"{username} accounts", fetch, lambda account: GrantRow.key(username, account.provider_id).sk)


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
