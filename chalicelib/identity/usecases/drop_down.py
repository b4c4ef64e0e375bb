"""The accounts that one reaches: the drop-down from which everybody chooses the account to act on."""

from collections.abc import Iterator

from chalicelib.cursors import Page, page
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
            found.extend(_named(ctx, grants))
            if len(grants) < limit:
                break
            after = grants[-1].sk
        return found[:limit]

    return page(query, f"{username} accounts", fetch, lambda account: GrantRow.key(username, account.provider_id).sk)


def _named(ctx: Context, grants: list[GrantRow]) -> Iterator[Account]:
    practices = {grant.practice_id: PracticeRow.key(grant.practice_id) for grant in grants}
    places = [(grant.practice_id, grant.provider_id) for grant in grants]
    names = accounts.active_names(ctx, places, *practices.values())
    for grant in grants:
        practice, name = ctx.find(practices[grant.practice_id]), names.get(grant.provider_id)
        if practice is not None and name is not None:
            yield Account(grant.provider_id, practice.name, name, rules.privileges_of(grant.held()))
