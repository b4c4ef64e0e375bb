"""Lists of tickets: one's own, the team's, those one is copied in; filtered, searched, page by page."""

from collections.abc import Callable
from typing import Final

from chalicelib import dynamo, search
from chalicelib.cursors import Page, page, partial_page, sift
from chalicelib.errors import Forbidden
from chalicelib.store import Context
from chalicelib.support import search_rules
from chalicelib.support.model import TicketQuery, TicketSummary
from chalicelib.support.tables import FILTERS, padded
from chalicelib.support.view_tables import FindingRow, ListingRow, filters_of, shelf_of

_LOOKED_AT: Final = 400
"""How many of the tickets that a search finds it looks at for one page."""


def list_tickets(ctx: Context, query: TicketQuery) -> Page[TicketSummary]:
    """One page of a view, the newest first: one query. Raises Forbidden for the team's view without the role.

    A search goes word by word of those that begin as asked; each of its pages is the newest first. One may be short,
    though another follows: it looks at so many tickets that match and no more.
    """
    if query.view == "team" and "support_user" not in ctx.actor.roles:
        raise Forbidden("Support users of your practice see the team's tickets.", code="role_required")
    wanted = search_rules.words(query.q)
    scope = f"{ctx.own_practice.id} tickets {ctx.actor.name} {query.view} {query.status} {query.category} {wanted}"
    if wanted:
        return partial_page(query, scope, _search(ctx, query, wanted))
    shelf = shelf_of(query.view, ctx.actor.name)
    prefix = ListingRow.prefix(shelf)
    filtered = filters_of(query.status, query.category)

    def fetch(limit: int, after: str | None) -> list[TicketSummary]:
        if filtered is None:
            rows = dynamo.query(ListingRow, ctx.own_practice.id, prefix, limit=limit, after=after, newest_first=True)
        else:
            name, rest = filtered
            place = f"{ctx.own_practice.id}#{shelf}{rest}"
            rows = dynamo.query_index(_INDEXES[name], place, limit=limit, after=after)
        return [row.as_summary() for row in rows]

    return page(query, scope, fetch, lambda each: prefix + padded(each.number))


_INDEXES = {name: getattr(ListingRow, name) for name in FILTERS}


def _search(
    ctx: Context, query: TicketQuery, wanted: list[str]
) -> Callable[[int, str | None], tuple[list[TicketSummary], str | None]]:
    """Found by the longest of the words, as it leaves fewest; the rest is looked at row by row."""
    first = max(wanted, key=len)

    def fetch(limit: int, after: str | None) -> tuple[list[TicketSummary], str | None]:
        rows = dynamo.query(
            FindingRow,
            ctx.own_practice.id,
            FindingRow.prefix(first),
            limit=_LOOKED_AT,
            after=after,
            newest_first=True,
        )
        found, more = sift(
            rows, _LOOKED_AT, limit, lambda row: _is_shown(ctx, query, wanted, first, row), lambda row: row.sk
        )
        return sorted((row.as_summary() for row in found), key=lambda each: -each.number), more

    return fetch


def _is_shown(ctx: Context, query: TicketQuery, wanted: list[str], first: str, row: FindingRow) -> bool:
    ticket = row.as_summary()
    mine = {"my": ticket.owner == ctx.actor.name, "cc": ctx.actor.name in row.cc, "team": True}
    term = row.sk.removeprefix("term#").partition("\t")[0]
    return (
        mine[query.view]
        and query.status in (None, ticket.status)
        and query.category in (None, ticket.category)
        and search.found_under(search_rules.terms(ticket.number, ticket.subject), first) == term
        and search_rules.matches(ticket.number, ticket.subject, wanted)
    )
