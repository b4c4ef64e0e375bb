"""The directory of a practice's provider accounts: listed in order of names, or searched, page by page."""

from itertools import islice

from chalicelib.cursors import Page, page
from chalicelib.dynamo import walk
from chalicelib.providers import rules
from chalicelib.providers.model import Provider, ProviderQuery
from chalicelib.providers.tables import ListingRow
from chalicelib.search import clipped, folded
from chalicelib.store import Context


def list_providers(ctx: Context, query: ProviderQuery) -> Page[Provider]:
    """One page of the accounts. All of them stand in order of last name and first name; those that a search finds, in
    order of the words that match, each once. One query, or another where accounts match by several of their words."""
    practice_id = ctx.own_practice.id
    shelf = rules.shelf_of(query.status, query.assignable)
    if shelf is None:
        return Page([], None)
    wanted = clipped(folded(query.q))
    if query.q and query.q.strip() and not wanted:  # signs that no name, address or NPI is found under
        return Page([], None)

    def place(provider: Provider) -> str:
        term = rules.found_under(provider, wanted) if wanted else ""
        return ListingRow.key(practice_id, shelf, term or "", provider).sk

    def fetch(limit: int, after: str | None) -> list[Provider]:
        found = walk(ListingRow, practice_id, ListingRow.prefix(shelf, wanted), page_size=limit, after=after)
        listed = ((row.sk, row.as_provider()) for row in found)
        return list(islice((provider for sk, provider in listed if sk == place(provider)), limit))

    return page(query, f"{practice_id} providers {shelf} {wanted}", fetch, place)
