"""The Help Center: its articles, a search among them, and the proof of a search that a ticket names."""

from typing import Final

from chalicelib import cursors, ids
from chalicelib.dynamo import note
from chalicelib.errors import NotFound, invalid
from chalicelib.help.library import index
from chalicelib.help.search import Article, search, snippet
from chalicelib.store import Context
from chalicelib.support.help_model import ArticleQuery, FoundArticle, FoundArticles, HelpArticle
from chalicelib.support.tables import SearchRow

_SUGGESTED: Final = 3


def find(ctx: Context, query: ArticleQuery) -> FoundArticles:
    """The articles that answer `q`, or without one all of them, in their order. Raises Invalid."""
    if query.q.strip():
        if query.cursor:
            raise invalid(("cursor", "A search has one page."))
        found = [_found(each.article, each.snippet) for each in search(index(), query.q, query.limit)]
        return FoundArticles(found, None, _remembered(ctx))
    everything = index().articles
    places = {article.slug: place for place, article in enumerate(everything, start=1)}

    def fetch(limit: int, after: str | None) -> list[FoundArticle]:
        start = places.get(after or "", 0)
        return [_found(article, snippet(article.text, {})) for article in everything[start : start + limit]]

    page = cursors.page(query, "help articles", fetch, lambda article: article.slug)
    return FoundArticles(page.items, page.next_cursor, None)


def show(slug: str) -> HelpArticle:
    """One article. Raises NotFound."""
    article = index().by_slug.get(slug)
    if article is None:
        raise NotFound("There is no such article.")
    return HelpArticle(article.slug, article.title, article.section, article.html)


def suggested(text: str) -> list[dict[str, str]]:
    """Slug and title of the articles that may answer before a ticket is filed."""
    found = (each.article for each in search(index(), text, _SUGGESTED))
    return [{"slug": article.slug, "title": article.title} for article in found]


def _found(article: Article, shown: str) -> FoundArticle:
    return FoundArticle(article.slug, article.title, article.section, shown)


def _remembered(ctx: Context) -> str:
    search_id = ids.new("sch", ctx.now)
    row = SearchRow.new(ctx.actor.practice_id, search_id, ctx.actor.name, ctx.now)
    actions = [SearchRow.username.set(row.username), SearchRow.expires_at.set(row.expires_at)]
    note(row, actions, SearchRow.pk.does_not_exist())
    return search_id
